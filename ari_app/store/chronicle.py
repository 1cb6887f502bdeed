"""Many lines of the journal written into the history at once: few statements, however many.

The calls that the lines are about are read, the lines are told to them one after another in
memory, and what has changed is written. The result is what one line at a time would give.
Others get their turn in between, because calls are decided beside it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Executable, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ari_app.store.book import AllGone, Began, Book, Entry, StoredCall, StoredStep, column_text
from ari_app.store.rows import CallRow, CallStepRow

_Item = TypeVar("_Item")
_AT_ONCE = 50
"""Rows prepared, or entries told, in one turn: about half a millisecond."""

_KNOWN = (
    select(CallRow.id, CallRow.channel_id, CallRow.linked_id, CallRow.began_at, CallRow.ending)
    .where(
        or_(
            CallRow.channel_id.in_(bindparam("channels", expanding=True)),
            CallRow.linked_id.in_(bindparam("links", expanding=True)) & CallRow.ending.is_(None),
        )
    )
    .order_by(CallRow.id)
)
_STEPS = (
    select(CallStepRow.id, CallStepRow.call_id, CallStepRow.key, CallStepRow.finished_at)
    .where(CallStepRow.call_id.in_(bindparam("calls", expanding=True)))
    .order_by(CallStepRow.id)
)
_IDS = select(CallRow.id, CallRow.channel_id, CallRow.began_at).where(
    CallRow.channel_id.in_(bindparam("channels", expanding=True))
)
_BEGIN_CALL = insert(CallRow)
_TAKE_STEP = insert(CallStepRow)
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


async def write(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Write what the entries tell, in their order; the same entry twice changes nothing."""
    if not entries:
        return
    connection = await session.connection()
    book = Book(await _known(connection, entries))
    for some in _parts(entries):
        for entry in some:
            book.tell(entry)
        await asyncio.sleep(0)
    await _store_calls(connection, book.calls)
    await _store_steps(connection, book.calls)


async def _known(connection: AsyncConnection, entries: Iterable[Entry]) -> list[StoredCall]:
    """The calls that are stored already and that an entry may be about, with their steps."""
    channels, links = _named(entries)
    names = {"channels": list(channels), "links": list(links)}
    found: dict[int, StoredCall] = {}
    for row in await connection.execute(_KNOWN, names):
        values = {"channel_id": row.channel_id, "linked_id": row.linked_id, "ending": row.ending}
        found[row.id] = StoredCall(row.id, row.began_at, values)
    for some in _parts(list(found)):
        for step in await connection.execute(_STEPS, {"calls": some}):
            values = {"finished_at": step.finished_at}
            found[step.call_id].steps[step.key] = StoredStep(step.id, values)
    return list(found.values())


def _named(entries: Iterable[Entry]) -> tuple[set[str], set[str]]:
    """The channels and the links that entries name."""
    channels, links = set[str](), set[str]()
    for entry in entries:
        match entry:
            case Began(call):
                channels.add(column_text(call.channel_id, 150))
            case AllGone(linked_id):
                links.add(column_text(linked_id, 150))
            case _:
                channels.add(column_text(entry.channel_id, 150))
    return channels, links


async def _store_calls(connection: AsyncConnection, calls: Sequence[StoredCall]) -> None:
    new = [call for call in calls if call.id is None]
    await _execute(connection, _BEGIN_CALL, [call.values for call in new])
    await _number(connection, new)
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
    await _execute(connection, _END_CALL, ended)


async def _number(connection: AsyncConnection, new: Sequence[StoredCall]) -> None:
    """Ask for the new rows' numbers: SQLite returns those of one row at a time only."""
    for some in _parts(new):
        channels = {"channels": [call.values["channel_id"] for call in some]}
        rows = await connection.execute(_IDS, channels)
        ids = {(row.channel_id, row.began_at): row.id for row in rows}
        for call in some:
            call.id = ids[call.values["channel_id"], call.began_at]
            call.is_changed = False


async def _store_steps(connection: AsyncConnection, calls: Sequence[StoredCall]) -> None:
    new = [
        {"call_id": call.id, **step.values}
        for call in calls
        for step in call.steps.values()
        if step.id is None
    ]
    await _execute(connection, _TAKE_STEP, new)
    finished = [
        {
            "which": step.id,
            "outcome": step.values["outcome"],
            "finished_at": step.values["finished_at"],
        }
        for call in calls
        for step in call.steps.values()
        if step.id is not None and step.is_changed
    ]
    await _execute(connection, _FINISH_STEP, finished)


async def _execute(
    connection: AsyncConnection, statement: Executable, rows: Sequence[dict[str, object]]
) -> None:
    for some in _parts(rows):
        await connection.execute(statement, some)


def _parts(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[first : first + _AT_ONCE] for first in range(0, len(items), _AT_ONCE))
