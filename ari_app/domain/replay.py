"""Calls that took place, led once more by other rules, to see whether they would go elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ari_app.domain.calls import Call, Caller, Ending, Outcome
from ari_app.domain.directory import Declared, Directory, Employee
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.routing import unfold
from ari_app.domain.steps import HangUp, Plan, Play, Ring, TakeMessage
from ari_app.domain.what_if import changed, loudest


@dataclass(frozen=True, slots=True)
class Stop:
    """A step without its greeting and its seconds: ``ring`` with whom, ``message`` with whose."""

    kind: str
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """How a phone came to be when it was rung; `after` seconds, where it was answered."""

    outcome: Outcome
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Happened:
    """A call that took place. `declared` are the statuses of that moment, as far as known."""

    caller: Caller
    at: datetime
    stops: tuple[Stop, ...]
    heard: Mapping[str, Heard]
    ending: Ending
    declared: Mapping[EmployeeId, Declared]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The way that the call would take; with `is_taken` somebody answers its last ring."""

    plans: tuple[Plan, ...]
    is_taken: bool
    goes_elsewhere: bool


def replay(directory: Directory, called: EmployeeId, happened: Happened) -> Replayed:
    """Lead the call once more: phones come to what they came to then, others do not answer."""
    then = _as_then(directory, happened.declared)
    call = Call(happened.caller, then.employees[called].extension)
    rings: list[Outcome] = []

    def outcome(ring: Ring) -> Outcome:
        rings.append(_outcome(ring, happened.heard))
        return rings[-1]

    plans = unfold(call, then, happened.at, outcome)
    is_taken = Outcome.ANSWERED in rings
    plans = plans[:-1] if is_taken else plans
    return Replayed(plans, is_taken, not _is_same(happened, stops(plans), is_taken=is_taken))


def stops(plans: Iterable[Plan]) -> tuple[Stop, ...]:
    """A way as it is compared."""
    found = []
    for plan in plans:
        match plan.step:
            case Ring(legs=legs):
                found.append(Stop("ring", frozenset(leg.address for leg in legs)))
            case TakeMessage(mailbox=mailbox):
                found.append(Stop("message", frozenset({mailbox})))
            case HangUp():
                found.append(Stop("hangup"))
            case Play():
                continue
    return tuple(found)


def _is_same(happened: Happened, now: tuple[Stop, ...], *, is_taken: bool) -> bool:
    """Who answers counts; where nobody does, who is rung counts, as far as the caller waited."""
    if happened.ending is Ending.ANSWERED or is_taken:
        return is_taken and happened.ending is Ending.ANSWERED
    if happened.ending is Ending.ABANDONED:
        return now[: len(happened.stops)] == happened.stops
    return now == happened.stops


def _as_then(directory: Directory, declared: Mapping[EmployeeId, Declared]) -> Directory:
    found: list[Employee] = []
    for employee, status in declared.items():
        person = directory.employees.get(employee)
        if person is not None:
            found.append(replace(person, declared=status))
    return changed(directory, *found)


def _outcome(ring: Ring, heard: Mapping[str, Heard]) -> Outcome:
    outcomes = set()
    for leg in ring.legs:
        phone = heard.get(leg.address, Heard(Outcome.NO_ANSWER))
        is_late = phone.outcome is Outcome.ANSWERED and phone.after > ring.seconds
        outcomes.add(Outcome.NO_ANSWER if is_late else phone.outcome)
    return loudest(outcomes)
