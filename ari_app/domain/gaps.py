"""Holes in a secretary: times at which nobody looks after calls that are looked after at others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ari_app.domain.availability import READINESS
from ari_app.domain.calls import Caller, CallerKind
from ari_app.domain.conditions import fires_on_situation, fires_on_status, mask_fits
from ari_app.domain.directory import (
    Declared,
    Directory,
    Employee,
    ForwardingRule,
    Situation,
    StatusChoice,
)
from ari_app.domain.moments import pieces
from ari_app.domain.occasions import Asked, active_at, active_for_callers
from ari_app.domain.spans import Span, spans
from ari_app.domain.surroundings import settled
from ari_app.domain.ways import all_statuses, can_ring

_DAYS = 14
_ONE_DAY = timedelta(days=1)

Trigger = StatusChoice | Situation
Places = frozenset[int]
"""Places of rules in the list."""


@dataclass(frozen=True, slots=True)
class Gap:
    """For which triggers no rule is there, when, and for which callers.

    `callers` are those of whom some are concerned, `whole` those of whom all are. Where masks
    tell callers apart, `numbers` are masks that fit some of the others who are concerned, and
    `has_others` says that there are some whom no mask fits.
    """

    triggers: tuple[Trigger, ...]
    spans: tuple[Span, ...]
    callers: frozenset[CallerKind]
    whole: frozenset[CallerKind]
    numbers: tuple[str, ...] = ()
    has_others: bool = False

    @property
    def length(self) -> timedelta:
        return sum((span.length for span in self.spans), timedelta())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A trigger with the rules that look after it; without one in `unless` it does not arise.

    A status that lets the phones ring is looked after also where a rule is for what comes of
    that. A situation does not arise where every status that rings has rules of its own.
    """

    trigger: Trigger
    rules: Places
    regular: Places
    unless: frozenset[Places] = frozenset({frozenset()})

    def is_missing(self, active: Places) -> bool:
        return not active & self.rules and any(not active & places for places in self.unless)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the two weeks, by the clock on the wall, and the rules that hold then."""

    start: datetime
    end: datetime
    active: Places


@dataclass(frozen=True, slots=True)
class _Callers:
    """Callers for whom the same rules are."""

    samples: tuple[Caller, ...]
    active: Places


def gaps(owner: Employee, directory: Directory, now: datetime) -> tuple[Gap, ...]:
    """The gaps in the owner's rules in the two weeks from tomorrow on, the longest first.

    A gap is a time at which no rule is followed and nobody is left to ask but the voicemail of
    the card, although a rule for the same trigger and the same caller holds at another time of
    these weeks. A trigger is a status that is not ready, or a situation. Rules with a period or
    a date are exceptions, and so are temporary ones: where nothing else is, they make no gap.
    """
    asked = Asked({owner.id: settled(owner)}, directory, now)
    week = _two_weeks(asked)
    callers = [
        _Callers(tuple(samples), frozenset(place for _, place in active))
        for active, samples in active_for_callers(asked).items()
    ]
    found: dict[tuple[_Piece, ...], dict[Trigger, list[_Callers]]] = {}
    for wanted in _wanted(asked.called, directory):
        for each in callers:
            missing = _missing(wanted, each, week)
            if missing:
                found.setdefault(missing, {}).setdefault(wanted.trigger, []).append(each)
    told = [gap for missing, by in found.items() for gap in _gaps(asked, missing, by, callers)]
    return tuple(sorted(told, key=lambda gap: gap.length, reverse=True))


def _two_weeks(asked: Asked) -> list[_Piece]:
    active = active_at(asked)
    tomorrow = asked.now.astimezone(asked.called.zone).date() + _ONE_DAY
    return [
        _Piece(
            start.replace(tzinfo=None, fold=0),
            start.replace(tzinfo=None, fold=0) + length,
            frozenset(place for _, place in active(start)),
        )
        for start, length in pieces(asked.called, tomorrow, _DAYS)
    ]


def _wanted(owner: Employee, directory: Directory) -> Iterator[_Wanted]:
    """The triggers that rules are for, each once."""
    fired = {each: _places(owner, each) for each in all_statuses(directory)}
    rings = {each: not owner.uses_status or READINESS[each.base].direct for each in fired}
    comes_to = Situation.NO_ANSWER if can_ring(owner, directory) else Situation.UNREACHABLE
    for declared, places in fired.items():
        behaves_as_base = declared.own is not None and places == fired[Declared(declared.base)]
        if READINESS[declared.base].is_ready or behaves_as_base:
            continue
        relief = _places(owner, comes_to) if rings[declared] else frozenset()
        trigger = declared.base if declared.own is None else declared.own
        yield _Wanted(trigger, places | relief, _regular(owner, places))
    unless = frozenset(places for declared, places in fired.items() if rings[declared])
    for situation in Situation if comes_to is Situation.NO_ANSWER else (comes_to,):
        places = _places(owner, situation)
        yield _Wanted(situation, places, _regular(owner, places), unless)


def _places(owner: Employee, trigger: Declared | Situation) -> Places:
    return frozenset(
        place
        for place, rule in enumerate(owner.rules)
        if rule.is_on and _is_for(owner, rule, trigger)
    )


def _is_for(owner: Employee, rule: ForwardingRule, trigger: Declared | Situation) -> bool:
    if isinstance(trigger, Situation):
        return fires_on_situation(rule.when, trigger)
    return owner.uses_status and fires_on_status(rule.when, trigger)


def _regular(owner: Employee, places: Places) -> Places:
    return frozenset(place for place in places if _is_regular(owner.rules[place]))


def _is_regular(rule: ForwardingRule) -> bool:
    when = rule.when
    has_period = when.since is not None or when.until is not None
    return not has_period and not (when.hours and all(hours.on for hours in when.hours))


def _missing(wanted: _Wanted, callers: _Callers, week: Sequence[_Piece]) -> tuple[_Piece, ...]:
    for_them = wanted.regular & callers.active
    if not any(piece.active & for_them for piece in week):
        return ()
    return tuple(p for p in week if wanted.is_missing(p.active & callers.active))


def _gaps(
    asked: Asked,
    missing: tuple[_Piece, ...],
    by_trigger: dict[Trigger, list[_Callers]],
    everybody: Sequence[_Callers],
) -> Iterator[Gap]:
    """The gaps at one set of times: triggers that miss the same callers are one gap."""
    by_callers: dict[tuple[_Callers, ...], list[Trigger]] = {}
    for trigger, callers in by_trigger.items():
        by_callers.setdefault(tuple(callers), []).append(trigger)
    first = asked.now.astimezone(asked.called.zone).date() + _ONE_DAY
    told = spans(((piece.start, piece.end) for piece in missing), first)
    for groups, triggers in by_callers.items():
        samples = [caller for group in groups for caller in group.samples]
        kinds = frozenset(caller.kind for caller in samples)
        spared = {c.kind for group in everybody if group not in groups for c in group.samples}
        partly = [caller for caller in samples if caller.kind in spared]
        yield Gap(tuple(triggers), told, kinds, kinds - spared, *_fitting(asked, partly))


def _fitting(asked: Asked, samples: Sequence[Caller]) -> tuple[tuple[str, ...], bool]:
    """The masks that fit some of these callers, and whether there are some that none fits."""
    masks = dict.fromkeys(mask for _, _, rule in asked.rules() for mask in rule.when.numbers)
    fitting = tuple(m for m in masks if any(mask_fits(m, caller.number) for caller in samples))
    has_others = any(not any(mask_fits(m, c.number) for m in masks) for c in samples)
    return fitting, has_others
