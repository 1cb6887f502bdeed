"""All ways that a call can take on one occasion, whatever the statuses and however it rings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ari_app.domain.availability import READINESS
from ari_app.domain.calls import Caller
from ari_app.domain.conditions import fires_on_situation, fires_on_status
from ari_app.domain.directory import (
    Colleague,
    Declared,
    Destination,
    Directory,
    Employee,
    OutsideNumbers,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
)
from ari_app.domain.legs import outside_leg
from ari_app.domain.numbers import EmployeeId, OutsideNumber
from ari_app.domain.occasions import Occasion
from ari_app.domain.steps import Reason

_Visited = frozenset[EmployeeId]
_Ways = frozenset[_Visited]
"""The ways past something that did not take the call, each by who has been asked on it."""
_Trail = tuple[EmployeeId, ...]
"""Who led to whom, from the person called on."""
_ANYBODY = Caller("", is_inside=True)
_MOST_VISITS = 2000
"""An office in which everybody leads to everybody has more ways than there is time for."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a call to one person comes to: the rules that are followed in turn.

    `is_by_status` says whether they are for a status; `barred` are rules for what came of the
    person's phones, which never ring because the rules for the status are followed instead.
    """

    rules: tuple[int, ...]
    is_by_status: bool = False
    barred: tuple[int, ...] = ()


@dataclass(slots=True)
class Ways:
    """The ways of one occasion, from `called` on.

    `circles` are those that led back there, by the place of the rule they began with.

    Somebody else's phones may have been rung before they are asked, and the limits may have
    been reached: what that would forbid counts as possible here.
    """

    people: Mapping[EmployeeId, Employee]
    directory: Directory
    occasion: Occasion
    called: EmployeeId
    circles: dict[int, set[_Trail]] = field(default_factory=dict)
    visits: int = 0
    _place: int = -1

    def courses(self, person: Employee) -> set[Course]:
        """What a call to `person` can come to, over every status and every way of ringing."""
        active = [
            place
            for place, _ in enumerate(person.rules)
            if (person.id, place) in self.occasion.active
        ]
        by_situation = {
            tuple(p for p in active if fires_on_situation(person.rules[p].when, situation))
            for situation in self._situations(person)
        }
        barred = tuple(sorted({place for places in by_situation for place in places}))
        courses: set[Course] = set()
        for declared in all_statuses(self.directory):
            rings = not person.uses_status or READINESS[declared.base].direct
            followed = tuple(p for p in active if _fires(person, p, declared))
            if followed:
                courses.add(Course(followed, is_by_status=True, barred=barred if rings else ()))
            elif rings:
                courses |= {Course(places) for places in by_situation}
            else:
                courses.add(Course(()))
        return courses

    def follow(self, course: Course) -> Iterator[tuple[int, int | None]]:
        """The places of the rules that a call to `called` is to follow in turn.

        With each the place of the rule that ended every such call before, if one did.
        """
        person = self.people[self.called]
        ways: _Ways = frozenset({frozenset({self.called})})
        ended_by: int | None = None
        for place in course.rules:
            yield place, ended_by
            if ended_by is None:
                self._place = place
                ways = self._past(person, place, ways, ())
                ended_by = None if ways else place

    def _past(self, person: Employee, place: int, before: _Ways, trail: _Trail) -> _Ways:
        """The ways on after the rule at `place` was followed on those `before`; none: it ended."""
        rule = person.rules[place]
        after = self._past_each(rule.then, before, (*trail, person.id))
        if rule.otherwise is None:
            return after
        return self._past_each(rule.otherwise, after, (*trail, person.id))

    def _past_each(self, to: Destination, before: _Ways, trail: _Trail) -> _Ways:
        match to:
            case Voicemail() | SayGoodbye():
                return frozenset()
            case Colleague(employee_id):
                return self._past_colleague(employee_id, before, trail)
            case OutsideNumbers(numbers):
                for number in numbers:
                    own = self.directory.numbers.get(number.e164)
                    if own is not None:
                        before = self._past_colleague(own, before, trail)
                return before
            case _:
                return before

    def _past_colleague(self, colleague: EmployeeId, before: _Ways, trail: _Trail) -> _Ways:
        if colleague == self.called and before:
            self.circles.setdefault(self._place, set()).add((*trail, colleague))
        return frozenset(
            after for visited in before for after in self._visit(colleague, visited, trail)
        )

    def _visit(self, colleague: EmployeeId, visited: _Visited, trail: _Trail) -> Iterable[_Visited]:
        person = self.people.get(colleague)
        if person is None or colleague in visited or len(visited) > self.directory.limits.hops:
            return (visited,)
        self.visits += 1
        if self.is_cut_short:
            return (visited,)
        found: set[_Visited] = set()
        for course in self.courses(person):
            ways: _Ways = frozenset({visited | {colleague}})
            for place in course.rules:
                ways = self._past(person, place, ways, trail)
            found |= ways
        return found

    @property
    def is_cut_short(self) -> bool:
        """Whether there were too many ways to look at all of them."""
        return self.visits > _MOST_VISITS

    def _situations(self, person: Employee) -> Iterable[Situation]:
        if can_ring(person, self.directory):
            return Situation
        is_at_once = person.ring_order is RingOrder.AT_ONCE
        if person.id == self.called or not person.phones or not is_at_once:
            return (Situation.UNREACHABLE,)
        return Situation


def can_ring(person: Employee, directory: Directory) -> bool:
    """Whether a direct call rings anything: a phone, or a number that may be dialled."""
    only_main = person.ring_order is RingOrder.MAIN_ONLY
    phones = person.phones[:1] if only_main else person.phones
    return any(
        not isinstance(phone.address, OutsideNumber)
        or not isinstance(outside_leg(phone.address, person, _ANYBODY, directory), Reason)
        for phone in phones
    )


def all_statuses(directory: Directory) -> Iterator[Declared]:
    """Everything that an employee of this office can declare."""
    yield from map(Declared, Status)
    for own in directory.own_statuses.values():
        yield Declared(own.base, own.id)


def _fires(person: Employee, place: int, declared: Declared) -> bool:
    rule = person.rules[place]
    return (person.uses_status or rule.is_temporary) and fires_on_status(rule.when, declared)
