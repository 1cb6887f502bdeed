"""What the buttons of the editor do to a draft; what makes no sense changes nothing."""

from collections.abc import Callable
from dataclasses import replace

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import RuleId
from web.draft import MOST_RULES, Draft

Make = Callable[[str, RuleId], ForwardingRule | None]
"""The rule of a template (its key), with this id."""


def after(draft: Draft, deed: str, make: Make) -> Draft:
    """The draft after a deed: ``open:3``, ``up:3``, ``add:mobile``, ``undo`` and so on."""
    what, _, about = deed.partition(":")
    if what == "add":
        return _added(draft, about, make)
    if what == "undo" and draft.before is not None:
        return replace(draft, rules=draft.before, before=None)
    if what == "close":
        return replace(draft, open=None)
    number, _, place = about.partition(":")
    at = _place(draft, number)
    return draft if at is None else _of_one(draft, what, at, place)


def _of_one(draft: Draft, what: str, at: int, place: str) -> Draft:
    rule, made = draft.rules[at], draft
    match what:
        case "open":
            made = replace(draft, open=rule.id)
        case "up":
            made = _moved(draft, at, at - 1)
        case "down":
            made = _moved(draft, at, at + 1)
        case "move" if place.isascii() and place.isdigit() and len(place) <= 3:
            made = _moved(draft, at, int(place))
        case "switch":
            made = _put(draft, at, replace(rule, is_on=not rule.is_on))
        case "copy":
            made = _copied(draft, at)
        case "delete":
            made = _deleted(draft, at)
    return made


def _deleted(draft: Draft, at: int) -> Draft:
    rules = (*draft.rules[:at], *draft.rules[at + 1 :])
    still_open = None if draft.open == draft.rules[at].id else draft.open
    return replace(draft, rules=rules, before=draft.rules, open=still_open)


def with_rule(draft: Draft, rule: ForwardingRule) -> Draft:
    """The draft with a rule as it is now."""
    at = _place(draft, str(rule.id))
    return draft if at is None else _put(draft, at, rule)


def _put(draft: Draft, at: int, rule: ForwardingRule) -> Draft:
    return replace(draft, rules=(*draft.rules[:at], rule, *draft.rules[at + 1 :]))


def _moved(draft: Draft, at: int, to: int) -> Draft:
    rules = list(draft.rules)
    rule = rules.pop(at)
    rules.insert(max(0, to), rule)
    return replace(draft, rules=tuple(rules))


def _copied(draft: Draft, at: int) -> Draft:
    if len(draft.rules) >= MOST_RULES:
        return draft
    copy = replace(draft.rules[at], id=draft.new_id())
    rules = (*draft.rules[: at + 1], copy, *draft.rules[at + 1 :])
    return replace(draft, rules=rules, open=copy.id)


def _added(draft: Draft, key: str, make: Make) -> Draft:
    if len(draft.rules) >= MOST_RULES:
        return draft
    rule = make(key, draft.new_id())
    if rule is None:
        return draft
    return replace(draft, rules=(*draft.rules, rule), open=rule.id)


def _place(draft: Draft, number: str) -> int | None:
    return next((n for n, rule in enumerate(draft.rules) if str(rule.id) == number), None)
