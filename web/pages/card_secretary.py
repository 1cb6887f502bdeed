"""A card's fifth and sixth tabs: what the secretary does, in words, and the last calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.directory import Colleague, Colleagues, Destination, ForwardingRule
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import call_list
from ari_app.store.call_list import Wanted
from ari_app.store.cards import read_employees
from ari_app.store.finding import people_of
from ari_app.store.past import PastCall
from web.call_filter import reach_of
from web.call_path import Stop, call_tone, ended, names_of, path_of, short_path
from web.pages.card_head import CALLS, SECRETARY, Head, head_of
from web.people_words import ORDERS
from web.render import show
from web.rule_words import RuleTold, RuleWords
from web.visit import Visit

_CALLS = 20


@dataclass(frozen=True, slots=True)
class SecretaryPage:
    head: Head
    rules: Sequence[RuleTold]
    phones: int
    order: str
    may_configure: bool


@dataclass(frozen=True, slots=True)
class CallShown:
    """A call with its path and the reasons for it."""

    call: PastCall
    path: Sequence[Stop]
    reasons: Sequence[str]
    ended: str
    tone: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    head: Head
    calls: Sequence[CallShown]
    has_more: bool


async def secretary(visit: Visit) -> web.StreamResponse:
    """The rules in their order."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        found = await read_employees(session, head.own, [head.id])
        rules = found[0].rules if found else ()
        people = await people_of(session, _named(rules))
    names = {employee: person.name for employee, person in people.items()}
    teller = RuleWords(visit.words, names, head.own)
    page = SecretaryPage(
        head,
        [teller.rule(rule) for rule in rules],
        len(head.card.phones),
        visit.words.say(ORDERS[head.card.ring_order]),
        visit.may(Right.CONFIGURE_RULES, head.person.subject),
    )
    return show(visit, "card_secretary.html", page)


async def calls(visit: Visit) -> web.StreamResponse:
    """The newest calls, and why they went where they went."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CALLS)
        wanted = Wanted(employee=head.id)
        reach = reach_of(visit, Right.SEE_CALLS)
        found = await call_list.page_of_calls(session, reach, wanted, _CALLS)
        names = names_of(await call_list.called(session, [one.call for one in found.calls]))
    shown = [
        CallShown(
            one.call,
            short_path(visit, one.call, names),
            [reason for stop in path_of(visit, one.call, names) for reason in stop.reasons],
            ended(visit, one.call, names),
            call_tone(one.call),
        )
        for one in found.calls
    ]
    return show(visit, "card_calls.html", CallsPage(head, shown, found.older is not None))


def _named(rules: Sequence[ForwardingRule]) -> set[EmployeeId]:
    """Whom these rules lead to."""
    found: set[EmployeeId] = set()
    for rule in rules:
        for destination in (rule.then, rule.otherwise):
            found |= _people(destination)
    return found


def _people(destination: Destination | None) -> set[EmployeeId]:
    match destination:
        case Colleague(employee):
            return {employee}
        case Colleagues(employees):
            return set(employees)
        case _:
            return set()
