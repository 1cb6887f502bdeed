"""Calling somebody back from the panel: only numbers that have called, and may be seen."""

from typing import Annotated

from aiohttp import web
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.call_back import CallBackAnswer
from ari_app.domain.numbers import Extension, OutsideNumber, parse_extension
from ari_app.domain.rights import Right
from ari_app.numbering import outside_number
from ari_app.store import audit, call_list, missed_list
from ari_app.store.audit import About
from ari_app.store.call_list import Reach
from web.call_filter import reach_of
from web.forms import Form, Line
from web.visit import Visit

_Id = Annotated[int, Field(ge=1, le=999_999_999)]


class CallBackForm(Form):
    """Whom: the caller of an entry, of a call, or a number that missed somebody one may see."""

    number: Line = ""
    entry: _Id | None = None
    call: _Id | None = None


async def call_back(visit: Visit, form: CallBackForm) -> tuple[str, CallBackAnswer | None]:
    """Ring the own phones, then the number; which it is, and how it went (None: no Asterisk).

    Raises HTTPNotFound for a number that has not called anybody whose calls one may see.
    """
    async with visit.panel.sessions() as session:
        number = await _number(visit, session, form)
    if not number:
        return number, CallBackAnswer.NOBODY
    wanted = _wanted(visit, number)
    if wanted is None:
        return number, CallBackAnswer.NOBODY
    if visit.panel.call_back is None:
        return number, None
    answer = await visit.panel.call_back(visit.me, wanted)
    if answer is CallBackAnswer.RINGING:
        async with visit.panel.sessions.begin() as session:
            about = About(visit.me, visit.signed_in.name)
            await audit.note(session, visit.who, "call.back", about, ({}, {"caller": number}))
    return number, answer


async def _number(visit: Visit, session: AsyncSession, form: CallBackForm) -> str:
    reach = seen_by(visit)
    if form.entry is not None:
        entry = await missed_list.seen_entry(session, reach, form.entry)
        if entry is None:
            raise web.HTTPNotFound
        return entry.number
    if form.call is not None:
        found = await call_list.seen_call(session, reach, form.call)
        if found is None:
            raise web.HTTPNotFound
        return found.call.caller_number
    if not form.number or not await missed_list.has_tried(session, reach, form.number):
        raise web.HTTPNotFound
    return form.number


def seen_by(visit: Visit) -> Reach:
    """Whose calls this person may see; one's own always."""
    if visit.scope(Right.SEE_CALLS) is None:
        return Reach(visit.me)
    return reach_of(visit, Right.SEE_CALLS)


def _wanted(visit: Visit, number: str) -> OutsideNumber | Extension | None:
    inside = parse_extension(number)
    if inside is not None:
        return inside
    return outside_number(number, visit.panel.settings.country, visit.panel.settings.area_code)
