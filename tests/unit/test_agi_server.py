"""The FastAGI server, and peers of every kind on real sockets."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from agi_scripts.conversation import (
    CallerHungUp,
    CommandRefusedError,
    Conversation,
    Limits,
    PeerError,
)
from agi_scripts.server import listening

HEADER = b"agi_request: agi://127.0.0.1/talk?x=1\nagi_uniqueid: 7\nagi_extension: *33\n\n"
QUICK = Limits(connections=3, header_seconds=0.2, reply_seconds=0.2, line_bytes=512, lines=20)
PATIENT = Limits()


@dataclass
class Peer:
    """The other end of the socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def line(self) -> bytes:
        async with asyncio.timeout(5):
            return await self.reader.readline()

    async def is_closed(self) -> bool:
        """Reads to the end, which must come."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True

    def reset(self) -> None:
        """Close the way a crashed peer does, with RST."""
        raw: socket.socket = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass
class Talk:
    """A script that does what a test tells it to, and remembers how it came out."""

    says: Callable[[Conversation], object] | None = None
    results: list[object] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, conversation: Conversation) -> None:
        try:
            self.results.append(await self._talk(conversation))
        except Exception as error:
            self.results.append(type(error))
            raise
        finally:
            self.ended.set()

    async def _talk(self, conversation: Conversation) -> object:
        return await conversation.stream("hello", "5")

    async def outcome(self) -> object:
        async with asyncio.timeout(5):
            await self.ended.wait()
        self.ended.clear()
        return self.results[-1]


class AskDigits(Talk):
    async def _talk(self, conversation: Conversation) -> object:
        return await conversation.get_digits("prompt", 10, 4)


class AskVariable(Talk):
    async def _talk(self, conversation: Conversation) -> object:
        return await conversation.get_variable("NAME"), await conversation.get_variable("OTHER")


class SetAndHangUp(Talk):
    async def _talk(self, conversation: Conversation) -> object:
        await conversation.set_variable("NAME", 'a"b')
        await conversation.hangup()
        return conversation.request.query


class Injects(Talk):
    async def _talk(self, conversation: Conversation) -> object:
        await conversation.set_variable("NAME", "a\nHANGUP")
        return None


class Breaks(Talk):
    async def _talk(self, conversation: Conversation) -> object:
        return conversation.request.args[0]


@asynccontextmanager
async def server(talk: Talk, limits: Limits = PATIENT) -> AsyncIterator[int]:
    async with listening({"talk": talk}, "127.0.0.1", 0, limits) as port:
        yield port


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Peer(reader, writer)
    finally:
        writer.transport.abort()


async def reply_to(talk: Talk, *replies: bytes, limits: Limits = PATIENT) -> object:
    """How `talk` came out for a peer that sends the header and then each of `replies`."""
    async with server(talk, limits) as port, connected(port) as peer:
        await peer.send(HEADER)
        for reply in replies:
            await peer.line()
            await peer.send(reply)
        return await talk.outcome()


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"200 result=53 endpos=100\n", "5"),
        (b"200 result=0 endpos=100\n", ""),
        (b"200 result=-1 endpos=0\n", ""),
        (b"200 result=99999999999999\n", ""),
        (b"200 result=%s\n" % (b"9" * 5000), ""),
        (b"HANGUP\n200 result=0\n", ""),
        (b"HANGUP\n511 Command Not Permitted on a dead channel\n", CallerHungUp),
        (b"510 Invalid or unknown command\n", CommandRefusedError),
        (b"520-Usage:\nUsage: STREAM FILE\n\n520 End of proper usage.\n", CommandRefusedError),
        (b"what?\n", PeerError),
        (b"\xff\xfe\n", PeerError),
    ],
)
async def test_each_reply_to_a_command_has_its_outcome(reply: bytes, outcome: object) -> None:
    assert outcome == await reply_to(Talk(), reply)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (b"200 result=102\n", "102"),
        (b"200 result=10 (timeout)\n", "10"),
        (b"200 result= (timeout)\n", ""),
        (b"HANGUP\n511 Command Not Permitted on a dead channel\n", CallerHungUp),
    ],
)
async def test_digits_are_those_that_came_in_time(reply: bytes, outcome: object) -> None:
    assert outcome == await reply_to(AskDigits(), reply)


async def test_digits_are_read_without_a_prompt_that_is_not_there() -> None:
    assert await reply_to(AskDigits(), b"200 result=-1\n", b"200 result=102\n") == "102"
    hung_up = b"HANGUP\n511 Command Not Permitted on a dead channel\n"
    assert CallerHungUp is await reply_to(AskDigits(), b"200 result=-1\n", hung_up)


async def test_variable_has_its_value_or_none() -> None:
    replies = (b"200 result=1 (two\nlines)\n", b"200 result=0\n")
    assert await reply_to(AskVariable(), *replies) == ("two\nlines", None)


async def test_commands_are_sent_quoted_one_at_a_time() -> None:
    talk = SetAndHangUp()
    async with server(talk) as port, connected(port) as peer:
        await peer.send(HEADER)
        assert await peer.line() == b'SET VARIABLE "NAME" "a\\"b"\n'
        await peer.send(b"200 result=1\n")
        assert await peer.line() == b"HANGUP\n"
        await peer.send(b"200 result=1\n")
        assert await talk.outcome() == {"x": "1"}
        assert await peer.is_closed()


@pytest.mark.parametrize("talk", [Injects(), Breaks()])
async def test_script_that_fails_ends_its_own_call_only(talk: Talk) -> None:
    async with server(talk) as port:
        for _ in range(3):
            async with connected(port) as peer:
                await peer.send(HEADER)
                assert await peer.is_closed()
    assert len(talk.results) == 3


@pytest.mark.parametrize("cut", range(0, len(HEADER), 7))
async def test_peer_may_go_at_any_byte_of_the_header(cut: int) -> None:
    talk = Talk()
    async with server(talk) as port:
        async with connected(port) as peer:
            await peer.send(HEADER[:cut])
            peer.writer.write_eof()
            assert await peer.is_closed()
        await _works(talk, port)


@pytest.mark.parametrize("reply", [b"", b"200 res", b"HANGUP\n", b"520-Usage\nmore\n"])
async def test_peer_may_go_in_the_middle_of_a_reply(reply: bytes) -> None:
    talk = Talk()
    async with server(talk) as port:
        async with connected(port) as peer:
            await peer.send(HEADER)
            await peer.line()
            await peer.send(reply)
            peer.writer.write_eof()
            assert CallerHungUp is await talk.outcome()
        await _works(talk, port)


@pytest.mark.parametrize("sent", [b"", b"agi_request: x\n", HEADER])
async def test_peer_may_be_reset_at_any_time(sent: bytes) -> None:
    talk = Talk()
    async with server(talk) as port:
        async with connected(port) as peer:
            await peer.send(sent)
            peer.reset()
        await _works(talk, port)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\n\n",
        b"agi_request: agi://here/unknown\n\n",
        b"\n",
        b"x" * 5000,
        b"agi_a: b\n" * 500,
        b"agi_request: agi://here/talk\n",
        b"",
    ],
)
async def test_peer_that_sends_nothing_useful_is_cut_off(sent: bytes) -> None:
    talk = Talk()
    async with server(talk, QUICK) as port:
        async with connected(port) as peer:
            await peer.send(sent)
            assert await peer.is_closed()
        assert talk.results == []
        await _works(talk, port)


@pytest.mark.parametrize("reply", [b"", b"200 result=1 (" + b"x" * 5000, b"520-\n" + b"x\n" * 500])
async def test_peer_that_never_ends_a_reply_is_given_up(reply: bytes) -> None:
    assert PeerError is await reply_to(Talk(), reply, limits=QUICK)


async def test_peer_that_says_hangup_for_ever_is_given_up() -> None:
    assert PeerError is await reply_to(Talk(), b"HANGUP\n" * 500)


async def test_connections_above_the_bound_are_refused_and_below_it_served_again() -> None:
    talk = Talk()
    limits = Limits(connections=2)
    async with server(talk, limits) as port:
        async with connected(port) as one, connected(port) as two:
            for peer in (one, two):
                await peer.send(HEADER)
                await peer.line()
            async with connected(port) as third:
                assert await third.is_closed()
            for peer in (one, two):
                await peer.send(b"200 result=0\n")
                assert await peer.is_closed()
        await _works(talk, port)


async def test_end_of_the_server_ends_open_conversations() -> None:
    talk = Talk()
    async with server(talk) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        peer = Peer(reader, writer)
        await peer.send(HEADER)
        await peer.line()
    assert await peer.is_closed()
    writer.transport.abort()


async def _works(talk: Talk, port: int) -> None:
    """The next caller is served."""
    talk.ended.clear()
    async with connected(port) as peer:
        await peer.send(HEADER)
        assert await peer.line() == b'STREAM FILE "hello" "5"\n'
        await peer.send(b"200 result=53\n")
        assert await peer.is_closed()
    assert talk.results[-1] == "5"
