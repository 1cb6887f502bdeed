"""The board by the API: what everybody is up to."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import Field

from ari_app.domain.presence import Presence
from ari_app.domain.rights import Right
from ari_app.store import board as store
from web.api.problems import WRONG_FIELDS, ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.board import Tile, counted, tiles
from web.forms import Form
from web.pages.board import BoardForm, day_began, whose_board
from web.visit import Visit
from web.words import N_

MOST = 1000
"""Everybody is read to put problems first: with more, that would take too long beside calls."""


class PlacesForm(Form):
    """Which department (`none`: those without one), a page at a time."""

    department: Annotated[int, Field(ge=1, le=999_999_999)] | Literal["none"] | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=500)] = 100


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """One employee on the board; `since` is when what is shown began, `until` its end."""

    id: int
    name: str
    extension: str
    department: int | None
    presence: Presence
    text: str
    status: str
    since: datetime | None
    until: datetime | None
    missed_today: int
    has_no_phone: bool


@dataclass(frozen=True, slots=True)
class BoardValue:
    """Places, problems first; `knows_phones` says whether Asterisk tells what phones do."""

    places: list[PlaceValue]
    totals: dict[Presence, int]
    people: int
    missed_today: int
    page: int
    pages: int
    knows_phones: bool


async def board(visit: Visit, form: PlacesForm) -> BoardValue:
    """The board of whom the right reaches."""
    phones = await visit.panel.phones()
    async with visit.panel.sessions() as session:
        whose = whose_board(visit, BoardForm(department=form.department))
        if await store.how_many(session, whose) > MOST:
            text = visit.words.say(N_("Too many people for one board: choose a department"))
            errors = {"department": text}
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, errors)
        seats = await store.seats(session, whose, visit.now)
        ids = [seat.employee for seat in seats]
        missed = await store.missed_by_employee(session, ids, day_began(visit)) if ids else {}
    found = tiles(visit, seats, phones, missed)
    pages = max(1, -(-len(found) // form.size))
    page = min(form.page, pages)
    first = (page - 1) * form.size
    return BoardValue(
        [_place(one) for one in found[first : first + form.size]],
        dict(counted(found)),
        len(found),
        sum(missed.values()),
        page,
        pages,
        phones is not None,
    )


def _place(one: Tile) -> PlaceValue:
    return PlaceValue(
        one.seat.employee,
        one.seat.name,
        one.seat.extension,
        one.seat.department,
        one.presence,
        one.label,
        one.status.value,
        one.since,
        one.until,
        one.missed,
        one.has_no_phone,
    )


OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/board",
        board,
        Right.SEE_BOARD,
        TokenScope.BOARD_READ,
        N_("Who is ready, talking, away or not reachable now"),
        BoardValue,
        query=PlacesForm,
    ),
)
