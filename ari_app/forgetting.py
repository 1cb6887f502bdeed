"""Forgets what nobody needs any more: calls and messages of long ago, and letters sent."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.store import history, messages, outbox

log = structlog.get_logger()

_PAUSE = 6 * 3600.0
_LETTERS = timedelta(days=90)


async def forget_for_ever(
    sessions: async_sessionmaker[AsyncSession],
    now: Callable[[], datetime],
    days: int,
    messages_days: int,
) -> None:
    """Now and a few times a day; so many days calls and messages are kept (0: for ever)."""
    while True:
        try:
            await forget(sessions, now(), days, messages_days)
        except (DBAPIError, OSError) as error:
            log.warning("forgetting.waits", reason=type(error).__name__)
        await asyncio.sleep(_PAUSE)


async def forget(
    sessions: async_sessionmaker[AsyncSession], now: datetime, days: int, messages_days: int = 0
) -> None:
    """Forget once. Raises DBAPIError, OSError."""
    async with sessions.begin() as session:
        await messages.forget(session, now, messages_days)
        await outbox.forget(session, now - _LETTERS)
        if days:
            await history.forget(session, now - timedelta(days=days))
