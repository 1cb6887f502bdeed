"""Groups: the list, and one with its members in their order."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.numbers import EmployeeId
from ari_app.store import groups as store
from ari_app.store.errors import NotThereError, StoreError
from ari_app.store.finding import Person, people_of
from ari_app.store.groups import Group
from web.acts import groups as acts
from web.acts.groups import MemberForm, MoveForm
from web.acts.office import NamesForm
from web.forms import Filled, filled_with, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class Page:
    """All groups, and the form to add one."""

    groups: list[Group]
    form: Filled[NamesForm]
    tab: str = "groups"


@dataclass(frozen=True, slots=True)
class OnePage:
    """One of them: its names, its members, and the field to add one."""

    group: Group
    members: list[Person]
    form: Filled[NamesForm]
    adding: Filled[MemberForm]
    tab: str = "groups"


async def groups(visit: Visit) -> web.StreamResponse:
    """The list."""
    return show(visit, "groups.html", await _page(visit, Filled()))


async def add(visit: Visit) -> web.StreamResponse:
    """Add one, and go on to its members."""
    filled = await visit.filled(NamesForm)
    if filled.value is None:
        return show_again(visit, "groups.html", await _page(visit, filled))
    try:
        new = await acts.add_group(visit, filled.value)
    except StoreError as error:
        filled = filled.with_errors(refused(error, visit.words))
        return show_again(visit, "groups.html", await _page(visit, filled))
    return visit.done(f"/office/groups/{new}", N_("The group was added: now choose its members"))


async def group(visit: Visit) -> web.StreamResponse:
    """One group."""
    return show(visit, "group.html", await _one(visit))


async def rename(visit: Visit) -> web.StreamResponse:
    """Give it other names."""
    filled = await visit.filled(NamesForm)
    number = visit.number("id")
    if filled.value is not None:
        try:
            await acts.rename_group(visit, number, filled.value)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "group.html", await _one(visit, form=filled))
    return visit.done(f"/office/groups/{number}", N_("Saved"))


async def add_member(visit: Visit) -> web.StreamResponse:
    """Put somebody at the end."""
    filled = await visit.filled(MemberForm)
    number = visit.number("id")
    if filled.value is not None:
        try:
            await acts.add_member(visit, number, filled.value)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "group.html", await _one(visit, adding=filled))
    return visit.done(f"/office/groups/{number}", N_("Saved"))


async def remove_member(visit: Visit) -> web.StreamResponse:
    """Take somebody out."""
    number = visit.number("id")
    try:
        await acts.remove_member(visit, number, EmployeeId(visit.number("employee")))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.done(f"/office/groups/{number}", N_("Saved"))


async def move_member(visit: Visit) -> web.StreamResponse:
    """One place up or down."""
    number, employee = visit.number("id"), EmployeeId(visit.number("employee"))
    filled = await visit.filled(MoveForm)
    if filled.value is None:
        raise web.HTTPBadRequest
    try:
        await acts.move_member(visit, number, employee, filled.value.to)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.go(f"/office/groups/{number}")


async def remove(visit: Visit) -> web.StreamResponse:
    """Remove the whole group."""
    one = (await _one(visit)).group
    number = await acts.remove_group(visit, one.id)
    name = visit.words.own((one.name_ru, one.name_en))
    text = N_("The group “{name}” was removed")
    return visit.done("/office/groups", text, undo=f"/office/undo/{number}", name=name)


async def _page(visit: Visit, form: Filled[NamesForm]) -> Page:
    async with visit.panel.sessions() as session:
        return Page(await store.groups(session), form)


async def _one(
    visit: Visit,
    form: Filled[NamesForm] | None = None,
    adding: Filled[MemberForm] | None = None,
) -> OnePage:
    async with visit.panel.sessions() as session:
        try:
            one = await store.group(session, visit.number("id"))
        except NotThereError as error:
            raise web.HTTPNotFound from error
        known = await people_of(session, one.members)
    names = form or filled_with(NamesForm(name_ru=one.name_ru, name_en=one.name_en))
    members = [known[who] for who in one.members]
    return OnePage(one, members, names, adding or Filled())
