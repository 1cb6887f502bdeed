"""What can be done to a call next, one thing at a time, and the reasons that led there."""

from dataclasses import dataclass, replace
from enum import Enum

from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, OutsideNumber, RuleId


@dataclass(frozen=True, slots=True)
class InsideLeg:
    """A SIP device to ring."""

    endpoint: Endpoint

    @property
    def address(self) -> str:
        return self.endpoint


@dataclass(frozen=True, slots=True)
class OutsideLeg:
    """A number to dial over a trunk.

    `dial` is the trunk's complete dial string; `caller_id` the number to show ("": leave the
    caller's own); `confirm` asks for the key 1 before the caller is connected.
    """

    number: OutsideNumber
    dial: str
    caller_id: str = ""
    confirm: bool = False

    @property
    def address(self) -> str:
        return self.number.e164

    def confirmed(self) -> "OutsideLeg":
        """The same leg, connected only after the key 1."""
        return replace(self, confirm=True)


Leg = InsideLeg | OutsideLeg


class DiversionReason(Enum):
    """Why a call was diverted, in the words of RFC 5806."""

    UNCONDITIONAL = "unconditional"
    NO_ANSWER = "no-answer"
    USER_BUSY = "user-busy"
    UNAVAILABLE = "unavailable"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Diversion:
    """Who forwards this call (an extension or an outside number), and why."""

    number: str
    reason: DiversionReason


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring these legs together for `seconds`."""

    key: str
    legs: tuple[Leg, ...]
    seconds: int
    diversion: Diversion | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """Answer, play a greeting, and go on."""

    key: str
    sound: str


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Answer, say `sound`, and record a message for `mailbox`."""

    key: str
    mailbox: Extension
    sound: str


class Cause(Enum):
    """Why a call is ended; Asterisk's numbers (ITU-T Q.850) are given by asterisk/steps.py."""

    NORMAL = "normal"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class HangUp:
    """Say `sound`, if there is one, and end the call with `cause`."""

    key: str
    cause: Cause
    sound: str | None = None


Step = Ring | Play | TakeMessage | HangUp


class Fact(Enum):
    """What decided a step; `Reason.detail` is given in brackets."""

    READY = "ready"  # (status or own status id)
    NOT_READY = "not_ready"  # (status or own status id)
    STATUS_NOT_COUNTED = "status_not_counted"
    STATUS_RINGS_ANYWAY = "status_rings_anyway"  # (status) a Break without a rule that matches
    RULE_BY_STATUS = "rule_by_status"  # (status or own status id)
    RULE_BY_SITUATION = "rule_by_situation"  # (situation)
    OTHERWISE = "otherwise"  # (outcome) the rule's first destination did not take the call
    UNANSWERED = "unanswered"  # (outcome)
    COLLEAGUE_NOT_READY = "colleague_not_ready"  # (status or own status id)
    COLLEAGUE_GONE = "colleague_gone"  # the colleague of a rule is not there any more
    CIRCLE = "circle"  # the way leads back to somebody who was asked already
    RUNG_ALREADY = "rung_already"
    NO_PHONE = "no_phone"
    MAY_NOT_DIAL = "may_not_dial"  # (number class)
    NO_TRUNK = "no_trunk"
    OWN_NUMBER = "own_number"  # an outside number is an employee's own: stays inside
    LIMIT = "limit"  # (steps, hops or ringing)
    VOICEMAIL = "voicemail"  # the card has voicemail
    NO_VOICEMAIL = "no_voicemail"
    UNKNOWN_EXTENSION = "unknown_extension"
    SERVICE_AWAY = "service_away"  # Asterisk followed the plan that was stored for this case


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact behind a step: about which employee, by which rule, with which detail."""

    fact: Fact
    employee: EmployeeId | None = None
    rule: RuleId | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One step, and the facts that led to it since the step before."""

    step: Step
    because: tuple[Reason, ...]
