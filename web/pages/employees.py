"""Employees: the list with its search, filters, order, and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field

from ari_app.domain.directory import Status, StatusChoice
from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.rights import Right, Scope
from ari_app.store import employees_list
from ari_app.store.directory import read_own_statuses
from ari_app.store.employees_list import Listed, SortBy, Sought
from ari_app.store.office import departments
from web.call_filter import reach_of, sought
from web.columns import TEXTS, Choice, ColumnsForm, choices, keep, shown_columns
from web.forms import Filled, Form, Line
from web.people_words import (
    OwnStatuses,
    StatusShown,
    number_shown,
    status_shown,
    statuses_offered,
)
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

A_PAGE = 50
_DIGITS = frozenset("0123456789+ ()-./\u00a0\u2010\u2011\u2013")
_READINESS = (("ready", N_("Ready")), ("away", N_("Not ready")))


class ListForm(Form):
    """What the list shows; a department of 0 means none."""

    search: Line = ""
    department: Annotated[int, Field(ge=0, le=999_999_999)] | None = None
    status: Annotated[str, Field(pattern=r"^([a-z_]{1,20}|own-[0-9]{1,9})$")] | None = None
    ready: Literal["ready", "away"] | None = None
    sort: SortBy = SortBy.NAME
    down: bool = False
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.model_dump(exclude_defaults=True, exclude={"sort", "down", "page"}))


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list in words."""

    person: Listed
    status: StatusShown
    department: str
    role: str
    mobile: str
    number: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: a link that sorts by it, and how it is sorted now."""

    column: SortBy
    text: str
    link: str
    sorted: str
    """As `aria-sort` has it."""


@dataclass(frozen=True, slots=True)
class Offices:
    """The departments' names, and their places when the list is sorted by them."""

    names: Mapping[int, str]

    @property
    def order(self) -> Mapping[int, int]:
        ordered = sorted(self.names, key=lambda office: self.names[office].casefold())
        return {office: place for place, office in enumerate(ordered)}


@dataclass(frozen=True, slots=True)
class ListPage:
    form: Filled[ListForm]
    asked: ListForm
    lines: Sequence[Shown]
    total: int
    heads: Sequence[Head]
    columns: Sequence[Choice]
    departments: Sequence[tuple[int, str]]
    statuses: Sequence[tuple[str, str]]
    readiness: Sequence[tuple[str, str]]
    links: Mapping[str, str]
    """Addresses of the first, previous, next and last page, where there are such."""
    query: str
    is_alone: bool
    """Whether there is nobody else to be seen."""
    columns_open: bool = False

    @property
    def first(self) -> int:
        return (self.asked.page - 1) * A_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


