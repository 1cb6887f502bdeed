"""Occasions on which calls can come: which rules apply together, at which moment, for whom."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ari_app.domain.calls import Caller, CallerKind
from ari_app.domain.conditions import applies
from ari_app.domain.directory import Directory, Employee, ForwardingRule
from ari_app.domain.moments import moments
from ari_app.domain.number_masks import sample_callers
from ari_app.domain.numbers import EmployeeId

_ANYBODY = Caller("", is_inside=True)

Placed = tuple[EmployeeId, int]
"""A rule: whose it is, and its place in their list."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A moment and a caller, and the rules of which everything but the trigger holds then."""

    moment: datetime
    caller: Caller
    active: frozenset[Placed]


@dataclass(frozen=True, slots=True)
class Asked:
    """The people whose rules are looked at, the first of whom is called."""

    people: Mapping[EmployeeId, Employee]
    directory: Directory
    now: datetime

    @property
    def called(self) -> Employee:
        return next(iter(self.people.values()))

    def rules(self) -> Iterator[tuple[Placed, Employee, ForwardingRule]]:
        """Every rule that is on."""
        for person in self.people.values():
            for place, rule in enumerate(person.rules):
                if rule.is_on:
                    yield (person.id, place), person, rule


def occasions(asked: Asked) -> Iterator[Occasion]:
    """One occasion for each set of rules that can apply together from `now` on, in time's order.

    Its caller calls from outside if anybody from outside can call on such an occasion.
    """
    seen: set[tuple[frozenset[Placed], bool]] = set()
    by_callers = [
        (samples[-1], any(not caller.is_inside for caller in samples), active)
        for active, samples in active_for_callers(asked).items()
    ]
    for moment, at_moment in active_at_moments(asked):
        for caller, is_from_outside, for_callers in by_callers:
            active = at_moment & for_callers
            if (active, is_from_outside) not in seen:
                seen |= {(active, is_from_outside), (active, False)}
                yield Occasion(moment, caller, active)


def active_at_moments(asked: Asked) -> Iterator[tuple[datetime, frozenset[Placed]]]:
    """The moments that differ by the rules whose period and hours hold then, with those rules."""
    seen: set[frozenset[Placed]] = set()
    timed = any(_counts_time(rule) for _, _, rule in asked.rules())
    people = tuple(asked.people.values())
    active_then = active_at(asked)
    for moment in moments(people, asked.directory, asked.now) if timed else (asked.now,):
        active = active_then(moment)
        if active not in seen:
            seen.add(active)
            yield moment, active


def active_at(asked: Asked) -> Callable[[datetime], frozenset[Placed]]:
    """What says which rules' period and hours hold at a moment."""
    rules = tuple(asked.rules())
    always = frozenset(placed for placed, _, rule in rules if not _counts_time(rule))
    timed = [(p, person, _for_anybody(rule)) for p, person, rule in rules if _counts_time(rule)]

    def active(moment: datetime) -> frozenset[Placed]:
        return always | {
            placed
            for placed, person, rule in timed
            if applies(rule, person, _ANYBODY, asked.directory, moment)
        }

    return active


def active_for_callers(asked: Asked) -> dict[frozenset[Placed], list[Caller]]:
    """Sets of rules that are for the same callers, with samples of these."""
    rules = [(placed, person, _at_any_time(rule)) for placed, person, rule in asked.rules()]
    masks = {mask for _, _, rule in rules for mask in rule.when.numbers}
    by_rules: dict[frozenset[Placed], list[Caller]] = {}
    for caller in sample_callers(masks, CallerKind):
        active = frozenset(
            placed
            for placed, person, rule in rules
            if applies(rule, person, caller, asked.directory, asked.now)
        )
        by_rules.setdefault(active, []).append(caller)
    return by_rules


def _counts_time(rule: ForwardingRule) -> bool:
    when = rule.when
    return bool(when.hours) or when.since is not None or when.until is not None


def _for_anybody(rule: ForwardingRule) -> ForwardingRule:
    return replace(rule, when=replace(rule.when, callers=frozenset(CallerKind), numbers=()))


def _at_any_time(rule: ForwardingRule) -> ForwardingRule:
    return replace(rule, when=replace(rule.when, since=None, until=None, hours=()))
