"""Roles: presets and an office's own ones, each a set of rights and how far they reach."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import NO_ACCESS, Right, Role, Scope
from ari_app.store.changes import take_turn
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.panel_rows import AccountRow, RoleRow
from ari_app.store.rows import EmployeeRow

_LONGEST_NAME = 100
_WIDEST = Scope.EVERYONE
_KNOWN = {right.value: right for right in Right}


def role_of(row: RoleRow) -> Role:
    """The role that a row holds; a right that this program does not know is left out."""
    grants = {
        _KNOWN[name]: Scope(scope)
        for name, scope in row.grants.items()
        if name in _KNOWN and scope in set(Scope)
    }
    return Role(
        row.id, row.name_ru, row.name_en, row.rank, grants, row.needs_second_factor, row.preset
    )


async def roles(session: AsyncSession) -> list[Role]:
    """All of them, the lowest rank first."""
    rows = await session.scalars(select(RoleRow).order_by(RoleRow.rank, RoleRow.id))
    return [role_of(row) for row in rows]


async def role(session: AsyncSession, role_id: int) -> Role:
    """Raises NotThereError."""
    row = await session.get(RoleRow, role_id)
    if row is None:
        raise NotThereError("role", role_id)
    return role_of(row)


async def save_role(session: AsyncSession, role: Role) -> int:
    """Write a role (id 0: a new one) and return its id.

    Raises InvalidError, TakenError for a name that another has, NotThereError.
    """
    await take_turn(session)
    for field, name in (("name_ru", role.name_ru), ("name_en", role.name_en)):
        await _check_name(session, field, name, role.id)
    if not 0 <= role.rank <= 100:
        raise InvalidError("rank", "0 to 100")
    row = await session.get(RoleRow, role.id) if role.id else RoleRow(preset=None)
    if row is None:
        raise NotThereError("role", role.id)
    row.name_ru, row.name_en, row.rank = role.name_ru.strip(), role.name_en.strip(), role.rank
    row.grants = {right.value: int(scope) for right, scope in role.grants.items()}
    row.needs_second_factor = role.needs_second_factor
    session.add(row)
    await session.flush()
    return row.id


async def holders(session: AsyncSession, role_id: int) -> int:
    """How many people have this role."""
    return (await all_holders(session)).get(role_id, 0)


async def all_holders(session: AsyncSession) -> Mapping[int, int]:
    """How many people have each role; who has left does not count."""
    query = (
        select(AccountRow.role_id, func.count())
        .join(EmployeeRow, EmployeeRow.id == AccountRow.employee_id)
        .where(EmployeeRow.left_at.is_(None))
        .group_by(AccountRow.role_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def keepers(session: AsyncSession) -> Collection[EmployeeId]:
    """Who manages roles for everyone; there must always be somebody."""
    keeping = [
        role.id for role in await roles(session) if role.grants.get(Right.MANAGE_ROLES) is _WIDEST
    ]
    query = (
        select(EmployeeRow.id)
        .join(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .where(AccountRow.role_id.in_(keeping), EmployeeRow.left_at.is_(None))
    )
    return frozenset(map(EmployeeId, await session.scalars(query)))


async def remove_role(session: AsyncSession, role_id: int) -> None:
    """Raises NotThereError, InvalidError for a preset or a role that somebody has.

    Who had it and has left has no access afterwards, should they come back.
    """
    await take_turn(session)
    row = await session.get(RoleRow, role_id)
    if row is None:
        raise NotThereError("role", role_id)
    if row.preset is not None or await holders(session, role_id):
        raise InvalidError("role", "a preset, or somebody has it")
    of_it = update(AccountRow).where(AccountRow.role_id == role_id)
    await session.execute(of_it.values(role_id=NO_ACCESS.id))
    await session.delete(row)
    await session.flush()


async def _check_name(session: AsyncSession, field: str, name: str, but: int) -> None:
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidError(field, f"1 to {_LONGEST_NAME} printable characters")
    column = RoleRow.name_ru if field == "name_ru" else RoleRow.name_en
    query = select(RoleRow.id).where(column == name, RoleRow.id != but)
    if await session.scalar(query) is not None:
        raise TakenError(field, name)
