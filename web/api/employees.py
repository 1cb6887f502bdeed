"""Employees by the API: the list with its search and filters, one of them, a new one."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import employees_list
from ari_app.store.directory import read_own_statuses
from ari_app.store.employees_list import Listed
from ari_app.store.office import departments
from ari_app.store.statuses import declared_by
from web.acts import newcomers
from web.acts.newcomers import NewForm
from web.acts.people import CardForm, card_form, change_card, regenerate_login
from web.api.frame import read
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import OwnStatuses, StatusValue, status_value
from web.card_version import version_of
from web.forms import ExtensionText, Name
from web.pages.card_head import CARD, Head, head_of
from web.pages.employees import ListForm, Offices, sought_people
from web.visit import Visit
from web.words import N_


def _without_defaults(schema: dict[str, Any]) -> None:
    for told in schema.get("properties", {}).values():
        told.pop("default", None)


class EmployeesForm(ListForm):
    """What the list shows; a department of 0 means none."""

    size: Annotated[int, Field(ge=1, le=200)] = 50


class CardPatch(CardForm, json_schema_extra=_without_defaults):
    """The fields of a card that are to change; those that are left out stay as they are."""

    name: Name = ""
    extension: ExtensionText = ""


@dataclass(frozen=True, slots=True)
class EmployeeLine:
    """An employee as the list has them."""

    id: int
    name: str
    extension: str
    status: StatusValue
    department: int | None
    position: str
    mobile: str | None
    email: str | None
    number: str | None
    login: str
    role: str


@dataclass(frozen=True, slots=True)
class EmployeesValue:
    """One page of the list."""

    employees: list[EmployeeLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class CardValue:
    """A card; `version` sent with a change refuses it where somebody else was faster."""

    id: int
    name: str
    extension: str
    login: str
    email: str | None
    mobile: str | None
    number: str | None
    position: str
    department: int | None
    department_name: str
    zone: str
    language: str
    status: StatusValue
    photo: str | None
    version: str


@dataclass(frozen=True, slots=True)
class AddedValue:
    """Who was added, and the login that was made."""

    id: int
    login: str


@dataclass(frozen=True, slots=True)
class LoginValue:
    """The login as it is now."""

    login: str


async def employees(visit: Visit, form: EmployeesForm) -> EmployeesValue:
    """A page of those that this right reaches."""
    async with visit.panel.sessions() as session:
        own = await read_own_statuses(session)
        names = {
            int(one.id): visit.words.own((one.name_ru, one.name_en))
            for one in await departments(session)
        }
        wanted = sought_people(visit, form, Offices(names))
        total = await employees_list.count_employees(session, wanted)
        pages = max(1, -(-total // form.size))
        page = min(form.page, pages)
        first = (page - 1) * form.size
        found = await employees_list.page_of_employees(session, wanted, own, form.size, first)
    return EmployeesValue([_line(visit, one, own) for one in found], total, page, pages)


async def employee(visit: Visit) -> CardValue:
    """One card."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
        declared = await declared_by(session, head.id)
    status = status_value(visit, declared, head.own, counts=head.card.uses_status)
    return _card(head, status)


async def add(visit: Visit, form: NewForm) -> AddedValue:
    """Add somebody."""
    added = await newcomers.add_employee(visit, form)
    return AddedValue(added.employee, added.login)


async def change(visit: Visit, form: CardPatch) -> CardValue:
    """Change some fields of a card."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    visit.demand(Right.CHANGE_CARDS, head.person.subject)
    stored = card_form(head.card)
    sent = form.model_dump(include=form.model_fields_set)
    values = {**stored.model_dump(), "version": version_of(stored), **sent}
    await change_card(visit, head.id, read(visit, CardForm, values))
    return await employee(visit)


async def new_login(visit: Visit) -> LoginValue:
    """Another login, from the name as it is now."""
    return LoginValue(await regenerate_login(visit, EmployeeId(visit.number("id"))))


def _line(visit: Visit, one: Listed, own: OwnStatuses) -> EmployeeLine:
    return EmployeeLine(
        one.id,
        one.name,
        one.extension,
        status_value(visit, one.declared, own, counts=one.uses_status),
        one.department,
        one.position,
        one.mobile,
        one.email,
        one.number,
        one.login,
        visit.words.own(one.role_names),
    )


def _card(head: Head, status: StatusValue) -> CardValue:
    card = head.card
    return CardValue(
        head.id,
        card.name,
        card.extension,
        head.person.login,
        card.email,
        card.mobile,
        card.number,
        card.position,
        card.department,
        head.department,
        card.zone,
        card.language,
        status,
        f"{V1}/employees/{head.id}/photo" if head.photo else None,
        version_of(card_form(card)),
    )


_READ, _WRITE = TokenScope.EMPLOYEES_READ, TokenScope.EMPLOYEES_WRITE
_ALL, _ONE = f"{V1}/employees", f"{V1}/employees/{{id}}"

OPERATIONS = (
    ApiRoute(
        "GET",
        _ALL,
        employees,
        Right.SEE_EMPLOYEES,
        _READ,
        N_("Search and filter employees"),
        EmployeesValue,
        query=EmployeesForm,
    ),
    ApiRoute(
        "POST",
        _ALL,
        add,
        Right.ADD_EMPLOYEES,
        _WRITE,
        N_("Add an employee"),
        AddedValue,
        NewForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute("GET", _ONE, employee, Right.SEE_EMPLOYEES, _READ, N_("A card"), CardValue),
    ApiRoute(
        "PATCH",
        _ONE,
        change,
        Right.CHANGE_CARDS,
        _WRITE,
        N_("Change some fields of a card"),
        CardValue,
        CardPatch,
    ),
    ApiRoute(
        "POST",
        f"{_ONE}/login",
        new_login,
        Right.CHANGE_CARDS,
        _WRITE,
        N_("Make a new login from the name"),
        LoginValue,
    ),
)
