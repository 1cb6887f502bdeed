"""Giving people roles: none above one's own, and never away from the last who manages them."""

from typing import Annotated

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import EMPLOYEE, NO_ACCESS, Right, Role
from ari_app.store import accounts, audit, roles
from ari_app.store.audit import About
from ari_app.store.changes import ChangeKind, announce
from web.acts.people import changing
from web.acts.roles import keep_a_keeper
from web.card_version import Versioned, check_version
from web.forms import Refused
from web.visit import Visit
from web.words import N_


class RightsForm(Versioned):
    """Which role somebody has."""

    role: Annotated[int, Field(ge=1, le=999_999_999)]


async def give_role(visit: Visit, employee: EmployeeId, form: RightsForm) -> None:
    """Raises NotThereError, Refused beside ``role``, Stale, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.ASSIGN_ROLES)
        check_version(form, RightsForm(role=person.role.id))
        if form.role == person.role.id:
            return
        wanted = await givable(visit, session, form.role)
        await accounts.give_role(session, employee, wanted.id)
        await keep_a_keeper(session, "role")
        await announce(session, ChangeKind.EMPLOYEE, (employee,))
        change = ({"role": role_name(person.role)}, {"role": role_name(wanted)})
        about = About(employee, person.name)
        await audit.note(session, visit.who, "rights.changed", about, change)


async def givable(visit: Visit, session: AsyncSession, role_id: int) -> Role:
    """A role that this actor may give. Raises Refused beside ``role``."""
    found = {role.id: role for role in await roles.roles(session)}.get(role_id)
    if found is None:
        raise Refused("role", N_("This role is not there any more"))
    if not visit.actor.may_give(found):
        raise Refused("role", N_("This role stands above your own, or may do more"))
    return found


def for_newcomers(visit: Visit, known: list[Role]) -> list[Role]:
    """The roles that this actor may give to somebody new, the usual one first."""
    usual = [role for role in known if role.id in {EMPLOYEE.id, NO_ACCESS.id}]
    usual.sort(key=lambda role: role.id != EMPLOYEE.id)
    others = [role for role in known if role not in usual]
    offered = [*usual, *others] if visit.may(Right.ASSIGN_ROLES) else usual
    return [role for role in offered if visit.actor.may_give(role)]


def role_name(role: Role) -> str:
    """As the audit log calls it."""
    return f"{role.name_ru} / {role.name_en}"
