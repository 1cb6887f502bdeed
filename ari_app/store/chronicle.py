"""Many lines of the journal written into the history at once: few statements, however many.

The calls that the lines are about are read, the lines are told to them one after another in
memory, and what has changed is written. The result is what one line at a time would give.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending, Outcome
from ari_app.store.past import NewCall, WrittenStep, write_reason
from ari_app.store.rows import CallRow, CallStepRow

_OUTCOMES_AT_THE_END = {
    Ending.ANSWERED: Outcome.ANSWERED.value,
    Ending.MESSAGE: Outcome.DONE.value,
    Ending.NOT_TAKEN: Outcome.DONE.value,
}
_AT_ONCE = 500


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
class _Step:
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
class _Call:
    """A call as it will be, with its steps in order."""

    id: int | None
    began_at: datetime
    values: dict[str, object]
    steps: dict[str, _Step] = field(default_factory=dict)
    is_changed: bool = False

    def end(self, ending: Ending, at: datetime, talked: int) -> None:
        """Once; the last step ends with it."""
        if self.values.get("ending") is not None:
            return
        self.values |= {"ending": ending.value, "ended_at": at, "talked_seconds": talked}
        self.is_changed = True
        if self.steps:
            next(reversed(self.steps.values())).finish(_OUTCOMES_AT_THE_END.get(ending), at)


async def write(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Write what the entries tell, in their order; the same entry twice changes nothing."""
    book = _Book(await _known(session, entries))
    for entry in entries:
        book.tell(entry)
    await _store_calls(session, book.calls)
    await _store_steps(session, book.calls)


class _Book:
    """The calls that entries are about, by channel and by link."""

    def __init__(self, calls: list[_Call]) -> None:
        self.calls = calls
        self._channels: dict[str, list[_Call]] = {}
        self._links: dict[str, list[_Call]] = {}
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
        for call in self._links.get(_text(linked_id, 150), ()):
            if call.began_at <= at:
                call.end(Ending.ABANDONED, at, 0)

    def _finish(self, entry: Finished) -> None:
        call = self._call_of(entry.channel_id, entry.at)
        step = None if call is None else call.steps.get(_text(entry.key, 100))
        if step is not None:
            step.finish(entry.outcome.value, entry.at)

    def _begin(self, call: NewCall) -> None:
        channel = _text(call.channel_id, 150)
        before = self._channels.get(channel, ())
        for earlier in before:
            if earlier.began_at < call.began_at:
                earlier.end(Ending.ANSWERED, call.began_at, 0)
        if any(same.began_at == call.began_at for same in before):
            return
        values: dict[str, object] = {
            "channel_id": channel,
            "linked_id": _text(call.linked_id, 150),
            "began_at": call.began_at,
            "caller_number": _text(call.caller_number, 64),
            "caller_name": _text(call.caller_name, 100),
            "is_inside": call.is_inside,
            "called": _text(call.called, 64),
            "employee_id": call.employee,
            "ending": None,
            "ended_at": None,
            "talked_seconds": 0,
        }
        new = _Call(None, call.began_at, values)
        self.calls.append(new)
        self._file(new)

    def _take(self, entry: Took) -> None:
        call = self._call_of(entry.channel_id, entry.at)
        key = _text(entry.step.key, 100)
        if call is None or key in call.steps:
            return
        step = entry.step
        values: dict[str, object] = {
            "key": key,
            "at": entry.at,
            "kind": _text(step.kind, 20),
            "seconds": step.seconds,
            "addresses": list(step.addresses),
            "target": _text(step.target, 4000),
            "diverter": _text(step.diverter, 64),
            "sound": _text(step.sound, 100),
            "because": [write_reason(reason) for reason in step.because],
            "by_mirror": entry.by_mirror,
            "outcome": None,
            "finished_at": None,
        }
        call.steps[key] = _Step(None, values)

    def _call_of(self, channel_id: str, at: datetime) -> _Call | None:
        """The channel's newest call that had begun by then."""
        then = [
            call for call in self._channels.get(_text(channel_id, 150), ()) if call.began_at <= at
        ]
        return max(then, key=lambda call: call.began_at, default=None)

    def _file(self, call: _Call) -> None:
        self._channels.setdefault(str(call.values["channel_id"]), []).append(call)
        self._links.setdefault(str(call.values["linked_id"]), []).append(call)


