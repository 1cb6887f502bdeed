"""The FastAGI server: one guarded conversation for each connection, and a bound on their number."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from agi_scripts.conversation import (
    AgiError,
    CallerHungUp,
    Conversation,
    Limits,
    PeerError,
    read_line,
)
from agi_scripts.protocol import Malformed, Request, parse_request

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

ROOMY = Limits()

Script = Callable[[Conversation], Awaitable[None]]


@asynccontextmanager
async def listening(
    scripts: Mapping[str, Script], host: str, port: int, limits: Limits = ROOMY
) -> AsyncIterator[int]:
    """Serve `scripts` by the path in ``agi://host:port/path`` while the block runs.

    Yields the port (which one, if `port` is 0); at the end open conversations are cut off.
    Raises OSError where the port cannot be had.
    """
    open_tasks: set[asyncio.Task[None]] = set()
    async with asyncio.TaskGroup() as group:

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if len(open_tasks) >= limits.connections:
                log.warning("connection refused", reason="too many", limit=limits.connections)
                writer.transport.abort()
                return
            task = group.create_task(_guarded(scripts, reader, writer, limits))
            open_tasks.add(task)
            task.add_done_callback(open_tasks.discard)

        server = await asyncio.start_server(accept, host, port, limit=limits.line_bytes)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in open_tasks:
                task.cancel()


async def _guarded(
    scripts: Mapping[str, Script],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    limits: Limits,
) -> None:
    """One connection: whatever happens is logged, and the connection is closed."""
    log_of_call = log
    try:
        request = await _read_request(reader, limits)
        log_of_call = log.bind(
            call=request.uniqueid, channel=request.channel, script=request.script
        )
        if script := scripts.get(request.script):
            await script(Conversation(request, reader, writer, limits))
        else:
            log_of_call.warning("no such script")
    except CallerHungUp:
        log_of_call.info("caller hung up")
    except AgiError as error:
        log_of_call.warning("conversation given up", reason=str(error))
    except Exception:
        log_of_call.exception("script failed")
    finally:
        writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader, limits: Limits) -> Request:
    lines: list[bytes] = []
    try:
        async with asyncio.timeout(limits.header_seconds):
            while (line := await read_line(reader)).strip(b"\r\n"):
                lines.append(line)
                if len(lines) > limits.lines:
                    raise PeerError("endless header")
    except TimeoutError as late:
        raise PeerError("no header in time") from late
    except OSError as gone:
        raise CallerHungUp from gone
    request = parse_request(b"".join(lines))
    if isinstance(request, Malformed):
        raise PeerError(request.reason)
    return request
