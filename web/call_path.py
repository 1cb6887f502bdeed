"""The path of a call in words: where it went, why, and how each step came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import Extension
from ari_app.explain import Names, Storyteller
from ari_app.store.call_list import Called
from ari_app.store.past import PastCall, PastStep
from web.visit import Visit
from web.words import N_

_ICONS = {"ring": "bell-ringing", "play": "volume", "message": "message", "hangup": "phone-off"}
"""Named here for the bundle: icon("bell-ringing") icon("volume") icon("message") icon("phone-off")
icon("phone-call") icon("phone-x") icon("phone-incoming")."""
_TONES: Mapping[Outcome, str] = {
    Outcome.ANSWERED: "green",
    Outcome.DONE: "blue",
    Outcome.BUSY: "orange",
    Outcome.NO_ANSWER: "orange",
    Outcome.REFUSED: "orange",
    Outcome.UNREACHABLE: "red",
    Outcome.FAILED: "red",
}
_CALL_TONES: Mapping[Ending | None, str] = {
    None: "azure",
    Ending.ANSWERED: "green",
    Ending.MESSAGE: "blue",
    Ending.NOT_TAKEN: "red",
    Ending.ABANDONED: "orange",
    Ending.LOST: "red",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of a call as it is told; `brief` fits into the list."""

    icon: str
    brief: str
    tone: str
    deed: str = ""
    reasons: tuple[str, ...] = ()
    outcome: str = ""
    clock: str = ""
    seconds: int | None = None
    by_mirror: bool = False


def names_of(called: Called) -> Names:
    """The names for a storyteller."""
    return Names(called.employees, called.rules, called.own_statuses)


def path_of(visit: Visit, call: PastCall, names: Names) -> list[Stop]:
    """Every step with its reasons."""
    teller = visit.storyteller(names)
    return [_stop(visit, teller, call, step) for step in call.steps]


def short_path(visit: Visit, call: PastCall, names: Names) -> list[Stop]:
    """Every step in a word or two."""
    teller = visit.storyteller(names)
    return [
        Stop(_ICONS.get(step.kind, "phone-off"), _brief(visit, teller, step), _tone(call, step))
        for step in call.steps
    ]


def ended(visit: Visit, call: PastCall, names: Names) -> str:
    """How the call came out."""
    if call.ending is None:
        return visit.words.say(N_("going on"))
    return visit.storyteller(names).end(call.ending.value)


def call_tone(call: PastCall) -> str:
    """The colour of a call's ending."""
    return _CALL_TONES[call.ending]


def from_where(visit: Visit, call: PastCall) -> str:
    return visit.words.say(N_("from inside") if call.is_inside else N_("from outside"))


def clock(visit: Visit, at: datetime) -> str:
    """A time with its seconds, in the reader's zone."""
    return f"{at.astimezone(visit.words.zone):%H:%M:%S}"


def waited(call: PastCall, now: datetime) -> int:
    """Seconds until the call was answered, or ended without."""
    until = call.ended_at or now
    return max(0, int((until - call.began_at).total_seconds()) - call.talked_seconds)


def _stop(visit: Visit, teller: Storyteller, call: PastCall, step: PastStep) -> Stop:
    people = tuple(_who(visit.directory, address, full=True) for address in step.addresses)
    told = teller.outcome(step.outcome.value) if step.outcome else ""
    if step.outcome is None and call.ending is not None:
        told = teller.end(call.ending.value)
    return Stop(
        _ICONS.get(step.kind, "phone-off"),
        _brief(visit, teller, step),
        _tone(call, step),
        teller.step(step.kind, people, step.seconds, step.target),
        tuple(teller.reason(reason) for reason in step.because),
        told,
        clock(visit, step.at),
        None if step.finished_at is None else int((step.finished_at - step.at).total_seconds()),
        step.by_mirror,
    )


def _brief(visit: Visit, teller: Storyteller, step: PastStep) -> str:
    match step.kind:
        case "ring":
            who = [_who(visit.directory, address) for address in step.addresses]
            return ", ".join(dict.fromkeys(who))
        case "play":
            return visit.words.say(N_("greeting"))
        case "message":
            return visit.words.say(N_("voicemail"))
        case _:
            return teller.step(step.kind, (), 0, step.target)


def _who(directory: Directory, address: str, *, full: bool = False) -> str:
    """Whose phone has this address, as far as it tells."""
    employee = directory.extensions.get(Extension(address)) or directory.numbers.get(address)
    if employee is None:
        return address
    name = directory.employees[employee].name
    return f"{name} ({address})" if full else name


def _tone(call: PastCall, step: PastStep) -> str:
    if step.kind == "hangup":
        return "red"
    if step.outcome is None:
        return "azure" if call.ending is None else "orange"
    return _TONES[step.outcome]
