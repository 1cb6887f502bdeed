"""Entries of missed calls closed by hand, and opened again."""

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store import audit, missed_calls, missed_list
from ari_app.store.audit import About
from ari_app.store.missed_list import Entry
from web.call_filter import reach_of
from web.hub import Topic
from web.visit import Visit


async def close_entry(visit: Visit, entry: int) -> None:
    """Nobody has to call this caller any more. Closed already: nothing happens.

    Raises HTTPNotFound for one that is not there or not in reach.
    """
    await _seen(visit, entry)
    async with visit.panel.sessions.begin() as session:
        if await missed_calls.close(session, entry, visit.me, visit.now):
            await audit.note(session, visit.who, "missed.closed", About(entry, ""))
    visit.panel.hub.tell(Topic.CALLS)


async def reopen_entry(visit: Visit, entry: int) -> None:
    """Somebody has to call after all. Raises HTTPNotFound."""
    await _seen(visit, entry)
    async with visit.panel.sessions.begin() as session:
        if await missed_calls.reopen(session, entry):
            await audit.note(session, visit.who, "missed.opened", About(entry, ""))
    visit.panel.hub.tell(Topic.CALLS)


async def _seen(visit: Visit, entry: int) -> Entry:
    async with visit.panel.sessions() as session:
        found = await missed_list.seen_entry(session, reach_of(visit, Right.SEE_CALLS), entry)
    if found is None:
        raise web.HTTPNotFound
    return found
