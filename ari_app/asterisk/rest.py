"""Requests to ARI: over the events socket where Asterisk answers there, else over HTTP.

AriError
├── AriGone          not connected, or the connection dropped before the answer came
│   └── AriSilent    sent, and not answered in time: it may have been carried out
├── AriRefused       a status that is no outcome of such a request
├── AriNonsense      an answer in another shape than ARI's documents give
└── AriTooLong       Asterisk would close the socket on a request of this length

404 and 409 are outcomes, in `Response.status`. No request is ever sent twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import msgspec
from yarl import URL

from ari_app.asterisk.events import RESTResponse

Socket = aiohttp.ClientWebSocketResponse[Literal[False]]
T = TypeVar("T")

_LONGEST_FRAME = 60_000
"""Bytes; Asterisk closes the socket with 1009 above 65,535."""
_LONGEST_LINE = 2_000
"""Characters of a request line; Asterisk's HTTP server refuses a little above 4,096."""
_HTTP_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 10.0
"""Under the 15 s after which Asterisk closes an idle HTTP connection."""


class AriError(Exception):
    """Asterisk could not be asked, or not be understood."""


class AriGone(AriError):  # noqa: N818 - it says what has happened
    """Not connected, or the connection dropped before the answer came."""


class AriSilent(AriGone):
    """Sent, and not answered in time: it may have been carried out."""


class AriRefused(AriError):  # noqa: N818
    """A status that is no outcome of such a request."""


class AriNonsense(AriError):  # noqa: N818
    """An answer in another shape than ARI's documents give."""


class AriTooLong(AriError, ValueError):  # noqa: N818
    """Asterisk would close the socket on a request of this length."""


@dataclass(frozen=True, slots=True)
class Response:
    """What Asterisk answered: the HTTP status, and the body as JSON text."""

    status: int
    body: str = ""

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    def read(self, shape: type[T]) -> T:
        """The body as a value of `shape`; AriNonsense where it is something else."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except ValueError as error:
            raise AriNonsense(f"status {self.status}: {error}") from None


@dataclass(frozen=True, slots=True)
class Request:
    """One request; the parts of `uri` are percent-encoded already, see `path`."""

    method: str
    uri: str
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        if not self.query:
            return self.uri
        return f"{self.uri}?{urlencode(self.query, quote_via=quote, safe='', errors='replace')}"


def path(*parts: str) -> str:
    """The parts of an address, each percent-encoded."""
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


class Rest:
    """The requests of one ARI account."""

    def __init__(self, url: str, user: str, password: str, answer_seconds: float) -> None:
        self._base = f"{url.rstrip('/')}/ari/"
        self._authorization = aiohttp.encode_basic_auth(user, password)
        self._answer_seconds = answer_seconds
        self._http: aiohttp.ClientSession | None = None
        self._socket: Socket | None = None
        self._pending: dict[str, asyncio.Future[Response | None]] = {}
        self._count = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """HTTP can be spoken as long as this is open."""
        connector = aiohttp.TCPConnector(limit=20, keepalive_timeout=_KEEP_ALIVE_SECONDS)
        headers = {"Authorization": self._authorization}
        async with aiohttp.ClientSession(connector=connector, headers=headers) as client:
            self._http = client
            try:
                yield
            finally:
                self._http = None

    async def connect(self, target: str, heartbeat: float) -> Socket:
        """A new events socket; raises what aiohttp raises."""
        timeout = aiohttp.ClientWSTimeout(ws_close=1.0)
        # Text is not decoded by aiohttp, which closes the socket on a broken UTF-8 sequence.
        return await self._client().ws_connect(
            self._url(target), heartbeat=heartbeat, timeout=timeout, decode_text=False
        )

    async def try_socket(self, socket: Socket, probe: Request) -> bool:
        """Use `socket` for requests from now on, if `probe` is answered there."""
        try:
            await self._over_socket(socket, (probe,))
        except AriSilent:
            return False
        self._socket = socket
        return True

    def drop_socket(self) -> None:
        """No socket any more: what waits for an answer fails with AriGone."""
        self._socket = None
        for future in self._pending.values():
            if not future.done():
                future.set_result(None)
        self._pending.clear()

    def answered(self, event: RESTResponse) -> None:
        future = self._pending.pop(event.request_id, None)
        if future is not None and not future.done():
            future.set_result(Response(event.status_code, event.message_body))

    async def together(
        self, *requests: Request, meanwhile: Callable[[], None] | None = None
    ) -> list[Response]:
        """The answers to requests that are sent at once and carried out in order.

        `meanwhile` is called while Asterisk works on them; over HTTP, before they are sent.
        """
        if self._socket is not None:
            return await self._over_socket(self._socket, requests, meanwhile)
        if meanwhile is not None:
            meanwhile()
        return [await self._one_over_http(request) for request in requests]

    async def over_http(
        self, request: Request, *, json: object = None, seconds: float = _HTTP_SECONDS
    ) -> Response:
        """The answer to a request that would hold up others on the socket."""
        client, url = self._client(), self._url(request.target)
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with client.request(
                request.method, url, json=json, timeout=timeout, allow_redirects=False
            ) as answer:
                return Response(answer.status, await answer.text(errors="replace"))
        except TimeoutError:
            raise AriSilent(f"no answer to {request.method} {request.uri}") from None
        except (aiohttp.ClientError, OSError) as error:
            # Without the cause: aiohttp's errors hold the headers, and with them the password.
            raise AriGone(f"{request.method} {request.uri}: {type(error).__name__}") from None

    async def _one_over_http(self, request: Request) -> Response:
        seconds = self._answer_seconds
        if request.method == "POST" and len(request.target) > _LONGEST_LINE:
            short = Request("POST", request.uri)
            return await self.over_http(short, json=dict(request.query), seconds=seconds)
        return await self.over_http(request, seconds=seconds)

    async def _over_socket(
        self,
        socket: Socket,
        requests: tuple[Request, ...],
        meanwhile: Callable[[], None] | None = None,
    ) -> list[Response]:
        waiting: dict[str, asyncio.Future[Response | None]] = {}
        try:
            async with asyncio.timeout(self._answer_seconds):
                for number, frame in [self._frame(request) for request in requests]:
                    waiting[number] = asyncio.get_running_loop().create_future()
                    self._pending[number] = waiting[number]
                    await socket.send_frame(frame, aiohttp.WSMsgType.TEXT)
                if meanwhile is not None:
                    meanwhile()
                answers = [await future for future in waiting.values()]
        except TimeoutError:
            raise AriSilent(f"no answer to {requests[0].method} {requests[0].uri}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise AriGone(f"the socket dropped: {type(error).__name__}") from None
        finally:
            for number in waiting:
                self._pending.pop(number, None)
        came = [answer for answer in answers if answer is not None]
        if len(came) < len(answers):
            raise AriGone("the socket dropped before the answer")
        return came

    def _frame(self, request: Request) -> tuple[str, bytes]:
        self._count += 1
        number = str(self._count)
        frame = msgspec.json.encode(
            {
                "type": "RESTRequest",
                "request_id": number,
                "method": request.method,
                "uri": request.target,
            }
        )
        if len(frame) > _LONGEST_FRAME:
            raise AriTooLong(f"{request.method} {request.uri}: {len(frame)} bytes")
        return number, frame

    def _client(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise AriGone("the session does not run")
        return self._http

    def _url(self, target: str) -> URL:
        return URL(self._base + target, encoded=True)
