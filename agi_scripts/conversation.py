"""One call in the hands of a script: commands to Asterisk, and what came of them.

Errors inside this package::

    AgiError
    ├── CallerHungUp        the channel, or the connection to Asterisk, is gone: an outcome
    ├── PeerError           bytes that no Asterisk sends, too many of them, or none in time
    └── CommandRefusedError Asterisk does not know a command, or not with these arguments
    ValueError
    └── UnsafeArgumentError (protocol.py)
"""

import asyncio
from dataclasses import dataclass

from agi_scripts.protocol import Malformed, Reply, Request, command, is_whole_reply, parse_reply


class AgiError(Exception):
    """What can go wrong in a conversation with Asterisk."""


class CallerHungUp(AgiError):  # noqa: N818 - an outcome, not an error
    """Nobody is there any more to talk to."""


class PeerError(AgiError):
    """The peer does not speak AGI, or has stopped speaking."""


class CommandRefusedError(AgiError):
    """Asterisk answered 510 or 520."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one peer may take: connections, seconds, bytes in a line, lines in a header or reply."""

    connections: int = 64
    header_seconds: float = 5
    reply_seconds: float = 60
    line_bytes: int = 8192
    lines: int = 200


class Conversation:
    """A call in one script's hands; every method raises CallerHungUp once nobody is there."""

    def __init__(
        self,
        request: Request,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: Limits,
    ) -> None:
        self.request = request
        self._reader = reader
        self._writer = writer
        self._limits = limits

    async def stream(self, sound: str, escape_digits: str = "", seconds: float = 0) -> str:
        """Play `sound` in the channel's language; the key of `escape_digits` pressed, or "".

        `seconds` is how long it is, if that may be longer than a sentence.

        A sound that is not there is passed over: Asterisk's own log names it.
        """
        key = (await self._ask(command("STREAM FILE", sound, escape_digits), seconds)).result
        is_key = key.isascii() and key.isdigit() and len(key) <= 3
        return chr(int(key)) if is_key and 0 < int(key) < 128 else ""

    async def get_digits(self, prompt: str, timeout_ms: int, max_digits: int) -> str:
        """Play `prompt` and read digits until ``#``, `max_digits`, or `timeout_ms` without one.

        Asterisk says the same of a prompt that is not there as of a hang-up (``-1``), so digits
        are asked for once more, without prompt: then it is one or the other.
        """
        waiting = (max_digits + 1) * timeout_ms / 1000
        reply = await self._ask(command("GET DATA", prompt, timeout_ms, max_digits), waiting)
        if reply.result != "-1":
            return reply.result
        if prompt:
            return await self.get_digits("", timeout_ms, max_digits)
        raise CallerHungUp

    async def record(self, file: str, silence_seconds: int, longest_seconds: int) -> str:
        """Record into `file` (with its ending) until ``#``, silence or the longest time.

        Asterisk makes the folder, and what came of it is told as its RECORD_STATUS (DTMF,
        SILENCE, TIMEOUT, ERROR …; "" where it does not say).
        """
        options = f"{file},{silence_seconds},{longest_seconds}"
        await self._ask(command("EXEC", "Record", options), longest_seconds)
        return await self.get_variable("RECORD_STATUS") or ""

    async def set_variable(self, name: str, value: str) -> None:
        await self._ask(command("SET VARIABLE", name, value))

    async def get_variable(self, name: str) -> str | None:
        """The value of a channel variable, or None where there is none."""
        reply = await self._ask(command("GET VARIABLE", name))
        return reply.value if reply.result == "1" else None

    async def hangup(self) -> None:
        await self._ask(command("HANGUP"))

    async def _ask(self, line: bytes, waiting: float = 0) -> Reply:
        try:
            async with asyncio.timeout(self._limits.reply_seconds + waiting):
                self._writer.write(line)
                await self._writer.drain()
                reply = parse_reply(await self._read_reply())
        except TimeoutError as late:
            raise PeerError("no reply in time") from late
        except OSError as gone:
            raise CallerHungUp from gone
        match reply:
            case Malformed(reason):
                raise PeerError(reason)
            case Reply(is_done=True):
                return reply
            case Reply(is_dead_channel=True):
                raise CallerHungUp
        raise CommandRefusedError(f"{reply.code}: {line[:40]!r}")

    async def _read_reply(self) -> bytes:
        raw = await read_line(self._reader)
        for _ in range(self._limits.lines):
            if raw.strip() == b"HANGUP":
                raw = await read_line(self._reader)
            elif is_whole_reply(raw):
                return raw
            else:
                raw += await read_line(self._reader)
        raise PeerError("endless reply")


async def read_line(reader: asyncio.StreamReader) -> bytes:
    """One line with its end; raises CallerHungUp at end of stream, PeerError if it is too long."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        raise CallerHungUp from end
    except asyncio.LimitOverrunError as too_long:
        raise PeerError("endless line") from too_long
