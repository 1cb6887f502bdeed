"""The login page, its second half, and the way out."""

import asyncio
import math
from dataclasses import dataclass

from aiohttp import web
from itsdangerous import BadSignature

from ari_app.domain.availability import holding
from ari_app.domain.directory import StatusChoice  # noqa: TC001
from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import account
from ari_app.store.errors import NotThereError
from ari_app.store.statuses import declared_by
from web.access import WORKSTATION
from web.acts import login as acts
from web.acts import passkeys
from web.acts.login import KEEP, CodeForm, Failed, LoginForm, PasswordText
from web.forms import Filled, Form
from web.password_words import strength_told
from web.render import show, show_again
from web.status_words import BASES, choice_of, shown
from web.visit import Visit, safe_path
from web.words import LANGUAGES, N_


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The login page; `kept` is the status that “do not change” restores for `last`."""

    form: Filled[LoginForm]
    statuses: list[tuple[str, str]]
    last: str
    kept: str
    next: str
    has_passkeys: bool


class NextForm(Form):
    """Where somebody wanted to go."""

    next: str = "/"


class LanguageForm(Form):
    """The language before a login."""

    language: str = "en"
    here: str = "/login"


async def login(visit: Visit) -> web.StreamResponse:
    """The form; who is logged in already goes on."""
    to = safe_path((visit.asked(NextForm).value or NextForm()).next)
    if visit.account is not None:
        return visit.go(to)
    last, _ = await _last(visit)
    form: Filled[LoginForm] = Filled({"login": [last], "status": [KEEP], "next": [to]})
    return show(visit, "login.html", await _page(visit, form))


async def log_in(visit: Visit) -> web.StreamResponse:
    """Let in, or say no in the same words whatever was wrong."""
    filled = await visit.filled(LoginForm)
    if filled.value is None:
        return show_again(visit, "login.html", await _page(visit, filled))
    try:
        to = await acts.log_in(visit, filled.value)
    except Failed as failed:
        filled = filled.with_errors({"": _told(visit, failed)})
        return show_again(visit, "login.html", await _page(visit, filled))
    return visit.go(to)


async def code(visit: Visit) -> web.StreamResponse:
    """The form for the second factor."""
    form: Filled[CodeForm] = Filled()
    return show(visit, "login_code.html", form)


async def log_in_with_code(visit: Visit) -> web.StreamResponse:
    """The second half of a login."""
    filled = await visit.filled(CodeForm)
    if filled.value is None:
        return show_again(visit, "login_code.html", filled)
    try:
        to = await acts.log_in_with_code(visit, filled.value)
    except LookupError:
        return visit.go("/login")
    except Failed as failed:
        told = visit.words.say(N_("This code is wrong, or was used already."))
        if failed.seconds:
            told = _told(visit, failed)
        return show_again(visit, "login_code.html", filled.with_errors({"code": told}))
    return visit.go(to)


async def log_out(visit: Visit) -> web.StreamResponse:
    """Out."""
    await acts.log_out(visit)
    return visit.go("/login")


async def choose_language(visit: Visit) -> web.StreamResponse:
    """Before a login: kept on this computer."""
    asked = (await visit.filled(LanguageForm)).value or LanguageForm()
    if asked.language in LANGUAGES:
        visit.cookies["as_language"] = asked.language
    return visit.go(asked.here)


class StrengthForm(Form):
    """A password that is being typed."""

    password: PasswordText = ""
    about: str = ""


async def strength(visit: Visit) -> web.StreamResponse:
    """How good a password is, while it is typed; nothing is kept of it."""
    asked = (await visit.filled(StrengthForm)).value or StrengthForm()
    about = tuple(asked.about[:300].split())
    told = await asyncio.to_thread(strength_told, visit.words, asked.password, about)
    return web.Response(text=told)


def _told(visit: Visit, failed: Failed) -> str:
    if failed.seconds:
        minutes = math.ceil(failed.seconds / 60)
        return visit.words.say_many(
            "Too many tries. Try again in {number} minute.",
            "Too many tries. Try again in {number} minutes.",
            minutes,
        )
    return visit.words.say(N_("Login or password are wrong."))


async def _page(visit: Visit, form: Filled[LoginForm]) -> LoginPage:
    last, kept = await _last(visit)
    if form.text("login").strip() not in {"", last}:
        kept = ""
    own = [status.id for status in visit.directory.own_statuses.values() if status.at_login]
    choices: list[StatusChoice] = [*BASES, *own]
    offered = [shown(choice, visit.directory, visit.words) for choice in choices]
    statuses = [(one.value, one.text) for one in offered]
    to = safe_path(form.text("next") or "/")
    return LoginPage(form, statuses, last, kept, to, passkeys.is_possible(visit))


async def _last(visit: Visit) -> tuple[str, str]:
    """Who logged in last on this computer, and the status that they would get back."""
    try:
        employee, login = visit.remembered_person().loads(
            visit.request.cookies.get(WORKSTATION, "")
        )
    except (BadSignature, ValueError):
        return "", ""
    async with visit.panel.sessions() as session:
        try:
            person = await account(session, EmployeeId(employee))
        except NotThereError:
            return "", ""
        kept = await acts.kept_status(session, person, visit.now)
        declared = await declared_by(session, person.employee)
    choice = choice_of(holding(declared, visit.now)) if kept is None else kept
    return str(login), shown(choice, visit.directory, visit.words).text
