"""Passkeys: one's own list, and the login that asks for no password."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from ari_app.store import passkeys as store
from ari_app.store.errors import NotThereError, StoreError
from ari_app.store.passkeys import Passkey
from web.acts import passkeys as acts
from web.acts.login import Failed
from web.acts.passkeys import BeginForm, NewForm, UseForm
from web.forms import Filled, Refused, refused
from web.render import show
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class PasskeysPage:
    """One's own passkeys; `is_possible` where this address can have them."""

    keys: Sequence[Passkey]
    form: Filled[BeginForm]
    is_possible: bool


async def passkeys(visit: Visit) -> web.StreamResponse:
    """The list, and the form for one more."""
    async with visit.panel.sessions() as session:
        mine = await store.of(session, visit.me)
    page = PasskeysPage(mine, Filled(), acts.is_possible(visit))
    return show(visit, "me_passkeys.html", page)


async def begin(visit: Visit) -> web.StreamResponse:
    """For the page's script: what the browser makes a key of, or errors beside their fields."""
    filled = await visit.filled(BeginForm)
    if filled.value is None:
        return _errors(visit, filled.errors)
    try:
        return _options(await acts.begin(visit, filled.value))
    except Refused as error:
        return _errors(visit, refused(error, visit.words))
    except NotThereError as error:
        raise web.HTTPNotFound from error


async def add(visit: Visit) -> web.StreamResponse:
    """Store what the browser has made."""
    filled = await visit.filled(NewForm)
    if filled.value is None:
        return _errors(visit, filled.errors)
    try:
        await acts.add(visit, filled.value)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except StoreError as error:
        return _errors(visit, refused(error, visit.words))
    visit.done("/me/passkeys", N_("The passkey is ready: log in with it the next time"))
    return visit.json({"to": "/me/passkeys"})


async def remove(visit: Visit) -> web.StreamResponse:
    """Take one away."""
    try:
        await acts.remove(visit, visit.number("id"))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.done("/me/passkeys", N_("The passkey lets nobody in any more"))


async def login_options(visit: Visit) -> web.StreamResponse:
    """For the login page's script: what the browser looks for a key with."""
    try:
        return _options(await acts.login_options(visit))
    except NotThereError as error:
        raise web.HTTPNotFound from error


async def log_in(visit: Visit) -> web.StreamResponse:
    """Let in whose key it is."""
    filled = await visit.filled(UseForm)
    if filled.value is None:
        return _errors(visit, filled.errors)
    try:
        return visit.json({"to": await acts.log_in(visit, filled.value)})
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except Refused as error:
        return _errors(visit, refused(error, visit.words))
    except Failed as failed:
        text = N_("Nobody here has this passkey")
        if failed.seconds > 0:
            text = N_("Too many tries: wait {seconds} s")
        told = visit.words.say(text, seconds=math.ceil(failed.seconds))
        return _errors(visit, {"": told})


def _options(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")


def _errors(visit: Visit, errors: object) -> web.Response:
    return visit.json({"errors": errors}, HTTPStatus.UNPROCESSABLE_ENTITY)
