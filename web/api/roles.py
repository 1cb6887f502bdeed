"""Roles by the API."""

from dataclasses import dataclass
from http import HTTPStatus

from ari_app.domain.rights import Right, Role, Scope
from ari_app.store import roles as store
from web.acts import roles as acts
from web.acts.roles import RoleForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import MadeValue, RemovedValue
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class RoleValue:
    """A role; in `grants` a right reaches 1 oneself, 2 one's department, 3 everyone.

    `people` is how many have it; null where that was not asked.
    """

    id: int
    name_ru: str
    name_en: str
    rank: int
    needs_second_factor: bool
    preset: str | None
    grants: dict[Right, Scope]
    people: int | None


async def every_role(visit: Visit) -> list[RoleValue]:
    """All of them, the highest first."""
    async with visit.panel.sessions() as session:
        found = await store.roles(session)
        people = await store.all_holders(session)
    return [role_value(one, people.get(one.id, 0)) for one in reversed(found)]


async def one_role(visit: Visit) -> RoleValue:
    """One of them."""
    async with visit.panel.sessions() as session:
        one = await store.role(session, visit.number("id"))
        return role_value(one, await store.holders(session, one.id))


async def add(visit: Visit, form: RoleForm) -> MadeValue:
    """Add one."""
    return MadeValue(await acts.save_role(visit, 0, form))


async def change(visit: Visit, form: RoleForm) -> RoleValue:
    """Change one; a number that is none must not make a new role."""
    async with visit.panel.sessions() as session:
        one = await store.role(session, visit.number("id"))
    await acts.save_role(visit, one.id, form)
    return await one_role(visit)


async def remove(visit: Visit) -> RemovedValue:
    """Remove one."""
    return RemovedValue(await acts.remove_role(visit, visit.number("id")))


def role_value(role: Role, people: int | None) -> RoleValue:
    return RoleValue(
        role.id,
        role.name_ru,
        role.name_en,
        role.rank,
        role.needs_second_factor,
        role.preset,
        dict(role.grants),
        people,
    )


_RIGHT = Right.MANAGE_ROLES
_READ, _WRITE = TokenScope.ROLES_READ, TokenScope.ROLES_WRITE
_ALL, _ONE = f"{V1}/roles", f"{V1}/roles/{{id}}"

OPERATIONS = (
    ApiRoute("GET", _ALL, every_role, _RIGHT, _READ, N_("All roles"), list[RoleValue]),
    ApiRoute("GET", _ONE, one_role, _RIGHT, _READ, N_("One role"), RoleValue),
    ApiRoute(
        "POST",
        _ALL,
        add,
        _RIGHT,
        _WRITE,
        N_("Add a role, not above one's own"),
        MadeValue,
        RoleForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute("PUT", _ONE, change, _RIGHT, _WRITE, N_("Change a role"), RoleValue, RoleForm),
    ApiRoute(
        "DELETE", _ONE, remove, _RIGHT, _WRITE, N_("Remove a role that nobody has"), RemovedValue
    ),
)
