"""Behind the links in letters: finish a registration, choose a new password."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from ari_app.store.accounts import Account
from ari_app.store.links import Purpose
from web.acts import registration as acts
from web.acts.registration import ForgottenForm, NewPasswordForm
from web.forms import Filled, Refused, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """Choosing a password; `is_new` for who has none yet."""

    form: Filled[NewPasswordForm]
    name: str
    login: str
    about: str
    is_new: bool


async def register(visit: Visit) -> web.StreamResponse:
    """Finish the registration."""
    return await _page(visit, Purpose.REGISTER)


async def finish(visit: Visit) -> web.StreamResponse:
    """The password of one's own is stored."""
    return await _choose(visit, Purpose.REGISTER)


async def reset(visit: Visit) -> web.StreamResponse:
    """A new password."""
    return await _page(visit, Purpose.RESET)


async def choose_new(visit: Visit) -> web.StreamResponse:
    """The new password is stored."""
    return await _choose(visit, Purpose.RESET)


async def forgotten(visit: Visit) -> web.StreamResponse:
    """Ask for the letter."""
    form: Filled[ForgottenForm] = Filled()
    return show(visit, "forgotten.html", form)


async def ask(visit: Visit) -> web.StreamResponse:
    """The same answer whether there is such an account or not."""
    filled = await visit.filled(ForgottenForm)
    if filled.value is None:
        return show_again(visit, "forgotten.html", filled)
    await acts.forgotten(visit, filled.value)
    return show(visit, "forgotten_sent.html")


async def _page(visit: Visit, purpose: Purpose) -> web.StreamResponse:
    person = await acts.whose_link(visit, visit.request.match_info["token"], purpose)
    if person is None:
        return _worthless(visit)
    return show(visit, "registration.html", _values(person, Filled()))


async def _choose(visit: Visit, purpose: Purpose) -> web.StreamResponse:
    token = visit.request.match_info["token"]
    filled = await visit.filled(NewPasswordForm)
    person = await acts.whose_link(visit, token, purpose)
    if person is None:
        return _worthless(visit)
    if filled.value is None:
        return show_again(visit, "registration.html", _values(person, filled))
    try:
        await acts.choose_password(visit, token, purpose, filled.value)
    except Refused as error:
        told = filled.with_errors(refused(error, visit.words))
        return show_again(visit, "registration.html", _values(person, told))
    except LookupError:
        return _worthless(visit)
    return visit.done(
        "/login", N_("Your password is stored: log in as {login}"), login=person.login
    )


def _values(person: Account, form: Filled[NewPasswordForm]) -> PasswordPage:
    about = " ".join(filter(None, (person.name, person.login, person.email)))
    return PasswordPage(form, person.name, person.login, about, not person.has_password)


def _worthless(visit: Visit) -> web.StreamResponse:
    return show(visit, "worthless.html", status=HTTPStatus.GONE)
