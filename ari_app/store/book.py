"""Calls as they will be: what the journal tells, told to them one after another in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from ari_app.domain.calls import Ending, Outcome
from ari_app.store.past import NewCall, WrittenStep, write_reason

_OUTCOMES_AT_THE_END = {
    Ending.ANSWERED: Outcome.ANSWERED.value,
    Ending.MESSAGE: Outcome.DONE.value,
    Ending.NOT_TAKEN: Outcome.DONE.value,
}


@dataclass(frozen=True, slots=True)
class Began:
    """A call; one that the same channel had before was answered: it was transferred here."""

    call: NewCall


@dataclass(frozen=True, slots=True)
class Took:
    """A step of the channel's newest call."""

    channel_id: str
    at: datetime
    step: WrittenStep
    by_mirror: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """How a step came out."""

    channel_id: str
    at: datetime
    key: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Ended:
    """How the channel's call came out; the step that it was in ends with it."""

    channel_id: str
    at: datetime
    ending: Ending
    talked_seconds: int


@dataclass(frozen=True, slots=True)
class AllGone:
    """Every call of these linked channels that has no ending was abandoned."""

    linked_id: str
    at: datetime


Entry = Began | Took | Finished | Ended | AllGone


@dataclass(slots=True)
class StoredStep:
    """A step as it will be; `id` is None while it is only in memory."""

    id: int | None
    values: dict[str, object]
    is_changed: bool = False

    def finish(self, outcome: str | None, at: datetime) -> None:
        """Once."""
        if self.values.get("finished_at") is None:
            self.values |= {"outcome": outcome, "finished_at": at}
            self.is_changed = True


@dataclass(slots=True)
class StoredCall:
    """A call as it will be, with its steps in order."""

    id: int | None
    began_at: datetime
    values: dict[str, object]
    steps: dict[str, StoredStep] = field(default_factory=dict)
    is_changed: bool = False

    def end(self, ending: Ending, at: datetime, talked: int) -> None:
        """Once; the last step ends with it."""
        if self.values.get("ending") is not None:
            return
        self.values |= {"ending": ending.value, "ended_at": at, "talked_seconds": talked}
        self.is_changed = True
        if self.steps:
            next(reversed(self.steps.values())).finish(_OUTCOMES_AT_THE_END.get(ending), at)


class Book:
    """The calls that entries are about, by channel and by link."""

    def __init__(self, calls: list[StoredCall]) -> None:
        self.calls = calls
        self._channels: dict[str, list[StoredCall]] = {}
        self._links: dict[str, list[StoredCall]] = {}
        for call in calls:
            self._file(call)

    def tell(self, entry: Entry) -> None:
        match entry:
            case Began(new):
                self._begin(new)
            case Took():
                self._take(entry)
            case Finished():
                self._finish(entry)
            case Ended(channel_id, at, ending, talked):
                call = self._call_of(channel_id, at)
                if call is not None:
                    call.end(ending, at, talked)
            case AllGone(linked_id, at):
                self._abandon(linked_id, at)

    def _abandon(self, linked_id: str, at: datetime) -> None:
        for call in self._links.get(column_text(linked_id, 150), ()):
            if call.began_at <= at:
                call.end(Ending.ABANDONED, at, 0)

    def _finish(self, entry: Finished) -> None:
        call = self._call_of(entry.channel_id, entry.at)
        step = None if call is None else call.steps.get(column_text(entry.key, 100))
        if step is not None:
            step.finish(entry.outcome.value, entry.at)

    def _begin(self, call: NewCall) -> None:
        channel = column_text(call.channel_id, 150)
        before = self._channels.get(channel, ())
        for earlier in before:
            if earlier.began_at < call.began_at:
                earlier.end(Ending.ANSWERED, call.began_at, 0)
        if any(same.began_at == call.began_at for same in before):
            return
        values: dict[str, object] = {
            "channel_id": channel,
            "linked_id": column_text(call.linked_id, 150),
            "began_at": call.began_at,
            "caller_number": column_text(call.caller_number, 64),
            "caller_name": column_text(call.caller_name, 100),
            "is_inside": call.is_inside,
            "called": column_text(call.called, 64),
            "employee_id": call.employee,
            "by_employee_id": call.by,
            "ending": None,
            "ended_at": None,
            "talked_seconds": 0,
        }
        new = StoredCall(None, call.began_at, values)
        self.calls.append(new)
        self._file(new)

    def _take(self, entry: Took) -> None:
        call = self._call_of(entry.channel_id, entry.at)
        key = column_text(entry.step.key, 100)
        if call is None or key in call.steps:
            return
        step = entry.step
        values: dict[str, object] = {
            "key": key,
            "at": entry.at,
            "kind": column_text(step.kind, 20),
            "seconds": step.seconds,
            "addresses": list(step.addresses),
            "target": column_text(step.target, 4000),
            "diverter": column_text(step.diverter, 64),
            "sound": column_text(step.sound, 100),
            "because": [write_reason(reason) for reason in step.because],
            "by_mirror": entry.by_mirror,
            "outcome": None,
            "finished_at": None,
        }
        call.steps[key] = StoredStep(None, values)

    def _call_of(self, channel_id: str, at: datetime) -> StoredCall | None:
        """The channel's newest call that had begun by then."""
        then = [
            call
            for call in self._channels.get(column_text(channel_id, 150), ())
            if call.began_at <= at
        ]
        return max(then, key=lambda call: call.began_at, default=None)

    def _file(self, call: StoredCall) -> None:
        self._channels.setdefault(str(call.values["channel_id"]), []).append(call)
        self._links.setdefault(str(call.values["linked_id"]), []).append(call)


def column_text(text: str, longest: int) -> str:
    """PostgreSQL takes no zero byte, and no more than a column holds."""
    return text.replace("\0", "")[:longest]