async def employees(visit: Visit) -> web.StreamResponse:
    """The list; a wrong filter is told beside it, and shows nobody."""
    form = visit.asked(ListForm)
    asked = form.value or ListForm()
    async with visit.panel.sessions() as session:
        own = await read_own_statuses(session)
        found = await departments(session)
        offices = Offices(
            {int(one.id): visit.words.own((one.name_ru, one.name_en)) for one in found}
        )
        wanted = sought_people(visit, asked, offices)
        total = 0
        lines: Sequence[Listed] = ()
        if form.value is not None:
            total = await employees_list.count_employees(session, wanted)
            asked = asked.model_copy(update={"page": min(asked.page, max(1, -(-total // A_PAGE)))})
            offset = (asked.page - 1) * A_PAGE
            lines = await employees_list.page_of_employees(session, wanted, own, A_PAGE, offset)
    page = ListPage(
        form,
        asked,
        [_shown(visit, one, own, offices) for one in lines],
        total,
        _heads(visit, asked),
        choices(visit),
        _offered(visit, offices),
        statuses_offered(visit.words, own),
        [(value, visit.words.say(text)) for value, text in _READINESS],
        _links(visit, asked, max(1, -(-total // A_PAGE))),
        _query(visit),
        is_alone=visit.scope(Right.SEE_EMPLOYEES) is Scope.SELF,
        columns_open="columns" in visit.request.query,
    )
    answer = show if form.value is not None else show_again
    return answer(visit, "employees.html", page)


async def keep_columns(visit: Visit) -> web.StreamResponse:
    """Remember on this workstation what the list shows."""
    form = await visit.filled(ColumnsForm)
    if form.value is None:
        raise web.HTTPBadRequest
    keep(visit, form.value)
    parts = [form.value.back, "columns=open" if form.value.move else ""]
    query = "&".join(part for part in parts if part)
    return visit.go(f"/employees?{query}" if query else "/employees")


def sought_people(visit: Visit, asked: ListForm, offices: Offices) -> Sought:
    """The employees that the form asks for, of those in reach."""
    words, digits = _typed(asked.search, visit.panel.settings.country)
    return Sought(
        reach_of(visit, Right.SEE_EMPLOYEES),
        visit.now,
        words,
        digits,
        asked.department,
        _status(asked.status),
        None if asked.ready is None else asked.ready == "ready",
        asked.sort,
        asked.down,
        offices.order if asked.sort is SortBy.DEPARTMENT else {},
    )


def _typed(text: str, country: str) -> tuple[tuple[str, ...], str]:
    """The words of a search, and the digits where it is a part of a number in any typed form."""
    words = tuple(text.casefold().replace("ё", "е").split())
    if not text or set(text) - _DIGITS:
        return words, ""
    whole, part = sought(text, country)
    return words, whole or part


def _status(asked: str | None) -> StatusChoice | None:
    if asked is None:
        return None
    if asked.startswith("own-"):
        return OwnStatusId(int(asked.removeprefix("own-")))
    return next((status for status in Status if status.value == asked), OwnStatusId(0))


def _offered(visit: Visit, offices: Offices) -> list[tuple[int, str]]:
    """The departments to choose from, for those who see more than one."""
    if visit.scope(Right.SEE_EMPLOYEES) is not Scope.EVERYONE or not offices.names:
        return []
    named = [(office, offices.names[office]) for office in offices.order]
    return [*named, (0, visit.words.say(N_("without a department")))]


def _shown(visit: Visit, one: Listed, own: OwnStatuses, offices: Offices) -> Shown:
    return Shown(
        one,
        status_shown(visit, one.declared, own, counts=one.uses_status),
        offices.names.get(one.department or 0, ""),
        visit.words.own(one.role_names),
        number_shown(one.mobile) if one.mobile else "",
        number_shown(one.number) if one.number else "",
    )


def _heads(visit: Visit, asked: ListForm) -> list[Head]:
    return [_head(visit, asked, column) for column in (SortBy.NAME, *shown_columns(visit))]


def _head(visit: Visit, asked: ListForm, column: SortBy) -> Head:
    is_here = asked.sort is column
    down = "1" if is_here and not asked.down else ""
    told = ("descending" if asked.down else "ascending") if is_here else "none"
    link = _address(visit, sort=column.value, down=down, page="")
    return Head(column, TEXTS[column], link, told)


def _links(visit: Visit, asked: ListForm, pages: int) -> dict[str, str]:
    there: dict[str, int] = {}
    if asked.page > 1:
        there |= {"first": 1, "previous": asked.page - 1}
    if asked.page < pages:
        there |= {"next": asked.page + 1, "last": pages}
    return {name: _address(visit, page=str(number)) for name, number in there.items()}


def _address(visit: Visit, **changed: str) -> str:
    query = _query(visit, **changed)
    return f"/employees?{query}" if query else "/employees"


def _query(visit: Visit, **changed: str) -> str:
    """What is asked for now, with some of it changed ("": left out)."""
    names = set(ListForm.model_fields) - set(changed)
    kept = [(name, value) for name, value in visit.request.query.items() if name in names and value]
    return urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
