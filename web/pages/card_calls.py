"""A card's sixth tab: the last calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store import call_list
from ari_app.store.call_list import Wanted
from ari_app.store.past import PastCall
from web.call_filter import reach_of
from web.call_path import Stop, call_tone, ended, names_of, path_of, short_path
from web.pages.card_head import CALLS, Head, head_of
from web.render import show
from web.visit import Visit

_CALLS = 20


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
