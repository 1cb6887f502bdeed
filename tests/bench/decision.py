"""What one `route` costs for an employee with ten rules, in a small and a large office."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime, time
from time import perf_counter_ns
from zoneinfo import ZoneInfo

from rpds import HashTrieMap

from ari_app.domain.calls import Call, Caller, CallerKind
from ari_app.domain.directory import (
    Colleague,
    DayKind,
    Declared,
    Directory,
    Employee,
    ForwardingRule,
    Hours,
    Phone,
    Status,
    When,
)
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, RuleId
from ari_app.domain.routing import route

_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_ZONE = ZoneInfo("Europe/Moscow")
_CALLS = 2000
_ROUNDS = 3
_FIRST = 100_000
"""The first extension, so that a hundred thousand of them have six digits."""

_AWAY = frozenset({Status.OFFLINE, Status.BREAK})
_CONDITIONS: Sequence[When] = (
    When(frozenset({Status.DO_NOT_DISTURB})),
    When(callers=frozenset({CallerKind.INSIDE})),
    When(callers=frozenset({CallerKind.ANONYMOUS})),
    When(numbers=("+7812*", "+7495???????", "+44*")),
    When(until=datetime(2026, 11, 1, tzinfo=UTC)),
    When(hours=(Hours(time(18), time(9)),)),
    When(hours=(Hours(day_kind=DayKind.FREE),)),
    When(hours=(Hours(weekdays=frozenset({5, 6})),)),
    When(numbers=("+79991112233",), hours=(Hours(time(9), time(18), DayKind.WORKING),)),
    When(hours=(Hours(time(9), time(18), DayKind.WORKING),)),
)
"""Only the last of the ten holds."""


def office(size: int) -> Directory:
    """So many employees; the first is on a break and has ten rules."""
    people = [_employee(number) for number in range(1, size + 1)]
    return Directory(
        employees=HashTrieMap({person.id: person for person in people}),
        extensions=HashTrieMap({person.extension: person.id for person in people}),
    )


def question() -> Call:
    """Somebody outside calls the employee with ten rules."""
    return Call(Caller("+79165550100", is_inside=False), Extension(str(_FIRST + 1)))


def median_us(sizes: Sequence[int]) -> dict[int, float]:
    """The median microseconds of one `route` in an office of each size, measured in turns."""
    offices = {size: office(size) for size in sizes}
    times: dict[int, list[int]] = {size: [] for size in sizes}
    call = question()
    for _ in range(_ROUNDS):
        for size, directory in offices.items():
            times[size] += _nanoseconds(call, directory)
    return {size: statistics.median(each) / 1000 for size, each in times.items()}


def _nanoseconds(call: Call, directory: Directory) -> list[int]:
    taken = []
    for _ in range(_CALLS):
        began = perf_counter_ns()
        route(call, directory, _NOW)
        taken.append(perf_counter_ns() - began)
    return taken


def _employee(number: int) -> Employee:
    extension = Extension(str(_FIRST + number))
    return Employee(
        EmployeeId(number),
        f"Employee {number}",
        extension,
        Declared(Status.BREAK if number == 1 else Status.ONLINE),
        phones=(Phone(Endpoint(extension)),),
        rules=_secretary() if number == 1 else (),
        zone=_ZONE,
    )


def _secretary() -> tuple[ForwardingRule, ...]:
    return tuple(
        ForwardingRule(RuleId(number), f"rule {number}", when, Colleague(EmployeeId(2)))
        for number, when in enumerate(_CONDITIONS, 1)
    )
