"""The first start: one address, shown on the console, makes the first administrator."""

import hmac
from dataclasses import dataclass

from aiohttp import web

from ari_app.store.errors import StoreError
from ari_app.store.newcomers import next_extension, nobody_administers, who_has
from web.acts import first_start as acts
from web.acts.first_start import FirstForm
from web.forms import Filled, refused
from web.panel import Panel
from web.render import show, show_again
from web.visit import Visit

_FIRST = "100"


@dataclass(frozen=True, slots=True)
class FirstPage:
    form: Filled[FirstForm]
    path: str


async def first_address(panel: Panel) -> str | None:
    """The path of the page for the first administrator, None once there is one.

    It is another one at each start: what stands in an old console or its log opens nothing.
    """
    async with panel.sessions() as session:
        return f"/start/{panel.start_token}" if await nobody_administers(session) else None


async def begin(visit: Visit) -> web.StreamResponse:
    """The form."""
    await _check(visit)
    async with visit.panel.sessions() as session:
        is_free = await who_has(session, "extension", _FIRST) is None
        extension = _FIRST if is_free else await next_extension(session)
    typed = {"extension": [extension], "language": [visit.words.language]}
    return show(visit, "first_start.html", FirstPage(Filled(typed), visit.request.path))


async def finish(visit: Visit) -> web.StreamResponse:
    """The first administrator, logged in at once."""
    await _check(visit)
    filled = await visit.filled(FirstForm)
    if filled.value is not None:
        try:
            to = await acts.make_first(visit, filled.value)
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
        else:
            return visit.go(to)
    return show_again(visit, "first_start.html", FirstPage(filled, visit.request.path))


async def _check(visit: Visit) -> None:
    """Once somebody is there, or with another token, there is nothing here."""
    given = visit.request.match_info["token"]
    is_ours = hmac.compare_digest(given.encode(), visit.panel.start_token.encode())
    async with visit.panel.sessions() as session:
        if not (is_ours and await nobody_administers(session)):
            raise web.HTTPNotFound
