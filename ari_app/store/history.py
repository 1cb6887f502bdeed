"""The history of calls, written from Asterisk's journal: the same line twice changes nothing.

A line names the caller's channel. A channel may have several calls, one after another, so what
a line is about is the channel's newest call that had begun by then.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Select, String, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store.database import begin_writing
from ari_app.store.past import NewCall, PastCall, WrittenStep, past_call, write_reason
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow, JournalPositionRow, RuleRow

_OUTCOMES_AT_THE_END = {
    Ending.ANSWERED: Outcome.ANSWERED.value,
    Ending.MESSAGE: Outcome.DONE.value,
    Ending.NOT_TAKEN: Outcome.DONE.value,
}
_UNSYNCHRONIZED = {"synchronize_session": False}


async def begin_call(session: AsyncSession, call: NewCall) -> None:
    """Note a call. One that the same channel had before was answered: it was transferred here."""
    earlier = (CallRow.channel_id == call.channel_id) & (CallRow.began_at < call.began_at)
    await _end(session, earlier, Ending.ANSWERED, call.began_at, 0)
    row = {
        "channel_id": _text(call.channel_id, 150),
        "linked_id": _text(call.linked_id, 150),
        "began_at": call.began_at,
        "caller_number": _text(call.caller_number, 64),
        "caller_name": _text(call.caller_name, 100),
        "is_inside": call.is_inside,
        "called": _text(call.called, 64),
        "employee_id": call.employee,
        "talked_seconds": 0,
    }
    insert = _insert_of(session)
    await session.execute(insert(CallRow).values(row).on_conflict_do_nothing())


async def add_step(
    session: AsyncSession, channel_id: str, step: WrittenStep, *, by_mirror: bool, at: datetime
) -> None:
    """Note a step of the channel's call; a channel that has none is passed over."""
    values: dict[str, ColumnElement[object]] = {
        "key": literal(_text(step.key, 100), String),
        "at": literal(at, CallStepRow.at.type),
        "kind": literal(_text(step.kind, 20), String),
        "seconds": literal(step.seconds),
        "addresses": literal(list(step.addresses), JSON),
        "target": literal(_text(step.target, 4000), String),
        "diverter": literal(_text(step.diverter, 64), String),
        "sound": literal(_text(step.sound, 100), String),
        "because": literal([write_reason(reason) for reason in step.because], JSON),
        "by_mirror": literal(by_mirror),
    }
    source = _call_of(channel_id, at).add_columns(*values.values())
    insert = _insert_of(session)
    await session.execute(
        insert(CallStepRow).from_select(["call_id", *values], source).on_conflict_do_nothing()
    )


async def finish_step(
    session: AsyncSession, channel_id: str, key: str, outcome: Outcome, at: datetime
) -> None:
    """Note how a step came out, once."""
    call = _call_of(channel_id, at).scalar_subquery()
    await session.execute(
        update(CallStepRow)
        .where(
            CallStepRow.call_id == call, CallStepRow.key == key, CallStepRow.finished_at.is_(None)
        )
        .values(outcome=outcome.value, finished_at=at),
        execution_options=_UNSYNCHRONIZED,
    )


async def end_call(
    session: AsyncSession, channel_id: str, ending: Ending, at: datetime, talked_seconds: int
) -> None:
    """Note how the channel's call came out, once; the step that it was in ends with it."""
    this = CallRow.id == _call_of(channel_id, at).scalar_subquery()
    await _end(session, this, ending, at, talked_seconds)


async def end_linked(session: AsyncSession, linked_id: str, ending: Ending, at: datetime) -> None:
    """End every call of linked channels that has no ending of its own."""
    linked = (CallRow.linked_id == linked_id) & (CallRow.began_at <= at)
    await _end(session, linked, ending, at, 0)


async def open_calls(session: AsyncSession) -> Sequence[PastCall]:
    """Calls that have no ending yet, the oldest first, without their steps."""
    query = select(CallRow).where(CallRow.ending.is_(None)).order_by(CallRow.id)
    return [past_call(row) for row in await session.scalars(query)]


