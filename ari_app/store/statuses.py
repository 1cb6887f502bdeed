"""What employees declare of their readiness."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import Declared, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.store.cards import declared
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.panel_rows import DeclaredRow
from ari_app.store.rows import EmployeeRow, EmployeeStatusRow


async def declare(
    session: AsyncSession,
    employee_id: EmployeeId,
    choice: StatusChoice,
    until: datetime | None,
    now: datetime,
) -> Declared:
    """Store what an employee declares at `now`, and return what is stored then.

    With `until` it lies over the permanent status, which holds again afterwards; a temporary
    status that it replaces is forgotten. Without, it is the permanent one, and nothing lies over
    it. Raises NotThereError for an employee or own status that is not there, InvalidError for an
    `until` that has passed.
    """
    if until is not None and until <= now:
        raise InvalidError("until", f"{until.isoformat()} is not after {now.isoformat()}")
    await announce(session, ChangeKind.STATUS, (employee_id,))
    own_statuses = await read_own_statuses(session)
    if not isinstance(choice, Status) and choice not in own_statuses:
        raise NotThereError("own status", choice)
    row = await _row(session, employee_id, now)
    base = choice if isinstance(choice, Status) else own_statuses[choice].base
    own: OwnStatusId | None = None if isinstance(choice, Status) else choice
    if until is None:
        row.base, row.own_status_id = base.value, own
        row.temporary_base, row.temporary_own_status_id = None, None
    else:
        row.temporary_base, row.temporary_own_status_id = base.value, own
    row.until, row.since = until, now
    session.add(_note(row, now))
    await session.flush()
    return declared(row, own_statuses)


async def declared_by(session: AsyncSession, employee_id: EmployeeId) -> Declared:
    """What an employee declared last, with what lies below. Raises NotThereError."""
    if await session.scalar(_living(EmployeeRow.id == employee_id)) is None:
        raise NotThereError("employee", employee_id)
    row = await session.get(EmployeeStatusRow, employee_id)
    if row is None:
        return Declared(Status.ONLINE)
    return declared(row, await read_own_statuses(session))


def _note(row: EmployeeStatusRow, at: datetime) -> DeclaredRow:
    """What holds from `at` on, and what holds again after `until`."""
    is_over = row.until is not None and row.temporary_base is not None
    return DeclaredRow(
        employee_id=row.employee_id,
        at=at,
        base=row.temporary_base if is_over else row.base,
        own_status_id=row.temporary_own_status_id if is_over else row.own_status_id,
        until=row.until,
        below_base=row.base if is_over else None,
        below_own_status_id=row.own_status_id if is_over else None,
    )


def _living(*conditions: ColumnElement[bool]) -> Select[int]:
    return select(EmployeeRow.id).where(EmployeeRow.left_at.is_(None), *conditions)


async def _row(session: AsyncSession, employee_id: EmployeeId, now: datetime) -> EmployeeStatusRow:
    if await session.scalar(_living(EmployeeRow.id == employee_id)) is None:
        raise NotThereError("employee", employee_id)
    row = await session.get(EmployeeStatusRow, employee_id, populate_existing=True)
    if row is None:
        row = EmployeeStatusRow(employee_id=employee_id, base=Status.ONLINE.value, since=now)
        session.add(row)
    return row
