"""Switching the second factor on and off."""

from typing import Annotated

from pydantic import Field

from ari_app.store import audit, passwords, second_factor
from ari_app.store.audit import About
from web.acts.login import Failed, PasswordText
from web.forms import Form, Refused
from web.visit import Visit
from web.words import N_


class SwitchOffForm(Form):
    """Proof that it is oneself."""

    password: Annotated[PasswordText, Field(min_length=1)]


async def switch_on(visit: Visit, secret: str, code: str) -> list[str] | None:
    """The spare codes, or None for a code that does not fit."""
    counter = second_factor.counter_of(secret, code, visit.now)
    if counter is None:
        return None
    async with visit.panel.sessions.begin() as session:
        closed = visit.panel.vault.close(secret)
        spare = await second_factor.switch_on(session, visit.me, closed, counter)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "second_factor.on", about)
    return spare


async def switch_off(visit: Visit, form: SwitchOffForm) -> None:
    """Raises Failed for a wrong password, Refused where the role needs it."""
    if visit.signed_in.role.needs_second_factor:
        raise Refused("password", N_("Your role needs a second factor"))
    async with visit.panel.sessions() as session:
        stored = await passwords.stored_hash(session, visit.me)
    if not await passwords.fits(stored, form.password):
        raise Failed
    async with visit.panel.sessions.begin() as session:
        await second_factor.switch_off(session, visit.me)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "second_factor.off", about)
