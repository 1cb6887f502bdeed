"""What is done to a status: one's own, or that of somebody whom a right reaches."""

import asyncio
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.availability import holding
from ari_app.domain.directory import Declared, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.domain.rights import Right
from ari_app.store import audit, devices, lease, statuses
from ari_app.store.accounts import Account, account
from ari_app.store.audit import About, Facts
from ari_app.store.changes import take_turn
from ari_app.store.lease import permanent
from web.forms import Form, Refused, Wrong
from web.status_words import LUNCH_ENDS, at_clock, choice_of, value_of
from web.visit import Visit
from web.words import N_

_LONGEST_WAIT = 0.25
"""Seconds until a change is in the directory; the database is looked at every 0.05."""
Lasts = Literal["", "15", "30", "60", "lunch"]


def _status(text: str) -> str:
    digits = text.removeprefix("own-")
    is_own = text.startswith("own-") and digits.isascii() and digits.isdigit() and len(digits) <= 9
    if not is_own and text not in {status.value for status in Status}:
        raise Wrong(N_("Please choose one of the list"))
    return text


def _clock(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Wrong(N_("A time, please: 13:40")) from None


class StatusForm(Form):
    """A status (``break``, ``own-3``), and how long it lasts: minutes, or until a time of day.

    Neither of them: until it is changed. A time of day counts before minutes.
    """

    status: Annotated[str, AfterValidator(_status)]
    lasts: Lasts = ""
    until: Annotated[time | None, BeforeValidator(_clock)] = None

    @property
    def choice(self) -> StatusChoice:
        if self.status.startswith("own-"):
            return OwnStatusId(int(self.status.removeprefix("own-")))
        return Status(self.status)


def end_of(visit: Visit, form: StatusForm) -> datetime | None:
    """When the status ends, on the clock of who chose it."""
    if form.until is not None:
        return at_clock(form.until, visit.now, visit.words)
    if form.lasts == "lunch":
        return at_clock(LUNCH_ENDS, visit.now, visit.words)
    return visit.now + timedelta(minutes=int(form.lasts)) if form.lasts else None


async def change_status(visit: Visit, employee: EmployeeId, form: StatusForm) -> Declared:
    """Declare it, and wait until calls go by it. Raises NotThereError, InvalidError, Refused."""
    return await declare(visit, employee, form.choice, end_of(visit, form))


async def declare(
    visit: Visit, employee: EmployeeId, choice: StatusChoice, until: datetime | None
) -> Declared:
    """The same for a choice and a moment, as the API has them."""
    async with visit.panel.sessions.begin() as session:
        person = await _may_change(visit, session, employee)
        if not isinstance(choice, Status) and not _is_allowed(person, choice):
            raise Refused("status", N_("The card of {name} does not allow it"), name=person.name)
        stored = await _declare(visit, session, person, choice, until)
    await _in_force(visit, employee, stored)
    return stored


async def end_temporary(visit: Visit, employee: EmployeeId) -> Declared:
    """Back to what lies below; where nothing does, nothing changes. Raises NotThereError."""
    async with visit.panel.sessions.begin() as session:
        person = await _may_change(visit, session, employee)
        below = permanent(await statuses.declared_by(session, employee), visit.now)
        stored = await _declare(visit, session, person, choice_of(below), None)
    await _in_force(visit, employee, stored)
    return stored


async def come_back(visit: Visit) -> Declared:
    """Back to the status that silence has taken. Raises NotThereError."""
    async with visit.panel.sessions.begin() as session:
        person = await _may_change(visit, session, visit.me)
        before = person.left_with if person.gone_since is not None else None
        declared = before or await statuses.declared_by(session, visit.me)
        stored = await _declare(visit, session, person, choice_of(declared), None)
    await _in_force(visit, visit.me, stored)
    return stored


async def stay(visit: Visit) -> None:
    """Leave the status as silence has made it, and do not mention it any more."""
    visit.demand(Right.CHANGE_STATUS)
    async with visit.panel.sessions.begin() as session:
        await lease.came(session, visit.me)


async def _may_change(visit: Visit, session: AsyncSession, employee: EmployeeId) -> Account:
    await take_turn(session)
    person = await account(session, employee)
    visit.demand(Right.CHANGE_STATUS, person.subject)
    return person


async def _declare(
    visit: Visit,
    session: AsyncSession,
    person: Account,
    choice: StatusChoice,
    until: datetime | None,
) -> Declared:
    now = visit.now
    before = await statuses.declared_by(session, person.employee)
    if person.employee == visit.me and visit.device is not None:
        # So that silence from now on is not taken for a status declared by phone.
        await devices.seen(session, visit.device.id, now)
        await lease.came(session, person.employee)
    if (
        until is None
        and before == Declared(before.base, before.own)
        and choice_of(before) == choice
    ):
        return before
    stored = await statuses.declare(session, person.employee, choice, until, now)
    about = About(person.employee, person.name)
    change = _facts(visit, holding(before, now)), _facts(visit, stored)
    await audit.note(session, visit.who, "status.changed", about, change)
    return stored


def _facts(visit: Visit, declared: Declared) -> Facts:
    """As the log keeps it: own statuses by their names, moments on the clock of who did it."""
    own = None if declared.own is None else visit.directory.own_statuses.get(declared.own)
    status = value_of(choice_of(declared)) if own is None else own.name_ru
    until = declared.until and declared.until.astimezone(visit.words.zone)
    return {"status": status, "until": f"{until:%Y-%m-%d %H:%M %Z}" if until else ""}


def _is_allowed(person: Account, own: OwnStatusId) -> bool:
    return person.own_statuses is None or own in person.own_statuses


async def _in_force(visit: Visit, employee: EmployeeId, stored: Declared) -> None:
    """Return when the directory has it, so that the next page shows it, or after a moment."""
    with suppress(TimeoutError), visit.panel.hub.following() as follower:
        async with asyncio.timeout(_LONGEST_WAIT):
            while not _has(visit, employee, stored):
                await follower.next()


def _has(visit: Visit, employee: EmployeeId, stored: Declared) -> bool:
    person = visit.directory.employees.get(employee)
    return person is not None and person.declared == stored
