"""The board: who is ready, talking, away or not reachable, live; and the same on a wall."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Annotated, Literal
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.presence import Phones, Presence
from ari_app.domain.rights import Right, Scope
from ari_app.store import board as store
from ari_app.store.board import Whose
from ari_app.store.missed_list import how_many_open
from ari_app.store.office import departments
from ari_app.store.outbox import Backlog, backlog
from web.board import Slice, Tile, bar, by_status, counted, tiles
from web.call_filter import reach_of
from web.forms import Form
from web.render import PART, show
from web.visit import Visit
from web.words import N_

_MANY = 300
"""With more people than this, departments come first, and one of them is chosen."""
_PAGE = 60
_WALL_PAGE = 48
_CALM = 0.8
"""Seconds for which a large board waits for further changes before it is drawn anew."""
_NOBODYS = "none"
"""The department of those who have none."""


class BoardForm(Form):
    """Which department, on which page; `wall` is for a screen that everybody looks at."""

    department: Annotated[int, Field(ge=1, le=999_999_999)] | Literal["none"] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    wall: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A department: its tiles, or (in the overview of a large office) its totals alone."""

    key: str
    name: str
    people: int
    slices: list[Slice]
    missed: int
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class Page:
    """The board; `is_known` says whether Asterisk tells what phones do."""

    form: BoardForm
    offices: list[tuple[str, str]]
    slices: list[Slice]
    people: int
    missed: int
    groups: list[Group]
    pages: int
    is_known: bool
    is_overview: bool
    sees_calls: bool
    letters: Backlog = field(default_factory=Backlog)
    """Letters that have not left, for those who see to mail."""
    to_call_back: int = 0
    """Missed calls that are open, of those whose calls the reader may see."""

    def link(self, **changed: object) -> str:
        """The address of the same board with something else about it."""
        asked = {
            "department": self.form.department,
            "wall": "1" if self.form.wall else None,
            "page": None,
            **changed,
        }
        query = urlencode({key: value for key, value in asked.items() if value is not None})
        return f"/board?{query}" if query else "/board"


async def board(visit: Visit) -> web.StreamResponse:
    """The board of whom the right reaches."""
    form = visit.asked(BoardForm).value or BoardForm()
    whose = whose_board(visit, form)
    async with visit.panel.sessions() as session:
        people = await store.how_many(session, whose)
    if people > _MANY and PART in visit.request.headers:
        await asyncio.sleep(_CALM)
    phones = await visit.panel.phones()
    async with visit.panel.sessions() as session:
        names = await _names(visit, session)
        if whose.everyone and people > _MANY:
            page = await _overview(visit, session, form, names, is_known=phones is not None)
        else:
            page = await _seated(visit, session, form, names, phones)
        if visit.may(Right.MANAGE_MAIL) and not form.wall:
            page = replace(page, letters=await backlog(session))
        if page.sees_calls:
            waiting = await how_many_open(session, reach_of(visit, Right.SEE_CALLS))
            page = replace(page, to_call_back=waiting)
    return show(visit, "wall.html" if form.wall else "board.html", page)


def whose_board(visit: Visit, form: BoardForm) -> Whose:
    """Whose places the form asks for, of those in reach."""
    match visit.scope(Right.SEE_BOARD), form.department:
        case Scope.EVERYONE, None:
            return Whose(everyone=True)
        case Scope.EVERYONE, "none":
            return Whose()
        case Scope.EVERYONE, int(department):
            return Whose(department=department)
        case Scope.DEPARTMENT, _ if visit.signed_in.department is not None:
            return Whose(department=visit.signed_in.department)
        case _:
            return Whose(employee=visit.me)


async def _names(visit: Visit, session: AsyncSession) -> Mapping[int | None, str]:
    """Departments by name, those without one last."""
    words = visit.words
    named = {
        int(one.id): words.own((one.name_ru, one.name_en)) for one in await departments(session)
    }
    ordered = sorted(named.items(), key=lambda pair: pair[1].casefold())
    return {**dict(ordered), None: words.say(N_("Without a department"))}


async def _overview(
    visit: Visit,
    session: AsyncSession,
    form: BoardForm,
    names: Mapping[int | None, str],
    *,
    is_known: bool,
) -> Page:
    """Totals of every department: for offices of thousands."""
    statuses = await store.statuses_by_department(session, visit.now)
    missed = await store.missed_by_department(session, day_began(visit))
    groups = []
    whole: dict[Presence, int] = {}
    for department, name in names.items():
        totals = by_status(statuses.get(department, {}))
        if not totals:
            continue
        for kind, number in totals.items():
            whole[kind] = whole.get(kind, 0) + number
        slices = bar(visit, totals)
        many = sum(totals.values())
        groups.append(Group(_key(department), name, many, slices, missed.get(department, 0), []))
    return Page(
        form=form,
        offices=_offices(visit, names),
        slices=bar(visit, whole),
        people=sum(whole.values()),
        missed=sum(missed.values()),
        groups=groups,
        pages=1,
        is_known=is_known,
        is_overview=True,
        sees_calls=visit.may(Right.SEE_CALLS),
    )


async def _seated(
    visit: Visit,
    session: AsyncSession,
    form: BoardForm,
    names: Mapping[int | None, str],
    phones: Phones | None,
) -> Page:
    """Everybody's tile, a page at a time."""
    seats = await store.seats(session, whose_board(visit, form), visit.now)
    ids = [seat.employee for seat in seats]
    missed = await store.missed_by_employee(session, ids, day_began(visit)) if ids else {}
    found = tiles(visit, seats, phones, missed)
    size = _WALL_PAGE if form.wall else _PAGE
    pages = max(1, -(-len(found) // size))
    first = (min(form.page, pages) - 1) * size
    return Page(
        form=form.model_copy(update={"page": min(form.page, pages)}),
        offices=_offices(visit, names),
        slices=bar(visit, counted(found)),
        people=len(found),
        missed=sum(missed.values()),
        groups=_groups(visit, found[first : first + size], names),
        pages=pages,
        is_known=phones is not None,
        is_overview=False,
        sees_calls=visit.may(Right.SEE_CALLS),
    )


def _groups(visit: Visit, found: Iterable[Tile], names: Mapping[int | None, str]) -> list[Group]:
    of: dict[int | None, list[Tile]] = {department: [] for department in names}
    for tile in found:
        place = tile.seat.department if tile.seat.department in of else None
        of[place].append(tile)
    return [
        Group(
            _key(department),
            names[department],
            len(those),
            bar(visit, counted(those)),
            sum(tile.missed for tile in those),
            those,
        )
        for department, those in of.items()
        if those
    ]


def _offices(visit: Visit, names: Mapping[int | None, str]) -> list[tuple[str, str]]:
    """What the filter offers, to those whose right reaches everybody."""
    if visit.scope(Right.SEE_BOARD) is not Scope.EVERYONE:
        return []
    return [(_key(department), name) for department, name in names.items()]


def _key(department: int | None) -> str:
    return _NOBODYS if department is None else str(department)


def day_began(visit: Visit) -> datetime:
    """When the reader's day began."""
    zone = visit.words.zone
    return datetime.combine(visit.now.astimezone(zone).date(), time(0), zone)
