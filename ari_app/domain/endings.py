"""How a call ends that nobody takes: with words and the right cause, never with silence."""

from ari_app.domain.calls import Outcome
from ari_app.domain.directory import Employee, Farewell
from ari_app.domain.steps import Cause, HangUp, TakeMessage

_FAREWELLS = {
    Farewell.BUSY: (Cause.BUSY, "autosecretary/busy"),
    Farewell.UNAVAILABLE: (Cause.UNAVAILABLE, "autosecretary/unavailable"),
    Farewell.NORMAL: (Cause.NORMAL, "autosecretary/goodbye"),
}


def farewell(key: str, kind: Farewell) -> HangUp:
    """The step for a rule's "say something and hang up"."""
    cause, sound = _FAREWELLS[kind]
    return HangUp(key, cause, sound)


def ending(key: str, last: Outcome) -> HangUp:
    """The last step of a call that no rule took, by how its last ring came out."""
    match last:
        case Outcome.BUSY | Outcome.REFUSED:
            return HangUp(key, Cause.BUSY, "autosecretary/busy")
        case Outcome.UNREACHABLE | Outcome.FAILED:
            return HangUp(key, Cause.UNREACHABLE, "autosecretary/unavailable")
        case Outcome.NO_ANSWER | Outcome.ANSWERED | Outcome.DONE:
            return HangUp(key, Cause.UNAVAILABLE, "autosecretary/unavailable")


def take_message(key: str, employee: Employee) -> TakeMessage:
    """The step that records a message for `employee`."""
    sound = employee.voicemail_greeting or "autosecretary/leave-message"
    return TakeMessage(key, employee.extension, sound)
