"""Somebody new: a card, an account with its login, a role, and the letter to register."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension
from ari_app.domain.rights import EMPLOYEE, Right, Scope
from ari_app.store import accounts, audit, newcomers, roles
from ari_app.store.audit import About
from ari_app.store.card import Card, DepartmentId
from ari_app.store.changes import take_turn
from ari_app.store.people import add_employee as store_employee
from web.acts.given_roles import for_newcomers, role_name
from web.acts.people import Id, card_facts, department_names
from web.acts.registration import invite
from web.forms import EmailText, ExtensionText, Form, Line, Name, PhoneText, Refused, Ticked
from web.visit import Visit
from web.words import N_


class NewForm(Form):
    """Somebody new; `same_name` says that a namesake is known, and another person."""

    name: Name
    extension: ExtensionText
    email: EmailText | None = None
    mobile: PhoneText | None = None
    position: Line = ""
    department: Id | None = None
    role: Annotated[int, Field(ge=1, le=999_999_999)] = EMPLOYEE.id
    own_phone: Ticked = False
    same_name: Ticked = False


class Namesake(Refused):
    """Somebody has this name already, and nobody said that it is another person."""

    def __init__(self) -> None:
        super().__init__("name", N_("Somebody has this name already"))


@dataclass(frozen=True, slots=True)
class Added:
    """Who was added, and the login that was made."""

    employee: EmployeeId
    login: str
    is_invited: bool
    """Whether the letter to register was queued: there is an e-mail address."""


async def add_employee(visit: Visit, form: NewForm) -> Added:
    """Raises TakenError, InvalidError, Refused, Namesake, HTTPForbidden."""
    visit.demand(Right.ADD_EMPLOYEES)
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        departments = await department_names(session)
        _check_department(visit, form, departments.keys())
        givable = {role.id: role for role in for_newcomers(visit, await roles.roles(session))}
        if form.role not in givable:
            raise Refused("role", N_("This role stands above your own, or may do more"))
        if not form.same_name and await newcomers.namesakes(session, form.name):
            raise Namesake
        card = _card(visit, form)
        employee = await store_employee(session, card)
        await accounts.give_role(session, employee, form.role)
        login = (await accounts.account(session, employee)).login
        role = role_name(givable[form.role])
        facts = {**card_facts(card, departments), "login": login, "role": role}
        about = About(employee, card.name)
        await audit.note(session, visit.who, "employee.added", about, ({}, facts))
        is_invited = await invite(visit, session, employee)
    return Added(employee, login, is_invited)


def _card(visit: Visit, form: NewForm) -> Card:
    phones = (Phone(Endpoint(form.extension)),) if form.own_phone else ()
    return Card(
        name=form.name,
        extension=Extension(form.extension),
        phones=phones,
        zone=visit.signed_in.zone,
        language=visit.panel.settings.language,
        email=form.email,
        mobile=form.mobile,
        position=form.position,
        department=None if form.department is None else DepartmentId(form.department),
    )


def _check_department(visit: Visit, form: NewForm, known: Collection[int]) -> None:
    is_own = form.department is not None and form.department == visit.actor.department
    if visit.scope(Right.ADD_EMPLOYEES) is not Scope.EVERYONE and not is_own:
        raise Refused("department", N_("You may add people to your own department only"))
    if form.department is not None and form.department not in known:
        raise Refused("department", N_("This department is not there any more"))
