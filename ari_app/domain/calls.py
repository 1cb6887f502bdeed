"""A call as the decision sees it: who calls whom, and what has been tried so far."""

from dataclasses import dataclass
from enum import Enum

from ari_app.domain.numbers import Extension


class CallerKind(Enum):
    """Where a caller calls from."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    ANONYMOUS = "anonymous"
    """From outside, with the number withheld."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: `number` is an extension, an E.164 number, or whatever the network sent."""

    number: str
    is_inside: bool

    @property
    def kind(self) -> CallerKind:
        if self.is_inside:
            return CallerKind.INSIDE
        return CallerKind.OUTSIDE if self.number else CallerKind.ANONYMOUS


class Outcome(Enum):
    """How one step of a call came out."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    """Not registered, or not to be found at all."""
    REFUSED = "refused"
    """Declined by the person called, or answered and not accepted with the key 1."""
    FAILED = "failed"
    """The network or the trunk could not do it."""
    DONE = "done"
    """A step that rings nobody (a greeting) has ended, and the call goes on."""


class Ending(Enum):
    """How a whole call came out: every call has exactly one."""

    ANSWERED = "answered"
    MESSAGE = "message"
    """The caller left a message."""
    NOT_TAKEN = "not_taken"
    """Nobody took the call, and the caller was told so."""
    ABANDONED = "abandoned"
    """The caller hung up before."""
    LOST = "lost"
    """Asterisk stopped while the call was going on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One step that was tried: its key, how it came out, how long it rang, and whom it rang.

    `rung` holds addresses (endpoints and E.164 numbers), so that a rule changed in the middle
    of the call cannot make anybody's phone ring twice.
    """

    key: str
    outcome: Outcome
    seconds: int = 0
    rung: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """A question from the dial plan: `caller` called `called`, and `attempts` were made."""

    caller: Caller
    called: Extension
    attempts: tuple[Attempt, ...] = ()
