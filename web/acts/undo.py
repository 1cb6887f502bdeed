"""Bringing back what was removed from the office."""

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.rights import Right, Role, Scope
from ari_app.store import audit, groups, own_statuses, removals
from ari_app.store.audit import About
from ari_app.store.card import DepartmentId
from ari_app.store.errors import NotThereError
from ari_app.store.groups import Group
from ari_app.store.office import Department
from ari_app.store.removals import Removal, RemovalKind
from ari_app.store.roles import save_role
from web.visit import Visit

_RIGHTS = {
    RemovalKind.DEPARTMENT: Right.MANAGE_OFFICE,
    RemovalKind.GROUP: Right.MANAGE_OFFICE,
    RemovalKind.OWN_STATUS: Right.MANAGE_OFFICE,
    RemovalKind.ROLE: Right.MANAGE_ROLES,
}


async def undo(visit: Visit, removal_id: int) -> RemovalKind:
    """Bring back what was removed. Raises NotThereError, TakenError, InvalidError."""
    mine = [kind for kind, right in _RIGHTS.items() if visit.may(right)]
    async with visit.panel.sessions.begin() as session:
        removal = await removals.take(session, removal_id, mine, visit.now)
        name = await _bring_back(visit, session, removal)
        await audit.note(
            session, visit.who, f"{removal.kind.value}.brought_back", About(None, name)
        )
    return removal.kind


async def _bring_back(visit: Visit, session: AsyncSession, removal: Removal) -> str:
    memory = removal.memory
    names = memory.get("names", ("", ""))
    match removal.kind:
        case RemovalKind.DEPARTMENT:
            department = Department(DepartmentId(memory["id"]), names[0], names[1])
            await removals.bring_back_department(session, department, memory["people"])
        case RemovalKind.GROUP:
            living = await groups.living(session, memory["members"])
            await groups.save_group(session, Group(0, names[0], names[1], tuple(living)))
        case RemovalKind.OWN_STATUS:
            which = OwnStatusId(memory["id"])
            had = {"below": memory["below"], "over": memory["over"]}
            await own_statuses.bring_back_own_status(session, which, had, removal.at)
            one = await own_statuses.own_status(session, which)
            return f"{one.name_ru} / {one.name_en}"
        case RemovalKind.ROLE:
            await _bring_back_role(visit, session, removal)
    return " / ".join(names)


async def _bring_back_role(visit: Visit, session: AsyncSession, removal: Removal) -> None:
    memory = removal.memory
    grants = {Right(right): Scope(scope) for right, scope in memory["grants"].items()}
    names = memory["names"]
    role = Role(
        id=0,
        name_ru=names[0],
        name_en=names[1],
        rank=memory["rank"],
        grants=grants,
        needs_second_factor=memory["needs_second_factor"],
    )
    if not visit.actor.may_give(role):
        raise NotThereError("removal", role.name_en)
    await save_role(session, role)
