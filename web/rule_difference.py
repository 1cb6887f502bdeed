"""What became of a secretary from one version to the next, rule by rule and word by word."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import RuleId

Rules = Sequence[ForwardingRule]


class Deed(Enum):
    """What was done to a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a rule; `mark` is "ins" for new ones, "del" for those that are gone."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule's change: its name and its sentence, in pieces."""

    deed: Deed
    name: Sequence[Piece]
    sentence: Sequence[Piece]


def difference(before: Rules, after: Rules, tell: Callable[[ForwardingRule], str]) -> list[Change]:
    """Everything that differs, in the order of `after`; what was removed comes last."""
    was = {rule.id: rule for rule in before}
    moved = _moved([rule.id for rule in before], [rule.id for rule in after])
    changes: list[Change] = []
    for rule in after:
        old = was.pop(rule.id, None)
        if old is None:
            changes.append(_whole(Deed.ADDED, rule, tell))
        else:
            changes += _of_one(old, rule, tell, is_moved=rule.id in moved)
    return changes + [_whole(Deed.REMOVED, rule, tell) for rule in was.values()]


def pieces(before: str, after: str) -> list[Piece]:
    """The words of both texts, those that are the same once."""
    old, new = before.split(" "), after.split(" ")
    found: list[Piece] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece(" ".join(old[a:b])))
            continue
        if a < b:
            found.append(Piece(" ".join(old[a:b]), "del"))
        if c < d:
            found.append(Piece(" ".join(new[c:d]), "ins"))
    return found


def _of_one(
    old: ForwardingRule,
    rule: ForwardingRule,
    tell: Callable[[ForwardingRule], str],
    *,
    is_moved: bool,
) -> Iterator[Change]:
    if replace(old, is_on=rule.is_on) != rule:
        yield Change(Deed.CHANGED, pieces(old.name, rule.name), pieces(tell(old), tell(rule)))
    if old.is_on != rule.is_on:
        yield _whole(Deed.SWITCHED_ON if rule.is_on else Deed.SWITCHED_OFF, rule, tell)
    if is_moved:
        yield _whole(Deed.MOVED, rule, tell)


def _whole(deed: Deed, rule: ForwardingRule, tell: Callable[[ForwardingRule], str]) -> Change:
    mark = {Deed.ADDED: "ins", Deed.REMOVED: "del"}.get(deed, "")
    return Change(deed, [Piece(rule.name, mark)], [Piece(tell(rule), mark)])


def _moved(before: Sequence[RuleId], after: Sequence[RuleId]) -> set[RuleId]:
    """Of those that are in both, the few whose place has to change to get the new order."""
    old = [rule for rule in before if rule in after]
    new = [rule for rule in after if rule in before]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {rule for block in blocks for rule in old[block.a : block.a + block.size]}
