"""The directory: loaded whole, or with some employees read anew."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

from rpds import HashTrieMap
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import (
    CallerIdPolicy,
    Directory,
    Limits,
    OwnStatus,
    Status,
    Trunk,
)
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.store.calendars import read_calendar
from ari_app.store.cards import read_employees
from ari_app.store.rows import OwnStatusRow, TrunkRow

_Key = TypeVar("_Key")
_NO_LIMITS_SAID = Limits()


async def load(
    session: AsyncSession,
    limits: Limits = _NO_LIMITS_SAID,
    today: date | None = None,
    country: str = "",
) -> Directory:
    """Everything. `country` (ISO 3166) counts where the office has not said which is its own."""
    office = await load_office(session, limits, today, country)
    people = await read_employees(session, office.own_statuses)
    return replace(
        office,
        employees=HashTrieMap({person.id: person for person in people}),
        extensions=HashTrieMap({person.extension: person.id for person in people}),
        numbers=HashTrieMap({person.number: person.id for person in people if person.number}),
    )


async def load_office(
    session: AsyncSession,
    limits: Limits = _NO_LIMITS_SAID,
    today: date | None = None,
    country: str = "",
) -> Directory:
    """The office without its people: own statuses, trunks, calendar."""
    today = today or datetime.now(UTC).date()
    trunks = await session.scalars(select(TrunkRow).order_by(TrunkRow.position, TrunkRow.id))
    calendar = await read_calendar(session, country, today)
    return Directory(
        employees=HashTrieMap(),
        extensions=HashTrieMap(),
        numbers=HashTrieMap(),
        own_statuses=await read_own_statuses(session),
        trunks=tuple(_trunk(row) for row in trunks),
        limits=limits,
        free_days=calendar.free_days,
        working_days=calendar.working_days,
    )


async def refresh(
    session: AsyncSession, directory: Directory, employee_ids: Collection[EmployeeId]
) -> Directory:
    """The directory with these employees read anew; all the others are shared, not copied."""
    found = await read_employees(session, directory.own_statuses, employee_ids)
    employees = HashTrieMap.convert(directory.employees)
    extensions = HashTrieMap.convert(directory.extensions)
    numbers = HashTrieMap.convert(directory.numbers)
    # All are taken out before any is put in: two of them may have swapped extensions.
    for before in filter(None, map(directory.employees.get, employee_ids)):
        employees = employees.discard(before.id)
        extensions = _without(extensions, before.extension, before.id)
        numbers = _without(numbers, before.number or "", before.id)
    for person in found:
        employees = employees.insert(person.id, person)
        extensions = extensions.insert(person.extension, person.id)
        numbers = numbers.insert(person.number, person.id) if person.number else numbers
    return replace(directory, employees=employees, extensions=extensions, numbers=numbers)


async def read_own_statuses(session: AsyncSession) -> Mapping[OwnStatusId, OwnStatus]:
    """The office's own statuses that can be declared."""
    rows = await session.scalars(select(OwnStatusRow).where(OwnStatusRow.retired_at.is_(None)))
    return {OwnStatusId(row.id): _own_status(row) for row in rows}


def _own_status(row: OwnStatusRow) -> OwnStatus:
    return OwnStatus(
        id=OwnStatusId(row.id),
        name_ru=row.name_ru,
        name_en=row.name_en,
        base=Status(row.base),
        colour=row.colour,
        at_login=row.at_login,
    )


def _trunk(row: TrunkRow) -> Trunk:
    policy = CallerIdPolicy(row.caller_id)
    return Trunk(row.name, row.dial, policy, row.company_number, row.keeps_plus)


def _without(
    owners: "HashTrieMap[_Key, EmployeeId]", key: _Key, owner: EmployeeId
) -> "HashTrieMap[_Key, EmployeeId]":
    return owners.discard(key) if owners.get(key) == owner else owners
