"""What is done to roles: added, copied, changed, removed; always within one's own."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.rights import ADMINISTRATOR, Right, Role, Scope
from ari_app.store import audit, removals, roles
from ari_app.store.audit import About, Facts
from ari_app.store.changes import take_turn
from ari_app.store.removals import RemovalKind
from web.forms import Form, Refused, RequiredLine, Ticked, Wrong
from web.right_words import RIGHTS, scopes_of
from web.visit import Visit
from web.words import N_


def _grants(grants: Mapping[Right, Scope]) -> Mapping[Right, Scope]:
    for right, scope in grants.items():
        if scope not in scopes_of(right):
            raise Wrong(N_("A right does not reach so far, or is held for everyone only"))
    return grants


def _read(value: object) -> object:
    """A form sends one text, a program an object."""
    return json.loads(value) if isinstance(value, str) else value


class RoleForm(Form):
    """A role: what it is called, how high it stands, and how far each of its rights reaches."""

    name_ru: RequiredLine
    name_en: RequiredLine
    rank: Annotated[int, Field(ge=0, le=100)] = 0
    needs_second_factor: Ticked = False
    grants: Annotated[dict[Right, Scope], BeforeValidator(_read), AfterValidator(_grants)] = Field(
        default_factory=dict
    )


async def save_role(visit: Visit, role_id: int, form: RoleForm) -> int:
    """Add (id 0) or change a role, and return its id.

    Raises TakenError, NotThereError, Refused for what is above one's own role or would leave
    nobody to manage roles, HTTPForbidden for a role that is above one's own already.
    """
    visit.demand(Right.MANAGE_ROLES)
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        old = await roles.role(session, role_id) if role_id else None
        if old is not None and not visit.actor.may_give(old):
            raise web.HTTPForbidden
        wanted = _wanted(form, old)
        _check_giving(visit, wanted)
        new = await roles.save_role(session, wanted)
        await keep_a_keeper(session, "grants")
        before = {} if old is None else role_facts(old)
        action = "role.added" if old is None else "role.changed"
        about = About(new, f"{wanted.name_ru} / {wanted.name_en}")
        await audit.note(session, visit.who, action, about, (before, role_facts(wanted)))
    return new


async def remove_role(visit: Visit, role_id: int) -> int:
    """The removal's number, to undo it. Raises NotThereError, Refused, HTTPForbidden."""
    visit.demand(Right.MANAGE_ROLES)
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        role = await roles.role(session, role_id)
        if not visit.actor.may_give(role):
            raise web.HTTPForbidden
        if role.preset is not None:
            raise Refused("", N_("A preset cannot be removed, only changed"))
        if await roles.holders(session, role_id):
            raise Refused("", N_("Somebody has this role: give them another one first"))
        await roles.remove_role(session, role_id)
        memory = {
            "names": [role.name_ru, role.name_en],
            "rank": role.rank,
            "needs_second_factor": role.needs_second_factor,
            "grants": {right.value: int(scope) for right, scope in role.grants.items()},
        }
        number = await removals.remember(session, RemovalKind.ROLE, memory, visit.now)
        about = About(role_id, f"{role.name_ru} / {role.name_en}")
        await audit.note(session, visit.who, "role.removed", about, (role_facts(role), {}))
    return number


async def keep_a_keeper(session: AsyncSession, field: str) -> None:
    """Raises Refused beside `field` when this transaction leaves nobody to manage roles."""
    if not await roles.keepers(session):
        raise Refused(field, N_("Nobody could manage roles then: give somebody that right first"))


def role_facts(role: Role) -> Facts:
    """A role as the audit log shows it."""
    return {
        "name_ru": role.name_ru,
        "name_en": role.name_en,
        "rank": role.rank,
        "needs_second_factor": role.needs_second_factor,
        **{f"right.{right.value}": scope.name.lower() for right, scope in role.grants.items()},
    }


def _wanted(form: RoleForm, old: Role | None) -> Role:
    wanted = Role(
        id=0 if old is None else old.id,
        name_ru=form.name_ru,
        name_en=form.name_en,
        rank=form.rank,
        grants=form.grants,
        needs_second_factor=form.needs_second_factor,
        preset=None if old is None else old.preset,
    )
    if wanted.preset == ADMINISTRATOR.preset:
        return replace(wanted, rank=ADMINISTRATOR.rank, grants=ADMINISTRATOR.grants)
    return wanted


def _check_giving(visit: Visit, wanted: Role) -> None:
    actor = visit.actor
    if wanted.rank > actor.role.rank:
        raise Refused("rank", N_("Not above your own rank, {rank}"), rank=actor.role.rank)
    wide = [right for right, scope in wanted.grants.items() if (actor.scope(right) or 0) < scope]
    if wide:
        told = visit.words.listed([visit.words.say(RIGHTS[right][0]) for right in wide])
        raise Refused("grants", N_("Your own role does not reach so far: {rights}"), rights=told)
