"""Takes over what callers recorded: into the database, out of Asterisk's folder.

A recording and its letter are stored in one transaction, and the file is deleted after it; a
file that was left behind is known by its name. So nothing is lost, and nothing is there twice.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from babel.dates import format_datetime
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.asterisk.recordings import (
    BrokenError,
    Recording,
    Spoken,
    put_aside,
    recordings,
    spoken,
)
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import Extension
from ari_app.explain import N_, translations
from ari_app.store import messages
from ari_app.store.cards import zone
from ari_app.store.letters import Letter, LetterKind, queue, queue_about
from ari_app.store.messages import Mailbox, NewMessage, Origin

log = structlog.get_logger()

_PAUSE = 2.0
_SILENT = timedelta(seconds=60)
"""A file that has not grown for so long is not written any more, whatever the history says."""
_AGAIN = timedelta(seconds=60)
_SHORTEST = 1000
"""Milliseconds; the caller heard the tone and hung up."""


class Voicemail:
    """Looks into the folder every few seconds."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        folder: Path,
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        address: str = "",
    ) -> None:
        """`address` is the panel's, without a path ("": letters have no link)."""
        self._sessions = sessions
        self._folder = folder
        self._directory = directory
        self._now = now
        self._address = address
        self._later: dict[str, datetime] = {}
        """Files that could not be taken over: when to look at them again."""

    async def run(self) -> None:
        """For ever; a folder or a database that does not answer is waited for."""
        waits = ""
        while True:
            try:
                await self.take()
                waits = ""
            except (DBAPIError, OSError) as error:
                reason = type(error).__name__
                if reason != waits:
                    log.warning("voicemail.waits", reason=reason, detail=str(error)[:200])
                waits = reason
            await asyncio.sleep(_PAUSE)

    async def take(self) -> int:
        """Take over what is finished, and return how many messages were new."""
        found = await asyncio.to_thread(recordings, self._folder)
        self._later = {one.name: self._later[one.name] for one in found if one.name in self._later}
        taken = 0
        for recording in found:
            if self._later.get(recording.name, self._now()) <= self._now():
                taken += await self._take(recording)
        return taken

    async def _take(self, recording: Recording) -> bool:
        async with self._sessions() as session:
            origin = await messages.origin(session, recording.channel_id, recording.mailbox)
            whose = None if origin is None else origin.employee
            box = await messages.mailbox_of(session, whose, recording.mailbox)
        if not self._is_finished(recording, origin):
            return False
        if box is None:
            self._put_off(recording, "nobody has this extension")
            return False
        try:
            said = await asyncio.to_thread(spoken, recording)
        except BrokenError as error:
            log.error("voicemail.broken", file=str(recording.path), reason=str(error))  # noqa: TRY400
            await self._away(recording, put_aside)
            return False
        except OSError as error:
            self._put_off(recording, f"cannot be read: {error.strerror}")
            return False
        is_new = await self._store(recording, said, box, origin)
        await self._away(recording, _delete)
        return is_new

    def _is_finished(self, recording: Recording, origin: Origin | None) -> bool:
        # Without its step, the call in the history may be an earlier one of the same channel.
        if origin is not None and origin.employee is not None and origin.has_ended:
            return True
        return self._now() - recording.changed_at > _SILENT

    async def _store(
        self, recording: Recording, said: Spoken, box: Mailbox, origin: Origin | None
    ) -> bool:
        """One transaction; False for what holds nothing, or was stored before."""
        async with self._sessions.begin() as session:
            if said.milliseconds < _SHORTEST:
                log.info("voicemail.empty", file=recording.name, milliseconds=said.milliseconds)
                if origin is not None:
                    await messages.nothing_said(session, origin.call, recording.name)
                return False
            number = await messages.keep(session, _message(recording, said, box, origin))
            if number is not None and box.email is not None:
                letter = self._letter(number, recording, said, box, origin)
                await _queue(session, letter, origin, self._now())
        if number is not None:
            log.info("voicemail.taken", message=number, employee=box.employee, file=recording.name)
        return number is not None

    def _letter(
        self,
        number: int,
        recording: Recording,
        said: Spoken,
        box: Mailbox,
        origin: Origin | None,
    ) -> Letter:
        locale = "en_GB" if box.language == "en" else box.language
        at = format_datetime(recording.changed_at, "short", tzinfo=zone(box.zone), locale=locale)
        minutes, seconds = divmod(said.milliseconds // 1000, 60)
        values = {
            "name": box.name,
            "moment": at,
            "caller": self._caller(origin, box.language),
            "duration": f"{minutes}:{seconds:02}",
            "file": f"{recording.changed_at.astimezone(zone(box.zone)):%Y-%m-%d-%H%M%S}",
            "link": f"{self._address}/messages?message={number}" if self._address else "",
        }
        kind = LetterKind.VOICEMAIL
        return Letter(kind, box.employee, box.email or "", box.language, values, recording=number)

    def _caller(self, origin: Origin | None, language: str) -> str:
        """A colleague by name, anybody else by number."""
        number = "" if origin is None else origin.caller_number
        if origin is not None and origin.is_inside:
            directory = self._directory()
            colleague = directory.extensions.get(Extension(number))
            if colleague is not None:
                return f"{directory.employees[colleague].name}, {number}"
        return number or translations(language).gettext(N_("number withheld"))

    async def _away(self, recording: Recording, how: Callable[[Recording], None]) -> None:
        try:
            await asyncio.to_thread(how, recording)
        except OSError as error:
            self._put_off(recording, f"cannot be removed: {error.strerror}")

    def _put_off(self, recording: Recording, reason: str) -> None:
        if recording.name not in self._later:
            log.warning("voicemail.left", file=str(recording.path), reason=reason)
        self._later[recording.name] = self._now() + _AGAIN


def _message(recording: Recording, said: Spoken, box: Mailbox, origin: Origin | None) -> NewMessage:
    return NewMessage(
        box.employee,
        recording.name,
        recording.channel_id,
        "" if origin is None else origin.caller_number,
        "" if origin is None else origin.caller_name,
        origin is not None and origin.is_inside,
        recording.changed_at,
        said.milliseconds,
        said.wav,
    )


async def _queue(
    session: AsyncSession, letter: Letter, origin: Origin | None, now: datetime
) -> None:
    if origin is None:
        await queue(session, letter, now)
    else:
        await queue_about(session, letter, origin.call, now)


def _delete(recording: Recording) -> None:
    with suppress(FileNotFoundError):
        recording.path.unlink()
