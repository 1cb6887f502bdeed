"""The bytes of AGI and what they mean: an opening request, commands, replies; no network here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

LONGEST_COMMAND = 2000
"""Bytes in a command; Asterisk reads 2048 at most (AGI_BUF_LEN) and cuts off the rest."""

_UNSAFE = re.compile(r"[\r\n\0]")
_ARGUMENT = re.compile(r"agi_arg_([0-9]{1,3})", re.ASCII)
_VALUE_BEGINS = re.compile(rb"200 result=[^\s(]* \(")
_VALUE_ENDS = re.compile(rb"\)(?: [a-z]+=[^\s)]*)*\r?\n?\Z")
_REPLY = re.compile(
    r"200 result=(?P<result>[^\s(]*)(?: \((?P<value>.*)\))?(?: [a-z]+=[^\s)]*)*", re.DOTALL
)
_REFUSAL = re.compile(r"(?P<code>5[0-9]{2})[ -].*", re.DOTALL | re.ASCII)
_USAGE = b"520-"
_USAGE_ENDS = b"520 "


class UnsafeArgumentError(ValueError):
    """An argument that would end the command early, or be cut off by Asterisk."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that no Asterisk sends; `reason` is fit for a log."""

    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """What Asterisk says when it connects; nothing in it but `channel` is beyond the caller.

    `script` is the path of ``agi://host/script?query`` without slashes at its ends; `extension`
    is what was dialled, as the dial plan has it at that place; `callerid` is only a claim.
    """

    script: str
    query: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    callerid: str = ""
    extension: str = ""
    language: str = ""
    uniqueid: str = ""
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    r"""The answer to one command.

    | Bytes                                     | code | result | value     | means              |
    |-------------------------------------------|------|--------|-----------|--------------------|
    | ``200 result=0``                          | 200  | 0      |           | done; no key       |
    | ``200 result=35 endpos=8000``             | 200  | 35     |           | key 35 (#) pressed |
    | ``200 result=-1 endpos=0``                | 200  | -1     |           | hung up, no file   |
    | ``200 result=1340``                       | 200  | 1340   |           | digits (GET DATA)  |
    | ``200 result= (timeout)``                 | 200  |        | timeout   | no digits in time  |
    | ``200 result=12 (timeout)``               | 200  | 12     | timeout   | some, then no more |
    | ``200 result=1 (ru)``                     | 200  | 1      | ru        | a variable's value |
    | ``200 result=1 (two\nlines)``             | 200  | 1      | two\nli…  | the same           |
    | ``510 Invalid or unknown command``        | 510  |        |           | not known there    |
    | ``511 Command Not Permitted on a dead …`` | 511  |        |           | caller has hung up |
    | ``520 Invalid command syntax. …``         | 520  |        |           | wrong arguments    |
    | ``520-Invalid…\n(usage)\n520 End of …``   | 520  |        |           | the same           |

    ``HANGUP`` is no reply: it may come before one, and the reply still follows.
    Source: res/res_agi.c of Asterisk 22, where each of these lines is sent.
    """

    code: int
    result: str = ""
    value: str = ""

    @property
    def is_done(self) -> bool:
        return self.code == 200

    @property
    def is_dead_channel(self) -> bool:
        return self.code == 511


def parse_request(header: bytes) -> Request | Malformed:
    """The request in `header`, the lines up to the first empty one; never raises."""
    lines = [line.rstrip("\r") for line in header.decode(errors="replace").split("\n")]
    pairs = [line.partition(":") for line in lines if line]
    if not pairs or any(not name.startswith("agi_") or not colon for name, colon, _ in pairs):
        return Malformed("not an AGI header")
    values = {name: value.strip() for name, _, value in pairs}
    address = _split(values.get("agi_request", ""))
    if isinstance(address, Malformed):
        return address
    script, query = address
    return Request(
        script=script,
        query=query,
        channel=values.get("agi_channel", ""),
        callerid=values.get("agi_callerid", ""),
        extension=values.get("agi_extension", ""),
        language=values.get("agi_language", ""),
        uniqueid=values.get("agi_uniqueid", ""),
        args=_arguments(values),
    )


def is_whole_reply(raw: bytes) -> bool:
    """Whether a reply ends with these lines: usage and a variable's value may have several."""
    if raw.startswith(_USAGE):
        return raw.rstrip(b"\r\n").rpartition(b"\n")[2].startswith(_USAGE_ENDS)
    if _VALUE_BEGINS.match(raw):
        return _VALUE_ENDS.search(raw) is not None
    return True


def parse_reply(raw: bytes) -> Reply | Malformed:
    """The reply in one or more whole lines, see the table in `Reply`; never raises."""
    text = raw.decode(errors="replace").removesuffix("\n").removesuffix("\r")
    if done := _REPLY.fullmatch(text):
        return Reply(200, done["result"], done["value"] or "")
    if refusal := _REFUSAL.fullmatch(text):
        return Reply(int(refusal["code"]))
    return Malformed("not an AGI reply")


def quoted(argument: str) -> str:
    """One argument of a command, in quotes; raises UnsafeArgumentError for a line break or NUL."""
    if _UNSAFE.search(argument):
        raise UnsafeArgumentError("line breaks and NUL end a command")
    return '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'


def command(words: str, *arguments: str | int) -> bytes:
    """A whole command line; raises UnsafeArgumentError for what Asterisk would misread."""
    line = " ".join([words, *(quoted(str(argument)) for argument in arguments)]) + "\n"
    try:
        encoded = line.encode()
    except UnicodeEncodeError as lone_surrogate:
        raise UnsafeArgumentError("not encodable as UTF-8") from lone_surrogate
    if len(encoded) > LONGEST_COMMAND:
        raise UnsafeArgumentError("too long for Asterisk")
    return encoded


def _split(address: str) -> tuple[str, dict[str, str]] | Malformed:
    try:
        url = urlsplit(address)
        return url.path.strip("/"), dict(parse_qsl(url.query, max_num_fields=20))
    except ValueError:
        return Malformed("agi_request is not an address")


def _arguments(values: Mapping[str, str]) -> tuple[str, ...]:
    found = {int(at[1]): values[name] for name in values if (at := _ARGUMENT.fullmatch(name))}
    return tuple(found[number] for number in sorted(found))
