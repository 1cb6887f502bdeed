"""Forwarding as telephones know it: a temporary rule on top of the secretary, one of each kind."""

from collections.abc import Iterable
from enum import Enum

from ari_app.domain.directory import ForwardingRule, Situation, Status, When
from ari_app.domain.numbers import RuleId


class ForwardKind(Enum):
    """Which calls are forwarded: every one, or those that the phones did not take."""

    ALL = "all"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


_WHEN = {
    ForwardKind.ALL: When(frozenset(Status)),
    ForwardKind.BUSY: When(frozenset(), frozenset({Situation.BUSY})),
    # Whose phone is switched off does not answer either.
    ForwardKind.NO_ANSWER: When(
        frozenset(), frozenset({Situation.NO_ANSWER, Situation.UNREACHABLE})
    ),
}


def when_of(kind: ForwardKind) -> When:
    """The conditions of the rule that a forwarding of this kind is."""
    return _WHEN[kind]


def kind_of(rule: ForwardingRule) -> ForwardKind:
    """What kind of forwarding a temporary rule is."""
    if rule.when.statuses:
        return ForwardKind.ALL
    is_busy = Situation.BUSY in rule.when.situations
    return ForwardKind.BUSY if is_busy else ForwardKind.NO_ANSWER


def forwards_in(rules: Iterable[ForwardingRule]) -> dict[ForwardKind, RuleId]:
    """The forwardings that are on among an employee's rules."""
    return {kind_of(rule): rule.id for rule in rules if rule.is_temporary and rule.is_on}
