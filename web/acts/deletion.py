"""Deleting an employee with hand-over, and taking that back."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated

from aiohttp import web
from pydantic import BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, departures, roles
from ari_app.store.accounts import Account
from ari_app.store.accounts import account as account_of
from ari_app.store.audit import About, Facts
from ari_app.store.changes import take_turn
from ari_app.store.departures import Departed
from ari_app.store.errors import NotThereError
from ari_app.store.finding import Person
from ari_app.store.handover import Deed, Finder, Order, Reference
from ari_app.store.references import FINDERS
from ari_app.store.rule_versions import Author
from web.acts.finding import person_typed
from web.forms import ExtensionText, Form, Refused
from web.visit import Visit
from web.words import N_


def _read(value: object) -> object:
    """A form sends one text, a program an object."""
    return json.loads(value) if isinstance(value, str) else value


class DeletionForm(Form):
    """What to do about each reference (``rules:12``), and who takes over each kind."""

    deeds: Annotated[dict[str, Deed], BeforeValidator(_read)] = Field(default_factory=dict)
    successors: Annotated[dict[str, str], BeforeValidator(_read)] = Field(default_factory=dict)


class RestoreForm(Form):
    """Coming back; with another extension where the old one was taken."""

    extension: ExtensionText | None = None


async def delete_employee(visit: Visit, employee: EmployeeId, form: DeletionForm) -> None:
    """Raises NotThereError, HandOverError, Refused, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        person = await deletable(visit, session, employee)
        found = await references(session, employee)
        orders = [
            (finder, await _order(visit, session, finder, found[finder.kind], (employee, form)))
            for finder in FINDERS
        ]
        await departures.depart(session, employee, orders, visit.me, visit.now)
        change = _told(person, found, form)
        about = About(employee, person.name)
        await audit.note(session, visit.who, "employee.deleted", about, change)


async def deletable(visit: Visit, session: AsyncSession, employee: EmployeeId) -> Account:
    """Whom this actor may delete. Raises NotThereError, HTTPForbidden, Refused."""
    person = await account_of(session, employee)
    visit.demand(Right.DELETE_EMPLOYEES, person.subject)
    if employee == visit.me:
        raise Refused("", N_("Nobody can delete themselves: ask somebody else to do it"))
    if set(await roles.keepers(session)) <= {employee}:
        raise Refused("", N_("This is the last one who manages roles: give somebody that right"))
    return person


async def references(
    session: AsyncSession, employee: EmployeeId
) -> Mapping[str, Sequence[Reference]]:
    """What refers to an employee, by kind."""
    return {finder.kind: await finder.find(session, employee) for finder in FINDERS}


async def restore_employee(
    visit: Visit, employee: EmployeeId, form: RestoreForm
) -> Sequence[Reference]:
    """Take a deletion back; what could not be, because it was changed since.

    Raises NotThereError, TakenError for an extension that somebody has, HTTPForbidden.
    """
    async with visit.panel.sessions.begin() as session:
        person = await restorable(visit, session, employee)
        left = await departures.come_back(session, employee, form.extension, visit.now)
        facts = {"extension": form.extension or person.extension}
        about = About(employee, person.name)
        await audit.note(session, visit.who, "employee.restored", about, ({}, facts))
    return left


async def restorable(visit: Visit, session: AsyncSession, employee: EmployeeId) -> Departed:
    """Raises NotThereError for who is not deleted or was so too long ago, HTTPForbidden."""
    found = await departures.departed(session, visit.now, only=employee)
    if not found or not found[0].can_undo:
        raise NotThereError("employee", employee)
    visit.demand(Right.DELETE_EMPLOYEES, found[0].subject)
    return found[0]


async def _order(
    visit: Visit,
    session: AsyncSession,
    finder: Finder,
    found: Sequence[Reference],
    asked: tuple[EmployeeId, DeletionForm],
) -> Order:
    employee, form = asked
    if any(reference.forbids for reference in found):
        raise Refused("", N_("Something that refers to this employee forbids the deletion"))
    deeds = {one.id: _deed(finder, one, form) for one in found}
    successor = None
    if Deed.HAND_OVER in deeds.values():
        successor = await _successor(visit, session, finder.kind, asked)
    country = visit.panel.settings.country
    by = Author(visit.me, visit.signed_in.name)
    heir = None if successor is None else successor.id
    return Order(employee, heir, deeds, visit.now, country, by)


def _deed(finder: Finder, reference: Reference, form: DeletionForm) -> Deed:
    deed = form.deeds.get(f"{reference.kind}:{reference.id}", finder.deeds[-1])
    if deed not in finder.deeds:
        raise web.HTTPBadRequest
    return deed


async def _successor(
    visit: Visit, session: AsyncSession, kind: str, asked: tuple[EmployeeId, DeletionForm]
) -> Person:
    employee, form = asked
    field = f"successor-{kind}"
    typed = form.successors.get(kind, "").strip()
    if not typed:
        raise Refused(field, N_("Choose who takes over"))
    person = await person_typed(visit, session, typed, field)
    if person.id == employee:
        raise Refused(field, N_("This is who is to be deleted: choose somebody else"))
    return person


def _told(
    person: Account, found: Mapping[str, Sequence[Reference]], form: DeletionForm
) -> tuple[Facts, Facts]:
    """What was decided, as the audit log shows it."""
    before: dict[str, object] = {"extension": person.extension}
    after: dict[str, object] = {}
    for kind, all_of_it in found.items():
        if all_of_it:
            before[kind] = [one.names[0] for one in all_of_it]
        deeds = {form.deeds.get(f"{kind}:{one.id}") for one in all_of_it}
        if Deed.HAND_OVER in deeds:
            after[f"{kind}_to"] = form.successors.get(kind, "")
    return before, after
