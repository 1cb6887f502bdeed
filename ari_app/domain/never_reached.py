"""Forwarding rules that no call can ever come to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from ari_app.domain.directory import Directory, Employee, Status
from ari_app.domain.occasions import Asked, Placed, active_at_moments, occasions
from ari_app.domain.surroundings import around
from ari_app.domain.ways import Course, Ways

_MOST_PEOPLE = 30
"""Whoever is further away counts as somebody who may leave the call to the next rule."""


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


def never_reached(owner: Employee, directory: Directory, now: datetime) -> Iterator[NeverReached]:
    """The rules that are on and cannot be followed from `now` on, by any call to their owner.

    Every moment, caller, status (also those of colleagues) and outcome is taken into account.
    A rule whose period or hours never hold is left out: `checks` refuses it.
    """
    asked = Asked(around(owner, directory, _MOST_PEOPLE, _settled), directory, now)
    search = _Search(asked.called, {n for n, rule in enumerate(asked.called.rules) if rule.is_on})
    for occasion in occasions(asked):
        if not search.unreached:
            return
        search.ever_active |= _own(occasion.active, owner)
        ways = Ways(asked.people, directory, occasion, owner.id)
        for course in ways.courses(asked.called):
            _follow(search, ways, course)
    holding = {n for _, active in active_at_moments(asked) for n in _own(active, owner)}
    for place in sorted(search.unreached & holding):
        if _has_trigger(search.owner, place, directory):
            yield _why(search, place)


def _settled(person: Employee) -> Employee:
    """The person without the rules that a feature code made: they will go again."""
    rules = (replace(r, is_on=r.is_on and not r.is_temporary) for r in person.rules)
    return replace(person, rules=tuple(rules))


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
