"""Ways on which a caller would have to listen to the ringing for longer than callers can."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from ari_app.domain.availability import READINESS
from ari_app.domain.calls import Call, Caller
from ari_app.domain.conditions import fires_on_status
from ari_app.domain.directory import (
    Colleagues,
    Declared,
    Destination,
    Directory,
    Employee,
    Limits,
    OutsideNumbers,
    Status,
)
from ari_app.domain.occasions import Asked, Occasion
from ari_app.domain.ringing import DEFAULT_SECONDS
from ari_app.domain.routing import unfold
from ari_app.domain.steps import Plan, Play, Ring
from ari_app.domain.ways import all_statuses

NETWORK_SECONDS = 90
"""How long a mobile phone lets a call ring before it hangs up by itself, as Android has it
(CarrierConfigManager.ImsVoice, ringing and ringback timers: 90,000 ms). Proxies wait for three
minutes (RFC 3261, 16.6, timer C)."""
_ENDLESS = Limits(steps=500, hops=50, ringing_seconds=1_000_000)


class TooLongFor(Enum):
    """Who ends the call before all have been rung."""

    LIMIT = "limit"
    """The office's own limit of ringing: whoever comes later is not rung any more."""
    NETWORK = "network"
    """The caller's phone or network; a greeting answers the call and sets it at rest."""


@dataclass(frozen=True, slots=True)
class LongRinging:
    """The longest way: its seconds of ringing, how many are good, and the rule at that moment."""

    too_long_for: TooLongFor
    seconds: int
    most: int
    place: int | None


def long_ringing(asked: Asked, everything: Iterable[Occasion]) -> list[LongRinging]:
    """The longest way for each of the two, where it is too long; nobody answers, all are ready.

    `everything` are the occasions of `asked`, whose directory says the limit.
    """
    owner, limit = asked.called, asked.directory.limits.ringing_seconds
    office = _all_ready(asked)
    if _bound(office) <= min(NETWORK_SECONDS, limit):
        return []
    measured: list[LongRinging] = []
    for caller, plans in _ways(office, owner, everything):
        measured.append(_length(plans, owner, TooLongFor.LIMIT, limit))
        if not caller.is_inside:
            measured.append(_length(plans, owner, TooLongFor.NETWORK, NETWORK_SECONDS))
    too_long = [length for length in measured if length.seconds > length.most]
    by_who = [[each for each in too_long if each.too_long_for is who] for who in TooLongFor]
    return [max(found, key=lambda length: length.seconds) for found in by_who if found]


def _all_ready(asked: Asked) -> Directory:
    """Those whom the call can come to, all Online and without limits, so that all are rung."""
    people, directory = dict(asked.people), asked.directory
    for person in asked.people.values():
        for to in _destinations(person):
            for employee_id in to.employees if isinstance(to, Colleagues) else ():
                if employee_id in directory.employees:
                    people.setdefault(employee_id, directory.employees[employee_id])
    ready = {who: replace(p, declared=Declared(Status.ONLINE)) for who, p in people.items()}
    extensions = {asked.called.extension: asked.called.id}
    return replace(directory, employees=ready, extensions=extensions, limits=_ENDLESS)


def _destinations(person: Employee) -> Iterator[Destination]:
    for rule in person.rules:
        if rule.is_on:
            yield rule.then
            if rule.otherwise is not None:
                yield rule.otherwise


def _bound(office: Directory) -> int:
    """More seconds than any way can take: each phone and number is rung once at most."""
    longest: dict[str, int] = {}
    for person in office.employees.values():
        for phone in person.phones:
            key = str(phone.address)
            longest[key] = max(longest.get(key, 0), phone.seconds or DEFAULT_SECONDS)
    for to in (to for person in office.employees.values() for to in _destinations(person)):
        for key, seconds in _most(to, office):
            longest[key] = max(longest.get(key, 0), seconds or DEFAULT_SECONDS)
    return sum(longest.values())


def _most(to: Destination, office: Directory) -> Iterator[tuple[str, int]]:
    match to:
        case Colleagues(employees, _, seconds):
            people = (office.employees[who] for who in employees if who in office.employees)
            for phone in (phone for person in people for phone in person.phones):
                yield str(phone.address), seconds
        case OutsideNumbers(numbers, _, seconds):
            yield from ((str(number), seconds) for number in numbers)
        case _:
            return


def _ways(
    office: Directory, owner: Employee, everything: Iterable[Occasion]
) -> Iterator[tuple[Caller, tuple[Plan, ...]]]:
    """The chains that differ by the rules which are followed."""
    seen: set[object] = set()
    for occasion in everything:
        for declared in all_statuses(office):
            key = (_telling(occasion, owner, declared), occasion.caller.is_inside)
            if key in seen:
                continue
            seen.add(key)
            there = {**office.employees, owner.id: replace(owner, declared=declared)}
            call = Call(occasion.caller, owner.extension)
            plans = unfold(call, replace(office, employees=there), occasion.moment)
            yield occasion.caller, plans


def _telling(occasion: Occasion, owner: Employee, declared: Declared) -> object:
    """What makes the way of one occasion another than that of the next."""
    active = frozenset(place for who, place in occasion.active if who == owner.id)
    others = occasion.active - {(owner.id, place) for place in active}
    fired = frozenset(p for p in active if fires_on_status(owner.rules[p].when, declared))
    if fired and owner.uses_status:
        return others, fired
    for_situations = frozenset(place for place in active if owner.rules[place].when.situations)
    return others, for_situations, READINESS[declared.base].direct


def _length(
    plans: tuple[Plan, ...], owner: Employee, too_long_for: TooLongFor, most: int
) -> LongRinging:
    """How long one way rings, for the network only up to the first greeting."""
    places = {rule.id: place for place, rule in enumerate(owner.rules)}
    seconds, following, too_late = 0, None, None
    for plan in plans:
        for reason in plan.because:
            if reason.employee == owner.id and reason.rule is not None:
                following = places[reason.rule]
        if isinstance(plan.step, Play) and too_long_for is TooLongFor.NETWORK:
            break
        if isinstance(plan.step, Ring):
            too_late = following if seconds <= most else too_late
            seconds += plan.step.seconds
    return LongRinging(too_long_for, seconds, most, too_late)
