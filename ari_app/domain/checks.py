"""Whether forwarding rules can work at all: what the store refuses and `doctor` reports."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial

from ari_app.domain.check_circles import circles_of
from ari_app.domain.check_times import ever_holds, is_outside_period
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    Employee,
    ForwardingRule,
    OutsideNumbers,
    OwnPhones,
    SayGoodbye,
    Status,
    Voicemail,
)
from ari_app.domain.numbers import EmployeeId

MOST_SECONDS = 120
_GREETING = re.compile(r"[a-z0-9/_-]{1,100}")
MASK = re.compile(r"(?=.{1,20}$)\+?[0-9?]*\*?")
_LONGEST_NAME = 100


class Problem(Enum):
    """Why a rule cannot work; `Refusal.detail` is given in brackets."""

    BAD_NAME = "bad_name"
    NO_TRIGGER = "no_trigger"  # neither a status nor a situation
    NO_CALLERS = "no_callers"
    BAD_MASK = "bad_mask"  # (mask)
    BAD_GREETING = "bad_greeting"  # (greeting)
    BAD_SECONDS = "bad_seconds"  # (seconds)
    NO_SUCH_STATUS = "no_such_status"  # (own status id)
    PERIOD_BACKWARDS = "period_backwards"  # it ends before it begins
    PERIOD_PAST = "period_past"
    HOURS_NEVER_HOLD = "hours_never_hold"
    DATE_OUTSIDE_PERIOD = "date_outside_period"  # (date)
    EMPTY_LIST = "empty_list"
    NO_PHONES = "no_phones"  # own phones, and the card has none
    MYSELF = "myself"  # the colleague is the employee
    COLLEAGUE_GONE = "colleague_gone"  # (employee id)
    MAY_NOT_DIAL = "may_not_dial"  # (number class)
    CIRCLE = "circle"  # `Refusal.people` lead back to the first of them


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that cannot work: its place in the list (from 0), its name, and why."""

    position: int
    rule: str
    problem: Problem
    detail: str = ""
    people: tuple[EmployeeId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One rule to be checked."""

    directory: Directory
    owner: Employee
    rule: ForwardingRule
    now: datetime
    circles: Sequence[tuple[EmployeeId, ...]] = ()

    @property
    def destinations(self) -> tuple[Destination, ...]:
        then, otherwise = self.rule.then, self.rule.otherwise
        return (then,) if otherwise is None else (then, otherwise)


def refusals(
    directory: Directory,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
) -> tuple[Refusal, ...]:
    """Why `rules` cannot become the secretary of this employee at `now`; empty: they can.

    A rule that is switched off has only its values checked: it may be out of date.
    """
    owner = directory.employees.get(employee_id)
    if owner is None:
        return ()
    circles = circles_of(replace(owner, rules=tuple(rules)), directory, now)
    return tuple(
        refusal
        for position, rule in enumerate(rules)
        for refusal in _refusals_of(
            _Asked(directory, owner, rule, now, circles.get(position, ())), position
        )
    )


def rules_gone_wrong(directory: Directory, now: datetime) -> tuple[tuple[EmployeeId, Refusal], ...]:
    """Rules that were saved once and cannot work any more, with whose they are."""
    return tuple(
        (employee.id, refusal)
        for employee in directory.employees.values()
        for refusal in refusals(directory, employee.id, employee.rules, now)
    )


def _refusals_of(asked: _Asked, position: int) -> Iterator[Refusal]:
    refuse = partial(Refusal, position, asked.rule.name)
    yield from _values(asked, refuse)
    if not asked.rule.is_on:
        return
    yield from _times(asked, refuse)
    for destination in asked.destinations:
        yield from _destination(asked, destination, refuse)
    for circle in asked.circles:
        yield refuse(Problem.CIRCLE, people=circle)


def _values(asked: _Asked, refuse: Callable[..., Refusal]) -> Iterator[Refusal]:
    rule, when = asked.rule, asked.rule.when
    if not rule.name.strip() or len(rule.name) > _LONGEST_NAME or not rule.name.isprintable():
        yield refuse(Problem.BAD_NAME)
    if not when.statuses and not when.situations:
        yield refuse(Problem.NO_TRIGGER)
    if not when.callers:
        yield refuse(Problem.NO_CALLERS)
    bad_masks = (mask for mask in when.numbers if not MASK.fullmatch(mask))
    yield from (refuse(Problem.BAD_MASK, mask) for mask in bad_masks)
    if rule.greeting is not None and not _GREETING.fullmatch(rule.greeting):
        yield refuse(Problem.BAD_GREETING, rule.greeting)
    all_seconds = (when.no_answer_seconds, *map(_seconds, asked.destinations))
    bad_seconds = (seconds for seconds in all_seconds if not 0 <= seconds <= MOST_SECONDS)
    yield from (refuse(Problem.BAD_SECONDS, str(seconds)) for seconds in bad_seconds)


def _seconds(destination: Destination) -> int:
    match destination:
        case OwnPhones(seconds=seconds) | Colleagues(seconds=seconds):
            return seconds
        case OutsideNumbers(seconds=seconds):
            return seconds
        case Colleague() | Voicemail() | SayGoodbye():
            return 0


def _times(asked: _Asked, refuse: Callable[..., Refusal]) -> Iterator[Refusal]:
    rule, when, now = asked.rule, asked.rule.when, asked.now
    for choice in when.statuses:
        if not isinstance(choice, Status) and choice not in asked.directory.own_statuses:
            yield refuse(Problem.NO_SUCH_STATUS, str(choice))
    if when.since is not None and when.until is not None and when.until <= when.since:
        yield refuse(Problem.PERIOD_BACKWARDS)
    elif when.until is not None and when.until <= now:
        yield refuse(Problem.PERIOD_PAST)
    elif when.hours and not any(
        ever_holds(rule, hours, asked.owner, asked.directory, now) for hours in when.hours
    ):
        outside = [h.on for h in when.hours if h.on and is_outside_period(rule, h, asked.owner)]
        if outside:
            yield refuse(Problem.DATE_OUTSIDE_PERIOD, outside[0].isoformat())
        else:
            yield refuse(Problem.HOURS_NEVER_HOLD)


def _destination(
    asked: _Asked, destination: Destination, refuse: Callable[..., Refusal]
) -> Iterator[Refusal]:
    match destination:
        case OwnPhones() if not asked.owner.phones:
            yield refuse(Problem.NO_PHONES)
        case Colleague(employee_id):
            yield from _colleagues(asked, (employee_id,), refuse)
        case Colleagues(employees):
            yield from _colleagues(asked, employees, refuse)
        case OutsideNumbers():
            yield from _outside(asked, destination, refuse)
        case _:
            return


def _colleagues(
    asked: _Asked, employees: Sequence[EmployeeId], refuse: Callable[..., Refusal]
) -> Iterator[Refusal]:
    if not employees:
        yield refuse(Problem.EMPTY_LIST)
    for employee_id in employees:
        if employee_id == asked.owner.id:
            yield refuse(Problem.MYSELF)
        elif employee_id not in asked.directory.employees:
            yield refuse(Problem.COLLEAGUE_GONE, str(employee_id), (employee_id,))


def _outside(
    asked: _Asked, to: OutsideNumbers, refuse: Callable[..., Refusal]
) -> Iterator[Refusal]:
    if not to.numbers:
        yield refuse(Problem.EMPTY_LIST)
    for number in to.numbers:
        inside = asked.directory.numbers.get(number.e164)
        if inside == asked.owner.id:
            yield refuse(Problem.MYSELF, number.e164)
        elif inside is None and number.number_class not in asked.owner.may_dial:
            yield refuse(Problem.MAY_NOT_DIAL, number.number_class.value)
