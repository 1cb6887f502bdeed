"""Switching the second factor on and off."""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, passkeys, remembered, second_factor
from ari_app.store.accounts import account
from ari_app.store.audit import About
from web.acts.login import PasswordText, check_own_password
from web.forms import Form, Refused
from web.visit import Visit
from web.words import N_


class SwitchOffForm(Form):
    """Proof that it is oneself."""

    password: Annotated[PasswordText, Field(min_length=1)]


async def switch_on(visit: Visit, secret: str, code: str) -> list[str] | None:
    """The spare codes, or None for a code that does not fit.

    Raises HTTPForbidden where it is on: another authenticator takes the password first.
    """
    if visit.signed_in.has_second_factor:
        raise web.HTTPForbidden
    counter = second_factor.counter_of(secret, code, visit.now)
    if counter is None:
        return None
    async with visit.panel.sessions.begin() as session:
        closed = visit.panel.vault.close(secret)
        spare = await second_factor.switch_on(session, visit.me, closed, counter)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "second_factor.on", about)
    return spare


async def reset(visit: Visit, employee: EmployeeId) -> None:
    """Switch off that of somebody who has lost the authenticator, and what else was on it.

    Their passkeys are gone, and their devices are logged out.

    Raises NotThereError, HTTPForbidden for oneself (the password is asked for there) and for
    whose role stands above one's own.
    """
    async with visit.panel.sessions.begin() as session:
        person = await account(session, employee)
        visit.demand(Right.ASSIGN_ROLES, person.subject)
        if employee == visit.me:
            raise web.HTTPForbidden
        await second_factor.switch_off(session, employee)
        await passkeys.remove_all(session, employee)
        await remembered.forget_all(session, employee, visit.now)
        about = About(employee, person.name)
        await audit.note(session, visit.who, "second_factor.off", about)


async def switch_off(visit: Visit, form: SwitchOffForm) -> None:
    """Raises Refused for a wrong password, or where the role needs it."""
    if visit.signed_in.role.needs_second_factor:
        raise Refused("password", N_("Your role needs a second factor"))
    await check_own_password(visit, "password", form.password)
    async with visit.panel.sessions.begin() as session:
        await second_factor.switch_off(session, visit.me)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "second_factor.off", about)
