"""Destinations whose phones have not been registered for days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    Employee,
    OutsideNumbers,
    OwnPhones,
)
from ari_app.domain.numbers import EmployeeId, Endpoint, OutsideNumber

GONE_DAYS = 3
"""A weekend without the phone is nothing to tell."""


@dataclass(frozen=True, slots=True)
class GonePhones:
    """The rule's place, whose phones are all gone, and for how many whole days."""

    place: int
    whose: EmployeeId
    days: int


def gone_phones(
    owner: Employee, directory: Directory, now: datetime, gone_since: Mapping[Endpoint, datetime]
) -> Iterator[GonePhones]:
    """Destinations none of whose phones is registered; a phone outside always counts as there."""
    for place, rule in enumerate(owner.rules):
        if not rule.is_on:
            continue
        people = dict.fromkeys(
            who for to in (rule.then, rule.otherwise) if to for who in _rung(to, owner, directory)
        )
        for who in people:
            days = _days_gone(
                owner if who == owner.id else directory.employees.get(who), now, gone_since
            )
            if days >= GONE_DAYS:
                yield GonePhones(place, who, days)


def _rung(to: Destination, owner: Employee, directory: Directory) -> Iterator[EmployeeId]:
    match to:
        case OwnPhones():
            yield owner.id
        case Colleague(employee_id):
            yield employee_id
        case Colleagues(employees):
            yield from employees
        case OutsideNumbers(numbers):
            for number in numbers:
                if number.e164 in directory.numbers:
                    yield directory.numbers[number.e164]
        case _:
            return


def _days_gone(
    person: Employee | None, now: datetime, gone_since: Mapping[Endpoint, datetime]
) -> int:
    """For how many days all phones have been gone; 0 where one is there or there is none."""
    if person is None:
        return 0
    since: list[datetime] = []
    for phone in person.phones:
        if isinstance(phone.address, OutsideNumber) or phone.address not in gone_since:
            return 0
        since.append(gone_since[phone.address])
    return max((now - max(since)) // timedelta(days=1), 0) if since else 0
