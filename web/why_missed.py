"""Why a call was not answered, in one reason that can be counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import Fact, Reason
from ari_app.explain import Storyteller
from web.words import N_, Words


class EndedStep(Protocol):
    """What a step tells of why a call was missed."""

    @property
    def kind(self) -> str: ...
    @property
    def outcome(self) -> Outcome | None: ...
    @property
    def because(self) -> Sequence[Reason]: ...


class EndedCall(Protocol):
    """What a call tells of why it was missed."""

    @property
    def employee(self) -> EmployeeId | None: ...
    @property
    def ending(self) -> Ending | None: ...
    @property
    def steps(self) -> Sequence[EndedStep]: ...


class Cause(Enum):
    """The kinds of reasons, in the order in which they count."""

    UNKNOWN_EXTENSION = "unknown_extension"
    SERVICE_AWAY = "service_away"
    STATUS = "status"
    NO_PHONE = "no_phone"
    OUTCOME = "outcome"
    HUNG_UP = "hung_up"
    LOST = "lost"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Why:
    """A cause; `detail` is the status or the outcome."""

    cause: Cause
    detail: str = ""


_PLAIN = {
    Fact.UNKNOWN_EXTENSION: Cause.UNKNOWN_EXTENSION,
    Fact.SERVICE_AWAY: Cause.SERVICE_AWAY,
    Fact.NO_PHONE: Cause.NO_PHONE,
}
_BY_STATUS = frozenset({Fact.RULE_BY_STATUS, Fact.NOT_READY})
_BY_OUTCOME = frozenset({Fact.UNANSWERED, Fact.RULE_BY_SITUATION, Fact.OTHERWISE})
_TEXTS = {
    Cause.UNKNOWN_EXTENSION: N_("nobody has the number that was called"),
    Cause.SERVICE_AWAY: N_("the service was away"),
    Cause.NO_PHONE: N_("the employee had no phone"),
    Cause.HUNG_UP: N_("the caller hung up while it was ringing"),
    Cause.LOST: N_("Asterisk stopped during the call"),
    Cause.OTHER: N_("another reason"),
}


def why_missed(call: EndedCall) -> Why:
    """The reason that counts: what was so before anything rang, before what ringing brought."""
    reasons = [
        reason
        for step in call.steps
        for reason in step.because
        if reason.employee in {None, call.employee}
    ]
    return _told(reasons) or _happened(call)


def _told(reasons: Iterable[Reason]) -> Why | None:
    found = {why.cause: why for why in map(_of, reversed(list(reasons))) if why is not None}
    return next((found[cause] for cause in Cause if cause in found), None)


def _of(reason: Reason) -> Why | None:
    if reason.fact in _PLAIN:
        return Why(_PLAIN[reason.fact])
    if reason.fact in _BY_STATUS:
        return Why(Cause.STATUS, reason.detail)
    if reason.fact in _BY_OUTCOME:
        return Why(Cause.OUTCOME, reason.detail)
    return None


def _happened(call: EndedCall) -> Why:
    """What can be seen where nobody said a reason."""
    if call.ending is Ending.LOST:
        return Why(Cause.LOST)
    rung = [step.outcome for step in call.steps if step.kind == "ring"]
    if rung and rung[-1] not in {None, Outcome.ANSWERED}:
        return Why(Cause.OUTCOME, "" if rung[-1] is None else rung[-1].value)
    return Why(Cause.HUNG_UP if call.ending is Ending.ABANDONED else Cause.OTHER)


def tell(why: Why, words: Words, teller: Storyteller) -> str:
    """The reason in words."""
    match why.cause:
        case Cause.STATUS:
            return words.say(N_("status “{status}”"), status=teller.status(why.detail))
        case Cause.OUTCOME:
            return teller.outcome(why.detail)
        case cause:
            return words.say(_TEXTS[cause])
