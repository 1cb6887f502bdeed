"""Messages that callers left: the list, each one to listen to, with its picture."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Scope
from ari_app.store import message_list, messages
from ari_app.store.message_list import Message, MessagesWanted
from web.acts import messages as acts
from web.acts.call_back import seen_by
from web.call_filter import query
from web.forms import Filled, Form, Line, Ticked
from web.render import show, show_again
from web.visit import Visit
from web.waves import wave
from web.words import N_

_SIZE = 50
_Id = Annotated[int, Field(ge=1, le=999_999_998)]
WHOSE = (("mine", N_("mine")), ("all", N_("everybody's")))


class MessagesForm(Form):
    """Which messages; `message` shows this one and those before it."""

    whose: Literal["mine", "all"] = "mine"
    who: Line = ""
    new: Ticked = False
    before: _Id | None = None
    message: _Id | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.who or self.new or self.before or self.message)


@dataclass(frozen=True, slots=True)
class MessagesPage:
    form: Filled[MessagesForm]
    asked: MessagesForm
    messages: list[Message]
    older: str
    here: str
    whose: list[tuple[str, str]]
    me: EmployeeId
    new: int
    sees_others: bool
    sees_calls: bool
    can_call: bool


async def listed(visit: Visit) -> web.StreamResponse:
    """One's own messages, or those that one may hear."""
    form = visit.asked(MessagesForm)
    asked = form.value or MessagesForm()
    async with visit.panel.sessions() as session:
        found: list[Message] = []
        older = None
        if form.value is not None:
            found, older = await message_list.page_of_messages(
                session, seen_by(visit), wanted(visit, asked), _SIZE
            )
    page = MessagesPage(
        form,
        asked,
        found,
        "" if older is None else _older(visit, older),
        visit.request.path_qs,
        [(value, visit.words.say(text)) for value, text in WHOSE],
        visit.me,
        visit.panel.new_messages(visit.me),
        sees_others=visit.scope(Right.SEE_CALLS) not in {None, Scope.SELF},
        sees_calls=visit.scope(Right.SEE_CALLS) is not None,
        can_call=visit.panel.call_back is not None,
    )
    return (show if form.value is not None else show_again)(visit, "messages.html", page)


async def count(visit: Visit) -> web.StreamResponse:
    """How many new ones there are, for the menu."""
    return show(visit, "messages_count.html", visit.panel.new_messages(visit.me))


async def audio(visit: Visit) -> web.StreamResponse:
    """The sound, or the part of it that a player asks for."""
    message = await acts.seen(visit, visit.number("id"))
    async with visit.panel.sessions() as session:
        wav = await messages.audio(session, message.id)
    if wav is None:
        raise web.HTTPNotFound
    answer = _part(visit.request, wav)
    if answer.status < HTTPStatus.BAD_REQUEST:
        await acts.heard_for(visit, message)
    if "download" in visit.request.query:
        name = f"message-{message.at.astimezone(visit.words.zone):%Y-%m-%d-%H%M%S}.wav"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


async def picture(visit: Visit) -> web.StreamResponse:
    """The sound's picture."""
    message = await acts.seen(visit, visit.number("id"))
    async with visit.panel.sessions() as session:
        wav = await messages.audio(session, message.id)
    if wav is None:
        raise web.HTTPNotFound
    drawn = await asyncio.to_thread(wave, wav)
    return web.Response(text=drawn, content_type="image/svg+xml")


async def heard(visit: Visit) -> web.StreamResponse:
    """It was listened to."""
    await acts.mark(visit, visit.number("id"), is_heard=True)
    return visit.go("/messages")


async def new_again(visit: Visit) -> web.StreamResponse:
    """Not heard after all: the lamp goes on again."""
    await acts.mark(visit, visit.number("id"), is_heard=False)
    return visit.done("/messages", N_("The message is new again"))


async def remove(visit: Visit) -> web.StreamResponse:
    """Delete one."""
    message = visit.number("id")
    await acts.remove(visit, message)
    return visit.done("/messages", N_("The message was deleted"), f"/messages/{message}/restore")


async def restore(visit: Visit) -> web.StreamResponse:
    """Bring one back."""
    await acts.bring_back(visit, visit.number("id"))
    return visit.done("/messages", N_("The message is back"))


def wanted(visit: Visit, asked: MessagesForm) -> MessagesWanted:
    """The messages that the form asks for."""
    before = asked.before if asked.message is None else asked.message + 1
    is_own = asked.whose == "mine" and asked.message is None and not asked.who
    return MessagesWanted(visit.me if is_own else None, asked.who, asked.new, before)


def _older(visit: Visit, before: int) -> str:
    return f"/messages?{query(visit, MessagesForm.model_fields, message='', before=str(before))}"


def _part(request: web.Request, wav: bytes) -> web.Response:
    """The whole, or the range of bytes that is asked for (RFC 9110, section 14)."""
    headers = {"Accept-Ranges": "bytes"}
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(len(wav), None)
    if asked.start is None and asked.stop is None:
        return web.Response(body=wav, content_type="audio/wav", headers=headers)
    start, stop, _ = asked.indices(len(wav))
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(wav)}"
        return web.Response(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(wav)}"
    return web.Response(
        status=HTTPStatus.PARTIAL_CONTENT,
        body=wav[start:stop],
        content_type="audio/wav",
        headers=headers,
    )
