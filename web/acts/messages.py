"""What is done to messages: only by whose they are."""

from datetime import timedelta

from aiohttp import web

from ari_app.domain.numbers import EmployeeId
from ari_app.store import audit, message_list, messages
from ari_app.store.audit import About, Wanted
from ari_app.store.message_list import Message
from web.acts.call_back import seen_by
from web.visit import Visit

_ONE_HEARING = timedelta(minutes=10)
"""A player asks for many parts of one message, and people go back and forth in it."""
_LINES = 100


async def seen(visit: Visit, message: int) -> Message:
    """A message that this person may hear. Raises HTTPNotFound."""
    async with visit.panel.sessions() as session:
        found = await message_list.seen_message(session, seen_by(visit), message)
    if found is None:
        raise web.HTTPNotFound
    return found


async def heard_for(visit: Visit, message: Message) -> None:
    """Note who listens to what was left for somebody else; the own messages are nobody's matter."""
    if message.employee == visit.me:
        return
    about = About(message.employee, message.owner)
    facts = {"caller": message.colleague or message.caller_number, "message": message.id}
    recent = Wanted(action="message.heard", person=visit.me, since=visit.now - _ONE_HEARING)
    async with visit.panel.sessions.begin() as session:
        noted = await audit.lines(session, recent, _LINES)
        if not any(line.who.employee == visit.me and line.after == facts for line in noted):
            await audit.note(session, visit.who, "message.heard", about, ({}, facts))


async def mark(visit: Visit, message: int, *, is_heard: bool) -> None:
    """Heard, or new again; the lamp on the phone follows. Raises HTTPNotFound, HTTPForbidden."""
    whose = await _own(visit, message)
    async with visit.panel.sessions.begin() as session:
        await messages.mark(session, whose, message, visit.now if is_heard else None)


async def remove(visit: Visit, message: int) -> None:
    """Remove one; it can be brought back for a day. Raises HTTPNotFound, HTTPForbidden."""
    whose = await _own(visit, message)
    async with visit.panel.sessions.begin() as session:
        await messages.remove(session, whose, message, visit.now)


async def bring_back(visit: Visit, message: int) -> None:
    """Bring one's own back. Raises HTTPNotFound."""
    async with visit.panel.sessions.begin() as session:
        if not await messages.bring_back(session, visit.me, message):
            raise web.HTTPNotFound


async def _own(visit: Visit, message: int) -> EmployeeId:
    found = await seen(visit, message)
    if found.employee != visit.me:
        # Whoever may listen for somebody must not put out the lamp on the other's phone.
        raise web.HTTPForbidden
    return found.employee
