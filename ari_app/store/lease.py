"""A status belongs to a person who is here: what becomes of it when nobody answers any more.

A device that is logged in keeps the status alive by being heard of. People who never log in to
the panel have no devices, and are never touched.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.availability import READINESS, holding
from ari_app.domain.directory import Declared, Status
from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import read_left_with, row_of
from ari_app.store.changes import take_turn
from ari_app.store.panel_rows import AccountRow, SessionRow
from ari_app.store.rows import EmployeeRow, EmployeeStatusRow
from ari_app.store.statuses import declare, declared_by

_SAME_MOMENT = timedelta(seconds=2)
"""A status declared with a login or a click is not one that came after the last heartbeat."""
_WITHOUT_SYNC = {"synchronize_session": False}


async def left(
    session: AsyncSession, employee: EmployeeId, now: datetime, silent_after: timedelta
) -> bool:
    """A device was logged out. When no other one answers: remember the status, and go Offline.

    Whether that was the last one; call it after the device was ended, in its transaction.
    """
    await take_turn(session)
    others = select(SessionRow.id).where(
        SessionRow.employee_id == employee,
        SessionRow.ended_at.is_(None),
        SessionRow.seen_at > now - silent_after,
    )
    if await session.scalar(others.limit(1)) is not None:
        return False
    row = await row_of(session, employee)
    declared = permanent(await declared_by(session, employee), now)
    if row.gone_since is None:
        row.left_with = _stored(declared)
    row.gone_since = None
    await session.flush()
    if declared.base is not Status.OFFLINE:
        await declare(session, employee, Status.OFFLINE, None, now)
    return True


async def came(session: AsyncSession, employee: EmployeeId) -> Declared | None:
    """Somebody logs in or chooses a status: silence is over. The status to go back to, if any."""
    row = await row_of(session, employee)
    row.gone_since = None
    await session.flush()
    return read_left_with(row)


async def silence(
    session: AsyncSession, now: datetime, silent_after: timedelta, becomes: Status | None
) -> Sequence[EmployeeId]:
    """Whose devices have all been silent for long: declare `becomes` (None: keep the status).

    Each silence counts once. A status that was declared after the last heartbeat (by phone, by
    a manager) stays, and so does one that takes no more calls than `becomes`. Returns whose
    status was changed.
    """
    await take_turn(session)
    await _forget_what_was_answered(session)
    changed = []
    for employee, last_seen in await _silent(session, now - silent_after):
        if becomes is not None and await _send_away(session, employee, last_seen, becomes, now):
            changed.append(employee)
        is_open = (SessionRow.employee_id == employee) & SessionRow.ended_at.is_(None)
        await session.execute(
            update(SessionRow).where(is_open).values(silent_since=now),
            execution_options=_WITHOUT_SYNC,
        )
    return changed


def permanent(declared: Declared, now: datetime) -> Declared:
    """The status without what lies over it until a moment."""
    declared = holding(declared, now)
    return declared if declared.below is None else permanent(declared.below, now)


async def _silent(session: AsyncSession, before: datetime) -> list[tuple[EmployeeId, datetime]]:
    """Who has open devices, of which none was heard of since, and not all are known as silent."""
    last_seen = func.max(SessionRow.seen_at)
    unnoticed = func.count().filter(SessionRow.silent_since.is_(None))
    query = (
        select(SessionRow.employee_id, last_seen.label("last_seen"))
        .join(EmployeeRow, EmployeeRow.id == SessionRow.employee_id)
        .where(SessionRow.ended_at.is_(None), EmployeeRow.left_at.is_(None))
        .group_by(SessionRow.employee_id)
        .having(last_seen <= before, unnoticed > 0)
    )
    found = await session.execute(query)
    return [(EmployeeId(row.employee_id), row.last_seen) for row in found]


async def _send_away(
    session: AsyncSession, employee: EmployeeId, last_seen: datetime, becomes: Status, now: datetime
) -> bool:
    said_at = await session.scalar(
        select(EmployeeStatusRow.since).where(EmployeeStatusRow.employee_id == employee)
    )
    if said_at is not None and said_at > last_seen + _SAME_MOMENT:
        return False
    declared = await declared_by(session, employee)
    if _takes_no_more_calls(holding(declared, now).base, becomes):
        return False
    row = await row_of(session, employee)
    row.left_with = _stored(permanent(declared, now))
    row.gone_since = now
    await session.flush()
    await declare(session, employee, becomes, None, now)
    return True


def _takes_no_more_calls(base: Status, becomes: Status) -> bool:
    if becomes is Status.OFFLINE:
        return base is Status.OFFLINE
    return not READINESS[base].is_ready


async def _forget_what_was_answered(session: AsyncSession) -> None:
    """A status declared since, by whatever means, is not the one that silence has made."""
    since = (
        select(EmployeeStatusRow.since)
        .where(EmployeeStatusRow.employee_id == AccountRow.employee_id)
        .scalar_subquery()
    )
    await session.execute(
        update(AccountRow)
        .where(AccountRow.gone_since.is_not(None), AccountRow.gone_since < since)
        .values(gone_since=None),
        execution_options=_WITHOUT_SYNC,
    )


def _stored(declared: Declared) -> list[object]:
    return [declared.base.value, declared.own]
