"""Departments and own statuses by the API, and bringing back what was removed."""

from dataclasses import dataclass
from http import HTTPStatus

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.rights import Right
from ari_app.store import own_statuses, removals
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import NotThereError
from ari_app.store.office import Department, departments
from web.acts import office as acts
from web.acts import undo as undoing
from web.acts.office import NamesForm, StatusForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import MadeValue, RemovedValue
from web.visit import Access, Visit
from web.words import N_


class OwnStatusForm(StatusForm):
    """An own status: its names, the status that it behaves as, and its colour."""


@dataclass(frozen=True, slots=True)
class DepartmentValue:
    """A department with the number of its people."""

    id: int
    name_ru: str
    name_en: str
    people: int


@dataclass(frozen=True, slots=True)
class OwnStatusValue:
    """An own status; to declare it, its name is `own-` with its id."""

    id: int
    name_ru: str
    name_en: str
    base: Status
    colour: str
    at_login: bool


@dataclass(frozen=True, slots=True)
class BroughtBackValue:
    """What kind of thing is back."""

    kind: removals.RemovalKind


async def all_departments(visit: Visit) -> list[DepartmentValue]:
    """Every department."""
    async with visit.panel.sessions() as session:
        sizes = await removals.department_sizes(session)
        found = await departments(session)
    return [
        DepartmentValue(int(one.id), one.name_ru, one.name_en, sizes.get(one.id, 0))
        for one in found
    ]


async def add_department(visit: Visit, form: NamesForm) -> MadeValue:
    """Add one."""
    return MadeValue(int(await acts.add_department(visit, form)))


async def rename_department(visit: Visit, form: NamesForm) -> None:
    """Call one something else."""
    await acts.rename_department(visit, await _department(visit), form)


async def remove_department(visit: Visit) -> RemovedValue:
    """Remove one."""
    return RemovedValue(await acts.remove_department(visit, await _department(visit)))


async def all_own_statuses(visit: Visit) -> list[OwnStatusValue]:
    """Those that are not retired."""
    async with visit.panel.sessions() as session:
        return [_own(one) for one in (await read_own_statuses(session)).values()]


async def own_status(visit: Visit) -> OwnStatusValue:
    """One of them."""
    async with visit.panel.sessions() as session:
        return _own(await own_statuses.own_status(session, OwnStatusId(visit.number("id"))))


async def add_own_status(visit: Visit, form: OwnStatusForm) -> MadeValue:
    """Add one."""
    return MadeValue(int(await acts.save_status(visit, 0, form)))


async def change_own_status(visit: Visit, form: OwnStatusForm) -> OwnStatusValue:
    """Change one; a number that is none must not make a new one."""
    one = await own_status(visit)
    await acts.save_status(visit, one.id, form)
    return await own_status(visit)


async def retire_own_status(visit: Visit) -> RemovedValue:
    """Retire one."""
    return RemovedValue(await acts.retire_status(visit, visit.number("id")))


async def undo(visit: Visit) -> BroughtBackValue:
    """Bring something back."""
    return BroughtBackValue(await undoing.undo(visit, visit.number("id")))


async def _department(visit: Visit) -> Department:
    number = visit.number("id")
    async with visit.panel.sessions() as session:
        found = {int(one.id): one for one in await departments(session)}.get(number)
    if found is None:
        raise NotThereError("department", number)
    return found


def _own(one: OwnStatus) -> OwnStatusValue:
    return OwnStatusValue(int(one.id), one.name_ru, one.name_en, one.base, one.colour, one.at_login)


_READ, _WRITE = TokenScope.OFFICE_READ, TokenScope.OFFICE_WRITE
_OFFICE = Right.MANAGE_OFFICE
_DEPARTMENTS, _DEPARTMENT = f"{V1}/departments", f"{V1}/departments/{{id}}"
_STATUSES, _STATUS = f"{V1}/own-statuses", f"{V1}/own-statuses/{{id}}"
_CREATED = HTTPStatus.CREATED

OPERATIONS = (
    ApiRoute(
        "GET",
        _DEPARTMENTS,
        all_departments,
        Right.SEE_EMPLOYEES,
        _READ,
        N_("All departments"),
        list[DepartmentValue],
    ),
    ApiRoute(
        "POST",
        _DEPARTMENTS,
        add_department,
        _OFFICE,
        _WRITE,
        N_("Add a department"),
        MadeValue,
        NamesForm,
        status=_CREATED,
    ),
    ApiRoute(
        "PUT",
        _DEPARTMENT,
        rename_department,
        _OFFICE,
        _WRITE,
        N_("Rename a department"),
        body=NamesForm,
    ),
    ApiRoute(
        "DELETE",
        _DEPARTMENT,
        remove_department,
        _OFFICE,
        _WRITE,
        N_("Remove a department; its people have none then"),
        RemovedValue,
    ),
    ApiRoute(
        "GET",
        _STATUSES,
        all_own_statuses,
        Access.LOGGED_IN,
        _READ,
        N_("All own statuses"),
        list[OwnStatusValue],
    ),
    ApiRoute(
        "GET",
        _STATUS,
        own_status,
        Access.LOGGED_IN,
        _READ,
        N_("One own status"),
        OwnStatusValue,
    ),
    ApiRoute(
        "POST",
        _STATUSES,
        add_own_status,
        _OFFICE,
        _WRITE,
        N_("Add an own status"),
        MadeValue,
        OwnStatusForm,
        status=_CREATED,
    ),
    ApiRoute(
        "PUT",
        _STATUS,
        change_own_status,
        _OFFICE,
        _WRITE,
        N_("Change an own status"),
        OwnStatusValue,
        OwnStatusForm,
    ),
    ApiRoute(
        "DELETE",
        _STATUS,
        retire_own_status,
        _OFFICE,
        _WRITE,
        N_("Retire an own status; who has it, has its base then"),
        RemovedValue,
    ),
    ApiRoute(
        "POST",
        f"{V1}/removals/{{id}}/undo",
        undo,
        Access.LOGGED_IN,
        _WRITE,
        N_("Bring back a department, group, own status or role"),
        BroughtBackValue,
    ),
)
