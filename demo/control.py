"""baresip's control socket: netstrings of JSON, events in and commands out."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from demo.ports import HOST
from demo.problem import Problem

_START_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `id` is the call's, `peer` the other side's number."""

    type: str
    id: str
    peer: str
    text: str


class Control(asyncio.Protocol):
    """One connection; every event goes to `happened`, answers to commands are left aside."""

    def __init__(self, happened: Callable[[Event], None]) -> None:
        self._happened = happened
        self._rest = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (taken := take_netstring(self._rest)) is not None:
            text, self._rest = taken
            message = json.loads(text.decode(errors="replace"))
            if message.get("event"):
                self._happened(_event(message))

    def send(self, command: str, parameters: str = "") -> None:
        """Give a command of baresip's menu."""
        message = json.dumps({"command": command, "params": parameters}).encode()
        if self._transport is not None:
            self._transport.write(b"%d:%s," % (len(message), message))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def take_netstring(stream: bytes) -> tuple[bytes, bytes] | None:
    """The first netstring of `stream` and what follows it; None when it is not whole yet."""
    head, colon, tail = stream.partition(b":")
    if not colon or len(tail) <= (length := int(head)):
        return None
    return tail[:length], tail[length + 1 :]


async def connect(port: int, happened: Callable[[Event], None]) -> Control:
    """Connect to a phone that is just starting. Raises Problem when it does not come up."""
    loop = asyncio.get_running_loop()
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with suppress(OSError):
            _, control = await loop.create_connection(lambda: Control(happened), HOST, port)
            return control
        if time.monotonic() > deadline:
            raise Problem("A phone (baresip) did not start.")
        await asyncio.sleep(0.05)


def _event(message: dict[str, object]) -> Event:
    return Event(
        type=str(message.get("type", "")),
        id=str(message.get("id", "")),
        peer=_number(str(message.get("peeruri", ""))),
        text=str(message.get("param", "")),
    )


def _number(uri: str) -> str:
    return uri.removeprefix("sip:").partition("@")[0]
