"""Looks now and then which SIP devices are registered, for the warnings about rules."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.asterisk.rest import AriError
from ari_app.asterisk.verbs import Endpoint as Device
from ari_app.domain.numbers import Endpoint
from ari_app.store import sightings

log = structlog.get_logger()

_FIRST = 60.0
"""Seconds after a start: phones register anew after a restart of everything."""
_PAUSE = 3600.0
_SIP = "PJSIP"


class Asked(Protocol):
    """What it needs of Asterisk."""

    async def endpoints(self) -> list[Device]: ...


async def look_for_ever(
    asterisk: Asked, sessions: async_sessionmaker[AsyncSession], now: Callable[[], datetime]
) -> None:
    """Look every hour; what cannot be asked or stored is asked again the next time."""
    await asyncio.sleep(_FIRST)
    while True:
        try:
            await look(asterisk, sessions, now())
        except (AriError, DBAPIError, OSError) as error:
            log.warning("sightings.waits", reason=type(error).__name__)
        await asyncio.sleep(_PAUSE)


async def look(asterisk: Asked, sessions: async_sessionmaker[AsyncSession], now: datetime) -> None:
    """Look once. Raises AriError, DBAPIError, OSError.

    A device whose state Asterisk does not know is registered nowhere by itself (a trunk, a
    contact in a file): it counts as there.
    """
    devices = [one for one in await asterisk.endpoints() if one.technology == _SIP]
    gone = [Endpoint(one.resource) for one in devices if one.state == "offline"]
    there = [Endpoint(one.resource) for one in devices if one.state != "offline"]
    async with sessions.begin() as session:
        await sightings.note(session, there, gone, now)
