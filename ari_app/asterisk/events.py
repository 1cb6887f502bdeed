"""What Asterisk tells over the events socket, as typed values; whatever else it says is ignored.

Shapes: Asterisk's own ``rest-api/events.json``, and CallBroadcast as 22.10 was seen to send it.
"""

from typing import get_args

import msgspec


class Caller(msgspec.Struct, frozen=True):
    """Who calls, as the channel has it; both may be empty, and both come from outside."""

    number: str = ""
    name: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    """Where in the dial plan a channel is."""

    context: str = ""
    exten: str = ""
    priority: int = 0


class Channel(msgspec.Struct, frozen=True):
    """A channel at the moment of an event; `channelvars` are those that ari.conf names."""

    id: str
    name: str = ""
    state: str = ""
    caller: Caller = Caller()
    dialplan: Dialplan = Dialplan()
    language: str = ""
    creationtime: str = ""
    channelvars: dict[str, str] = {}


class DeviceState(msgspec.Struct, frozen=True):
    """A device and its state, in Asterisk's words (``NOT_INUSE``, ``BUSY``, …)."""

    name: str
    state: str = "UNKNOWN"


class _Tagged(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """An event is told by its ``type``."""


class CallBroadcast(_Tagged, frozen=True):
    """A call waits in StasisBroadcast() for somebody to claim it."""

    channel: Channel


class StasisStart(_Tagged, frozen=True):
    """A channel is ours until we let it go; `args` are those of the dial plan."""

    channel: Channel
    args: tuple[str, ...] = ()


class ApplicationReplaced(_Tagged, frozen=True):
    """Another client has connected with our app's name, and gets our events from now on."""


class RESTResponse(_Tagged, frozen=True):
    """The answer to one request over the socket; `message_body` is JSON text."""

    request_id: str
    status_code: int
    message_body: str = ""


Event = CallBroadcast | StasisStart | ApplicationReplaced | RESTResponse

EVENT_TYPES: tuple[str, ...] = tuple(event.__name__ for event in get_args(Event))
"""What the event filter lets through; without RESTResponse in it no request is answered."""

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def parse(raw: str | bytes) -> Event | None:
    """The event in one message of the socket, or None if it is not one that we know."""
    try:
        return _decoder.decode(raw)
    except UnicodeDecodeError:
        # A caller's name in a foreign encoding must not cost the call its answer.
        return parse(raw.decode("utf-8", "replace")) if isinstance(raw, bytes) else None
    except (ValueError, RecursionError):
        return None
