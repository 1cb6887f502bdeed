"""Messages that callers left, by the API: the list, their sounds, heard, deleted."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store import message_list
from ari_app.store.message_list import Message
from web.acts import messages as acts
from web.acts.call_back import seen_by
from web.api.problems import ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute, Raw
from web.pages import messages as pages
from web.pages.messages import MessagesForm, wanted
from web.visit import Access, Visit
from web.words import N_

_SIZE = 50


@dataclass(frozen=True, slots=True)
class MessageValue:
    """A message; `colleague` is the caller's name inside ("": none), new while `heard_at` is null.

    `call` is the call in the history, for those who may see calls.
    """

    id: int
    employee: int
    name: str
    caller_number: str
    caller_name: str
    colleague: str
    is_inside: bool
    at: datetime
    milliseconds: int
    heard_at: datetime | None
    call: int | None


@dataclass(frozen=True, slots=True)
class MessagesValue:
    """Messages, the newest first; `next` is the `before` of those that follow.

    `new` counts one's own that were not heard.
    """

    messages: list[MessageValue]
    new: int
    next: int | None


async def messages(visit: Visit, form: MessagesForm) -> MessagesValue:
    """One's own, or those that one may hear."""
    async with visit.panel.sessions() as session:
        found, older = await message_list.page_of_messages(
            session, seen_by(visit), wanted(visit, form), _SIZE
        )
    listed = [_value(visit, one) for one in found]
    return MessagesValue(listed, visit.panel.new_messages(visit.me), older)


async def message(visit: Visit) -> MessageValue:
    """One of them."""
    return _value(visit, await acts.seen(visit, visit.number("id")))


async def audio(visit: Visit) -> web.StreamResponse:
    """The sound, or a part of it."""
    answer = await pages.audio(visit)
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        headers = {"Content-Range": answer.headers["Content-Range"]}
        text = N_("The sound has no such part")
        raise ProblemError(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, text, headers=headers)
    return answer


async def picture(visit: Visit) -> web.StreamResponse:
    """How loud it is all along, as a picture."""
    return await pages.picture(visit)


async def heard(visit: Visit) -> None:
    """It was listened to; twice does no harm."""
    await acts.mark(visit, visit.number("id"), is_heard=True)


async def new_again(visit: Visit) -> None:
    """Not heard after all."""
    await acts.mark(visit, visit.number("id"), is_heard=False)


async def remove(visit: Visit) -> None:
    """Delete one of one's own."""
    await acts.remove(visit, visit.number("id"))


async def restore(visit: Visit) -> None:
    """Bring one back, within a day."""
    await acts.bring_back(visit, visit.number("id"))


def _value(visit: Visit, one: Message) -> MessageValue:
    return MessageValue(
        one.id,
        one.employee,
        one.owner,
        one.caller_number,
        one.caller_name,
        one.colleague,
        one.is_inside,
        one.at,
        one.milliseconds,
        one.heard_at,
        one.call if visit.scope(Right.SEE_CALLS) is not None else None,
    )


_MINE, _READ, _WRITE = Access.LOGGED_IN, TokenScope.MESSAGES_READ, TokenScope.MESSAGES_WRITE
_ALL, _ONE = f"{V1}/messages", f"{V1}/messages/{{id}}"

OPERATIONS = (
    ApiRoute(
        "GET",
        _ALL,
        messages,
        _MINE,
        _READ,
        N_("Messages that callers left, the newest first"),
        MessagesValue,
        query=MessagesForm,
    ),
    ApiRoute("GET", _ONE, message, _MINE, _READ, N_("A message that a caller left"), MessageValue),
    ApiRoute(
        "GET",
        f"{_ONE}/audio",
        audio,
        _MINE,
        _READ,
        N_("The sound of a message"),
        Raw(("audio/wav",)),
        in_parts=True,
    ),
    ApiRoute(
        "GET",
        f"{_ONE}/picture",
        picture,
        _MINE,
        _READ,
        N_("How loud a message is all along, as a picture"),
        Raw(("image/svg+xml",)),
    ),
    ApiRoute("POST", f"{_ONE}/heard", heard, _MINE, _WRITE, N_("Mark a message as heard")),
    ApiRoute("POST", f"{_ONE}/new", new_again, _MINE, _WRITE, N_("Mark a message as new again")),
    ApiRoute("DELETE", _ONE, remove, _MINE, _WRITE, N_("Delete a message")),
    ApiRoute("POST", f"{_ONE}/restore", restore, _MINE, _WRITE, N_("Bring a deleted message back")),
)
