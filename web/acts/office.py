"""What is done to the office: departments and own statuses."""

from typing import Literal

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.rights import Right
from ari_app.store import audit, office, own_statuses, removals
from ari_app.store.audit import About, Facts
from ari_app.store.card import DepartmentId
from ari_app.store.office import Department
from ari_app.store.removals import RemovalKind
from web.forms import Form, RequiredLine, Ticked
from web.visit import Visit
from web.words import N_

Colour = Literal["green", "red", "orange", "yellow", "blue", "purple", "teal", "pink", "grey"]
COLOURS: dict[Colour, str] = {
    "green": N_("green"),
    "red": N_("red"),
    "orange": N_("orange"),
    "yellow": N_("yellow"),
    "blue": N_("blue"),
    "purple": N_("purple"),
    "teal": N_("teal"),
    "pink": N_("pink"),
    "grey": N_("grey"),
}


class NamesForm(Form):
    """What a department or a group is called."""

    name_ru: RequiredLine
    name_en: RequiredLine


class StatusForm(Form):
    """An own status."""

    name_ru: RequiredLine
    name_en: RequiredLine
    base: Status = Status.BREAK
    colour: Colour = "blue"
    at_login: Ticked = False


async def add_department(visit: Visit, form: NamesForm) -> DepartmentId:
    """Raises TakenError for a name that another one has."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        new = await office.add_department(session, form.name_ru, form.name_en)
        await audit.note(
            session, visit.who, "department.added", About(new, name_of(form)), ({}, facts_of(form))
        )
    return new


async def rename_department(visit: Visit, department: Department, form: NamesForm) -> None:
    """Raises as `add_department`, and NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        renamed = Department(department.id, form.name_ru, form.name_en)
        await office.rename_department(session, renamed)
        before = {"name_ru": department.name_ru, "name_en": department.name_en}
        about = About(department.id, name_of(form))
        await audit.note(session, visit.who, "department.renamed", about, (before, facts_of(form)))


async def remove_department(visit: Visit, department: Department) -> int:
    """Its people have none afterwards. The removal's number, to undo it. Raises NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        people = await removals.department_people(session, department.id)
        await office.remove_department(session, department.id)
        memory = {
            "id": department.id,
            "names": [department.name_ru, department.name_en],
            "people": people,
        }
        number = await removals.remember(session, RemovalKind.DEPARTMENT, memory, visit.now)
        about = About(department.id, f"{department.name_ru} / {department.name_en}")
        await audit.note(
            session, visit.who, "department.removed", about, ({"people": len(people)}, {})
        )
    return number


async def save_status(visit: Visit, status_id: int, form: StatusForm) -> OwnStatusId:
    """Add (id 0) or change an own status. Raises InvalidError, TakenError, NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        which = OwnStatusId(status_id)
        old = await own_statuses.own_status(session, which) if status_id else None
        wanted = OwnStatus(which, form.name_ru, form.name_en, form.base, form.colour, form.at_login)
        new = await own_statuses.save_own_status(session, wanted)
        before = {} if old is None else status_facts(old)
        action = "own_status.added" if old is None else "own_status.changed"
        about = About(new, name_of(form))
        await audit.note(session, visit.who, action, about, (before, status_facts(wanted)))
    return new


async def retire_status(visit: Visit, status_id: int) -> int:
    """Who has it, has its base then. The removal's number, to undo it. Raises NotThereError."""
    visit.demand(Right.MANAGE_OFFICE)
    async with visit.panel.sessions.begin() as session:
        which = OwnStatusId(status_id)
        one = await own_statuses.own_status(session, which)
        had = await own_statuses.havers(session, which)
        await office.retire_own_status(session, which, visit.now)
        memory = {"id": status_id, **had}
        number = await removals.remember(session, RemovalKind.OWN_STATUS, memory, visit.now)
        about = About(status_id, f"{one.name_ru} / {one.name_en}")
        people = len({*had["below"], *had["over"]})
        await audit.note(session, visit.who, "own_status.retired", about, ({"people": people}, {}))
    return number


def status_facts(status: OwnStatus) -> Facts:
    """An own status as the audit log shows it."""
    return {
        "name_ru": status.name_ru,
        "name_en": status.name_en,
        "base": status.base.value,
        "colour": status.colour,
        "at_login": status.at_login,
    }


def name_of(form: NamesForm | StatusForm) -> str:
    return f"{form.name_ru} / {form.name_en}"


def facts_of(form: NamesForm) -> Facts:
    return {"name_ru": form.name_ru, "name_en": form.name_en}
