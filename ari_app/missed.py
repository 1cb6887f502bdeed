"""What becomes of a missed call, once it has ended: an entry, and a letter to the employee."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from babel.dates import format_datetime
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.directory import Directory
from ari_app.explain import N_, Storyteller, names_in
from ari_app.store import missed_calls
from ari_app.store.board import journal_place
from ari_app.store.cards import zone
from ari_app.store.changes import take_turn
from ari_app.store.letters import Letter, LetterKind, queue_about
from ari_app.store.missed import Missed, begin_at, missed_after

log = structlog.get_logger()

_PAUSE = 5.0
_ENTRIES_PAUSE = 2.0
_BACK = timedelta(hours=1)
"""How far back a service that was away writes about calls."""


class MissedEntries:
    """Keeps the list of missed calls: looks whenever the history has grown."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        now: Callable[[], datetime],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._sessions = sessions
        self._now = now
        self._on_change = on_change
        self._after: int | None = None
        self._place = ("", "")
        self._is_quiet = False

    async def run(self) -> None:
        """For ever; a database that does not answer is waited for."""
        while True:
            try:
                await self.write()
            except (DBAPIError, OSError) as error:
                log.warning("missed.waits", reason=type(error).__name__)
            await asyncio.sleep(_ENTRIES_PAUSE)

    async def write(self) -> int:
        """Write and close the entries that are due, and return how many."""
        async with self._sessions() as session:
            place = await journal_place(session)
            if self._is_quiet and place == self._place:
                return 0
            if self._after is None:
                self._after = await missed_calls.first_unseen(session, self._now())
            after = self._after
            going_on = await missed_calls.first_going_on(session, after)
            newest = await missed_calls.newest(session)
            is_due = await missed_calls.is_due(session, after)
        changed = 0
        if is_due:
            async with self._sessions.begin() as session:
                changed = await missed_calls.note(session, after)
        self._after = newest if going_on is None else going_on - 1
        self._place, self._is_quiet = place, going_on is None
        if changed:
            self._on_change()
        return changed


class MissedCalls:
    """Looks at the history every few seconds."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        address: str,
    ) -> None:
        """`address` is the panel's, without a path ("": letters have no link)."""
        self._sessions = sessions
        self._directory = directory
        self._now = now
        self._address = address
        self._after: int | None = None

    async def run(self) -> None:
        """For ever; a database that does not answer is waited for."""
        while True:
            try:
                await self.write()
            except (DBAPIError, OSError) as error:
                log.warning("missed.waits", reason=type(error).__name__)
            await asyncio.sleep(_PAUSE)

    async def write(self) -> int:
        """Queue the letters that are due, and return how many."""
        async with self._sessions() as session:
            if self._after is None:
                self._after = await begin_at(session, self._now() - _BACK)
            found, after = await missed_after(session, self._after, self._now())
        if found:
            await self._queue()
        self._after = after
        return len(found)

    async def _queue(self) -> None:
        """Look again under the lock of writers: another service may have written them."""
        async with self._sessions.begin() as session:
            await take_turn(session)
            found, _ = await missed_after(session, self._after or 0, self._now())
            for missed in found:
                await queue_about(session, self._letter(missed), missed.call.id, self._now())

    def _letter(self, missed: Missed) -> Letter:
        call = missed.call
        teller = Storyteller(missed.language, names_in(self._directory()))
        at = format_datetime(
            call.began_at,
            "short",
            tzinfo=zone(missed.zone),
            locale="en_GB" if missed.language == "en" else missed.language,
        )
        told = [
            f"{teller.step(step.kind, step.addresses, step.seconds, step.target or step.sound)}"
            + (f" — {teller.outcome(step.outcome.value)}" if step.outcome else "")
            for step in call.steps
        ]
        ending = [teller.end(call.ending.value)] if call.ending else []
        values = {
            "name": missed.name,
            "moment": at,
            "caller": call.caller_number or teller.say(N_("number withheld")),
            "path": "\n".join([*told, *ending]),
            "why": "\n".join(filter(None, (teller.reasons(step.because) for step in call.steps))),
            "link": f"{self._address}/calls/{call.id}" if self._address else "",
        }
        kind = LetterKind.MISSED_CALL
        return Letter(kind, call.employee, missed.email, missed.language, values)
