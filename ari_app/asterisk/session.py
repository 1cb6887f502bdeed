"""The session with ARI: events, requests and recovery over one socket that is always renewed.

Errors that reach the caller of a request: see `rest`. Why there is no connection is never
raised; it is the session's `state`, and is logged once when it changes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import msgspec
import structlog

from ari_app.asterisk.events import (
    EVENT_TYPES,
    ApplicationReplaced,
    CallBroadcast,
    Event,
    RESTResponse,
    parse,
)
from ari_app.asterisk.link import LinkDown, LinkState, Pace, Pauses, only_down
from ari_app.asterisk.rest import AriError, AriGone, AriSilent, Request, Response, Rest, Socket
from ari_app.asterisk.verbs import Verbs

__all__ = ["Ari", "AriError", "AriGone"]

_log = structlog.get_logger()

_DEFAULT_PACE = Pace()
_MOST_TASKS = 2000
_REPLACED_SECONDS = 10.0
"""Two services with one app name take turns this slowly, so that each can serve calls."""
_STATES = {
    401: LinkState.WRONG_PASSWORD,
    403: LinkState.FORBIDDEN,
    404: LinkState.NOT_FOUND,
}


class _Application(msgspec.Struct):
    channel_ids: list[str] = []


class Ari(Verbs):
    """One app's session with one Asterisk. This service keeps no channel in Stasis for long."""

    def __init__(  # noqa: PLR0913 - an account, an app, and whom to tell
        self,
        url: str,
        user: str,
        password: str,
        app: str,
        *,
        on_event: Callable[[Event], Awaitable[None]],
        on_connected: Callable[[], Awaitable[None]],
        pace: Pace = _DEFAULT_PACE,
    ) -> None:
        """`url` is that of Asterisk's HTTP server, without ``/ari``."""
        super().__init__(Rest(url, user, password, pace.answer), app)
        self._url, self._pace = url, pace
        self._on_event, self._on_connected = on_event, on_connected
        self._running = 0
        self.state = LinkState.STARTING
        self.detail = ""
        """What Asterisk or the network said of `state`, where it said something."""
        self.events_shed = 0
        """Events that were left out because too many were in work."""

    @property
    def is_idle(self) -> bool:
        """Whether no event is in work."""
        return self._running == 0

    async def run(self) -> None:
        """Keep the session up until cancelled; each event is handled in a task of its own."""
        loop, pauses = asyncio.get_running_loop(), Pauses(self._pace)
        async with self._rest.opened(), asyncio.TaskGroup() as handlers:
            while True:
                began = loop.time()
                try:
                    await self._one_connection(handlers)
                except LinkDown as down:
                    self._note(down.state, down.detail)
                pause = pauses.after(loop.time() - began)
                is_replaced = self.state is LinkState.REPLACED
                await asyncio.sleep(_REPLACED_SECONDS if is_replaced else pause)

    async def _one_connection(self, handlers: asyncio.TaskGroup) -> None:
        """Connect, serve, and raise LinkDown when it has ended."""
        stranded = await self._stranded()
        socket = await self._connect()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read(socket, handlers))
                await self._set_up(socket, stranded)
                tasks.create_task(self._guarded("on_connected", self._on_connected))
                await self._watch()
        except ExceptionGroup as group:
            raise only_down(group) from None
        finally:
            self._rest.drop_socket()
            await socket.close()

    async def _connect(self) -> Socket:
        target = Request("GET", "events", {"app": self._app}).target
        try:
            async with asyncio.timeout(self._pace.answer):
                return await self._rest.connect(target, self._pace.heartbeat)
        except aiohttp.WSServerHandshakeError as error:
            raise _refusal(error.status) from None
        except TimeoutError:
            raise LinkDown(LinkState.SILENT) from None
        except (aiohttp.ClientError, OSError) as error:
            raise LinkDown(LinkState.UNREACHABLE, type(error).__name__) from None

    async def _stranded(self) -> list[str]:
        """Channels that an earlier session has left in Stasis: listed before we connect.

        After it a list would hold calls whose StasisStart is still on its way to us.
        """
        try:
            answer = await self._look()
        except AriSilent:
            raise LinkDown(LinkState.SILENT) from None
        except AriGone as error:
            raise LinkDown(LinkState.UNREACHABLE, str(error)) from None
        if answer.status in (401, 403):
            raise _refusal(answer.status)
        return _channel_ids(answer)

    async def _look(self) -> Response:
        request = Request("GET", self._application)
        return await self._rest.over_http(request, seconds=self._pace.answer)

    async def _set_up(self, socket: Socket, stranded: list[str]) -> None:
        try:
            if (await self._look()).status == 404:
                raise LinkDown(LinkState.NOT_REGISTERED)
            await self._set_filter()
            is_over_socket = await self._rest.try_socket(socket, Request("GET", self._application))
            for channel_id in stranded:
                _log.warning("stranded_channel_continued", channel=channel_id)
                await self.let_go(channel_id)
        except AriGone as error:
            raise LinkDown(LinkState.LOST, str(error)) from None
        self._note(LinkState.CONNECTED, "REST over " + ("socket" if is_over_socket else "HTTP"))

    async def _set_filter(self) -> None:
        wanted = {"allowed": [{"type": name} for name in EVENT_TYPES]}
        request = Request("PUT", f"{self._application}/eventFilter")
        answer = await self._rest.over_http(request, json=wanted)
        if answer.status in (401, 403):
            raise _refusal(answer.status)

    async def _read(self, socket: Socket, handlers: asyncio.TaskGroup) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._take(parse(message.data), handlers)
        raise LinkDown(LinkState.LOST, f"socket closed, code {socket.close_code}")

    def _take(self, event: Event | None, handlers: asyncio.TaskGroup) -> None:
        match event:
            case None:
                return
            case RESTResponse():
                self._rest.answered(event)
            case ApplicationReplaced():
                raise LinkDown(LinkState.REPLACED, f"another client connected as {self._app}")
            case _ if self._is_too_much(event):
                self.events_shed += 1
                if self.events_shed % 1000 == 1:
                    _log.error("events_shed", count=self.events_shed)
            case _:
                self._running += 1
                task = handlers.create_task(
                    self._guarded(type(event).__name__, partial(self._on_event, event))
                )
                task.add_done_callback(self._one_less)

    def _is_too_much(self, event: Event) -> bool:
        # A broadcast left out finds the stored plan; a call that is ours already would hang.
        most = _MOST_TASKS // 2 if isinstance(event, CallBroadcast) else _MOST_TASKS
        return self._running >= most

    def _one_less(self, _task: object) -> None:
        self._running -= 1

    async def _guarded(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except AriGone as error:
            _log.warning("asterisk_gone_meanwhile", during=what, error=str(error))
        except Exception:  # noqa: BLE001 - one ill question must not end the session
            _log.exception("event_handler_failed", during=what)

    async def _watch(self) -> None:
        """See that the app stays registered, and that no channel is forgotten in Stasis."""
        seen: set[str] = set()
        while True:
            await asyncio.sleep(self._pace.check)
            try:
                answer = await self._look()
                if answer.status == 404:
                    raise LinkDown(LinkState.NOT_REGISTERED)
                listed = set(_channel_ids(answer))
                for channel_id in seen & listed:
                    _log.error("forgotten_channel_continued", channel=channel_id)
                    await self.let_go(channel_id)
                seen = listed
            except AriGone as error:
                # Whether the connection is lost is for the socket's heartbeat to say.
                _log.warning("check_unanswered", error=str(error))

    def _note(self, state: LinkState, detail: str) -> None:
        if state is not self.state:
            say = _log.info if state is LinkState.CONNECTED else _log.warning
            say("ari", state=state.value, detail=detail, url=self._url, app=self._app)
        self.state, self.detail = state, detail


def _refusal(status: int) -> LinkDown:
    return LinkDown(_STATES.get(status, LinkState.UNREACHABLE), f"HTTP status {status}")


def _channel_ids(answer: Response) -> list[str]:
    try:
        return answer.read(_Application).channel_ids if answer.is_ok else []
    except AriError:
        return []
