"""Letters with links: to finish a registration, and to choose a new password."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.lease import silent_after
from ari_app.store import api_tokens, audit, lease, links, passwords, remembered, throttle
from ari_app.store.accounts import Account, account, account_typed
from ari_app.store.audit import About
from ari_app.store.cards import zone
from ari_app.store.errors import NotThereError
from ari_app.store.letters import Letter, LetterKind, queue, queue_many
from ari_app.store.links import Link, Purpose
from ari_app.store.newcomers import Addressee, addressees
from web.acts.login import PasswordText
from web.forms import Form, Refused
from web.hub import Topic
from web.password_words import weak
from web.visit import Visit
from web.words import N_, Words

_KINDS = {
    Purpose.REGISTER: (LetterKind.REGISTRATION, "/register/"),
    Purpose.RESET: (LetterKind.FORGOTTEN_PASSWORD, "/reset/"),
}


_TAKES = 0.3
"""Seconds that every answer takes, with a letter or without."""


class NewPasswordForm(Form):
    """A password of one's own, typed twice."""

    password: PasswordText = ""
    again: PasswordText = ""


class ForgottenForm(Form):
    """Who asks for a new password."""

    login: str = Field(min_length=1, max_length=320)


@dataclass(frozen=True, slots=True)
class Invitation:
    """How far somebody's registration has come."""

    has_password: bool
    link: Link


async def send_registration(visit: Visit, employee: EmployeeId) -> None:
    """Queue the letter with a new link; the one before opens nothing any more.

    Raises NotThereError, Refused without an e-mail address or for who is registered already,
    HTTPForbidden.
    """
    async with visit.panel.sessions.begin() as session:
        person = await account(session, employee)
        visit.demand(Right.CHANGE_CARDS, person.subject)
        if person.has_password:
            raise Refused("", N_("{name} is registered already"), name=person.name)
        if not person.email:
            raise Refused("email", N_("Without an e-mail address no letter can be sent"))
        await _send(visit, session, person, Purpose.REGISTER)
        about = About(employee, person.name)
        await audit.note(session, visit.who, "registration.sent", about)


async def revoke_registration(visit: Visit, employee: EmployeeId) -> None:
    """Take the link back. Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person = await account(session, employee)
        visit.demand(Right.CHANGE_CARDS, person.subject)
        await links.revoke(session, employee, Purpose.REGISTER, visit.now)
        about = About(employee, person.name)
        await audit.note(session, visit.who, "registration.revoked", about)


async def invitation(visit: Visit, session: AsyncSession, person: Account) -> Invitation:
    """How far somebody's registration has come."""
    link = await links.newest(session, person.employee, Purpose.REGISTER, visit.now)
    return Invitation(person.has_password, link)


async def invite(visit: Visit, session: AsyncSession, employee: EmployeeId) -> bool:
    """Queue the letter for somebody just added, in that transaction; whether it could be."""
    person = await account(session, employee)
    if not person.email:
        return False
    await _send(visit, session, person, Purpose.REGISTER)
    return True


async def invite_many(visit: Visit, session: AsyncSession, employees: Sequence[EmployeeId]) -> int:
    """The same for several at once; how many letters were queued."""
    whose = await addressees(session, employees)
    register = Purpose.REGISTER
    tokens = await links.make_many(session, [to.employee for to in whose], register, visit.now)
    letters = [_letter(visit, to, register, tokens[to.employee]) for to in whose]
    await queue_many(session, letters, visit.now)
    return len(letters)


