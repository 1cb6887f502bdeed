"""Forwarding rules that no call can ever come to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from ari_app.domain.directory import Directory, Employee, Status
from ari_app.domain.occasions import Asked, Occasion, Placed, active_at_moments
from ari_app.domain.ways import Course, Ways


class Why(Enum):
    """Why no call comes to a rule."""

    COVERED = "covered"
    """Wherever it would be followed, rules before it end the call, or are followed instead."""
    NO_SUCH_CALLER = "no_such_caller"
    """No number of those callers fits its masks."""
    STATUS_NOT_COUNTED = "status_not_counted"
    """It is for a status, and the card leaves the status out of account."""
    NO_PHONE = "no_phone"
    """It is for what comes of the own phones, and there is none that could ring."""


@dataclass(frozen=True, slots=True)
class NeverReached:
    """A rule's place, why no call comes to it, and the places of the rules that cover it."""

    place: int
    why: Why
    by: tuple[int, ...] = ()


@dataclass(slots=True)
class _Search:
    """What has been found of one secretary's rules so far."""

    owner: Employee
    unreached: set[int]
    ever_active: set[int] = field(default_factory=set)
    covered_by: dict[int, set[int]] = field(default_factory=dict)


def never_reached(asked: Asked, everything: Iterable[Occasion]) -> Iterator[NeverReached]:
    """The rules that are on and cannot be followed, by any call to the person called.

    Every moment from now on, caller, status (also those of colleagues) and outcome is taken
    into account: `everything` are the occasions of `asked`. A rule whose period or hours never
    hold is left out: `checks` refuses it.
    """
    owner = asked.called
    search = _Search(owner, {place for place, rule in enumerate(owner.rules) if rule.is_on})
    for occasion in everything:
        search.ever_active |= _own(occasion.active, owner)
        ways = Ways(asked.people, asked.directory, occasion, owner.id)
        for course in ways.courses(owner):
            _follow(search, ways, course)
        if not search.unreached:
            return
    for place in sorted(search.unreached):
        is_due = place in search.ever_active or _ever_holds(asked, place)
        if is_due and _has_trigger(owner, place, asked.directory):
            yield _why(search, place)


def _ever_holds(asked: Asked, place: int) -> bool:
    """Whether the period and the hours of a rule hold at any time, for whomever it is."""
    rule = asked.called.rules[place]
    alone = {asked.called.id: replace(asked.called, rules=(rule,))}
    return any(active for _, active in active_at_moments(replace(asked, people=alone)))


def _own(active: frozenset[Placed], owner: Employee) -> set[int]:
    return {place for who, place in active if who == owner.id}


def _follow(search: _Search, ways: Ways, course: Course) -> None:
    """Note which rules of one course are followed, and which ended the call before the others."""
    for place, ended_by in ways.follow(course):
        if ended_by is None:
            search.unreached.discard(place)
        else:
            search.covered_by.setdefault(place, set()).add(ended_by)
    for place in course.barred:
        search.covered_by.setdefault(place, set()).add(course.rules[0])


def _has_trigger(owner: Employee, place: int, directory: Directory) -> bool:
    """Whether the rule is for anything at all; `checks` refuses it otherwise."""
    when = owner.rules[place].when
    known = {*Status, *directory.own_statuses}
    return bool(when.callers) and bool(when.situations or when.statuses & known)


def _why(search: _Search, place: int) -> NeverReached:
    by = tuple(sorted(search.covered_by.get(place, ())))
    if place not in search.ever_active:
        return NeverReached(place, Why.NO_SUCH_CALLER)
    if by:
        return NeverReached(place, Why.COVERED, by)
    if search.owner.rules[place].when.situations:
        return NeverReached(place, Why.NO_PHONE)
    return NeverReached(place, Why.STATUS_NOT_COUNTED)
