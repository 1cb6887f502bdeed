"""A way to Asterisk's HTTP server that stops a process the moment a claimed call comes to it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from demo.ports import HOST

_CHUNK = 65536


@dataclass
class StopperProxy:
    """Hands on every byte; before those with a StasisStart, the process `pid` gets SIGSTOP."""

    target_port: int
    port: int = 0
    has_stopped: bool = False
    _pid: int | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def stops(self, pid: int) -> None:
        """Stop this process at the next call, once."""
        self._pid = pid

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(HOST, self.target_port)
        self._writers += [writer, back]
        with suppress(OSError):
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._hand_on(reader, back))
                ways.create_task(self._hand_on(there, writer))

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                # What a server sends over a WebSocket is not masked.
                if b'"StasisStart"' in chunk and self._pid is not None:
                    os.kill(self._pid, signal.SIGSTOP)
                    self._pid, self.has_stopped = None, True
                writer.write(chunk)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def stopping_proxy(target_port: int) -> AsyncIterator[StopperProxy]:
    """A proxy on a port of its own, for as long as the block runs."""
    proxy = StopperProxy(target_port)
    server = await asyncio.start_server(proxy.connected, HOST, 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.close()
        await asyncio.sleep(0)
