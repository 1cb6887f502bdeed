"""The API's door: a token says who comes, and what it may be used for."""

from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from ari_app.store import api_tokens
from ari_app.store.accounts import Account, account
from ari_app.store.api_tokens import ApiToken
from ari_app.store.errors import NotThereError
from web.panel import PANEL
from web.visit import Route, Visit, words_for

API = "/api/"
_LONGEST = 200


@dataclass(slots=True)
class ProgramVisit(Visit):
    """A request that brings nothing of what a browser sends by itself: it cannot be forged."""

    token: ApiToken | None = None


async def program(
    request: web.Request, route: Route, cookies: Collection[str]
) -> ProgramVisit | None:
    """Who comes to the API with a token, or with nobody's name and none of these `cookies`.

    None for everything else, which comes in by the panel's own door.
    """
    if not request.path.startswith(API):
        return None
    told = request.headers.get("Authorization")
    if told is None and any(name in request.cookies for name in cookies):
        return None
    token, person = await _known(request, told or "")
    words = words_for(request, person)
    return ProgramVisit(request.app[PANEL], request, route, words, "", person, token=token)


async def _known(request: web.Request, told: str) -> tuple[ApiToken | None, Account | None]:
    scheme, _, secret = told.partition(" ")
    secret = secret.strip()
    is_fit = secret.isascii() and 0 < len(secret) <= _LONGEST
    if scheme.lower() != "bearer" or not is_fit:
        return None, None
    panel = request.app[PANEL]
    now = panel.now()
    async with panel.sessions() as session:
        token = await api_tokens.found(session, secret, now)
        if token is None:
            return None, None
        try:
            person = await account(session, token.employee)
        except NotThereError:
            return None, None
    if api_tokens.is_stale(token, now):
        async with panel.sessions.begin() as session:
            await api_tokens.used(session, token.id, now)
    return token, person
