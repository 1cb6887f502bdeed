"""A secretary while it is edited: it travels with the page, and nothing is stored before Save."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec
from aiohttp import web

from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    Status,
    When,
)
from ari_app.domain.numbers import OutsideNumber, RuleId
from ari_app.numbering import outside_number
from ari_app.settings import Settings
from ari_app.store.documents import UnreadableDocumentError
from ari_app.store.rule_versions import read_rules, write_rules

MOST_RULES = 50
"""Rules of one secretary, and hours, numbers or people of one rule."""
LONGEST = 300_000
"""Characters of a draft: far more than MOST_RULES need."""
_BIGGEST_ID = 2**31 - 1
"""A larger number would be an error in a database."""
_WEEK = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Draft:
    """`rules` as they are edited, made of the version `base` (0: nothing was ever saved).

    New rules have ids below zero, so that every rule has one of its own. `before` is what the
    last deletion can be undone to, and `open` the rule that is being edited.
    """

    base: int
    rules: tuple[ForwardingRule, ...]
    before: tuple[ForwardingRule, ...] | None = None
    open: RuleId | None = None

    def new_id(self) -> RuleId:
        """An id that no rule of this draft has."""
        taken = [rule.id for rule in (*self.rules, *(self.before or ()))]
        return RuleId(min([0, *taken]) - 1)


class _Written(msgspec.Struct):
    base: int
    rules: str
    before: str | None = None
    open: int | None = None


def write_draft(draft: Draft) -> str:
    """The text that `read_draft` reads."""
    before = None if draft.before is None else write_rules(draft.before)
    written = _Written(draft.base, write_rules(draft.rules), before, draft.open)
    return msgspec.json.encode(written).decode()


def read_draft(text: str, settings: Settings) -> Draft:
    """A draft as a browser sent it. Raises web.HTTPBadRequest for what is none.

    What kind of number a number is, is found out anew: a browser cannot be believed in that.
    """
    try:
        if len(text) > LONGEST:
            raise web.HTTPBadRequest
        written = msgspec.json.decode(text, type=_Written)
        rules = read_rules(written.rules)
        before = None if written.before is None else read_rules(written.before)
    except (msgspec.MsgspecError, UnreadableDocumentError, RecursionError) as error:
        raise web.HTTPBadRequest from error
    ids = [rule.id for rule in rules]
    is_fit = all(map(_is_fit, (*rules, *(before or ())))) and written.base <= _BIGGEST_ID
    if len(rules) > MOST_RULES or len(set(ids)) < len(ids) or not is_fit:
        raise web.HTTPBadRequest
    return Draft(
        max(written.base, 0),
        _numbered(rules, settings),
        None if before is None else _numbered(before[:MOST_RULES], settings),
        None if written.open is None else RuleId(written.open),
    )


def _is_fit(rule: ForwardingRule) -> bool:
    """Whether it could come from the editor: what is stored decides calls."""
    people = [who for to in (rule.then, rule.otherwise) if to is not None for who in _people(to)]
    return (
        _longest_list(rule) <= MOST_RULES
        and abs(rule.id) <= _BIGGEST_ID
        and all(0 <= who <= _BIGGEST_ID for who in people)
        and _is_fit_when(rule.when)
    )


def _people(to: Destination) -> Iterable[int]:
    match to:
        case Colleague(employee):
            return (employee,)
        case Colleagues(employees):
            return employees
        case _:
            return ()


def _is_fit_when(when: When) -> bool:
    """Times that can be compared with others, as the rest of the program does."""
    own = (choice for choice in when.statuses if not isinstance(choice, Status))
    moments = (moment for moment in (when.since, when.until) if moment is not None)
    return (
        all(0 <= choice <= _BIGGEST_ID for choice in own)
        and all(moment.tzinfo is not None and 2000 <= moment.year <= 2200 for moment in moments)
        and all(map(_are_fit_hours, when.hours))
    )


def _are_fit_hours(hours: Hours) -> bool:
    is_clock = hours.start.tzinfo is None and hours.end.tzinfo is None
    return is_clock and hours.weekdays <= _WEEK


def _longest_list(rule: ForwardingRule) -> int:
    """What a rule makes checks and pictures walk through."""
    lengths = [len(rule.when.hours), len(rule.when.numbers), len(rule.when.statuses)]
    for to in (rule.then, rule.otherwise):
        match to:
            case OutsideNumbers(numbers):
                lengths.append(len(numbers))
            case Colleagues(employees):
                lengths.append(len(employees))
            case _:
                continue
    return max(lengths)


def _numbered(rules: Iterable[ForwardingRule], settings: Settings) -> tuple[ForwardingRule, ...]:
    return tuple(
        replace(
            rule,
            then=_checked(rule.then, settings),
            otherwise=None if rule.otherwise is None else _checked(rule.otherwise, settings),
        )
        for rule in rules
    )


def _checked(destination: Destination, settings: Settings) -> Destination:
    if not isinstance(destination, OutsideNumbers):
        return destination
    numbers = tuple(_number(number, settings) for number in destination.numbers)
    return replace(destination, numbers=numbers)


def _number(number: OutsideNumber, settings: Settings) -> OutsideNumber:
    found = outside_number(number.e164, settings.country, settings.area_code)
    if found is None:
        raise web.HTTPBadRequest
    return found
