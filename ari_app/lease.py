"""Looks now and then for people whose devices have all gone silent."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.directory import Status
from ari_app.settings import Settings
from ari_app.store import lease

log = structlog.get_logger()

_PAUSE = 15.0
"""Seconds between two looks."""
_LATE = timedelta(seconds=60)
"""After a pause so long (a database that was away, a machine that slept) nobody was heard of."""


def silent_after(settings: Settings) -> timedelta:
    """How long a device may be silent."""
    return timedelta(minutes=settings.silent_minutes)


class Lease:
    """Counts silence only while it could have heard: nobody pays for the service's own absence."""

    def __init__(
        self,
        settings: Settings,
        sessions: async_sessionmaker[AsyncSession],
        now: Callable[[], datetime],
    ) -> None:
        self._longest = silent_after(settings)
        self._becomes = None if settings.silent_status == "keep" else Status(settings.silent_status)
        self._sessions = sessions
        self._now = now
        self._began = self._looked = now()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                await self.look()
            except (DBAPIError, OSError) as error:
                log.warning("lease.waits", reason=type(error).__name__, detail=str(error)[:200])

    async def look(self) -> None:
        """Look once. Raises DBAPIError, OSError."""
        now = self._now()
        if now - self._looked > _LATE:
            self._began = now
        if now - self._began < self._longest:
            self._looked = now
            return
        async with self._sessions.begin() as session:
            changed = await lease.silence(session, now, self._longest, self._becomes)
        self._looked = now
        for employee in changed:
            log.info("lease.silent", employee=employee)
