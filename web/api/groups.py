"""Groups by the API."""

from dataclasses import dataclass
from http import HTTPStatus

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import groups as store
from ari_app.store.finding import people_of
from web.acts import groups as acts
from web.acts.groups import MemberForm, MoveForm
from web.acts.office import NamesForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import MadeValue, PersonValue, RemovedValue, person_value
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with the number of its members."""

    id: int
    name_ru: str
    name_en: str
    people: int


@dataclass(frozen=True, slots=True)
class GroupValue:
    """A group with its members in their order."""

    id: int
    name_ru: str
    name_en: str
    members: list[PersonValue]


async def every_group(visit: Visit) -> list[GroupLine]:
    """All of them."""
    async with visit.panel.sessions() as session:
        found = await store.groups(session)
    return [GroupLine(one.id, one.name_ru, one.name_en, len(one.members)) for one in found]


async def one_group(visit: Visit) -> GroupValue:
    """One of them."""
    async with visit.panel.sessions() as session:
        one = await store.group(session, visit.number("id"))
        known = await people_of(session, one.members)
    members = [person_value(known[who]) for who in one.members if who in known]
    return GroupValue(one.id, one.name_ru, one.name_en, members)


async def add(visit: Visit, form: NamesForm) -> MadeValue:
    """Add one."""
    return MadeValue(await acts.add_group(visit, form))


async def rename(visit: Visit, form: NamesForm) -> None:
    """Call one something else."""
    await acts.rename_group(visit, visit.number("id"), form)


async def remove(visit: Visit) -> RemovedValue:
    """Remove one."""
    return RemovedValue(await acts.remove_group(visit, visit.number("id")))


async def add_member(visit: Visit, form: MemberForm) -> GroupValue:
    """Put somebody at its end."""
    await acts.add_member(visit, visit.number("id"), form)
    return await one_group(visit)


async def remove_member(visit: Visit) -> None:
    """Take somebody out."""
    await acts.remove_member(visit, visit.number("id"), EmployeeId(visit.number("employee")))


async def move_member(visit: Visit, form: MoveForm) -> GroupValue:
    """Move somebody up or down."""
    employee = EmployeeId(visit.number("employee"))
    await acts.move_member(visit, visit.number("id"), employee, form.to)
    return await one_group(visit)


_RIGHT = Right.MANAGE_OFFICE
_READ, _WRITE = TokenScope.OFFICE_READ, TokenScope.OFFICE_WRITE
_ALL, _ONE = f"{V1}/groups", f"{V1}/groups/{{id}}"
_MEMBER = f"{_ONE}/members/{{employee}}"

OPERATIONS = (
    ApiRoute("GET", _ALL, every_group, _RIGHT, _READ, N_("All groups"), list[GroupLine]),
    ApiRoute("GET", _ONE, one_group, _RIGHT, _READ, N_("A group with its members"), GroupValue),
    ApiRoute(
        "POST",
        _ALL,
        add,
        _RIGHT,
        _WRITE,
        N_("Add a group"),
        MadeValue,
        NamesForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute("PUT", _ONE, rename, _RIGHT, _WRITE, N_("Rename a group"), body=NamesForm),
    ApiRoute("DELETE", _ONE, remove, _RIGHT, _WRITE, N_("Remove a group"), RemovedValue),
    ApiRoute(
        "POST",
        f"{_ONE}/members",
        add_member,
        _RIGHT,
        _WRITE,
        N_("Add a member, by extension or name"),
        GroupValue,
        MemberForm,
    ),
    ApiRoute("DELETE", _MEMBER, remove_member, _RIGHT, _WRITE, N_("Take a member out")),
    ApiRoute(
        "POST",
        f"{_MEMBER}/move",
        move_member,
        _RIGHT,
        _WRITE,
        N_("Move a member up or down"),
        GroupValue,
        MoveForm,
    ),
)
