"""Logging in and out: who it is, from where, and with which status."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.availability import holding
from ari_app.domain.directory import Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.domain.rights import Right
from ari_app.lease import silent_after
from ari_app.store import audit, devices, lease, passwords, remembered, second_factor, throttle
from ari_app.store.accounts import Account, account, account_typed, login_typed
from ari_app.store.audit import NOTHING, About
from ari_app.store.cards import zone
from ari_app.store.changes import take_turn
from ari_app.store.devices import Place
from ari_app.store.errors import NotThereError
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.passwords import LONGEST
from ari_app.store.statuses import declare, declared_by
from ari_app.vault import KeyUnfitError
from web.access import REMEMBER, SESSION, WORKSTATION, remember_cookie
from web.device_words import device_name
from web.forms import Form, Refused, Ticked
from web.hub import Topic
from web.posted import browser_of
from web.status_words import choice_of
from web.visit import Visit, safe_path
from web.words import N_, Words

KEEP = "keep"
HALF = "as_half"
_HALF_SECONDS = 300

PasswordText = Annotated[str, StringConstraints(strip_whitespace=False, max_length=LONGEST)]


class Entering(Form):
    """How somebody comes in: `status` is ``keep``, a base status's value or ``own-3``."""

    remember: Ticked = False
    status: str = KEEP
    next: str = "/"


class LoginForm(Entering):
    """The login page."""

    login: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[PasswordText, Field(min_length=1)]


