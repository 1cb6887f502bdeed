"""Departments: the list with how many people each has, one to rename or remove."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.store import office
from ari_app.store.errors import StoreError
from ari_app.store.office import Department
from ari_app.store.removals import department_sizes
from web.acts import office as acts
from web.acts.office import NamesForm
from web.forms import Filled, filled_with, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class Line:
    department: Department
    people: int


@dataclass(frozen=True, slots=True)
class Page:
    """All departments, and the form to add one."""

    lines: list[Line]
    form: Filled[NamesForm]
    tab: str = "departments"


@dataclass(frozen=True, slots=True)
class OnePage:
    """One of them."""

    line: Line
    form: Filled[NamesForm]
    tab: str = "departments"


async def departments(visit: Visit) -> web.StreamResponse:
    """The list."""
    return show(visit, "departments.html", await _page(visit, Filled()))


async def add(visit: Visit) -> web.StreamResponse:
    """Add one."""
    filled = await visit.filled(NamesForm)
    if filled.value is not None:
        try:
            await acts.add_department(visit, filled.value)
        except StoreError as error:
            filled = filled.with_errors(_told(error, visit))
    if filled.value is None:
        return show_again(visit, "departments.html", await _page(visit, filled))
    return visit.done("/office", N_("The department was added"))


async def department(visit: Visit) -> web.StreamResponse:
    """One department."""
    line = await _line(visit)
    one = line.department
    form = filled_with(NamesForm(name_ru=one.name_ru, name_en=one.name_en))
    return show(visit, "department.html", OnePage(line, form))


async def rename(visit: Visit) -> web.StreamResponse:
    """Give it other names."""
    line = await _line(visit)
    filled = await visit.filled(NamesForm)
    if filled.value is not None:
        try:
            await acts.rename_department(visit, line.department, filled.value)
        except StoreError as error:
            filled = filled.with_errors(_told(error, visit))
    if filled.value is None:
        return show_again(visit, "department.html", OnePage(line, filled))
    return visit.done("/office", N_("Saved"))


async def remove(visit: Visit) -> web.StreamResponse:
    """Remove it; its people stay, without a department."""
    line = await _line(visit)
    number = await acts.remove_department(visit, line.department)
    text = N_("The department “{name}” was removed")
    one = line.department
    name = visit.words.own((one.name_ru, one.name_en))
    return visit.done("/office", text, undo=f"/office/undo/{number}", name=name)


def _told(error: StoreError, visit: Visit) -> dict[str, str]:
    """The store speaks of departments and names; the form has two fields for that."""
    names = {"department": "name_ru", "name": "name_ru"}
    return {names.get(key, key): text for key, text in refused(error, visit.words).items()}


async def _page(visit: Visit, form: Filled[NamesForm]) -> Page:
    async with visit.panel.sessions() as session:
        found = await office.departments(session)
        sizes = await department_sizes(session)
    lines = [Line(one, sizes.get(one.id, 0)) for one in found]
    lines.sort(key=lambda line: _name(visit, line.department).casefold())
    return Page(lines, form)


async def _line(visit: Visit) -> Line:
    wanted = visit.number("id")
    page = await _page(visit, Filled())
    found = next((line for line in page.lines if line.department.id == wanted), None)
    if found is None:
        raise web.HTTPNotFound
    return found


def _name(visit: Visit, one: Department) -> str:
    return visit.words.own((one.name_ru, one.name_en))
