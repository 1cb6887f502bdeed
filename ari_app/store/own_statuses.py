"""An office's own statuses beside what declaring them takes: counted, retired, brought back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import OwnStatus
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.office import add_own_status, change_own_status
from ari_app.store.rows import EmployeeRow, EmployeeStatusRow, OwnStatusRow

MOST = 30
"""As many as the reference product has (FEATURES, section 4.1)."""

Havers = Mapping[str, list[EmployeeId]]
"""Who has a status, as the permanent one (``below``) and until a moment (``over``)."""


async def own_status(session: AsyncSession, status: OwnStatusId) -> OwnStatus:
    """Raises NotThereError, also for one that is retired."""
    found = (await read_own_statuses(session)).get(status)
    if found is None:
        raise NotThereError("own status", status)
    return found


async def save_own_status(session: AsyncSession, status: OwnStatus) -> OwnStatusId:
    """Write one (id 0: a new one) and return its id.

    Raises InvalidError, also when there are MOST already; TakenError for a name that another
    one has; NotThereError.
    """
    await announce(session, ChangeKind.OWN_STATUS)
    others = [one for one in (await read_own_statuses(session)).values() if one.id != status.id]
    if not status.id and len(others) >= MOST:
        raise InvalidError("own_statuses", f"at most {MOST}")
    for field, name in (("name_ru", status.name_ru), ("name_en", status.name_en)):
        if any(getattr(one, field) == name for one in others):
            raise TakenError(field, name)
    new = status.id or await add_own_status(
        session, status.name_ru, status.name_en, status.base, status.colour
    )
    await change_own_status(
        session,
        OwnStatus(new, status.name_ru, status.name_en, status.base, status.colour, status.at_login),
    )
    return new


async def in_use(session: AsyncSession) -> Mapping[OwnStatusId, int]:
    """How many people have each of them now, permanently or until a moment."""
    one = EmployeeStatusRow
    counted: dict[OwnStatusId, int] = {}
    for column in (one.own_status_id, one.temporary_own_status_id):
        query = (
            select(column, func.count())
            .join(EmployeeRow, EmployeeRow.id == one.employee_id)
            .where(column.is_not(None), EmployeeRow.left_at.is_(None))
            .group_by(column)
        )
        for status, number in await session.execute(query):
            if status is None:
                continue
            counted[OwnStatusId(status)] = counted.get(OwnStatusId(status), 0) + number
    return counted


async def havers(session: AsyncSession, status: OwnStatusId) -> Havers:
    """Who has it."""
    one = EmployeeStatusRow
    below = await session.scalars(select(one.employee_id).where(one.own_status_id == status))
    over = await session.scalars(
        select(one.employee_id).where(one.temporary_own_status_id == status)
    )
    return {"below": list(map(EmployeeId, below)), "over": list(map(EmployeeId, over))}


async def bring_back_own_status(
    session: AsyncSession, status: OwnStatusId, had: Havers, retired_at: datetime
) -> None:
    """Take back a retirement; who had it has it again, unless they declared something since.

    Raises InvalidError when there are MOST others meanwhile, NotThereError.
    """
    await announce(session, ChangeKind.OWN_STATUS)
    row = await session.get(OwnStatusRow, status)
    if row is None or row.retired_at is None:
        raise NotThereError("own status", status)
    if len(await read_own_statuses(session)) >= MOST:
        raise InvalidError("own_statuses", f"at most {MOST}")
    row.retired_at = None
    one = EmployeeStatusRow
    untouched = one.since <= retired_at
    below = update(one).where(one.employee_id.in_(had["below"]), untouched)
    over = update(one).where(
        one.employee_id.in_(had["over"]), untouched, one.temporary_base == row.base
    )
    await session.execute(below.values(own_status_id=status))
    await session.execute(over.values(temporary_own_status_id=status))
    await session.flush()
