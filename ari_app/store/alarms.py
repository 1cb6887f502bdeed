"""Tells when it is worth looking into the database: another connection has committed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL = "autosecretary_changes"
"""What PostgreSQL's LISTEN and NOTIFY call it."""

_POLL = 0.05
"""Seconds between two looks at SQLite's data_version, which costs some microseconds."""
_SAFETY_POLL = 1.0
"""Seconds after which PostgreSQL is asked without a notification: a connection may be dead."""

Alarm = Callable[[], Awaitable[None]]
"""Returns when it is worth looking."""


@asynccontextmanager
async def alarm(connection: AsyncConnection) -> AsyncIterator[Alarm]:
    """The alarm of a connection that does nothing else and is in no transaction."""
    if connection.dialect.name == "postgresql":
        async with _notified(connection) as rung:
            yield rung
    else:
        yield _data_version(connection)


def _data_version(connection: AsyncConnection) -> Alarm:
    """https://www.sqlite.org/pragma.html#pragma_data_version: moves with others' commits."""
    seen: int | None = None

    async def rung() -> None:
        nonlocal seen
        while True:
            result = await connection.exec_driver_sql("PRAGMA data_version")
            version = result.scalar_one()
            if version != seen:
                seen = version
                return
            await asyncio.sleep(_POLL)

    return rung


@asynccontextmanager
async def _notified(connection: AsyncConnection) -> AsyncIterator[Alarm]:
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is None:
        raise OSError("the connection is gone")
    heard = asyncio.Event()

    def hear(*_: object) -> None:
        heard.set()

    async def rung() -> None:
        try:
            # Not wait_for(): before Python 3.12 it may swallow a cancellation.
            async with asyncio.timeout(_SAFETY_POLL):
                await heard.wait()
        except TimeoutError:
            return
        heard.clear()

    driver.add_termination_listener(hear)
    await driver.add_listener(CHANNEL, hear)
    try:
        yield rung
    finally:
        driver.remove_termination_listener(hear)
        if not driver.is_closed():
            await driver.remove_listener(CHANNEL, hear)
