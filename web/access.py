"""The panel's door: who comes, whether the request is their own, and whether they may."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from aiohttp import web
from itsdangerous import Signer

from ari_app.domain.rights import Right
from ari_app.store import devices
from ari_app.store.accounts import Account, account
from ari_app.store.devices import Device, new_token
from ari_app.store.errors import NotThereError
from web.api.door import ProgramVisit, program
from web.errors import wants_json
from web.panel import PANEL
from web.visit import Access, Route, Visit, words_for

SESSION = "as_session"
VISITOR = "as_visitor"
REMEMBER = "as_remember"
WORKSTATION = "as_workstation"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
YEAR = 365 * 24 * 3600


def guarded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The route's handler behind the door."""

    async def enter(request: web.Request) -> web.StreamResponse:
        visit = await program(request, route, {SESSION}) or await _open(request, route)
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
    if isinstance(visit.route.needed, Right) and not visit.may(visit.route.needed):
        raise web.HTTPForbidden
    return await visit.route.handler(visit)


async def _open(request: web.Request, route: Route) -> Visit:
    panel = request.app[PANEL]
    token = request.cookies.get(SESSION, "")
    device, person = await _known(request, token)
    new_visitor = ""
    secret = token if device is not None else request.cookies.get(VISITOR, "")
    if not secret:
        secret = new_visitor = new_token()
    signed = Signer(panel.vault.sign_key, salt="csrf").get_signature(secret).decode()
    visit = Visit(panel, request, route, words_for(request, person), signed, person, device)
    if new_visitor:
        visit.cookies[VISITOR] = new_visitor
    return visit


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
    if origin and origin != "null" and urlsplit(origin).netloc != _host(visit):
        return False
    if visit.request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    sent = visit.request.headers.get(CSRF_HEADER)
    if sent is None:
        value = (await visit.form()).get(CSRF_FIELD)
        sent = value if isinstance(value, str) else ""
    return _same(sent, visit.csrf)


def _host(visit: Visit) -> str:
    told = visit.panel.settings.panel_url
    return urlsplit(told).netloc if told else visit.request.host


def _same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode(), expected.encode())


def _to_login(visit: Visit) -> web.StreamResponse:
    is_page = visit.request.method == "GET" and not wants_json(visit.request)
    if not is_page or visit.request.headers.get("Panel-Part"):
        raise web.HTTPUnauthorized
    return visit.go(f"/login?next={quote(visit.request.path_qs, safe='')}")


def _set_cookies(visit: Visit, answer: web.StreamResponse) -> None:
    if answer.prepared:
        return
    for name, value in visit.cookies.items():
        if value is None:
            answer.del_cookie(name, path="/")
            continue
        age = None if name in {SESSION, VISITOR, "as_flash"} else YEAR
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
