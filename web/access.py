"""The panel's door: who comes, whether the request is their own, and whether they may."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import quote, urlsplit

from aiohttp import web
from itsdangerous import BadSignature, Signer
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, devices, remembered
from ari_app.store.accounts import Account, account
from ari_app.store.devices import Device, Place, new_token
from ari_app.store.errors import NotThereError
from ari_app.store.remembered import Stolen
from web.api.door import ProgramVisit, program
from web.errors import wants_json
from web.panel import PANEL, Panel
from web.posted import browser_of
from web.visit import FLASH, Access, Route, Visit, address_of, is_https, words_for

SESSION = "as_session"
VISITOR = "as_visitor"
REMEMBER = "as_remember"
WORKSTATION = "as_workstation"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
YEAR = 365 * 24 * 3600
_SHORT = frozenset({SESSION, VISITOR, FLASH, "as_half", "as_totp", "as_oauth"})
"""Cookies that end with the browser."""


def guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The route's handler behind the door."""

    async def enter(request: web.Request) -> web.StreamResponse:
        cookies = {SESSION, f"__Host-{SESSION}"}
        visit = await program(request, route, cookies) or await _open(request, route)
        answer = await _enter(visit)
        _set_cookies(visit, answer)
        return answer

    return enter


async def _enter(visit: Visit) -> web.StreamResponse:
    is_program = isinstance(visit, ProgramVisit)
    if visit.route.changes and not is_program and not await _is_own(visit):
        raise web.HTTPForbidden(reason="stale form")
    if visit.route.needed is not Access.PUBLIC and visit.account is None:
        return _to_login(visit)
    if _needs_second_factor(visit):
        if wants_json(visit.request):
            raise web.HTTPForbidden
        return visit.go("/me/second-factor")
    if isinstance(visit.route.needed, Right) and not visit.may(visit.route.needed):
        raise web.HTTPForbidden
    return await visit.route.handler(visit)


def _needs_second_factor(visit: Visit) -> bool:
    """Whether the role asks for one that is not set up, and this page is not for doing so."""
    person = visit.account
    if person is None or person.has_second_factor or not person.role.needs_second_factor:
        return False
    own = visit.route.path.startswith("/me") or visit.route.path in {"/logout", "/live"}
    return not own and visit.route.needed is not Access.PUBLIC


async def _open(request: web.Request, route: Route) -> Visit:
    panel = request.app[PANEL]
    cookies: dict[str, str | None] = {}
    token = _cookie(request, SESSION)
    device, person = await _known(request, token)
    if device is None and _cookie(request, REMEMBER):
        token = await _revived(request, cookies)
        device, person = await _known(request, token)
    secret = token if device is not None else _cookie(request, VISITOR)
    if not secret:
        cookies[VISITOR] = secret = new_token()
    signed = Signer(panel.vault.sign_key, salt="csrf").get_signature(secret).decode()
    words = words_for(request, person)
    return Visit(panel, request, route, words, signed, person, device, cookies)


async def _revived(request: web.Request, cookies: dict[str, str | None]) -> str:
    """A new session for a device that is remembered; its token, "" for one that is not."""
    panel = request.app[PANEL]
    now = panel.now()
    place = Place(address_of(request), browser_of(request))
    async with panel.sessions.begin() as session:
        given = _remembered_token(panel, _cookie(request, REMEMBER))
        revived = await remembered.revive(session, given, now)
        if isinstance(revived, Stolen):
            await _note_theft(session, revived.employee, place, now)
            revived = None
        if revived is None:
            cookies[REMEMBER] = None
            return ""
        token = await devices.begin(session, revived.employee, now, place, revived.family)
    cookies[SESSION] = token
    if revived.token is not None:
        cookies[REMEMBER] = remember_cookie(panel, revived.token)
    return token


def remember_cookie(panel: Panel, token: str) -> str:
    """The token signed: so nobody can make one up, and have a family ended by it."""
    return Signer(panel.vault.sign_key, salt="remember").sign(token).decode()


def _remembered_token(panel: Panel, cookie: str) -> str:
    try:
        return Signer(panel.vault.sign_key, salt="remember").unsign(cookie).decode()
    except BadSignature:
        return ""


async def _note_theft(
    session: AsyncSession, employee: EmployeeId, place: Place, now: datetime
) -> None:
    person = await account(session, employee)
    who = audit.Who(None, "", place.address, now)
    await audit.note(session, who, "device.stolen", audit.About(employee, person.name))


async def _known(request: web.Request, token: str) -> tuple[Device | None, Account | None]:
    """Who has this session; being here is its heartbeat."""
    panel = request.app[PANEL]
    if not token:
        return None, None
    now = panel.now()
    async with panel.sessions() as session:
        device = await devices.found(session, token, now)
        if device is None:
            return None, None
        try:
            person = await account(session, device.employee)
        except NotThereError:
            return None, None
    if devices.is_stale(device, now):
        async with panel.sessions.begin() as session:
            await devices.seen(session, device.id, now)
    return device, person


async def _is_own(visit: Visit) -> bool:
    """Whether the form was one of ours, shown to this browser."""
    origin = visit.request.headers.get("Origin")
    if origin and _host(origin) not in _hosts(visit):
        return False
    if visit.request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    sent = visit.request.headers.get(CSRF_HEADER)
    if sent is None:
        value = (await visit.form()).get(CSRF_FIELD)
        sent = value if isinstance(value, str) else ""
    return _same(sent, visit.csrf)


def _hosts(visit: Visit) -> set[str]:
    """The names by which this panel is asked: the settings', and that of this very request."""
    return {_host(visit.panel.settings.panel_url), visit.request.host} - {""}


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _cookie(request: web.Request, name: str) -> str:
    """Behind https the browser itself sees to it that no other site can set these."""
    prefix = "__Host-" if is_https(request) else ""
    found = request.cookies.get(f"{prefix}{name}", "")
    return found if found.isascii() else ""


def _same(sent: str, expected: str) -> bool:
    return sent.isascii() and hmac.compare_digest(sent.encode(), expected.encode())


def _to_login(visit: Visit) -> web.StreamResponse:
    is_page = visit.request.method == "GET" and not wants_json(visit.request)
    if not is_page or visit.request.headers.get("Panel-Part"):
        raise web.HTTPUnauthorized
    return visit.go(f"/login?next={quote(visit.request.path_qs, safe='')}")


def _set_cookies(visit: Visit, answer: web.StreamResponse) -> None:
    if answer.prepared:
        return
    # The session first: some proxies (tinyproxy 1.11) let only one Set-Cookie through.
    for plain, value in sorted(visit.cookies.items(), key=lambda cookie: cookie[0] != SESSION):
        is_door = plain in {SESSION, VISITOR, REMEMBER}
        name = f"__Host-{plain}" if is_door and visit.is_https else plain
        if value is None and name not in visit.request.cookies:
            continue
        if value is None:
            answer.del_cookie(name, path="/", secure=visit.is_https)
            continue
        age = None if plain in _SHORT else YEAR
        answer.set_cookie(
            name,
            value,
            max_age=age,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=visit.is_https,
        )
    answer.headers.setdefault("Cache-Control", "no-store")
