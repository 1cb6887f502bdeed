"""What a board needs of the store: who belongs to it, since when they are so, missed calls."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Status
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Subject
from ari_app.store.panel_rows import AccountRow, RoleRow
from ari_app.store.rows import (
    CallRow,
    EmployeeRow,
    EmployeeStatusRow,
    JournalPositionRow,
)

MISSED = frozenset(Ending) - {Ending.ANSWERED}
_ONLINE = Status.ONLINE.value


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place on a board; `since` is when the status that holds began, if it is known."""

    employee: EmployeeId
    name: str
    extension: str
    department: int | None
    rank: int
    since: datetime | None

    @property
    def subject(self) -> Subject:
        return Subject(self.employee, self.department, self.rank)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose places: one employee's, a department's (None: of those who have none), everybody's."""

    employee: EmployeeId | None = None
    department: int | None = None
    everyone: bool = False


async def seats(session: AsyncSession, whose: Whose, now: datetime) -> Sequence[Seat]:
    """All of them, by name."""
    one = EmployeeStatusRow
    since = case((one.until <= now, one.until), else_=one.since)
    query = (
        select(
            EmployeeRow.id,
            EmployeeRow.name,
            EmployeeRow.extension,
            EmployeeRow.department_id,
            RoleRow.rank,
            since.label("since"),
        )
        .outerjoin(one, one.employee_id == EmployeeRow.id)
        .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .outerjoin(RoleRow, RoleRow.id == AccountRow.role_id)
        .where(*_living(whose))
        .order_by(EmployeeRow.sort_name, EmployeeRow.id)
    )
    return [
        Seat(
            EmployeeId(row.id), row.name, row.extension, row.department_id, row.rank or 0, row.since
        )
        for row in await session.execute(query)
    ]


async def how_many(session: AsyncSession, whose: Whose) -> int:
    """How many places there are."""
    query = select(func.count()).select_from(EmployeeRow).where(*_living(whose))
    return await session.scalar(query) or 0


async def statuses_by_department(
    session: AsyncSession, now: datetime
) -> Mapping[int | None, Mapping[Status, int]]:
    """How many of each department have each status at `now`; one query for any office."""
    one = EmployeeStatusRow
    holds = case(
        (one.base.is_(None), _ONLINE),
        ((one.until > now) & one.temporary_base.is_not(None), one.temporary_base),
        else_=one.base,
    ).label("holds")
    query = (
        select(EmployeeRow.department_id, holds, func.count().label("people"))
        .outerjoin(one, one.employee_id == EmployeeRow.id)
        .where(EmployeeRow.left_at.is_(None))
        .group_by(EmployeeRow.department_id, holds)
    )
    counted: dict[int | None, Counter[Status]] = {}
    for row in await session.execute(query):
        counted.setdefault(row.department_id, Counter())[Status(row.holds)] += row.people
    return counted


async def missed_by_employee(
    session: AsyncSession, employees: Collection[EmployeeId], since: datetime
) -> Mapping[EmployeeId, int]:
    """How many calls to each of them nobody has answered since then."""
    query = (
        select(CallRow.employee_id, func.count().label("calls"))
        .where(*_missed(since), CallRow.employee_id.in_(employees))
        .group_by(CallRow.employee_id)
    )
    found = await session.execute(query)
    return {EmployeeId(row.employee_id): row.calls for row in found}


async def missed_by_department(session: AsyncSession, since: datetime) -> Mapping[int | None, int]:
    """How many calls to people of each department nobody has answered since then."""
    query = (
        select(EmployeeRow.department_id, func.count().label("calls"))
        .select_from(CallRow)
        .join(EmployeeRow, EmployeeRow.id == CallRow.employee_id)
        .where(*_missed(since), EmployeeRow.left_at.is_(None))
        .group_by(EmployeeRow.department_id)
    )
    return {row.department_id: row.calls for row in await session.execute(query)}


async def journal_place(session: AsyncSession) -> tuple[str, str]:
    """Moves with every line that the history takes over; locks nothing."""
    query = select(JournalPositionRow.inode, JournalPositionRow.offset)
    row = (await session.execute(query)).first()
    return ("", "") if row is None else (row.inode, row.offset)


def _missed(since: datetime) -> list[ColumnElement[bool]]:
    endings = sorted(ending.value for ending in MISSED)
    return [CallRow.began_at >= since, CallRow.ending.in_(endings)]


def _living(whose: Whose) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [EmployeeRow.left_at.is_(None)]
    if whose.employee is not None:
        conditions.append(EmployeeRow.id == whose.employee)
    elif not whose.everyone and whose.department is None:
        conditions.append(EmployeeRow.department_id.is_(None))
    elif not whose.everyone:
        conditions.append(EmployeeRow.department_id == whose.department)
    return conditions
