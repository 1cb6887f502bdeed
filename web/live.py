"""The stream by which open pages learn that something has changed, and stay alive."""

import asyncio
import json

from aiohttp import web
from aiohttp_sse import sse_response

from ari_app.store import devices
from web.visit import Visit

_HEARTBEAT = 20.0
"""Seconds between two signs of life; the session's lease is renewed with each."""


async def live(visit: Visit) -> web.StreamResponse:
    """Tell this page what has changed until it is closed or logged out."""
    visit.signed_in  # noqa: B018  raises without an account
    async with sse_response(visit.request, headers={"X-Accel-Buffering": "no"}) as stream:
        with visit.panel.hub.following() as follower:
            while stream.is_connected() and await _is_logged_in(visit):
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        topics = await follower.next()
                except TimeoutError:
                    continue
                told = sorted(topic.value for topic in topics)
                await stream.send(json.dumps(told), event="changed")
            await stream.send("", event="ended")
        return stream


async def _is_logged_in(visit: Visit) -> bool:
    """Renew the lease, unless the device was logged out meanwhile."""
    if visit.device is None:
        return False
    now = visit.now
    async with visit.panel.sessions.begin() as session:
        await devices.seen(session, visit.device.id, now)
        return await devices.goes_on(session, visit.device.id)
