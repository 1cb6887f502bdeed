"""A call that nobody makes, in the office as it is or as it might be, and its whole way."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ari_app.domain.calls import Call, Caller, Outcome
from ari_app.domain.directory import Directory, Employee, ForwardingRule, Phone
from ari_app.domain.numbers import EmployeeId, OutsideNumber
from ari_app.domain.routing import unfold
from ari_app.domain.steps import (
    HangUp,
    OutsideLeg,
    Plan,
    Play,
    Ring,
    Step,
    TakeMessage,
)

_LOUDEST = (
    Outcome.ANSWERED,
    Outcome.NO_ANSWER,
    Outcome.REFUSED,
    Outcome.BUSY,
    Outcome.FAILED,
)
"""How a ring of several phones comes out: as the first of these that one of them comes to."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """A call as it is supposed: `own_phones` is how a ring of the called one's phones comes out.

    Everybody else's phones ring, and nobody answers them.
    """

    caller: Caller
    called: EmployeeId
    at: datetime
    own_phones: Outcome = Outcome.NO_ANSWER


class Changed(Mapping[EmployeeId, Employee]):
    """Everybody, with some cards replaced and nobody's copied."""

    __slots__ = ("_everybody", "_others")

    def __init__(
        self, everybody: Mapping[EmployeeId, Employee], others: Iterable[Employee]
    ) -> None:
        self._everybody = everybody
        self._others = {one.id: one for one in others}

    def __getitem__(self, key: EmployeeId) -> Employee:
        return self._others[key] if key in self._others else self._everybody[key]

    def __iter__(self) -> Iterator[EmployeeId]:
        return iter(self._everybody)

    def __len__(self) -> int:
        return len(self._everybody)


def changed(directory: Directory, *others: Employee) -> Directory:
    """The office where these, who are in it, have other cards."""
    return replace(directory, employees=Changed(directory.employees, others))


def edited(employee: Employee, rules: Collection[ForwardingRule]) -> Employee:
    """The employee with `rules` saved: what a feature code laid over them stays."""
    temporary = [rule for rule in employee.rules if rule.is_temporary]
    return replace(employee, rules=(*temporary, *rules))


def way(directory: Directory, supposed: Supposed) -> tuple[Plan, ...]:
    """Every step of the call; the employee who is called is in the directory."""
    employee = directory.employees[supposed.called]
    call = Call(supposed.caller, employee.extension)
    return unfold(
        call, directory, supposed.at, lambda ring: came_to(ring, employee, supposed.own_phones)
    )


def came_to(ring: Ring, employee: Employee, own_phones: Outcome) -> Outcome:
    """How a ring comes out; a number outside is never without a phone."""
    own = {address_of(phone) for phone in employee.phones}
    found = set()
    for leg in ring.legs:
        is_gone = own_phones is Outcome.UNREACHABLE and isinstance(leg, OutsideLeg)
        found.add(own_phones if leg.address in own and not is_gone else Outcome.NO_ANSWER)
    return loudest(found)


def loudest(outcomes: Collection[Outcome]) -> Outcome:
    """How a ring comes out whose phones come to these."""
    return next((one for one in _LOUDEST if one in outcomes), Outcome.UNREACHABLE)


def deed(step: Step) -> tuple[object, ...]:
    """What a step does, whichever rule says so: two steps that do the same are equal."""
    match step:
        case Ring():
            return "ring", frozenset(leg.address for leg in step.legs), step.seconds
        case Play():
            return "play", step.sound
        case TakeMessage():
            return "message", step.mailbox, step.sound
        case HangUp():
            return "hangup", step.cause, step.sound


def address_of(phone: Phone) -> str:
    """An endpoint's name, or a number in E.164 form."""
    return phone.address.e164 if isinstance(phone.address, OutsideNumber) else phone.address
