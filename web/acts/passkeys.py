"""Passkeys: made by who knows the password, used instead of it, taken away."""

import secrets
from typing import Annotated

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import Field

from ari_app.domain.numbers import EmployeeId
from ari_app.store import audit, passkeys, throttle
from ari_app.store.accounts import Account, account
from ari_app.store.audit import NOTHING, About
from ari_app.store.errors import NotThereError, TakenError
from ari_app.store.passkeys import Passkey
from web import passkeys as keys
from web.acts.login import Entering, Failed, PasswordText, check_own_password, enter
from web.forms import Form, Line, Refused
from web.visit import Visit, is_https
from web.words import N_

COOKIE = "as_passkey"
_SECONDS = 300
_LONGEST = 20_000

AnswerText = Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class BeginForm(Form):
    """Proof that it is oneself, before a key is made."""

    password: Annotated[PasswordText, Field(min_length=1)]


class NewForm(Form):
    """What the browser has made."""

    name: Annotated[Line, Field(min_length=1)]
    answer: AnswerText


class UseForm(Entering):
    """A login by passkey."""

    answer: AnswerText


async def begin(visit: Visit, form: BeginForm) -> str:
    """What the browser needs to make a key. Raises Refused beside ``password``, NotThereError."""
    await check_own_password(visit, "password", form.password)
    person = visit.signed_in
    async with visit.panel.sessions() as session:
        known = await passkeys.of(session, person.employee)
    challenge = _challenge(visit, person.employee)
    return keys.new_options(_here(visit), person, known, challenge)


async def add(visit: Visit, form: NewForm) -> None:
    """Store the key. Raises Refused, NotThereError where there can be none."""
    person = visit.signed_in
    at, challenge = _here(visit), _challenged(visit, person.employee)
    try:
        key = keys.made(at, form.answer, challenge)
    except keys.UnfitError as error:
        raise _refused() from error
    passkey = Passkey(
        0, person.employee, form.name, key.credential, key.public_key, key.uses, visit.now, None
    )
    async with visit.panel.sessions.begin() as session:
        try:
            await passkeys.add(session, passkey)
        except TakenError as error:
            raise Refused("", N_("This passkey is known already")) from error
        about = About(person.employee, person.name)
        change: tuple[dict[str, object], dict[str, object]] = ({}, {"name": form.name})
        await audit.note(session, visit.who, "passkey.added", about, change)


async def remove(visit: Visit, number: int) -> None:
    """Raises NotThereError."""
    person = visit.signed_in
    async with visit.panel.sessions.begin() as session:
        name = await passkeys.remove(session, person.employee, number)
        about = About(person.employee, person.name)
        change: tuple[dict[str, object], dict[str, object]] = ({"name": name}, {})
        await audit.note(session, visit.who, "passkey.removed", about, change)


async def login_options(visit: Visit) -> str:
    """What the browser needs to find a key. Raises NotThereError where there can be none."""
    at, challenge = _here(visit), _challenge(visit, None)
    return keys.login_options(at, challenge)


async def log_in(visit: Visit, form: UseForm) -> str:
    """Let in whose key it is; where to go next. Raises Failed, Refused, NotThereError."""
    tries = throttle.keys_of_address(visit.address)
    async with visit.panel.sessions.begin() as session:
        seconds = await throttle.count(session, tries, visit.now)
    if seconds > 0:
        raise Failed(seconds)
    person = await _owner(visit, form)
    async with visit.panel.sessions.begin() as session:
        await throttle.succeeded(session, tries)
    return await enter(visit, person, form)


async def _owner(visit: Visit, form: UseForm) -> Account:
    at, challenge = _here(visit), _challenged(visit, None)
    try:
        credential = keys.credential_of(form.answer)
        async with visit.panel.sessions.begin() as session:
            key = await passkeys.by_credential(session, credential)
            uses = keys.proved(at, form.answer, challenge, key)
            await passkeys.used(session, key.id, uses, visit.now)
            return await account(session, key.employee)
    except (keys.UnfitError, NotThereError) as error:
        who = audit.Who(None, "", visit.address, visit.now)
        async with visit.panel.sessions.begin() as session:
            await audit.note(session, who, "login.failed", NOTHING)
        raise Failed from error


def is_possible(visit: Visit) -> bool:
    """Whether passkeys can be had at the address at which the panel was asked for."""
    return _at(visit) is not None


def _at(visit: Visit) -> keys.Address | None:
    url = visit.panel.settings.panel_url
    return keys.address(visit.request.host, url, is_https=is_https(visit.request))


def _here(visit: Visit) -> keys.Address:
    at = _at(visit)
    if at is None:
        raise NotThereError("address for passkeys", visit.request.host)
    return at


def _challenge(visit: Visit, employee: EmployeeId | None) -> bytes:
    """A new challenge, kept in a signed cookie until the answer comes."""
    challenge = secrets.token_bytes(32)
    visit.cookies[COOKIE] = _signed(visit).dumps([employee, challenge.hex()])
    return challenge


def _challenged(visit: Visit, employee: EmployeeId | None) -> bytes:
    kept = visit.request.cookies.get(COOKIE, "")
    visit.cookies[COOKIE] = None
    try:
        whose, challenge = _signed(visit).loads(kept, max_age=_SECONDS)
    except (BadSignature, ValueError) as error:
        raise _refused() from error
    if whose != employee:
        raise _refused()
    return bytes.fromhex(challenge)


def _refused() -> Refused:
    return Refused("", N_("That took too long, or was not for this: begin again"))


def _signed(visit: Visit) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visit.panel.vault.sign_key, salt="passkey")
