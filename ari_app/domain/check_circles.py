"""Circles: colleagues whose secretaries pass a call on until it comes back to the first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ari_app.domain.directory import Directory, Employee, Limits
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.occasions import Asked, occasions
from ari_app.domain.surroundings import around, colleagues_of, leads_to
from ari_app.domain.ways import Ways

Circle = tuple[EmployeeId, ...]
"""People of whom each leads to the next, from the owner of the rule back to the owner."""
_MOST_PEOPLE = 60
"""Where more people hang together, or in more ways, any way back counts, whatever its hours."""
_ANY_LIMIT = Limits(hops=20)
"""The most that can be set: a circle is none the better for being cut short."""


_Found = dict[tuple[int, EmployeeId], Circle]
"""Circles by the place of the rule and the colleague whom it leads to."""


def circles_of(owner: Employee, directory: Directory, now: datetime) -> dict[int, Sequence[Circle]]:
    """The circles that the owner's rules close, by the rule's place.

    A circle counts if there is a moment from `now` on, a caller, a status for each of its
    people and an outcome of each ring with which a call really comes back to the owner. Two
    people who stand in for each other at different hours are no circle.
    """
    suspects = _suspects(owner, directory)
    people = around(owner, directory, _MOST_PEOPLE + 1) if suspects else {}
    if len(people) > _MOST_PEOPLE:
        return _told(suspects)
    found: _Found = {}
    office = replace(directory, limits=_ANY_LIMIT)
    for occasion in occasions(Asked(people, office, now)) if suspects else ():
        ways = Ways(people, office, occasion, owner.id)
        _look(ways, owner, found)
        if ways.is_cut_short:
            return _told(suspects)
        if all(len(found.get(key, ())) == len(way) for key, way in suspects.items()):
            break
    return _told(found)


def _look(ways: Ways, owner: Employee, found: _Found) -> None:
    """Keep the shortest circle of each kind that closes on one occasion."""
    for course in ways.courses(owner):
        for _ in ways.follow(course):
            pass
    for place, circles in ways.circles.items():
        for circle in circles:
            key = (place, circle[1])
            found[key] = min(found.get(key, circle), circle, key=lambda each: (len(each), each))


def _told(found: _Found) -> dict[int, Sequence[Circle]]:
    places = {place for place, _ in found}
    return {
        place: [circle for (at, _), circle in sorted(found.items()) if at == place]
        for place in places
    }


def _suspects(owner: Employee, directory: Directory) -> _Found:
    """The shortest way back over each colleague whom a rule leads to, whenever the rules hold."""
    return {
        (place, first): circle
        for place, rule in enumerate(owner.rules)
        if rule.is_on
        for first in leads_to(directory, rule)
        if (circle := _way_back(owner.id, first, directory))
    }


def _way_back(owner: EmployeeId, first: EmployeeId, directory: Directory) -> Circle:
    ways: dict[EmployeeId, Circle] = {first: (owner, first)}
    waiting = [] if first == owner else [first]
    while waiting:
        here = waiting.pop(0)
        person = directory.employees.get(here)
        for there in colleagues_of(directory, person) if person is not None else ():
            if there == owner:
                return (*ways[here], owner)
            if there not in ways:
                ways[there] = (*ways[here], there)
                waiting.append(there)
    return ()
