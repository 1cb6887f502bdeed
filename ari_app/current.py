"""The directory of the moment: read once, and anew as anybody stores something."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ari_app.domain.directory import Directory, Limits
from ari_app.settings import Settings
from ari_app.store import changes
from ari_app.store.changes import Changed
from ari_app.store.database import sessions_on
from ari_app.store.directory import load, refresh

log = structlog.get_logger()

_AGAIN = 1.0
"""Seconds before a database that could not be read is tried again."""
_ALL = Changed(frozenset(), everything=True, position=0)
_DAY = 24 * 3600
OnChange = Callable[[Changed], None]


def now() -> datetime:
    """The moment, aware and in UTC."""
    return datetime.now(UTC)


def limits(settings: Settings) -> Limits:
    """The caps that end every call, from the settings."""
    return Limits(settings.max_steps, settings.max_hops, settings.max_ringing_seconds)


class CurrentDirectory:
    """Keeps `directory`; whoever wants to hear of changes appends to `on_change`."""

    def __init__(
        self, settings: Settings, engine: AsyncEngine, directory: Directory, position: int
    ) -> None:
        self.directory = directory
        self.on_change: list[OnChange] = []
        self._settings = settings
        self._engine = engine
        self._position = position
        self._sessions = sessions_on(engine)

    @classmethod
    async def begin(cls, settings: Settings, engine: AsyncEngine) -> "CurrentDirectory":
        """Read the directory, and remember which changes are in it."""
        async with sessions_on(engine)() as session:
            position = await changes.position(session)
            directory = await _load(session, settings)
        return cls(settings, engine, directory, position)

    async def run(self) -> None:
        """Read on for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._turn_days())

    async def _follow(self) -> None:
        """Read anew what any process has stored; the next question already sees it."""
        async for changed in changes.follow(self._engine, self._position):
            await self._take_over(changed)

    async def _turn_days(self) -> None:
        """The calendar reaches some years ahead: read it again once a day."""
        while True:
            await asyncio.sleep(_DAY)
            await self._take_over(_ALL)

    async def _take_over(self, changed: Changed) -> None:
        """While the database cannot be read, the directory of before serves."""
        while True:
            try:
                async with self._sessions() as session:
                    self.directory = await self._read(session, changed)
            except (DBAPIError, OSError) as error:
                log.warning("directory.waits", reason=type(error).__name__, detail=str(error)[:200])
                await asyncio.sleep(_AGAIN)
            else:
                break
        for tell in self.on_change:
            tell(changed)

    async def _read(self, session: AsyncSession, changed: Changed) -> Directory:
        if changed.everything:
            return await _load(session, self._settings)
        return await refresh(session, self.directory, changed.employee_ids)


async def _load(session: AsyncSession, settings: Settings) -> Directory:
    return await load(session, limits(settings), now().date(), settings.country)