async def _known(session: AsyncSession, entries: Iterable[Entry]) -> list[_Call]:
    """The calls that are stored already and that an entry may be about, with their steps."""
    channels, links = set[str](), set[str]()
    for entry in entries:
        match entry:
            case Began(call):
                channels.add(_text(call.channel_id, 150))
            case AllGone(linked_id):
                links.add(_text(linked_id, 150))
            case _:
                channels.add(_text(entry.channel_id, 150))
    columns = (
        CallRow.id,
        CallRow.channel_id,
        CallRow.linked_id,
        CallRow.began_at,
        CallRow.ending,
    )
    asked = select(*columns).where(
        or_(
            CallRow.channel_id.in_(channels),
            CallRow.linked_id.in_(links) & CallRow.ending.is_(None),
        )
    )
    found = {
        row.id: _Call(
            row.id,
            row.began_at,
            {"channel_id": row.channel_id, "linked_id": row.linked_id, "ending": row.ending},
        )
        for row in await session.execute(asked.order_by(CallRow.id))
    }
    ids = list(found)
    for first in range(0, len(ids), _AT_ONCE):
        steps = (
            select(CallStepRow.id, CallStepRow.call_id, CallStepRow.key, CallStepRow.finished_at)
            .where(CallStepRow.call_id.in_(ids[first : first + _AT_ONCE]))
            .order_by(CallStepRow.id)
        )
        for row in await session.execute(steps):
            found[row.call_id].steps[row.key] = _Step(row.id, {"finished_at": row.finished_at})
    return list(found.values())


async def _store_calls(session: AsyncSession, calls: Sequence[_Call]) -> None:
    new = [call for call in calls if call.id is None]
    if new:
        adding = insert(CallRow).returning(CallRow.id, sort_by_parameter_order=True)
        rows = [call.values for call in new]
        options = {"render_nulls": True}
        ids = await session.scalars(adding, rows, execution_options=options)
        for call, number in zip(new, ids, strict=True):
            call.id, call.is_changed = number, False
    ended = [
        {
            "which": call.id,
            "ending": call.values["ending"],
            "ended_at": call.values["ended_at"],
            "talked_seconds": call.values["talked_seconds"],
        }
        for call in calls
        if call.is_changed
    ]
    if ended:
        await (await session.connection()).execute(_END_CALL, ended)


async def _store_steps(session: AsyncSession, calls: Sequence[_Call]) -> None:
    new = [
        {"call_id": call.id, **step.values}
        for call in calls
        for step in call.steps.values()
        if step.id is None
    ]
    if new:
        await session.execute(insert(CallStepRow), new, execution_options={"render_nulls": True})
    finished = [
        {"which": step.id, **{name: step.values[name] for name in ("outcome", "finished_at")}}
        for call in calls
        for step in call.steps.values()
        if step.id is not None and step.is_changed
    ]
    if finished:
        await (await session.connection()).execute(_FINISH_STEP, finished)


_END_CALL = (
    update(CallRow)
    .where(CallRow.id == bindparam("which"))
    .values(
        ending=bindparam("ending"),
        ended_at=bindparam("ended_at"),
        talked_seconds=bindparam("talked_seconds"),
    )
)
_FINISH_STEP = (
    update(CallStepRow)
    .where(CallStepRow.id == bindparam("which"))
    .values(outcome=bindparam("outcome"), finished_at=bindparam("finished_at"))
)


def _text(text: str, longest: int) -> str:
    """PostgreSQL takes no zero byte, and no more than a column holds."""
    return text.replace("\0", "")[:longest]
