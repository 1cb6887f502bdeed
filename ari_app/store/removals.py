"""What was removed from the office, with all that it takes to bring it back within a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.card import DepartmentId
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.errors import NotThereError
from ari_app.store.office import Department, add_department
from ari_app.store.panel_rows import RemovalRow
from ari_app.store.rows import DepartmentRow, EmployeeRow

KEPT = timedelta(days=1)


class RemovalKind(Enum):
    """What was removed."""

    DEPARTMENT = "department"
    GROUP = "group"
    OWN_STATUS = "own_status"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Removal:
    """One removal; `memory` is JSON that its kind understands."""

    kind: RemovalKind
    at: datetime
    memory: Mapping[str, Any]


async def remember(
    session: AsyncSession, kind: RemovalKind, memory: Mapping[str, Any], now: datetime
) -> int:
    """Keep what it takes to undo a removal, and return its number; old ones are forgotten."""
    await session.execute(delete(RemovalRow).where(RemovalRow.at < now - KEPT))
    row = RemovalRow(at=now, kind=kind.value, memory=dict(memory))
    session.add(row)
    await session.flush()
    return row.id


async def take(
    session: AsyncSession, removal_id: int, kinds: Sequence[RemovalKind], now: datetime
) -> Removal:
    """A removal that is undone now; it can be taken once. Raises NotThereError."""
    row = await session.get(RemovalRow, removal_id)
    known = {kind.value for kind in kinds}
    if row is None or row.kind not in known or row.at < now - KEPT:
        raise NotThereError("removal", removal_id)
    found = Removal(RemovalKind(row.kind), row.at, row.memory)
    await session.delete(row)
    await session.flush()
    return found


async def department_sizes(session: AsyncSession) -> Mapping[DepartmentId, int]:
    """How many people each department has."""
    query = (
        select(EmployeeRow.department_id, func.count())
        .where(EmployeeRow.left_at.is_(None), EmployeeRow.department_id.is_not(None))
        .group_by(EmployeeRow.department_id)
    )
    counted = await session.execute(query)
    return {DepartmentId(which): number for which, number in counted if which is not None}


async def department_people(session: AsyncSession, department: DepartmentId) -> list[EmployeeId]:
    """Who is in a department, also those who have left."""
    query = select(EmployeeRow.id).where(EmployeeRow.department_id == department)
    return list(map(EmployeeId, await session.scalars(query)))


async def bring_back_department(
    session: AsyncSession, department: Department, people: Sequence[int]
) -> None:
    """Add it again, for those of `people` who are in no other one meanwhile.

    Raises TakenError when another one is called so meanwhile.
    """
    await announce(session, ChangeKind.DEPARTMENT)
    new = await add_department(session, department.name_ru, department.name_en)
    if await session.get(DepartmentRow, department.id) is None:
        # Links and filters that name it go on to work.
        renumbered = update(DepartmentRow).where(DepartmentRow.id == new)
        await session.execute(renumbered.values(id=department.id))
        new = department.id
    for first in range(0, len(people), 500):
        theirs = update(EmployeeRow).where(
            EmployeeRow.id.in_(people[first : first + 500]), EmployeeRow.department_id.is_(None)
        )
        await session.execute(theirs.values(department_id=new))
    await session.flush()
