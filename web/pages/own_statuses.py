"""Own statuses: names, colour, the status that each behaves as, and retiring one."""

from dataclasses import dataclass, replace

from aiohttp import web

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.store import own_statuses as store
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import NotThereError, StoreError
from web.acts import office as acts
from web.acts.office import COLOURS, StatusForm
from web.forms import Filled, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

BASES = {
    Status.ONLINE: (N_("Online"), N_("takes direct calls and calls of groups")),
    Status.DO_NOT_DISTURB: (N_("Do not disturb"), N_("takes no calls")),
    Status.BREAK: (N_("Break"), N_("takes direct calls, unless a rule leads them elsewhere")),
    Status.OUTBOUND_CALLS: (N_("Outbound calls"), N_("takes direct calls only")),
    Status.ALL_CALLS: (N_("All calls"), N_("takes direct calls, calls of groups and campaigns")),
    Status.OFFLINE: (N_("Offline"), N_("takes no calls, unless a rule leads them elsewhere")),
}


@dataclass(frozen=True, slots=True)
class Line:
    status: OwnStatus
    people: int


@dataclass(frozen=True, slots=True)
class Page:
    """All of them, and the form to add one; with `line` the form changes that one."""

    lines: list[Line]
    form: Filled[StatusForm]
    line: Line | None = None
    most: int = store.MOST
    tab: str = "statuses"

    @property
    def colours(self) -> dict[acts.Colour, str]:
        return COLOURS

    @property
    def bases(self) -> dict[Status, tuple[str, str]]:
        return BASES


async def own_statuses(visit: Visit) -> web.StreamResponse:
    """The list."""
    form: Filled[StatusForm] = Filled(
        {"colour": ["blue"], "base": [Status.BREAK.value], "at_login": ["true"]}
    )
    return show(visit, "own_statuses.html", await _page(visit, form))


async def add(visit: Visit) -> web.StreamResponse:
    """Add one."""
    filled = await _saved(visit, 0)
    if filled.value is None:
        return show_again(visit, "own_statuses.html", await _page(visit, filled))
    return visit.done("/office/statuses", N_("The status was added"))


async def own_status(visit: Visit) -> web.StreamResponse:
    """One of them."""
    page = await _one(visit, Filled())
    status = page.line.status if page.line else None
    if status is None:
        raise web.HTTPNotFound
    typed = {
        "name_ru": [status.name_ru],
        "name_en": [status.name_en],
        "base": [status.base.value],
        "colour": [status.colour],
        "at_login": ["true"] if status.at_login else [],
    }
    return show(visit, "own_status.html", replace(page, form=Filled(typed)))


async def change(visit: Visit) -> web.StreamResponse:
    """Save one of them."""
    number = visit.number("id")
    filled = await _saved(visit, number)
    if filled.value is None:
        return show_again(visit, "own_status.html", await _one(visit, filled))
    return visit.done("/office/statuses", N_("Saved"))


async def retire(visit: Visit) -> web.StreamResponse:
    """Nobody can choose it any more; who has it, has its base."""
    page = await _one(visit, Filled())
    try:
        number = await acts.retire_status(visit, visit.number("id"))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    status = page.line.status if page.line else None
    name = visit.words.own((status.name_ru, status.name_en)) if status else ""
    text = N_("The status “{name}” was retired")
    return visit.done("/office/statuses", text, undo=f"/office/undo/{number}", name=name)


async def _saved(visit: Visit, number: int) -> Filled[StatusForm]:
    filled = await visit.filled(StatusForm)
    if filled.value is None:
        return filled
    try:
        await acts.save_status(visit, number, filled.value)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except StoreError as error:
        told = refused(error, visit.words)
        if "own_statuses" in told:
            told = {
                "": visit.words.say(N_("There are {most} already: retire one"), most=store.MOST)
            }
        return filled.with_errors(told)
    return filled


async def _page(visit: Visit, form: Filled[StatusForm]) -> Page:
    async with visit.panel.sessions() as session:
        found = await read_own_statuses(session)
        people = await store.in_use(session)
    return Page([Line(one, people.get(one.id, 0)) for one in found.values()], form)


async def _one(visit: Visit, form: Filled[StatusForm]) -> Page:
    page = await _page(visit, form)
    wanted = OwnStatusId(visit.number("id"))
    line = next((line for line in page.lines if line.status.id == wanted), None)
    if line is None:
        raise web.HTTPNotFound
    return replace(page, line=line)
