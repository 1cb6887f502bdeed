"""The stream by which open pages learn that something has changed, and stay alive."""

import asyncio
import json
from contextlib import suppress

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from ari_app.store import devices
from web.hub import Follower, Hub
from web.visit import Visit

_HEARTBEAT = 20.0
"""Seconds between two signs of life; the session's lease is renewed with each."""


async def live(visit: Visit) -> web.StreamResponse:
    """Tell this page what has changed until it is closed or logged out."""
    visit.signed_in  # noqa: B018  raises without an account
    async with sse_response(visit.request, headers={"X-Accel-Buffering": "no"}) as stream:
        # A page that is closed while it is told something has heard enough.
        with visit.panel.hub.following() as follower, suppress(ConnectionResetError):
            await _go_on(visit, stream, follower)
        return stream


async def _go_on(visit: Visit, stream: EventSourceResponse, follower: Follower) -> None:
    hub = visit.panel.hub
    await stream.send(str(hub.version), event="now")
    while stream.is_connected() and await _is_logged_in(visit):
        try:
            async with asyncio.timeout(_HEARTBEAT):
                await _tell(stream, follower, hub)
        except TimeoutError:
            continue
    await stream.send("", event="ended")


async def _tell(stream: EventSourceResponse, follower: Follower, hub: Hub) -> None:
    """Tell what changes, until it is time for a heartbeat."""
    while True:
        topics = sorted(topic.value for topic in await follower.next())
        told = {"topics": topics, "version": hub.version}
        await stream.send(json.dumps(told), event="changed")


async def _is_logged_in(visit: Visit) -> bool:
    """Renew the lease, unless the device was logged out meanwhile."""
    if visit.device is None:
        return False
    now = visit.now
    async with visit.panel.sessions.begin() as session:
        await devices.seen(session, visit.device.id, now)
        return await devices.goes_on(session, visit.device.id)
