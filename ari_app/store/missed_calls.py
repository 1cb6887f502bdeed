"""Calls that were missed: an entry for each, open until somebody has reached the caller."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.store.board import MISSED
from ari_app.store.changes import take_turn
from ari_app.store.rows import CallRow
from ari_app.store.secretary_rows import MissedCallRow

_FIRST_TIME = timedelta(days=1)
"""How far back the first entries ever go."""
_LONGEST_CALL = timedelta(hours=12)
_MISSED = tuple(sorted(ending.value for ending in MISSED))
_UNSYNCHRONIZED = {"synchronize_session": False}


async def first_unseen(session: AsyncSession, now: datetime) -> int:
    """The number of a call before which no entry is missing."""
    newest = await session.scalar(select(func.max(MissedCallRow.at)))
    since = (newest or now - _FIRST_TIME) - _LONGEST_CALL
    query = select(func.max(CallRow.id)).where(CallRow.began_at < since)
    return await session.scalar(query) or 0


async def first_going_on(session: AsyncSession, after: int) -> int | None:
    """The first call after `after` that has not come out yet, or another one on its line has not.

    None if all have.
    """
    later = CallRow.id > after
    lines = select(CallRow.linked_id).where(later, CallRow.ending.is_(None))
    return await session.scalar(
        select(func.min(CallRow.id)).where(later, CallRow.linked_id.in_(lines))
    )


async def newest(session: AsyncSession) -> int:
    """The number of the newest call."""
    return await session.scalar(select(func.max(CallRow.id))) or 0


async def is_due(session: AsyncSession, after: int) -> bool:
    """Whether any call after the number `after` has to be noted, or closes an entry."""
    return bool(await _unnoted(session, after)) or bool(await _reached(session, after))


async def note(session: AsyncSession, after: int) -> int:
    """Write the entries of calls after `after`, close those whose callers were reached; how many.

    Twice changes nothing, and two services do not disturb each other.
    """
    await take_turn(session)
    new = await _unnoted(session, after)
    if new:
        await session.execute(insert(MissedCallRow), new)
    reached = await _reached(session, after)
    for entry, values in reached.items():
        await session.execute(
            update(MissedCallRow).where(MissedCallRow.id == entry).values(values),
            execution_options=_UNSYNCHRONIZED,
        )
    return len(new) + len(reached)


async def close(session: AsyncSession, entry: int, by: EmployeeId, now: datetime) -> bool:
    """Close an open entry by hand; False for one that is closed already or not there."""
    closed = (
        update(MissedCallRow)
        .where(MissedCallRow.id == entry, MissedCallRow.closed_at.is_(None))
        .values(closed_at=now, closed_by_id=by, closed_how="by_hand")
        .returning(MissedCallRow.id)
    )
    return (await session.execute(closed)).first() is not None


async def reopen(session: AsyncSession, entry: int) -> bool:
    """Open a closed entry again; the call that had closed it does not do so once more."""
    opened = (
        update(MissedCallRow)
        .where(MissedCallRow.id == entry, MissedCallRow.closed_at.is_not(None))
        .values(closed_at=None, closed_by_id=None, closed_how="")
        .returning(MissedCallRow.id)
    )
    return (await session.execute(opened)).first() is not None


async def _unnoted(session: AsyncSession, after: int) -> list[dict[str, object]]:
    """The rows of missed calls that have none; of calls on one line none may have been taken."""
    other = aliased(CallRow)
    taken = (
        select(other.id)
        .where(
            other.linked_id == CallRow.linked_id,
            or_(other.ending.is_(None), other.ending == Ending.ANSWERED.value),
        )
        .exists()
    )
    noted = select(MissedCallRow.id).where(MissedCallRow.call_id == CallRow.id).exists()
    query = (
        select(CallRow.id, CallRow.employee_id, CallRow.caller_number, CallRow.began_at)
        .where(
            CallRow.id > after,
            CallRow.employee_id.is_not(None),
            CallRow.ending.in_(_MISSED),
            ~taken,
            ~noted,
        )
        .order_by(CallRow.id)
    )
    return [
        {
            "call_id": row.id,
            "employee_id": row.employee_id,
            "caller_number": row.caller_number,
            "at": row.began_at,
            "closed_how": "",
        }
        for row in await session.execute(query)
    ]


async def _reached(session: AsyncSession, after: int) -> dict[int, dict[str, object]]:
    """Open entries that an answered call after `after` closes, with what becomes of them."""
    entry, missed, talked = MissedCallRow, aliased(CallRow), aliased(CallRow)
    number = entry.caller_number
    query = (
        select(entry, talked, (talked.called == number).label("is_back"))
        .select_from(talked)
        .join(entry, or_(number == talked.caller_number, number == talked.called))
        .join(missed, missed.id == entry.call_id)
        .where(
            talked.id > after,
            talked.ending == Ending.ANSWERED.value,
            entry.closed_at.is_(None),
            number != "",
            talked.began_at > entry.at,
            talked.id > func.coalesce(entry.closing_call_id, 0),
            _reaches(entry, missed, talked),
        )
        .order_by(talked.id.desc())
    )
    return {
        open_entry.id: _closed(open_entry, by, is_back=is_back)
        for open_entry, by, is_back in await session.execute(query)
    }


def _reaches(
    entry: type[MissedCallRow], missed: type[CallRow], talked: type[CallRow]
) -> ColumnElement[bool]:
    """A caller from outside was reached by whoever in the office talked to that number.

    A colleague only by the one who was called.
    """
    called_again = and_(
        talked.caller_number == entry.caller_number,
        talked.is_inside == missed.is_inside,
        or_(missed.is_inside.is_(False), talked.employee_id == entry.employee_id),
    )
    called_back = and_(
        talked.called == entry.caller_number,
        talked.is_inside,
        or_(
            talked.by_employee_id.is_not(None),
            and_(missed.is_inside, talked.caller_number == missed.called),
        ),
    )
    return or_(called_again, called_back)


def _closed(entry: MissedCallRow, by: CallRow, *, is_back: bool) -> dict[str, object]:
    who = by.by_employee_id or entry.employee_id
    return {
        "closed_at": by.ended_at,
        "closed_by_id": who if is_back else None,
        "closed_how": "called_back" if is_back else "reached",
        "closing_call_id": by.id,
    }
