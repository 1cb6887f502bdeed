"""One AMI connection: panoramisk's protocol with its holes closed.

ManagerError
├── ManagerGone        not connected (nothing was sent), or dropped before the answer
│   └── ManagerSilent  sent, and not answered in time: it may have been carried out
└── ManagerRefuses     an action that would do harm: line breaks, a line too long for
                       Asterisk, Originate without Async

What Asterisk refuses is an outcome: `Reply.is_ok`.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

_LONGEST_LINE = 1022
"""Bytes; what goes beyond would be read by Asterisk as the beginning of the next action."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LINE_BREAK = re.compile(r"[\r\n\0]")

Values = str | Sequence[str]
Fields = Mapping[str, str]


class ManagerError(Exception):
    """An action was not carried out, as far as we know."""


class ManagerGone(ManagerError):  # noqa: N818 - it says what has happened
    """Not connected, or dropped before the answer."""


class ManagerSilent(ManagerGone):
    """Sent, and not answered in time: it may have been carried out."""


class ManagerRefuses(ManagerError, ValueError):  # noqa: N818
    """An action that would do harm."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Asterisk's answer; names of fields in lower case, `events` those of a list."""

    is_ok: bool
    message: str = ""
    fields: Fields = field(default_factory=dict)
    output: tuple[str, ...] = ()
    events: tuple[Fields, ...] = ()


class Wire(AMIProtocol):  # type: ignore[misc] # panoramisk has no types
    """One connection, fed with whole lines; nothing outlives it, and nothing is sent twice."""

    def __init__(self) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.encoding = "utf-8"
        self.factory = self

    def data_received(self, chunk: bytes) -> None:
        # A character of several bytes may end in the next chunk; a line break never does.
        lines, line_break, self._rest = (self._rest + chunk).rpartition(b"\n")
        super().data_received(lines + line_break)

    def dispatch(self, event: Message) -> None:
        """Leave out events that nobody asked for."""

    def connection_lost(self, _reason: object) -> None:
        """End the connection, here or on Asterisk's Shutdown event."""
        self.close()

    def close(self) -> None:
        """Drop the connection; whoever waits for an answer gets ManagerGone."""
        if not self.gone.done():
            self.gone.set_result(None)
        for action in self.responses.values():
            action.future.cancel()
        self.responses.clear()
        self.closed = True
        self.transport.abort()

    async def ask(self, name: str, fields: Mapping[str, Values], seconds: float) -> Reply:
        """Send one action and wait for its answer; raises ManagerGone, ManagerRefuses."""
        _refuse_harm(name, fields)
        if self.closed:
            raise ManagerGone("the connection dropped")
        action = Action({"Action": name, **fields})
        # Without as_list=False, panoramisk waits after an Originate for an event.
        answer: asyncio.Future[Message | list[Message]] = self.send(
            action, as_list=None if name == "DBGetTree" else False
        )
        try:
            await asyncio.wait((answer,), timeout=seconds)
        finally:
            self.responses.pop(action.id, None)
        if not answer.done():
            raise ManagerSilent(f"no answer to {name}")
        if answer.cancelled():
            raise ManagerGone(f"the connection dropped before the answer to {name}")
        return _reply(answer.result())


def _refuse_harm(name: str, fields: Mapping[str, Values]) -> None:
    if name.lower() == "originate" and fields.get("Async") != "true":
        raise ManagerRefuses("an Originate without Async=true tears the connection down")
    _refuse_value("Action", name)
    for key, values in fields.items():
        if not _KEY.fullmatch(key) or key.lower() in ("action", "actionid"):
            raise ManagerRefuses(f"{key!r} is no name for a field")
        for value in _several(values):
            _refuse_value(key, value)


def _refuse_value(key: str, value: str) -> None:
    if _LINE_BREAK.search(value):
        raise ManagerRefuses(f"a line break in {key!r}")
    if len(f"{key}: {value}".encode(errors="replace")) > _LONGEST_LINE:
        raise ManagerRefuses(f"{key!r} is longer than {_LONGEST_LINE} bytes")


def _reply(answer: Message | list[Message]) -> Reply:
    first, *events = answer if isinstance(answer, list) else [answer]
    fields = _fields(first)
    return Reply(
        is_ok=bool(first.success),
        message=fields.get("message", ""),
        fields=fields,
        output=_several(first.get("output", ())),
        events=tuple(_fields(event) for event in events),
    )


def _fields(message: Message) -> Fields:
    return {
        str(key).lower(): "\n".join(_several(value))
        for key, value in message.items()
        if key != "content"
    }


def _several(values: Values) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
