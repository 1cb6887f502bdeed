"""What people do to their own accounts."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ari_app.store import accounts, audit, pins
from ari_app.store.audit import About
from web.acts.login import PasswordText, check_own_password
from web.acts.registration import NewPasswordForm, check_password, store_password
from web.forms import Form, Ticked, Wrong, ZoneText
from web.visit import Visit
from web.words import N_


def _pin(text: str) -> str:
    if not (text.isascii() and text.isdigit() and 4 <= len(text) <= 12):
        raise Wrong(N_("4 to 12 digits"))
    if len(set(text)) == 1 or text in "01234567890" or text in "9876543210":
        raise Wrong(N_("This PIN is guessed first: take another one"))
    return text


class PreferencesForm(Form):
    """How the panel looks and speaks to one."""

    language: Literal["ru", "en"]
    theme: Literal["auto", "light", "dark"] = "auto"
    zone: ZoneText
    missed_call_letters: Ticked = False


class OwnPasswordForm(NewPasswordForm):
    """A new password; `old` is the one before."""

    old: Annotated[PasswordText, Field(min_length=1)]


class PinForm(Form):
    """The PIN for feature codes."""

    pin: Annotated[str, AfterValidator(_pin)]


async def preferences(visit: Visit) -> PreferencesForm:
    """What is stored."""
    person = visit.signed_in
    async with visit.panel.sessions() as session:
        letters = await accounts.wants_missed_call_letters(session, visit.me)
    return PreferencesForm.model_validate(
        {
            "language": person.language,
            "theme": person.theme,
            "zone": person.zone,
            "missed_call_letters": letters,
        }
    )


async def change_preferences(visit: Visit, form: PreferencesForm) -> None:
    """Language, look, time zone, letters."""
    before = await preferences(visit)
    async with visit.panel.sessions.begin() as session:
        await accounts.set_preferences(session, visit.me, form.language, form.zone, form.theme)
        await accounts.want_missed_call_letters(session, visit.me, wanted=form.missed_call_letters)
        about = About(visit.me, visit.signed_in.name)
        change = before.model_dump(mode="json"), form.model_dump(mode="json")
        await audit.note(session, visit.who, "account.changed", about, change)


async def change_password(visit: Visit, form: OwnPasswordForm) -> None:
    """Raises Refused for a wrong old password, or a new one that is easy to guess."""
    person = visit.signed_in
    await check_own_password(visit, "old", form.old)
    await check_password(person, form)
    await store_password(visit, person, form.password)


async def change_pin(visit: Visit, form: PinForm) -> None:
    """The PIN with which one sets the status from somebody else's phone."""
    async with visit.panel.sessions.begin() as session:
        await pins.set_pin(session, visit.me, form.pin)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "pin.set", about)
