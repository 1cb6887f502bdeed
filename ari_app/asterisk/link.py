"""What a connection to Asterisk is like, and how its end is borne: states, pace, pauses."""

import random
from dataclasses import dataclass
from enum import Enum


class LinkState(Enum):
    """Connected, or why not."""

    STARTING = "starting"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    """Nobody listens at that address."""
    SILENT = "silent"
    """Somebody listens and does not answer."""
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a state's name
    FORBIDDEN = "forbidden"
    """The account may read only."""
    NOT_FOUND = "not_found"
    """A web server without ARI."""
    NOT_REGISTERED = "not_registered"
    """The socket is open, and Asterisk does not know our app."""
    REPLACED = "replaced"
    """Another client uses our app's name."""
    LOST = "lost"
    """A good connection has ended."""


class LinkDown(Exception):  # noqa: N818 - it says what has happened
    """There is no connection, or there is none any more; never leaves this room."""

    def __init__(self, state: LinkState, detail: str = "") -> None:
        super().__init__(state.value, detail)
        self.state = state
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Pace:
    """Times in seconds.

    `answer` is the limit of one request; `heartbeat` how often a quiet peer is asked for a sign
    of life; `check` how often the registration is looked at; the first pause before a reconnect
    is doubled each time up to the longest. A pause under 0.2 s would let an ARI client be
    deregistered by its own old socket.
    """

    answer: float = 2.0
    heartbeat: float = 4.0
    check: float = 3.0
    first_pause: float = 0.25
    longest_pause: float = 5.0


class Pauses:
    """How long to wait before each new try."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next = pace.first_pause

    def after(self, seconds_connected: float) -> float:
        """The next pause; a connection that lived longer than the longest one starts afresh."""
        if seconds_connected > self._pace.longest_pause:
            self._next = self._pace.first_pause
        pause = self._next
        self._next = min(2 * pause, self._pace.longest_pause)
        return pause * random.uniform(1.0, 1.25)  # noqa: S311 - spreads load, guards nothing


def only_down(group: ExceptionGroup) -> LinkDown:
    """The reason in a task group's exceptions; anything else in there is a fault of ours."""
    downs, others = group.split(LinkDown)
    if others is not None or downs is None:
        raise group
    first = downs.exceptions[0]
    return first if isinstance(first, LinkDown) else only_down(downs)
