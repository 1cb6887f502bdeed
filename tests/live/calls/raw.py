"""Calls that no decent phone would place: cut off at once, or with anything in their headers."""

import asyncio
import socket
from pathlib import Path
from uuid import uuid4

from demo import sipp
from demo.asterisk import AsteriskInstance
from demo.ports import HOST
from tests.live.calls.cards import OUTSIDER

_SCENARIO = Path(__file__).with_name("sipp") / "cancel.xml"


def cancelled_call(asterisk: AsteriskInstance, directory: Path, to: str) -> sipp.Call:
    """A call from outside that is cancelled after 150 ms, before anything is said to it."""
    booth = sipp.Booth(asterisk.root, directory, asterisk.ports.sip)
    caller = sipp.Caller(OUTSIDER)
    return sipp.Call(caller, to, directory, sipp._start(booth, _SCENARIO, caller, to))


async def raw_call(asterisk: AsteriskInstance, to: str, sender: str, seconds: float = 15) -> int:
    """Send an INVITE with this user in the request line and this From header, as they are.

    The final answer's code, or 0 where there was none; a call that was answered is ended.
    """
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.bind((HOST, 0))
        line.connect((HOST, asterisk.ports.sip))
        port, call_id = line.getsockname()[1], uuid4().hex
        await loop.sock_sendall(line, _request("INVITE", to, sender, port, call_id).encode())
        try:
            async with asyncio.timeout(seconds):
                while (code := _code(await loop.sock_recv(line, 65535))) < 200:
                    continue
        except TimeoutError:
            return 0
        await loop.sock_sendall(line, _request("ACK", to, sender, port, call_id).encode())
        return code


def _code(answer: bytes) -> int:
    words = answer.split(maxsplit=2)
    return int(words[1]) if words[:1] == [b"SIP/2.0"] else 0


def _request(method: str, to: str, sender: str, port: int, call_id: str) -> str:
    body = (
        f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    )
    return (
        f"{method} sip:{to}@{HOST} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {HOST}:{port};rport;branch=z9hG4bK{call_id}\r\n"
        f"From: {sender};tag=1\r\nTo: <sip:{HOST}>\r\nCall-ID: {call_id}\r\n"
        f"CSeq: 1 {method}\r\nContact: <sip:{HOST}:{port}>\r\nMax-Forwards: 70\r\n"
        f"X-Demo-Trunk: outside\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
