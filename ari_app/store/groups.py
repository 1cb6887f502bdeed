"""Groups: people in an order, for calls that are for several of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.panel_rows import GroupMemberRow, GroupRow
from ari_app.store.rows import EmployeeRow

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its members in their order; those who have left are not among them."""

    id: int
    name_ru: str
    name_en: str
    members: tuple[EmployeeId, ...] = ()


async def groups(session: AsyncSession, of: EmployeeId | None = None) -> list[Group]:
    """All groups, or those that somebody is in."""
    query = select(GroupRow).order_by(GroupRow.id)
    if of is not None:
        theirs = select(GroupMemberRow.group_id).where(GroupMemberRow.employee_id == of)
        query = query.where(GroupRow.id.in_(theirs))
    rows = (await session.scalars(query)).all()
    members: dict[int, list[EmployeeId]] = defaultdict(list)
    living = (
        select(GroupMemberRow.group_id, GroupMemberRow.employee_id)
        .join(EmployeeRow, EmployeeRow.id == GroupMemberRow.employee_id)
        .where(EmployeeRow.left_at.is_(None))
        .order_by(GroupMemberRow.position)
    )
    for row in await session.execute(living):
        members[row.group_id].append(EmployeeId(row.employee_id))
    return [Group(row.id, row.name_ru, row.name_en, tuple(members[row.id])) for row in rows]


async def group(session: AsyncSession, group_id: int) -> Group:
    """Raises NotThereError."""
    found = next((one for one in await groups(session) if one.id == group_id), None)
    if found is None:
        raise NotThereError("group", group_id)
    return found


async def save_group(session: AsyncSession, group: Group) -> int:
    """Write the names and members of a group (id 0: a new one) and return its id.

    Raises InvalidError, TakenError for a name that another has, NotThereError for a group or
    a member that is not there.
    """
    await take_turn(session)
    await _check_name(session, "name_ru", group.name_ru, group.id)
    await _check_name(session, "name_en", group.name_en, group.id)
    row = await session.get(GroupRow, group.id) if group.id else GroupRow()
    if row is None:
        raise NotThereError("group", group.id)
    row.name_ru, row.name_en = group.name_ru.strip(), group.name_en.strip()
    session.add(row)
    await session.flush()
    await set_members(session, row.id, group.members)
    return row.id


async def set_members(session: AsyncSession, group_id: int, members: Sequence[EmployeeId]) -> None:
    """Make these the members, in their order. Raises InvalidError, NotThereError."""
    await take_turn(session)
    if len(set(members)) < len(members):
        raise InvalidError("person", "a member is there twice")
    is_there = select(EmployeeRow.id).where(
        EmployeeRow.id.in_(members), EmployeeRow.left_at.is_(None)
    )
    gone = set(members) - set(await session.scalars(is_there))
    if gone:
        raise NotThereError("employee", min(gone))
    await session.execute(delete(GroupMemberRow).where(GroupMemberRow.group_id == group_id))
    session.add_all(
        GroupMemberRow(group_id=group_id, employee_id=employee, position=position)
        for position, employee in enumerate(members)
    )
    await session.flush()


async def remove_group(session: AsyncSession, group_id: int) -> None:
    """Raises NotThereError."""
    await take_turn(session)
    row = await session.get(GroupRow, group_id)
    if row is None:
        raise NotThereError("group", group_id)
    await session.execute(delete(GroupMemberRow).where(GroupMemberRow.group_id == group_id))
    await session.delete(row)
    await session.flush()


async def _check_name(session: AsyncSession, field: str, name: str, but: int) -> None:
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidError(field, f"1 to {_LONGEST_NAME} printable characters")
    column = GroupRow.name_ru if field == "name_ru" else GroupRow.name_en
    query = select(GroupRow.id).where(column == name, GroupRow.id != but)
    if await session.scalar(query) is not None:
        raise TakenError(field, name)


async def living(session: AsyncSession, people: Sequence[int]) -> list[EmployeeId]:
    """Those of `people` who have not left, in their order."""
    query = select(EmployeeRow.id).where(EmployeeRow.id.in_(people), EmployeeRow.left_at.is_(None))
    there = set(await session.scalars(query))
    return [EmployeeId(one) for one in people if one in there]
