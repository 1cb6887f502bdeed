"""A letter to somebody who had called, written by hand."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.store import audit, call_letters, outbox
from ari_app.store.audit import About, Facts
from ari_app.store.call_list import Listed
from ari_app.store.changes import take_turn
from ari_app.store.letters import Letter, LetterKind, queue_about
from ari_app.store.mail_servers import MailServer, MailState, mail_server
from web.forms import EmailText, Form, Refused, Wrong
from web.visit import Visit
from web.words import N_

MOST_IN_AN_HOUR = 30
_HOUR = timedelta(hours=1)
_TWICE = timedelta(minutes=1)
"""The same letter again within this time is a second click."""


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise Wrong(N_("No line breaks or control characters, please"))
    return text


def _lines(text: object) -> object:
    """Browsers send line breaks as CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def _readable(text: str) -> str:
    if any(not (sign.isprintable() or sign in "\n\t") for sign in text):
        raise Wrong(N_("There are control characters in the text"))
    return text


class WriteForm(Form):
    """A letter: to whom, about what, and what it says."""

    to: EmailText
    subject: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
    text: Annotated[
        str,
        Field(min_length=1, max_length=10_000),
        BeforeValidator(_lines),
        AfterValidator(_readable),
    ]
    language: Literal["ru", "en"] = "ru"


async def way_of(visit: Visit, session: AsyncSession) -> tuple[MailServer | None, bool]:
    """The server that one's letters go through, and whether it is one's own."""
    own = await mail_server(session, visit.me)
    if own is not None and own.state is MailState.AUTHORISED:
        return own, True
    if not visit.panel.settings.mail_falls_back:
        return None, False
    return await mail_server(session, None), False


async def write_letter(visit: Visit, about: Listed, form: WriteForm) -> int:
    """Put a letter about a call that one may see into the outbox, and return its id.

    The very same letter a moment later is the one that was written.
    Raises Refused without a server, and for too many letters within an hour.
    """
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        server, _ = await way_of(visit, session)
        if server is None:
            raise Refused("", N_("There is no mail server for your letters yet"))
        before = await _written_just_now(visit, session, about, form)
        if before is not None:
            return before
        written = await call_letters.written_since(session, visit.me, visit.now - _HOUR)
        if written >= MOST_IN_AN_HOUR:
            text = N_("You wrote {number} letters within an hour: please wait a little")
            raise Refused("", text, number=written)
        values = {
            "subject": form.subject,
            "text": form.text,
            "from_name": visit.signed_in.name,
            "reply_to": visit.signed_in.email or "",
        }
        letter = Letter(LetterKind.TO_CALLER, None, form.to, form.language, values)
        number = await queue_about(session, letter, about.call.id, visit.now)
        await outbox.send_as(session, number, visit.me)
        change: tuple[Facts, Facts] = ({}, {"address": form.to})
        await audit.note(session, visit.who, "letter.written", About(number, form.to), change)
    return number


async def _written_just_now(
    visit: Visit, session: AsyncSession, about: Listed, form: WriteForm
) -> int | None:
    before = await call_letters.letters_about(session, about.call.id)
    wanted = (visit.me, form.to, form.subject, form.text)
    return next(
        (
            one.id
            for one in before
            if (one.writer, one.to_address, one.subject, one.text) == wanted
            and one.made_at > visit.now - _TWICE
        ),
        None,
    )
