"""What is done to groups."""

from dataclasses import replace
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, groups, removals
from ari_app.store.audit import About
from ari_app.store.errors import NotThereError
from ari_app.store.finding import people_of
from ari_app.store.groups import Group
from ari_app.store.removals import RemovalKind
from web.acts.finding import person_typed
from web.acts.office import NamesForm, facts_of, name_of
from web.forms import Form, Refused
from web.visit import Visit
from web.words import N_


class MemberForm(Form):
    """Whom to add to a group: an extension, a name, or both."""

    person: str


class MoveForm(Form):
    """Where to move a member of a group."""

    to: Literal["up", "down"]


async def add_group(visit: Visit, form: NamesForm) -> int:
    """Raises TakenError for a name that another one has."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        new = await groups.save_group(session, Group(0, form.name_ru, form.name_en))
        await audit.note(
            session, visit.who, "group.added", About(new, name_of(form)), ({}, facts_of(form))
        )
    return new


async def rename_group(visit: Visit, group_id: int, form: NamesForm) -> None:
    """Raises as `add_group`, and NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        before = await groups.group(session, group_id)
        renamed = replace(before, name_ru=form.name_ru, name_en=form.name_en)
        await groups.save_group(session, renamed)
        names = {"name_ru": before.name_ru, "name_en": before.name_en}
        about = About(group_id, name_of(form))
        await audit.note(session, visit.who, "group.renamed", about, (names, facts_of(form)))


async def add_member(visit: Visit, group_id: int, form: MemberForm) -> None:
    """Put somebody at the end of a group. Raises InvalidError, NotThereError, Refused."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        person = await person_typed(visit, session, form.person, "person")
        one = await groups.group(session, group_id)
        if person.id in one.members:
            raise Refused("person", N_("{name} is in this group already"), name=person.name)
        await _set_members(visit, session, one, [*one.members, person.id])


async def remove_member(visit: Visit, group_id: int, employee: EmployeeId) -> None:
    """Raises NotThereError; somebody who is no member is none afterwards either."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        one = await groups.group(session, group_id)
        await _set_members(visit, session, one, [who for who in one.members if who != employee])


async def move_member(
    visit: Visit, group_id: int, employee: EmployeeId, to: Literal["up", "down"]
) -> None:
    """One place up or down; at an end it stays there. Raises NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        one = await groups.group(session, group_id)
        members = list(one.members)
        if employee not in members:
            raise NotThereError("employee", employee)
        place = members.index(employee)
        other = max(place - 1, 0) if to == "up" else min(place + 1, len(members) - 1)
        members[place], members[other] = members[other], members[place]
        await _set_members(visit, session, one, members)


async def remove_group(visit: Visit, group_id: int) -> int:
    """The removal's number, to undo it. Raises NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        one = await groups.group(session, group_id)
        await groups.remove_group(session, group_id)
        memory = {"names": [one.name_ru, one.name_en], "members": list(one.members)}
        number = await removals.remember(session, RemovalKind.GROUP, memory, visit.now)
        about = About(group_id, f"{one.name_ru} / {one.name_en}")
        await audit.note(
            session, visit.who, "group.removed", about, ({"people": len(one.members)}, {})
        )
    return number


async def _set_members(
    visit: Visit, session: AsyncSession, one: Group, members: list[EmployeeId]
) -> None:
    await groups.set_members(session, one.id, members)
    about = About(one.id, f"{one.name_ru} / {one.name_en}")
    known = await people_of(session, {*one.members, *members}, with_left=True)
    before = {"members": [known[who].name for who in one.members]}
    after = {"members": [known[who].name for who in members]}
    if before != after:
        await audit.note(session, visit.who, "group.members", about, (before, after))