async def recent(
    session: AsyncSession,
    limit: int,
    *,
    employee: EmployeeId | None = None,
    since: datetime | None = None,
    linked_id: str | None = None,
) -> Sequence[PastCall]:
    """The newest calls first, with their steps in order: an employee's, since a moment, linked."""
    query = select(CallRow).order_by(CallRow.began_at.desc(), CallRow.id.desc()).limit(limit)
    if employee is not None:
        query = query.where(CallRow.employee_id == employee)
    if since is not None:
        query = query.where(CallRow.began_at >= since)
    if linked_id is not None:
        query = query.where(CallRow.linked_id == linked_id)
    calls = (await session.scalars(query)).all()
    steps: dict[int, list[CallStepRow]] = {call.id: [] for call in calls}
    asked = select(CallStepRow).where(CallStepRow.call_id.in_(steps)).order_by(CallStepRow.id)
    for step in await session.scalars(asked):
        steps[step.call_id].append(step)
    return [past_call(call, steps[call.id]) for call in calls]


async def names(session: AsyncSession) -> tuple[dict[EmployeeId, str], dict[RuleId, str]]:
    """What employees and rules are called, also those that are gone by now."""
    people = await session.execute(select(EmployeeRow.id, EmployeeRow.name))
    rules = await session.execute(select(RuleRow.id, RuleRow.name))
    return (
        {EmployeeId(row.id): row.name for row in people},
        {RuleId(row.id): row.name for row in rules},
    )


async def forget(session: AsyncSession, before: datetime) -> None:
    """Remove calls that ended before a moment, with their steps."""
    old = CallRow.ended_at < before
    steps = CallStepRow.call_id.in_(select(CallRow.id).where(old))
    await session.execute(delete(CallStepRow).where(steps), execution_options=_UNSYNCHRONIZED)
    await session.execute(delete(CallRow).where(old), execution_options=_UNSYNCHRONIZED)


async def position(session: AsyncSession) -> tuple[int, int]:
    """Inode and offset up to which the journal was read; (0, 0) before the first time.

    Ask in the transaction that stores what is read on: a second reader then waits.
    """
    await begin_writing(session)
    query = select(JournalPositionRow).where(JournalPositionRow.id == 1).with_for_update()
    row = await session.scalar(query, execution_options={"populate_existing": True})
    return (0, 0) if row is None else (int(row.inode), int(row.offset))


async def set_position(session: AsyncSession, inode: int, offset: int) -> None:
    """Remember how far the journal was read, in the transaction that stored what it said."""
    await session.merge(JournalPositionRow(id=1, inode=str(inode), offset=str(offset)))
    await session.flush()


def _call_of(channel_id: str, at: datetime) -> Select[int]:
    return (
        select(CallRow.id)
        .where(CallRow.channel_id == channel_id, CallRow.began_at <= at)
        .order_by(CallRow.began_at.desc())
        .limit(1)
    )


async def _end(
    session: AsyncSession, which: ColumnElement[bool], ending: Ending, at: datetime, talked: int
) -> None:
    ended = await session.scalars(
        update(CallRow)
        .where(which, CallRow.ending.is_(None))
        .values(ending=ending.value, ended_at=at, talked_seconds=talked)
        .returning(CallRow.id),
        execution_options=_UNSYNCHRONIZED,
    )
    for call_id in ended.all():
        last = select(func.max(CallStepRow.id)).where(CallStepRow.call_id == call_id)
        await session.execute(
            update(CallStepRow)
            .where(CallStepRow.id == last.scalar_subquery(), CallStepRow.finished_at.is_(None))
            .values(outcome=_OUTCOMES_AT_THE_END.get(ending), finished_at=at),
            execution_options=_UNSYNCHRONIZED,
        )


def _insert_of(session: AsyncSession) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return sqlite.Insert if session.get_bind().dialect.name == "sqlite" else postgresql.Insert


def _text(text: str, longest: int) -> str:
    """PostgreSQL takes no zero byte, and no more than a column holds."""
    return text.replace("\0", "")[:longest]
