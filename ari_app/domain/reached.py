"""Where a call gets to on its way: whose phones it rings first, and where it ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ari_app.domain.calls import Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    Employee,
    ForwardingRule,
    OutsideNumbers,
)
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.steps import HangUp, InsideLeg, Plan, Play, Reason, Ring, TakeMessage
from ari_app.domain.what_if import Supposed, address_of, came_to


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
            self._owners.setdefault(address_of(phone), employee)


def named_by(directory: Directory, owner: EmployeeId, rule_id: RuleId) -> set[EmployeeId]:
    """Whom a rule of somebody's leads to."""
    person = directory.employees.get(owner)
    found = [rule for rule in (person.rules if person else ()) if rule.id == rule_id]
    return {whom for rule in found for whom in led_to(rule)}


def led_to(rule: ForwardingRule) -> set[EmployeeId]:
    """The colleagues whom a rule names."""
    return _people(rule.then) | _people(rule.otherwise)


def reachable(directory: Directory, *employees: Employee) -> set[EmployeeId]:
    """Everybody whom calls to these may come to, by their rules and those of the others."""
    found = {one.id for one in employees}
    left = list(employees)
    while left:
        for rule in left.pop().rules:
            fresh = (led_to(rule) | _by_number(rule, directory)) - found
            found |= fresh
            left += [one for each in fresh if (one := directory.employees.get(each)) is not None]
    return found


def _by_number(rule: ForwardingRule, directory: Directory) -> set[EmployeeId]:
    numbers = [
        number.e164
        for destination in (rule.then, rule.otherwise)
        if isinstance(destination, OutsideNumbers)
        for number in destination.numbers
    ]
    return {directory.numbers[one] for one in numbers if one in directory.numbers}


def _people(destination: Destination | None) -> set[EmployeeId]:
    match destination:
        case Colleague(employee):
            return {employee}
        case Colleagues(employees):
            return set(employees)
        case _:
            return set()
