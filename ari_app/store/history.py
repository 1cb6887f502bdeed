"""The history of calls, written from Asterisk's journal: the same line twice changes nothing.

A line names the caller's channel. A channel may have several calls, one after another, so what
a line is about is the channel's newest call that had begun by then.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store.book import AllGone, Began, Ended, Finished, Took
from ari_app.store.chronicle import write
from ari_app.store.past import NewCall, PastCall, WrittenStep, past_call
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow, JournalPositionRow, RuleRow

_UNSYNCHRONIZED = {"synchronize_session": False}


async def begin_call(session: AsyncSession, call: NewCall) -> None:
    """Note a call. One that the same channel had before was answered: it was transferred here."""
    await write(session, [Began(call)])


async def add_step(
    session: AsyncSession, channel_id: str, step: WrittenStep, *, by_mirror: bool, at: datetime
) -> None:
    """Note a step of the channel's call; a channel that has none is passed over."""
    await write(session, [Took(channel_id, at, step, by_mirror)])


async def finish_step(
    session: AsyncSession, channel_id: str, key: str, outcome: Outcome, at: datetime
) -> None:
    """Note how a step came out, once."""
    await write(session, [Finished(channel_id, at, key, outcome)])


async def end_call(
    session: AsyncSession, channel_id: str, ending: Ending, at: datetime, talked_seconds: int
) -> None:
    """Note how the channel's call came out, once; the step that it was in ends with it."""
    await write(session, [Ended(channel_id, at, ending, talked_seconds)])


async def end_linked(session: AsyncSession, linked_id: str, at: datetime) -> None:
    """End every call of linked channels that has no ending of its own."""
    await write(session, [AllGone(linked_id, at)])


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
    """Inode and offset up to which the journal was read; (0, 0) before the first time."""
    row = (await session.execute(_POSITION)).first()
    return (0, 0) if row is None else (int(row.inode), int(row.offset))


async def move_position(
    session: AsyncSession, before: tuple[int, int], after: tuple[int, int]
) -> bool:
    """Remember how far the journal was read; False if another reader was quicker.

    Ask at the beginning of the transaction that stores what was read: a second reader waits here
    until it is over, and is told so then.
    """
    if before == (0, 0):
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        first = insert(JournalPositionRow).values(id=1, inode="0", offset="0")
        await session.execute(first.on_conflict_do_nothing())
    (old_inode, old_offset), (inode, offset) = before, after
    moved = await session.execute(
        _MOVE_POSITION,
        {
            "old_inode": str(old_inode),
            "old_offset": str(old_offset),
            "new_inode": str(inode),
            "new_offset": str(offset),
        },
        execution_options=_UNSYNCHRONIZED,
    )
    return moved.first() is not None


_POSITION = select(JournalPositionRow.inode, JournalPositionRow.offset).where(
    JournalPositionRow.id == 1
)
_MOVE_POSITION = (
    update(JournalPositionRow)
    .where(
        JournalPositionRow.id == 1,
        JournalPositionRow.inode == bindparam("old_inode"),
        JournalPositionRow.offset == bindparam("old_offset"),
    )
    .values(inode=bindparam("new_inode"), offset=bindparam("new_offset"))
    .returning(JournalPositionRow.id)
)
