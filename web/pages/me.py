"""One's own account: language, look, time zone, password, PIN, mail about missed calls."""

from dataclasses import dataclass

from aiohttp import web

from web.acts import me as acts
from web.acts.me import OwnPasswordForm, PinForm, PreferencesForm
from web.forms import Filled, Refused, filled_with, refused, zones
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class MePage:
    """The account, each part a form of its own."""

    preferences: Filled[PreferencesForm]
    password: Filled[OwnPasswordForm]
    pin: Filled[PinForm]
    zones: list[str]
    about: str


async def me(visit: Visit) -> web.StreamResponse:
    """The page."""
    return show(visit, "me.html", await _page(visit))


async def change(visit: Visit) -> web.StreamResponse:
    """Language, look, time zone."""
    filled = await visit.filled(PreferencesForm)
    if filled.value is None:
        return show_again(visit, "me.html", await _page(visit, preferences=filled))
    await acts.change_preferences(visit, filled.value)
    return visit.done("/me", N_("Saved"))


async def change_password(visit: Visit) -> web.StreamResponse:
    """A new password, for who knows the old one."""
    filled = await visit.filled(OwnPasswordForm)
    if filled.value is not None:
        try:
            await acts.change_password(visit, filled.value)
        except Refused as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "me.html", await _page(visit, password=filled))
    return visit.done("/me", N_("Your password is changed; other devices were logged out"))


async def change_pin(visit: Visit) -> web.StreamResponse:
    """The PIN for feature codes from other phones."""
    filled = await visit.filled(PinForm)
    if filled.value is None:
        return show_again(visit, "me.html", await _page(visit, pin=filled))
    await acts.change_pin(visit, filled.value)
    return visit.done("/me", N_("Your PIN is stored"))


async def _page(
    visit: Visit,
    preferences: Filled[PreferencesForm] | None = None,
    password: Filled[OwnPasswordForm] | None = None,
    pin: Filled[PinForm] | None = None,
) -> MePage:
    person = visit.signed_in
    if preferences is None:
        preferences = filled_with(await acts.preferences(visit))
    about = " ".join(filter(None, (person.name, person.login, person.email)))
    return MePage(preferences, password or Filled(), pin or Filled(), sorted(zones()), about)
