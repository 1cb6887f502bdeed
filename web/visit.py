"""One request and who makes it: what every page is given to read and to answer with."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer
from multidict import MultiMapping

from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Actor, Right, Scope, Subject
from ari_app.explain import Names, Storyteller, names_in
from ari_app.store.accounts import Account
from ari_app.store.audit import Who
from ari_app.store.cards import zone
from ari_app.store.devices import Device
from web.forms import Filled, Form, fill
from web.panel import PANEL, Panel
from web.posted import posted
from web.words import LANGUAGES, Words, best_language

FormType = TypeVar("FormType", bound=Form)
FLASH = "as_flash"
_LONGEST_FLASH = 400
"""Characters; of a cookie with more than 4 KB browsers keep nothing."""


class Access(Enum):
    """Routes that need no right: for everybody, or for whoever has logged in."""

    PUBLIC = "public"
    LOGGED_IN = "logged_in"


Needed = Right | Access
Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the URL map: `needed` is what it takes to come in at all."""

    method: str
    path: str
    handler: Handler
    needed: Needed

    @property
    def changes(self) -> bool:
        return self.method not in {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Flash:
    """A sentence shown once on the next page; with `undo` it has a button that posts there."""

    text: str
    is_good: bool = True
    undo: str = ""


@dataclass(slots=True)
class Visit:
    """A request with all that its page needs; `account` is None before somebody logs in."""

    panel: Panel
    request: web.Request
    route: Route
    words: Words
    csrf: str
    account: Account | None = None
    device: Device | None = None
    cookies: dict[str, str | None] = field(default_factory=dict)
    """Cookies to set with the answer (None: to delete)."""

    @property
    def now(self) -> datetime:
        return self.panel.now()

    @property
    def directory(self) -> Directory:
        return self.panel.directory()

    @property
    def signed_in(self) -> Account:
        """The account, on routes that need one."""
        if self.account is None:
            raise web.HTTPUnauthorized
        return self.account

    @property
    def me(self) -> EmployeeId:
        return self.signed_in.employee

    @property
    def actor(self) -> Actor:
        return self.signed_in.actor

    @property
    def who(self) -> Who:
        """Who does it, for the audit log."""
        if self.account is None:
            return Who(None, "", self.address, self.now)
        return Who(self.account.employee, self.account.name, self.address, self.now)

    @property
    def address(self) -> str:
        """The network address it came from; a proxy's word counts only where settings say so."""
        return address_of(self.request)

    @property
    def is_https(self) -> bool:
        return is_https(self.request)

    def may(self, right: Right, subject: Subject | None = None) -> bool:
        return self.account is not None and self.account.actor.may(right, subject)

    def demand(self, right: Right, subject: Subject | None = None) -> None:
        """Raises HTTPForbidden without the right."""
        if not self.may(right, subject):
            raise web.HTTPForbidden

    def scope(self, right: Right) -> Scope | None:
        return None if self.account is None else self.account.actor.scope(right)

    def storyteller(self, names: Names | None = None) -> Storyteller:
        """Tells reasons and statuses in the reader's language."""
        return Storyteller(self.words.language, names or names_in(self.directory))

    def number(self, name: str) -> int:
        """A number in the address (``{id}``); what is none is not found."""
        digits = self.request.match_info[name]
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise web.HTTPNotFound
        return int(digits)

    async def form(self) -> MultiMapping[Any]:
        """What was posted; files are in it as FileField. Raises HTTPBadRequest for what is none."""
        return await posted(self.request)

    async def filled(self, model: type[FormType]) -> Filled[FormType]:
        """What was typed into a form."""
        context = {"country": self.panel.settings.country}
        return fill(model, await self.form(), self.words, context)

    def asked(self, model: type[FormType]) -> Filled[FormType]:
        """What the address asks for (``?search=…``)."""
        return fill(model, self.request.query, self.words)

    def go(self, to: str, flash: Flash | None = None) -> web.Response:
        """On to another page of ours, with a sentence to be shown there."""
        if flash is not None:
            text = flash.text
            text = text if len(text) <= _LONGEST_FLASH else f"{text[: _LONGEST_FLASH - 1]}…"
            told = [text, flash.is_good, flash.undo]
            self.cookies[FLASH] = self._signed().dumps(told)
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": safe_path(to)})

    def done(self, to: str, text: str, undo: str = "", **values: object) -> web.Response:
        """On to another page, which says that it worked; `text` is marked with N_."""
        return self.go(to, Flash(self.words.say(text, **values), undo=undo))

    def flash(self) -> Flash | None:
        """The sentence of the page before, once."""
        cookie = self.request.cookies.get(FLASH)
        if cookie is None or FLASH in self.cookies:
            return None
        self.cookies[FLASH] = None
        try:
            text, is_good, undo = self._signed().loads(cookie, max_age=300)
        except (BadSignature, ValueError):
            return None
        return Flash(str(text), bool(is_good), safe_path(str(undo)) if undo else "")

    def json(self, value: object, status: int = HTTPStatus.OK) -> web.Response:
        return web.Response(
            text=json.dumps(value, ensure_ascii=False),
            status=status,
            content_type="application/json",
        )

    def remembered_person(self) -> URLSafeTimedSerializer:
        """Signs who logged in last on this computer."""
        return URLSafeTimedSerializer(self.panel.vault.sign_key, salt="workstation")

    def _signed(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.panel.vault.sign_key, salt="flash")


def address_of(request: web.Request) -> str:
    """The network address of a request; a proxy's word counts only where settings say so."""
    # A proxy may add a line of its own after those that came with the request.
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    if request.app[PANEL].settings.panel_behind_proxy and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()[:64]
    return (request.remote or "")[:64]


def is_https(request: web.Request) -> bool:
    """Whether people reach the panel by https: the settings or the proxy in front say so."""
    settings = request.app[PANEL].settings
    if settings.panel_url:
        return settings.panel_url.startswith("https:")
    told = request.headers.getall("X-Forwarded-Proto", [""])[-1]
    return settings.panel_behind_proxy and told == "https"


def safe_path(to: str) -> str:
    """A path of this panel; "/" for anything that would lead elsewhere."""
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    if not is_ours:
        return "/"
    parts = urlsplit(to)
    return "/" if parts.netloc or parts.scheme else to


def words_for(request: web.Request, account: Account | None) -> Words:
    """The account's language; before a login the chosen or the browser's."""
    panel = request.app[PANEL]
    if account is not None:
        return Words(account.language, zone(account.zone))
    chosen = request.cookies.get("as_language", "")
    accepted = request.headers.get("Accept-Language", "")
    language = chosen if chosen in LANGUAGES else best_language(accepted, panel.settings.language)
    return Words(language, ZoneInfo("UTC"))