class CodeForm(Form):
    """The second factor: six digits, or one of the spare codes."""

    code: Annotated[str, Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class Failed(Exception):  # noqa: N818  it is told to people
    """Not let in; `seconds` is how long to wait before the next try (0: none)."""

    seconds: float = 0.0


async def verified(visit: Visit, login: str, password: str) -> Account:
    """Whose login and password these are. Raises Failed, which does not tell what was wrong."""
    countries = visit.panel.settings.login_countries.split(",")
    async with visit.panel.sessions() as session:
        person = await account_typed(session, login, countries)
        stored = None if person is None else await passwords.stored_hash(session, person.employee)
    keys = throttle.keys_of(login_typed(login, countries), visit.address)
    if person is not None and last_here(visit) == person.employee:
        keys = throttle.keys_on(visit.request.cookies[WORKSTATION], person.employee)
    await _count(visit, keys)
    fits = await passwords.fits(stored, password)
    if person is None or not fits:
        await _note_failure(visit, person)
        raise Failed
    async with visit.panel.sessions.begin() as session:
        await throttle.succeeded(session, keys)
    return person


async def check_own_password(visit: Visit, field: str, password: str) -> None:
    """Let on who is logged in and knows the password too. Raises Refused, beside `field`."""
    keys = throttle.keys_of_own(visit.me)
    try:
        await _count(visit, keys)
    except Failed as failed:
        seconds = math.ceil(failed.seconds)
        raise Refused(field, N_("Too many tries: wait {seconds} s"), seconds=seconds) from failed
    async with visit.panel.sessions() as session:
        stored = await passwords.stored_hash(session, visit.me)
    if not await passwords.fits(stored, password):
        raise Refused(field, N_("This is not your password"))
    async with visit.panel.sessions.begin() as session:
        await throttle.succeeded(session, keys)


def last_here(visit: Visit) -> EmployeeId | None:
    """Who logged in last on this computer."""
    try:
        employee, _ = visit.remembered_person().loads(visit.request.cookies.get(WORKSTATION, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return EmployeeId(employee)


async def _count(visit: Visit, keys: Mapping[str, int]) -> None:
    async with visit.panel.sessions.begin() as session:
        seconds = await throttle.count(session, keys, visit.now)
    if seconds > 0:
        raise Failed(seconds)


async def log_in(visit: Visit, form: LoginForm) -> str:
    """Let somebody in, or ask for the second factor first; where to go next. Raises Failed."""
    person = await verified(visit, form.login, form.password)
    if person.has_second_factor:
        half = [person.employee, form.remember, form.status, safe_path(form.next)]
        visit.cookies[HALF] = _signed(visit).dumps(half)
        return "/login/code"
    return await enter(visit, person, form)


async def log_in_with_code(visit: Visit, form: CodeForm) -> str:
    """The second half of a login; where to go next. Raises Failed, LookupError: begin again."""
    try:
        employee, remember, status, to = _signed(visit).loads(
            visit.request.cookies.get(HALF, ""), max_age=_HALF_SECONDS
        )
    except (BadSignature, ValueError) as error:
        raise LookupError from error
    await check_code(visit, EmployeeId(employee), form.code)
    visit.cookies[HALF] = None
    async with visit.panel.sessions() as session:
        person = await account(session, EmployeeId(employee))
    typed = Entering(remember=remember, status=status, next=to)
    return await enter(visit, person, typed)


async def check_code(visit: Visit, employee: EmployeeId, code: str) -> None:
    """A code, or one of the spare ones, once. Raises Failed."""
    keys = throttle.keys_of_code(employee)
    await _count(visit, keys)
    async with visit.panel.sessions.begin() as session:
        try:
            closed = await second_factor.closed_secret(session, employee)
            secret = visit.panel.vault.open(closed or "")
        except (NotThereError, KeyUnfitError) as error:
            raise Failed from error
        counter = second_factor.counter_of(secret, code, visit.now)
        if counter is not None:
            is_good = await second_factor.use_counter(session, employee, counter)
        else:
            is_good = await second_factor.use_spare(session, employee, code)
        if is_good:
            await throttle.succeeded(session, keys)
    if not is_good:
        raise Failed


async def enter(visit: Visit, person: Account, form: Entering) -> str:
    """A new session for somebody who has proved who they are; where to go next."""
    now, place = visit.now, Place(visit.address, browser_of(visit.request))
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        is_known = last_here(visit) == person.employee
        is_known = is_known or await devices.is_known(session, person.employee, place)
        await _end_before(visit, session, person)
        family = None
        visit.cookies[REMEMBER] = None
        if form.remember:
            family, token = await remembered.remember(session, person.employee, now)
            visit.cookies[REMEMBER] = remember_cookie(visit.panel, token)
        visit.cookies[SESSION] = await devices.begin(session, person.employee, now, place, family)
        kept = await kept_status(session, person, now)
        await lease.came(session, person.employee)
        choice = _choice(form.status, kept)
        if choice is not None and (choice == kept or _is_allowed(person, choice)):
            await _declare(visit, session, person, choice)
        who = audit.Who(person.employee, person.name, visit.address, now)
        await audit.note(session, who, "session.began", About(person.employee, person.name))
        if not is_known and person.email:
            await queue(session, _new_device(visit, person, place), now)
    visit.cookies[WORKSTATION] = visit.remembered_person().dumps([person.employee, person.login])
    needs = person.role.needs_second_factor and not person.has_second_factor
    return "/me/second-factor" if needs else safe_path(form.next)


async def _end_before(visit: Visit, session: AsyncSession, person: Account) -> None:
    """Who was logged in with this browser is not any more."""
    before = visit.device
    if before is None:
        return
    family = await devices.family_of(session, before.id)
    if family is not None:
        await remembered.forget(session, family, visit.now)
    await devices.end(session, before.id, visit.now)
    if before.employee != person.employee:
        longest = silent_after(visit.panel.settings)
        await lease.left(session, before.employee, visit.now, longest)


async def log_out(visit: Visit) -> None:
    """End this session; the status goes when it was the last one."""
    if visit.device is not None:
        await end_device(visit, visit.device.id)
    visit.cookies[SESSION] = visit.cookies[REMEMBER] = None


async def end_device(visit: Visit, device: int) -> None:
    """End one of one's own sessions, and forget the device. Raises NotThereError."""
    now = visit.now
    async with visit.panel.sessions.begin() as session:
        mine = {one.id: one for one in await devices.of(session, visit.me, now)}
        if device not in mine:
            raise NotThereError("device", device)
        family = await devices.family_of(session, device)
        if family is not None:
            await remembered.forget(session, family, now)
        await devices.end(session, device, now)
        await lease.left(session, visit.me, now, silent_after(visit.panel.settings))
        is_this = visit.device is not None and visit.device.id == device
        action = "session.ended" if is_this else "device.ended"
        await audit.note(session, visit.who, action, About(visit.me, visit.signed_in.name))
    # This page is about to be left: told of its end, it would reload itself meanwhile.
    if not is_this:
        visit.panel.hub.tell(Topic.DEVICES)


async def end_others(visit: Visit) -> None:
    """End all of one's own sessions but this one."""
    async with visit.panel.sessions.begin() as session:
        this = None if visit.device is None else visit.device.id
        await remembered.forget_all(session, visit.me, visit.now, this)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "device.ended", about)
    visit.panel.hub.tell(Topic.DEVICES)


async def kept_status(session: AsyncSession, person: Account, now: datetime) -> StatusChoice | None:
    """What “do not change” goes back to: the status of the last logout, or before a silence.

    None for who is not away, or said something else since: that status stays.
    """
    before = person.left_with
    if before is None:
        return None
    declared = holding(await declared_by(session, person.employee), now)
    is_away = declared.base is Status.OFFLINE or person.gone_since is not None
    return choice_of(before) if is_away else None


def _choice(status: str, before: StatusChoice | None) -> StatusChoice | None:
    """What was chosen on the login page; None: leave the status as it is."""
    if status == KEEP:
        return before
    digits = status.removeprefix("own-")
    if status.startswith("own-") and digits.isascii() and digits.isdigit() and len(digits) < 10:
        return OwnStatusId(int(digits))
    return Status(status) if status in {one.value for one in Status} else before


def _is_allowed(person: Account, choice: StatusChoice) -> bool:
    if not person.actor.may(Right.CHANGE_STATUS, person.subject):
        return False
    allowed = person.own_statuses
    return isinstance(choice, Status) or allowed is None or choice in allowed


async def _declare(
    visit: Visit, session: AsyncSession, person: Account, choice: StatusChoice
) -> None:
    try:
        await declare(session, person.employee, choice, None, visit.now)
    except NotThereError:
        # An own status that was retired meanwhile: the status stays as it is.
        return


async def _note_failure(visit: Visit, person: Account | None) -> None:
    """Whom it was about only where there is such an account: else a password may be told.

    Both are written, so that the time taken does not tell either.
    """
    about = NOTHING if person is None else About(person.employee, person.name)
    who = audit.Who(None, "", visit.address, visit.now)
    async with visit.panel.sessions.begin() as session:
        await audit.note(session, who, "login.failed", about)


def _new_device(visit: Visit, person: Account, place: Place) -> Letter:
    values = {
        "name": person.name,
        "login": person.login,
        "moment": Words(person.language, zone(person.zone)).moment(visit.now),
        "device": device_name(place.device),
        "address": place.address,
    }
    kind = LetterKind.NEW_DEVICE
    return Letter(kind, person.employee, person.email or "", person.language, values)


def _signed(visit: Visit) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visit.panel.vault.sign_key, salt="half")
