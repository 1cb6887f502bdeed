"""An Asterisk that speaks ARI on a real port: events, and REST over the socket and over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import aiohttp
from aiohttp import web

PASSWORD = "secret"
APP = "autosecretary"


async def until(is_so: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until `is_so`, at most so many seconds."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - looks at whatever a test is about
            await asyncio.sleep(0.005)


@dataclass
class FakeAri:
    """One Asterisk; fields are what a test sets, or looks at."""

    has_rest_over_socket: bool = True
    is_registering: bool = True
    is_mute: bool = False
    """Requests over the socket get no answer."""
    channel_ids: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    """Status by method and address; 200 or 204 where nothing is said."""
    over_socket: list[str] = field(default_factory=list)
    over_http: list[str] = field(default_factory=list)
    bodies: list[object] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    answers_pings: bool = True
    refused: int = 0
    """Requests with a wrong password."""
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/ari/events", self._events)
        app.router.add_route("*", "/ari/{rest:.*}", self._http)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop(self) -> None:
        """End all sockets without a closing frame, as a killed Asterisk does."""
        for socket in self.sockets:
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        self.sockets.clear()

    async def tell(self, **event: object) -> None:
        await self.say(json.dumps(event))

    async def say(self, raw: str) -> None:
        await self.sockets[-1].send_str(raw)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if not self._is_allowed(request):
            return web.Response(status=401)
        socket = web.WebSocketResponse(autoping=self.answers_pings)
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT and self.has_rest_over_socket:
                await self._answer(socket, json.loads(message.data))
        if socket in self.sockets:
            self.sockets.remove(socket)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, asked: dict[str, str]) -> None:
        self.over_socket.append(f"{asked['method']} {asked['uri']}")
        if self.is_mute:
            return
        status, body = self._look_up(asked["method"], asked["uri"])
        answer = {"type": "RESTResponse", "request_id": asked["request_id"], "status_code": status}
        await socket.send_str(json.dumps(answer | {"message_body": body}))

    async def _http(self, request: web.Request) -> web.StreamResponse:
        if not self._is_allowed(request):
            return web.Response(status=401)
        target = request.raw_path.removeprefix("/ari/")
        self.over_http.append(f"{request.method} {target}")
        if request.can_read_body:
            self.bodies.append(await request.json())
        status, body = self._look_up(request.method, target)
        return web.Response(status=status, text=body)

    def _is_allowed(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization")
        is_allowed = given == aiohttp.encode_basic_auth("app", PASSWORD)
        self.refused += not is_allowed
        return is_allowed

    def _look_up(self, method: str, target: str) -> tuple[int, str]:
        address = unquote(target.partition("?")[0])
        if f"{method} {address}" in self.statuses:
            return self.statuses[f"{method} {address}"], "{}"
        if address.startswith(f"applications/{APP}"):
            is_known = self.is_registering and (bool(self.sockets) or bool(self.channel_ids))
            return (200 if is_known else 404), json.dumps({"channel_ids": self.channel_ids})
        if method == "POST" and address.endswith("/continue"):
            channel_id = address.split("/")[1]
            self.channel_ids = [other for other in self.channel_ids if other != channel_id]
        return (200, '{"system":{"version":"22.10.1"}}') if method == "GET" else (204, "")


@asynccontextmanager
async def running_ari(fake: FakeAri) -> AsyncIterator[FakeAri]:
    await fake.start()
    try:
        yield fake
    finally:
        await fake.stop()
