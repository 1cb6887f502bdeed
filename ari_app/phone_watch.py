"""What SIP phones do, asked of Asterisk as long as a board is open."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import structlog

from ari_app.asterisk.events import Channel
from ari_app.asterisk.rest import AriError
from ari_app.asterisk.verbs import Endpoint
from ari_app.domain.presence import Phones, PhoneUse, Use

log = structlog.get_logger()

_PAUSE = 2.0
"""Seconds between two looks at least; a look that takes long makes the pause longer."""
_SHARE = 10
_INTEREST = 45.0
"""Seconds for which one asking keeps the watch going; an open board asks twice a minute."""
_FIRST_WAIT = 0.4
_SIP = "PJSIP"


class Asked(Protocol):
    """What the watch needs of Asterisk."""

    async def endpoints(self) -> list[Endpoint]: ...
    async def channels(self) -> list[Channel]: ...


class PhoneWatch:
    """Looks while somebody is interested; `on_change` is called when something is different."""

    def __init__(self, asterisk: Asked, on_change: Callable[[], None]) -> None:
        self._asterisk = asterisk
        self._on_change = on_change
        self._phones: Phones | None = None
        self._asked_at = float("-inf")
        self._wanted = asyncio.Event()
        self._looked = asyncio.Event()

    async def phones(self) -> Phones | None:
        """What is known; None where Asterisk does not say. Being asked keeps the watch going."""
        self._asked_at = asyncio.get_running_loop().time()
        self._wanted.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_WAIT):
                await self._looked.wait()
        return self._phones

    async def run(self) -> None:
        """Watch for ever."""
        loop = asyncio.get_running_loop()
        while True:
            if loop.time() - self._asked_at > _INTEREST:
                self._wanted.clear()
                self._looked.clear()
                await self._wanted.wait()
            began = loop.time()
            await self._look()
            await asyncio.sleep(max(_PAUSE, _SHARE * (loop.time() - began)))

    async def _look(self) -> None:
        try:
            endpoints = await self._asterisk.endpoints()
            is_busy = any(endpoint.channel_ids for endpoint in endpoints)
            channels = await self._asterisk.channels() if is_busy else []
        except AriError as error:
            log.debug("phones.unknown", reason=str(error))
            found = None
        else:
            found = phones_of(endpoints, channels)
        self._looked.set()
        if found != self._phones:
            self._phones = found
            self._on_change()


def phones_of(endpoints: Iterable[Endpoint], channels: Iterable[Channel]) -> Phones:
    """What each SIP device does; trunks and others are among them, and do no harm."""
    by_id = {channel.id: channel for channel in channels}
    return {
        endpoint.resource: _use(endpoint, by_id)
        for endpoint in endpoints
        if endpoint.technology == _SIP
    }


def _use(endpoint: Endpoint, channels: dict[str, Channel]) -> PhoneUse:
    found = [channels[one] for one in endpoint.channel_ids if one in channels]
    talking = [channel for channel in found if channel.state == "Up"]
    if talking:
        return PhoneUse(Use.TALKING, _oldest(talking))
    if found:
        return PhoneUse(Use.RINGING, _oldest(found))
    return PhoneUse(Use.GONE if endpoint.state == "offline" else Use.IDLE)


def _oldest(channels: Iterable[Channel]) -> datetime | None:
    moments = [moment for channel in channels if (moment := _moment(channel.creationtime))]
    return min(moments, default=None)


def _moment(text: str) -> datetime | None:
    """ARI writes ``2026-11-23T06:13:53.100+0000``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
