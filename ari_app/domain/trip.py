"""One walk through the directory: what it has seen, and the steps it offers on its way.

A way is a generator that yields plans and is sent how each came out. A step that was tried
already is passed over with its outcome, so that no state has to be kept between two questions.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime

from ari_app.domain.calls import Call, Outcome
from ari_app.domain.directory import Directory, Employee, ForwardingRule
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import (
    Diversion,
    DiversionReason,
    Fact,
    Leg,
    OutsideLeg,
    Plan,
    Play,
    Reason,
    Ring,
    Step,
)


@dataclass(frozen=True, slots=True)
class Diverter:
    """An employee by whose rule the call is forwarded, and why the rule fired."""

    employee: Employee
    reason: DiversionReason


@dataclass(slots=True)
class Trip:
    """What one walk has seen; it lives as long as the walk."""

    call: Call
    directory: Directory
    now: datetime
    tried: dict[str, Outcome]
    rung: set[str]
    ringing_left: int
    visited: set[EmployeeId] = field(default_factory=set)
    because: list[Reason] = field(default_factory=list)
    diverter: Diverter | None = None
    last: Outcome = Outcome.UNREACHABLE
    is_cut_short: bool = False

    def note(self, fact: Fact, employee: Employee | None = None, detail: str = "") -> None:
        self.because.append(Reason(fact, employee.id if employee else None, None, detail))

    def note_rule(self, fact: Fact, owner: Employee, rule: ForwardingRule, detail: str) -> None:
        self.because.append(Reason(fact, owner.id, rule.id, detail))

    def plan(self, step: Step) -> Plan:
        because, self.because = tuple(self.because), []
        return Plan(step, because)

    def cut_short(self, which: str) -> None:
        if not self.is_cut_short:
            self.note(Fact.LIMIT, None, which)
        self.is_cut_short = True


def start(call: Call, directory: Directory, now: datetime) -> Trip:
    """A trip that knows what the call has tried so far."""
    return Trip(
        call,
        directory,
        now,
        tried={attempt.key: attempt.outcome for attempt in call.attempts},
        rung={address for attempt in call.attempts for address in attempt.rung},
        ringing_left=directory.limits.ringing_seconds - sum(a.seconds for a in call.attempts),
    )


def offer(trip: Trip, step: Step) -> Generator[Plan, Outcome, Outcome | None]:
    """Yield `step` unless it was tried; its outcome, or None where a limit forbids it."""
    if step.key in trip.tried:
        trip.because.clear()
        return trip.tried[step.key]
    goes_on = isinstance(step, Ring | Play)
    if goes_on and len(trip.tried) >= trip.directory.limits.steps:
        trip.cut_short("steps")
    if goes_on and trip.is_cut_short:
        return None
    outcome = yield trip.plan(step)
    trip.tried[step.key] = outcome
    return outcome


def ring(
    trip: Trip, key: str, legs: list[Leg], seconds: int, diverter: Diverter | None
) -> Generator[Plan, Outcome, Outcome | None]:
    """Offer one ring of those legs that have not been rung; None where nobody is left to ring."""
    if key in trip.tried:
        trip.because.clear()
        trip.last = trip.tried[key]
        return trip.last
    fresh = tuple({leg.address: leg for leg in legs if leg.address not in trip.rung}.values())
    if not fresh:
        if legs:
            trip.note(Fact.RUNG_ALREADY)
        return None
    seconds = min(seconds, trip.ringing_left)
    if seconds <= 0:
        trip.cut_short("ringing")
    diversion = _diversion(diverter or trip.diverter, fresh, trip.directory)
    came_to = yield from offer(trip, Ring(key, fresh, seconds, diversion))
    if came_to is not None:
        trip.last = came_to
        trip.ringing_left -= seconds
        trip.rung.update(leg.address for leg in fresh)
    return came_to


def _diversion(
    diverter: Diverter | None, legs: tuple[Leg, ...], directory: Directory
) -> Diversion | None:
    """Who diverts, named by a number that those who are rung can understand."""
    if diverter is None:
        return None
    number: str = diverter.employee.extension
    if directory.trunks and any(isinstance(leg, OutsideLeg) for leg in legs):
        number = diverter.employee.number or directory.trunks[0].company_number or number
    return Diversion(number, diverter.reason)