async def forgotten(visit: Visit, form: ForgottenForm) -> None:
    """Queue a letter if there is such an account; nothing tells whether there is, nor the time."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with visit.panel.sessions.begin() as session:
        keys = throttle.keys_of_asking(visit.address)
        if await throttle.count(session, keys, visit.now) == 0:
            await _send_forgotten(visit, session, form.login)
    await asyncio.sleep(max(0.0, began + _TAKES - clock()))


async def _send_forgotten(visit: Visit, session: AsyncSession, login: str) -> None:
    countries = visit.panel.settings.login_countries.split(",")
    person = await account_typed(session, login, countries)
    if person is None or not person.email:
        return
    purpose = Purpose.RESET if person.has_password else Purpose.REGISTER
    newest = await links.newest(session, person.employee, purpose, visit.now)
    if newest.at is not None and newest.state is links.LinkState.WAITING:
        made = newest.at - links.LASTS
        if (visit.now - made).total_seconds() < 60:
            return
    await _send(visit, session, person, purpose)


async def whose_link(visit: Visit, token: str, purpose: Purpose) -> Account | None:
    """Whose link this is, as long as it opens."""
    async with visit.panel.sessions() as session:
        employee = await links.whose(session, token, purpose, visit.now)
        try:
            return None if employee is None else await account(session, employee)
        except NotThereError:
            return None


async def choose_password(
    visit: Visit, token: str, purpose: Purpose, form: NewPasswordForm
) -> Account:
    """Set the password that somebody chose by a link. Raises Refused, LookupError."""
    person = await whose_link(visit, token, purpose)
    if person is None:
        raise LookupError
    await check_password(person, form)
    made = await passwords.hashed(form.password)
    async with visit.panel.sessions.begin() as session:
        if await links.use(session, token, purpose, visit.now) is None:
            raise LookupError
        await _store(visit, session, person, made)
    return person


async def store_password(visit: Visit, person: Account, password: str) -> None:
    """Set somebody's own new password; other devices are logged out."""
    made = await passwords.hashed(password)
    async with visit.panel.sessions.begin() as session:
        await _store(visit, session, person, made)


async def check_password(person: Account, form: NewPasswordForm) -> None:
    """Raises Refused for a password that is easy to guess, or typed differently."""
    about = (person.name, person.login, person.email or "")
    told = await asyncio.to_thread(weak, form.password, about)
    if told:
        raise Refused("password", told)
    if form.password != form.again:
        raise Refused("again", N_("This is not the same as above"))


async def _store(visit: Visit, session: AsyncSession, person: Account, made: str) -> None:
    this = visit.device.id if visit.device and visit.device.employee == person.employee else None
    await passwords.set_password(session, person.employee, made, visit.now)
    for purpose in Purpose:
        await links.revoke(session, person.employee, purpose, visit.now)
    await remembered.forget_all(session, person.employee, visit.now, this)
    await api_tokens.revoke_all(session, person.employee, visit.now)
    if person.has_password and this is None:
        await lease.left(session, person.employee, visit.now, silent_after(visit.panel.settings))
    visit.panel.hub.tell(Topic.DEVICES)
    who = audit.Who(person.employee, person.name, visit.address, visit.now)
    await audit.note(session, who, "password.set", About(person.employee, person.name))
    if person.has_password and person.email:
        values = {
            "name": person.name,
            "login": person.login,
            "moment": _words(person).moment(visit.now),
            "address": visit.address,
        }
        kind = LetterKind.PASSWORD_CHANGED
        letter = Letter(kind, person.employee, person.email, person.language, values)
        await queue(session, letter, visit.now)


async def _send(visit: Visit, session: AsyncSession, person: Account, purpose: Purpose) -> None:
    token = await links.make(session, person.employee, purpose, visit.now)
    to = Addressee(
        person.employee,
        person.name,
        person.login,
        person.email or "",
        person.language,
        person.zone,
    )
    await queue(session, _letter(visit, to, purpose, token), visit.now)


def _letter(visit: Visit, to: Addressee, purpose: Purpose, token: str) -> Letter:
    kind, path = _KINDS[purpose]
    is_known = visit.may(Right.CHANGE_CARDS) or visit.may(Right.ADD_EMPLOYEES)
    url = visit.panel.public_url if is_known else visit.panel.own_url
    link = f"{url(visit.request)}{path}{token}"
    until = _words(to).moment(visit.now + links.LASTS)
    values = {"name": to.name, "login": to.login, "until": until}
    closed = visit.panel.vault.close(link)
    return Letter(kind, to.employee, to.email, to.language, values, closed)


def _words(person: Account | Addressee) -> Words:
    return Words(person.language, zone(person.zone))
