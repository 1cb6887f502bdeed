"""People as they are looked for: by a part of the name, by extension, by both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Subject
from ari_app.store.panel_rows import AccountRow, RoleRow
from ari_app.store.people import sorted_by
from ari_app.store.rows import EmployeeRow


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a list shows them; `has_left` where the history still names them."""

    id: EmployeeId
    name: str
    extension: str
    department: int | None = None
    rank: int = 0
    has_left: bool = False

    @property
    def subject(self) -> Subject:
        return Subject(self.id, self.department, self.rank)

    @property
    def label(self) -> str:
        """As `typed_people` understands it."""
        return f"{self.extension} {self.name}"


async def find_people(
    session: AsyncSession, text: str, limit: int, department: int | None = None
) -> Sequence[Person]:
    """Those in whose card these words stand, by name; only of a department where one is given."""
    words = text.casefold().replace("ё", "е").split()
    conditions = [EmployeeRow.search.contains(word, autoescape=True) for word in words]
    if department is not None:
        conditions.append(EmployeeRow.department_id == department)
    return await _people(session, *conditions, limit=limit)


async def typed_people(session: AsyncSession, text: str) -> Sequence[Person]:
    """Whom somebody means who typed an extension, a name, or both; two at most."""
    first, _, rest = text.strip().partition(" ")
    if first.isascii() and first.isdigit():
        found = await _people(session, EmployeeRow.extension == first)
        name = sorted_by(rest)
        return [one for one in found if not name or sorted_by(one.name) == name]
    return await _people(session, EmployeeRow.sort_name == sorted_by(text), limit=2)


async def people_of(
    session: AsyncSession, ids: Collection[int], *, with_left: bool = False
) -> dict[EmployeeId, Person]:
    """These people by their ids; who has left only where they are asked for."""
    wanted = EmployeeRow.id.in_(sorted(ids))
    found = await _people(session, wanted, limit=len(ids), with_left=with_left) if ids else ()
    return {person.id: person for person in found}


async def people_with_role(
    session: AsyncSession, role_id: int, limit: int, offset: int
) -> Sequence[Person]:
    """Those who have a role, by name."""
    return await _people(session, AccountRow.role_id == role_id, limit=limit, offset=offset)


async def _people(
    session: AsyncSession,
    *conditions: ColumnElement[bool],
    limit: int = 2,
    offset: int = 0,
    with_left: bool = False,
) -> Sequence[Person]:
    query = (
        select(
            EmployeeRow.id,
            EmployeeRow.name,
            EmployeeRow.extension,
            EmployeeRow.department_id,
            RoleRow.rank,
            EmployeeRow.left_at,
        )
        .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .outerjoin(RoleRow, RoleRow.id == AccountRow.role_id)
        .where(*conditions)
        .order_by(EmployeeRow.sort_name, EmployeeRow.id)
    )
    if not with_left:
        query = query.where(EmployeeRow.left_at.is_(None))
    found = await session.execute(query.limit(limit).offset(offset))
    return [
        Person(
            EmployeeId(row.id),
            row.name,
            row.extension,
            row.department_id,
            row.rank or 0,
            row.left_at is not None,
        )
        for row in found
    ]
