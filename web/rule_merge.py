"""Two people have edited the same secretary: what can be put together, and what must be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import RuleId

Rules = Sequence[ForwardingRule]


@dataclass(frozen=True, slots=True)
class Clash:
    """A rule that both have changed; None: it was deleted there."""

    id: RuleId
    theirs: ForwardingRule | None
    mine: ForwardingRule | None


@dataclass(frozen=True, slots=True)
class Merged:
    """`rules` hold what is mine wherever both have changed something."""

    rules: tuple[ForwardingRule, ...]
    clashes: tuple[Clash, ...]


def merge(base: Rules, theirs: Rules, mine: Rules) -> Merged:
    """What both have made of `base`. Rules are told apart by their ids; new ones have new ids.

    What one of them left alone is taken from the other. The order is mine; their new rules come
    after the rule that they come after there.
    """
    was, their, my = _by_id(base), _by_id(theirs), _by_id(mine)
    clashes = tuple(
        Clash(rule, their.get(rule), my.get(rule))
        for rule in was
        if their.get(rule) != was[rule]
        and my.get(rule) != was[rule]
        and their.get(rule) != my.get(rule)
    )
    contested = {clash.id for clash in clashes}
    kept: list[ForwardingRule] = []
    for rule in mine:
        is_mine = rule.id not in was or rule.id in contested or rule != was[rule.id]
        taken = rule if is_mine else their.get(rule.id)
        if taken is not None:
            kept.append(taken)
    if [rule.id for rule in mine] == [rule.id for rule in base]:
        kept = _in_order(kept, theirs)
    return Merged(tuple(_with_new(kept, theirs, was)), clashes)


def settled(merged: Merged, choices: Mapping[RuleId, str]) -> tuple[ForwardingRule, ...]:
    """The rules with the clashes settled: ``theirs`` or (everything else) mine."""
    rules = list(merged.rules)
    for clash in merged.clashes:
        if choices.get(clash.id) != "theirs":
            continue
        place = next((n for n, rule in enumerate(rules) if rule.id == clash.id), len(rules))
        rules[place : place + 1] = [] if clash.theirs is None else [clash.theirs]
    return tuple(rules)


def _with_new(kept: Rules, theirs: Rules, was: Mapping[RuleId, ForwardingRule]) -> Rules:
    """With the rules that they have added, each after the one before it."""
    found = list(kept)
    known = {rule.id for rule in found}
    after: RuleId | None = None
    for rule in theirs:
        if rule.id not in was and rule.id not in known:
            place = next((n + 1 for n, one in enumerate(found) if one.id == after), None)
            found.insert(0 if after is None else len(found) if place is None else place, rule)
        after = rule.id
    return found


def _in_order(rules: Rules, theirs: Rules) -> list[ForwardingRule]:
    """Mine are where they were, so the order is theirs; what they do not have stays at the end."""
    places = {rule.id: place for place, rule in enumerate(theirs)}
    return sorted(rules, key=lambda rule: places.get(rule.id, len(places)))


def _by_id(rules: Rules) -> dict[RuleId, ForwardingRule]:
    return {rule.id: rule for rule in rules}
