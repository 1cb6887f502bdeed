"""What would become of a call that nobody makes: its way, whom it reaches, and how it ends."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from ari_app.domain.calls import Call, Caller, Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    Employee,
    ForwardingRule,
)
from ari_app.domain.numbers import EmployeeId, Endpoint, OutsideNumber, RuleId
from ari_app.domain.routing import unfold
from ari_app.domain.steps import (
    HangUp,
    InsideLeg,
    OutsideLeg,
    Plan,
    Play,
    Reason,
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


class Place(Enum):
    """Where a call gets to."""

    OWN_PHONES = "own_phones"
    COLLEAGUE = "colleague"
    OUTSIDE = "outside"
    VOICEMAIL = "voicemail"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Reached:
    """A place with whose it is, as far as it is an employee's; `addresses` are those rung."""

    place: Place
    employees: tuple[EmployeeId, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A way in short: who is rung first (None: nobody), and where it ends with nobody answering."""

    first: Reached | None
    last: Reached

    @property
    def end(self) -> Reached:
        """Where a call gets to when whoever is rung first answers."""
        return self.first or self.last


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
    own = {_address(phone.address) for phone in employee.phones}
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


def passage(plans: Iterable[Plan], directory: Directory, supposed: Supposed) -> Passage:
    """The way in short. A ring that finds no phone free reaches nobody."""
    employee = directory.employees[supposed.called]
    people = People(directory, employee)
    first, last = None, Reached(Place.NOBODY)
    for plan in plans:
        people.meet(plan.because)
        match plan.step:
            case Ring() as ring:
                is_heard = came_to(ring, employee, supposed.own_phones) is Outcome.NO_ANSWER
                first = first or (people.rung(ring) if is_heard else None)
            case TakeMessage(mailbox=mailbox):
                whose = directory.extensions.get(mailbox)
                last = Reached(Place.VOICEMAIL, () if whose is None else (whose,))
            case Play() | HangUp():
                continue
    return Passage(first, last)


class People:
    """Whose phones are rung: those who were met on the way so far, and whom their rules name."""

    def __init__(self, directory: Directory, called: Employee) -> None:
        self._directory = directory
        self._called = called
        self._owners: dict[str, EmployeeId] = {}
        self._take(called.id)

    def meet(self, because: Iterable[Reason]) -> None:
        """Go on, past these facts."""
        for reason in because:
            if reason.employee is not None:
                self._take(reason.employee)
            if reason.employee is not None and reason.rule is not None:
                for whom in named_by(self._directory, reason.employee, reason.rule):
                    self._take(whom)

    def owner(self, address: str) -> EmployeeId | None:
        """Whose phone this is; None for a number outside that is nobody's own."""
        return self._owners.get(address)

    def rung(self, ring: Ring) -> Reached:
        """Whom a ring reaches: the called one before colleagues, and people before numbers."""
        addresses = tuple(leg.address for leg in ring.legs)
        owners = dict.fromkeys(self._owners.get(address) for address in addresses)
        people = tuple(owner for owner in owners if owner is not None)
        if self._called.id in people:
            return Reached(Place.OWN_PHONES, people, addresses)
        if people or any(isinstance(leg, InsideLeg) for leg in ring.legs):
            return Reached(Place.COLLEAGUE, people, addresses)
        return Reached(Place.OUTSIDE, (), addresses)

    def _take(self, employee: EmployeeId) -> None:
        person = self._directory.employees.get(employee)
        for phone in person.phones if person else ():
            self._owners.setdefault(_address(phone.address), employee)


def named_by(directory: Directory, owner: EmployeeId, rule_id: RuleId) -> set[EmployeeId]:
    """Whom a rule of somebody's leads to."""
    person = directory.employees.get(owner)
    found = [rule for rule in (person.rules if person else ()) if rule.id == rule_id]
    return {whom for rule in found for whom in led_to(rule)}


def led_to(rule: ForwardingRule) -> set[EmployeeId]:
    """The colleagues whom a rule names."""
    return _people(rule.then) | _people(rule.otherwise)


def _people(destination: Destination | None) -> set[EmployeeId]:
    match destination:
        case Colleague(employee):
            return {employee}
        case Colleagues(employees):
            return set(employees)
        case _:
            return set()


def _address(address: Endpoint | OutsideNumber) -> str:
    return address.e164 if isinstance(address, OutsideNumber) else address
