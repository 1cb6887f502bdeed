"""The first administrator of an empty database."""

import asyncio
from typing import Literal

from aiohttp import web

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import Endpoint, Extension
from ari_app.domain.rights import ADMINISTRATOR
from ari_app.store import audit, passwords
from ari_app.store.accounts import account, give_role
from ari_app.store.audit import About, Who
from ari_app.store.card import Card
from ari_app.store.changes import take_turn
from ari_app.store.newcomers import nobody_administers
from ari_app.store.people import add_employee
from web.acts.login import Entering, enter
from web.acts.registration import NewPasswordForm
from web.forms import EmailText, ExtensionText, Name, Refused, ZoneText
from web.password_words import weak
from web.visit import Visit
from web.words import N_


class FirstForm(NewPasswordForm):
    """Who the first administrator is."""

    name: Name
    extension: ExtensionText
    email: EmailText | None = None
    language: Literal["ru", "en"] = "ru"
    zone: ZoneText = "Europe/Moscow"


async def make_first(visit: Visit, form: FirstForm) -> str:
    """Add the administrator, log them in, and say where to go.

    Raises Refused, TakenError, InvalidError, HTTPNotFound.
    """
    told = await asyncio.to_thread(weak, form.password, (form.name, form.email or ""))
    if told:
        raise Refused("password", told)
    if form.password != form.again:
        raise Refused("again", N_("This is not the same as above"))
    made = await passwords.hashed(form.password)
    card = Card(
        form.name,
        Extension(form.extension),
        (Phone(Endpoint(form.extension)),),
        zone=form.zone,
        language=form.language,
        email=form.email,
    )
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        if not await nobody_administers(session):
            raise web.HTTPNotFound
        employee = await add_employee(session, card)
        await give_role(session, employee, ADMINISTRATOR.id)
        await passwords.set_password(session, employee, made, visit.now)
        who = Who(employee, card.name, visit.address, visit.now)
        await audit.note(session, who, "office.begun", About(employee, card.name))
    async with visit.panel.sessions() as session:
        person = await account(session, employee)
    return await enter(visit, person, Entering(next="/employees"))
