"""One's own password, PIN and second factor, by the API."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from ari_app.store import second_factor as store
from ari_app.vault import KeyUnfitError
from web.acts import me as acts
from web.acts import second_factor
from web.acts.login import CodeForm
from web.acts.me import OwnPasswordForm, PinForm
from web.acts.second_factor import SwitchOffForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.forms import Refused
from web.visit import Access, Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class FactorValue:
    """Whether codes are asked for at the login, and whether one's role needs them."""

    is_on: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class SetupValue:
    """A secret for an authenticator, with the address that it reads (otpauth://…).

    `setup` goes back with the first code; nothing is stored before.
    """

    secret: str
    address: str
    setup: str


class SetupForm(CodeForm):
    """The first code of an authenticator that was given the secret."""

    setup: Annotated[str, Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class SpareValue:
    """Codes for when the authenticator is lost, each good once; nobody can read them again."""

    spare: list[str]


async def change_password(visit: Visit, form: OwnPasswordForm) -> None:
    """A new password; all tokens, and with them this one, open nothing any more."""
    await acts.change_password(visit, form)


async def change_pin(visit: Visit, form: PinForm) -> None:
    """The PIN for feature codes from other phones."""
    await acts.change_pin(visit, form)


async def factor(visit: Visit) -> FactorValue:
    """How it stands."""
    person = visit.signed_in
    return FactorValue(person.has_second_factor, person.role.needs_second_factor)


async def set_up(visit: Visit) -> SetupValue:
    """A new secret."""
    secret = store.new_secret()
    told = store.address(secret, visit.signed_in.login)
    return SetupValue(secret, told, visit.panel.vault.close(f"{visit.me} {secret}"))


async def switch_on(visit: Visit, form: SetupForm) -> SpareValue:
    """The first code proves that the authenticator has the secret."""
    try:
        whose, _, secret = visit.panel.vault.open(form.setup).partition(" ")
    except KeyUnfitError:
        whose, secret = "", ""
    if whose != str(visit.me) or not secret:
        raise Refused("setup", N_("This is not what was given to you to set it up"))
    spare = await second_factor.switch_on(visit, secret, form.code)
    if spare is None:
        raise Refused("code", N_("This code does not fit: look at the authenticator again."))
    return SpareValue(spare)


async def switch_off(visit: Visit, form: SwitchOffForm) -> None:
    """Off, for who knows the password."""
    await second_factor.switch_off(visit, form)


_MINE, _ACCOUNT = Access.LOGGED_IN, TokenScope.ACCOUNT
_FACTOR = f"{V1}/me/second-factor"

OPERATIONS = (
    ApiRoute(
        "PUT",
        f"{V1}/me/password",
        change_password,
        _MINE,
        _ACCOUNT,
        N_("Change my password; all my tokens open nothing any more"),
        body=OwnPasswordForm,
    ),
    ApiRoute("PUT", f"{V1}/me/pin", change_pin, _MINE, _ACCOUNT, N_("Set my PIN"), body=PinForm),
    ApiRoute(
        "GET",
        _FACTOR,
        factor,
        _MINE,
        _ACCOUNT,
        N_("Whether I have a second factor"),
        FactorValue,
    ),
    ApiRoute(
        "POST",
        f"{_FACTOR}/setup",
        set_up,
        _MINE,
        _ACCOUNT,
        N_("Begin to set up a second factor"),
        SetupValue,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute(
        "PUT",
        _FACTOR,
        switch_on,
        _MINE,
        _ACCOUNT,
        N_("Switch my second factor on, with its first code"),
        SpareValue,
        SetupForm,
    ),
    ApiRoute(
        "POST",
        f"{_FACTOR}/off",
        switch_off,
        _MINE,
        _ACCOUNT,
        N_("Switch my second factor off"),
        body=SwitchOffForm,
    ),
)
