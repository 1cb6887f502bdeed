"""The second factor: a picture for the authenticator, codes, and spare ones shown once."""

from dataclasses import dataclass
from io import BytesIO

import segno
from aiohttp import web

from ari_app.store import second_factor as store
from ari_app.vault import KeyUnfitError
from web.acts import second_factor as acts
from web.acts.login import CodeForm
from web.acts.second_factor import SwitchOffForm
from web.forms import Filled, Refused, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

_COOKIE = "as_totp"


@dataclass(frozen=True, slots=True)
class FactorPage:
    """How it stands; `secret` and `picture` while it is being set up, `spare` right after."""

    is_on: bool
    is_needed: bool
    form: Filled[CodeForm]
    off: Filled[SwitchOffForm]
    secret: str = ""
    picture: str = ""
    spare: tuple[str, ...] = ()


async def second_factor(visit: Visit) -> web.StreamResponse:
    """On, or about to be."""
    return show(visit, "me_second_factor.html", _page(visit))


async def switch_on(visit: Visit) -> web.StreamResponse:
    """The first code proves that the authenticator has the secret."""
    filled = await visit.filled(CodeForm)
    if filled.value is None:
        return show_again(visit, "me_second_factor.html", _page(visit, filled))
    spare = await acts.switch_on(visit, _secret(visit), filled.value.code)
    if spare is None:
        told = visit.words.say(N_("This code does not fit: look at the authenticator again."))
        again = filled.with_errors({"code": told})
        return show_again(visit, "me_second_factor.html", _page(visit, again))
    visit.cookies[_COOKIE] = None
    is_needed = visit.signed_in.role.needs_second_factor
    page = FactorPage(True, is_needed, Filled(), Filled(), spare=tuple(spare))
    return show(visit, "me_second_factor.html", page)


async def switch_off(visit: Visit) -> web.StreamResponse:
    """Off, for who knows the password."""
    filled = await visit.filled(SwitchOffForm)
    if filled.value is not None:
        try:
            await acts.switch_off(visit, filled.value)
        except Refused as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "me_second_factor.html", _page(visit, off=filled))
    return visit.done("/me/second-factor", N_("The second factor is off"))


def _page(
    visit: Visit,
    form: Filled[CodeForm] | None = None,
    off: Filled[SwitchOffForm] | None = None,
) -> FactorPage:
    person = visit.signed_in
    needed = person.role.needs_second_factor
    form, off = form or Filled(), off or Filled()
    if person.has_second_factor:
        return FactorPage(True, needed, form, off)
    secret = _secret(visit)
    return FactorPage(
        False, needed, form, off, secret, _picture(store.address(secret, person.login))
    )


def _secret(visit: Visit) -> str:
    """The secret of this set-up, kept in an encrypted cookie until the first code proves it."""
    try:
        kept = visit.panel.vault.open(visit.request.cookies.get(_COOKIE, ""))
    except KeyUnfitError:
        kept = ""
    whose, _, secret = kept.partition(" ")
    if whose != str(visit.me) or not secret:
        secret = store.new_secret()
        visit.cookies[_COOKIE] = visit.panel.vault.close(f"{visit.me} {secret}")
    return secret


def _picture(text: str) -> str:
    """A QR code as an SVG that no style sheet has to allow."""
    drawn = BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()
