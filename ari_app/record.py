"""From the journal that Asterisk writes to the history of calls, nothing twice and nothing lost.

Lines and the place up to which they were read are stored in one transaction, so a service that
was killed goes on exactly where it stopped.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.asterisk.journal import (
    AllLegsGone,
    CallBegan,
    CallEnded,
    Journal,
    JournalEvent,
    Position,
    StepEnded,
    StepTaken,
    parse_line,
)
from ari_app.domain.calls import Ending
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import Extension, is_e164
from ari_app.numbering import caller_number
from ari_app.store import history
from ari_app.store.book import AllGone, Began, Ended, Entry, Finished, Took
from ari_app.store.chronicle import write
from ari_app.store.past import NewCall

log = structlog.get_logger()

_PAUSE = 0.3
"""Seconds between two looks at the journal."""
_LONG_PAUSE = 1.0
"""The same while there is much to write: fewer transactions, for more lines each."""
_MANY = 40
_AGAIN = 2.0
_SLICE = 20
"""Lines parsed before others get their turn: about a millisecond."""


@dataclass(frozen=True, slots=True)
class Alive:
    """The channels that Asterisk had, `at` the moment before it was asked for them."""

    channels: frozenset[str]
    at: datetime


class Recorder:
    """Reads the journal and writes the history."""

    def __init__(
        self,
        journal: Path,
        sessions: async_sessionmaker[AsyncSession],
        directory: Callable[[], Directory],
        country: str,
        on_written: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_written` is called after each transaction that changed the history."""
        self._on_written = on_written
        self._journal = Journal(journal)
        self._sessions = sessions
        self._directory = directory
        self._country = country
        self._alive: Alive | None = None
        self._position: Position | None = None
        """Up to where the journal is in the history, as far as we know."""

    def compare(self, alive: Alive) -> None:
        """Soon, give an ending to calls whose channel went without a word: Asterisk stopped.

        Soon: what the journal still has to say of those calls comes first, and a database that
        is locked is waited for.
        """
        self._alive = alive

    async def run(self) -> None:
        """Read on for ever."""
        alive: Alive | None = None
        while True:
            try:
                lines = await self.catch_up()
                if alive is not None:
                    await self.close_lost(alive)
            except (OSError, DBAPIError) as error:
                log.warning(
                    "journal.waits", reason=type(error).__name__, journal=str(self._journal.path)
                )
                await asyncio.sleep(_AGAIN)
                continue
            alive, self._alive = self._alive, None
            await asyncio.sleep(_PAUSE if lines < _MANY else _LONG_PAUSE)

    async def catch_up(self) -> int:
        """Take all that the journal says by now over into the history; how many lines it was.

        Nothing is asked of the database while the journal does not grow.
        """
        count = 0
        if self._position is None:
            self._position = await self._stored_position()
        end = self._journal.end()
        while self._position != end:
            lines, after = self._journal.read_on(self._position)
            if after == self._position:
                break
            self._position = await self._store(lines, self._position, after)
            count += len(lines)
            if self._position.reaches(end):
                break
        return count

    async def _stored_position(self) -> Position:
        async with self._sessions() as session:
            return Position(*await history.position(session))

    async def _store(self, lines: Sequence[str], before: Position, after: Position) -> Position:
        """Up to where the history is written now; further than asked if somebody else did it.

        Nothing is locked while the lines are understood.
        """
        entries = await self._entries(lines)
        async with self._sessions.begin() as session:
            is_ours = await history.move_position(session, astuple(before), astuple(after))
            if is_ours:
                await write(session, entries)
        if not is_ours:
            return await self._stored_position()
        if lines:
            self._on_written()
        return after

    async def _entries(self, lines: Sequence[str]) -> list[Entry]:
        """What the lines tell; in slices, because calls are decided beside it."""
        entries: list[Entry] = []
        for first in range(0, len(lines), _SLICE):
            events = map(parse_line, lines[first : first + _SLICE])
            entries += [self._entry(event) for event in events if event is not None]
            await asyncio.sleep(0)
        return entries

    async def close_lost(self, alive: Alive) -> None:
        """End the calls that began before `alive.at` and are not among those alive."""
        async with self._sessions.begin() as session:
            for call in await history.open_calls(session):
                if call.channel_id not in alive.channels and call.began_at < alive.at:
                    await history.end_call(session, call.channel_id, Ending.LOST, alive.at, 0)
        self._on_written()

    def _entry(self, event: JournalEvent) -> Entry:
        match event:
            case CallBegan():
                return Began(self._new_call(event))
            case StepTaken(at, channel_id, _, step, by_mirror):
                return Took(channel_id, at, step, by_mirror)
            case StepEnded(at, channel_id, _, key, outcome):
                return Finished(channel_id, at, key, outcome)
            case CallEnded(at, channel_id, _, _key, ending, talked):
                return Ended(channel_id, at, ending, talked)
            case AllLegsGone(at, _, linked_id):
                return AllGone(linked_id, at)

    def _new_call(self, event: CallBegan) -> NewCall:
        directory = self._directory()
        is_inside = event.is_inside and event.caller_number in directory.extensions
        number = event.caller_number
        caller = directory.extensions.get(Extension(number)) if is_inside else None
        return NewCall(
            channel_id=event.call_id,
            linked_id=event.linked_id,
            began_at=event.at,
            caller_number=number if is_inside else caller_number(number, self._country),
            caller_name="".join(filter(str.isprintable, event.caller_name)),
            is_inside=is_inside,
            called=event.called,
            employee=directory.extensions.get(Extension(event.called)),
            by=caller if is_e164(event.called) else None,
        )
