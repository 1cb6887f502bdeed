"""What belongs to the whole office: departments, own statuses, trunks and days off."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import OwnStatus, Status, Trunk
from ari_app.domain.numbers import OwnStatusId, is_e164
from ari_app.store.card import DepartmentId
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.rows import (
    DepartmentRow,
    EmployeeRow,
    EmployeeStatusRow,
    OfficeRow,
    OwnStatusRow,
    TrunkRow,
)

_DIAL = re.compile(r"[A-Za-z0-9_./@:+-]*\{number\}[A-Za-z0-9_./@:+-]*")
_COLOUR = re.compile(r"[a-z-]{1,20}")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Department:
    id: DepartmentId
    name_ru: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Days:
    """The office's country (ISO 3166, "": as in the settings) and its own days."""

    country: str = ""
    free_days: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()


async def departments(session: AsyncSession) -> list[Department]:
    rows = await session.scalars(select(DepartmentRow).order_by(DepartmentRow.id))
    return [Department(DepartmentId(row.id), row.name_ru, row.name_en) for row in rows]


async def add_department(session: AsyncSession, name_ru: str, name_en: str) -> DepartmentId:
    """Raises InvalidError for an empty or long name, TakenError for one that is there."""
    await announce(session, ChangeKind.DEPARTMENT)
    await _check_department(session, name_ru, name_en, 0)
    row = DepartmentRow(name_ru=name_ru, name_en=name_en)
    session.add(row)
    await session.flush()
    return DepartmentId(row.id)


async def rename_department(session: AsyncSession, department: Department) -> None:
    """Raises as `add_department`, and NotThereError."""
    await announce(session, ChangeKind.DEPARTMENT)
    row = await session.get(DepartmentRow, department.id)
    if row is None:
        raise NotThereError("department", department.id)
    await _check_department(session, department.name_ru, department.name_en, row.id)
    row.name_ru, row.name_en = department.name_ru, department.name_en
    await session.flush()


async def remove_department(session: AsyncSession, department: DepartmentId) -> None:
    """Its employees have none afterwards. Raises NotThereError."""
    await announce(session, ChangeKind.DEPARTMENT)
    row = await session.get(DepartmentRow, department)
    if row is None:
        raise NotThereError("department", department)
    of_it = update(EmployeeRow).where(EmployeeRow.department_id == department)
    await session.execute(of_it.values(department_id=None))
    await session.delete(row)
    await session.flush()


async def add_own_status(
    session: AsyncSession, name_ru: str, name_en: str, base: Status, colour: str = "blue"
) -> OwnStatusId:
    """A status of the office's own that behaves as `base`. Raises InvalidError."""
    await announce(session, ChangeKind.OWN_STATUS)
    _check_status(name_ru, name_en, colour)
    row = OwnStatusRow(name_ru=name_ru, name_en=name_en, base=base.value, colour=colour)
    session.add(row)
    await session.flush()
    return OwnStatusId(row.id)


async def change_own_status(session: AsyncSession, status: OwnStatus) -> None:
    """Raises InvalidError, and NotThereError for one that is retired."""
    await announce(session, ChangeKind.OWN_STATUS)
    _check_status(status.name_ru, status.name_en, status.colour)
    row = await _own_status(session, status.id)
    row.name_ru, row.name_en, row.colour = status.name_ru, status.name_en, status.colour
    row.base, row.at_login = status.base.value, status.at_login
    await session.flush()


async def retire_own_status(session: AsyncSession, status: OwnStatusId, now: datetime) -> None:
    """Nobody can declare it any more; who has it, has its base instead. Raises NotThereError."""
    await announce(session, ChangeKind.OWN_STATUS)
    row = await _own_status(session, status)
    row.retired_at = now
    one = EmployeeStatusRow
    below = update(one).where(one.own_status_id == status)
    over = update(one).where(one.temporary_own_status_id == status)
    await session.execute(below.values(base=row.base, own_status_id=None))
    await session.execute(over.values(temporary_base=row.base, temporary_own_status_id=None))
    await session.flush()


async def set_trunks(session: AsyncSession, trunks: Sequence[Trunk]) -> None:
    """Make these the ways out, in their order. Raises InvalidError."""
    await announce(session, ChangeKind.TRUNK)
    for trunk in trunks:
        _check_trunk(trunk)
    if len({trunk.name for trunk in trunks}) < len(trunks):
        raise InvalidError("name", "two trunks have the same")
    await session.execute(delete(TrunkRow))
    session.add_all(
        TrunkRow(
            position=position,
            name=trunk.name,
            dial=trunk.dial,
            caller_id=trunk.caller_id.value,
            company_number=trunk.company_number,
            keeps_plus=trunk.keeps_plus,
        )
        for position, trunk in enumerate(trunks)
    )
    await session.flush()


async def days(session: AsyncSession) -> Days:
    """The office's own days, and the country that it has said."""
    row = await session.get(OfficeRow, 1)
    if row is None:
        return Days()
    return Days(row.country, _dates(row.free_days), _dates(row.working_days))


async def set_days(session: AsyncSession, days: Days) -> None:
    """Raises InvalidError for a country that is no code of two letters."""
    await announce(session, ChangeKind.OFFICE)
    country = days.country
    if country and not (country.isascii() and country.isupper() and len(country) == 2):
        raise InvalidError("country", "two letters (ISO 3166)")
    row = OfficeRow(
        id=1,
        country=country,
        free_days=sorted(day.isoformat() for day in days.free_days),
        working_days=sorted(day.isoformat() for day in days.working_days),
    )
    await session.merge(row)
    await session.flush()


def _dates(days: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, days))


async def _own_status(session: AsyncSession, status: OwnStatusId) -> OwnStatusRow:
    row = await session.get(OwnStatusRow, status)
    if row is None or row.retired_at is not None:
        raise NotThereError("own status", status)
    return row


async def _check_department(session: AsyncSession, name_ru: str, name_en: str, but: int) -> None:
    _check_names(name_ru, name_en)
    same = (DepartmentRow.name_ru == name_ru) | (DepartmentRow.name_en == name_en)
    query = select(func.count()).select_from(DepartmentRow).where(same, DepartmentRow.id != but)
    if await session.scalar(query):
        raise TakenError("department", name_ru)


def _check_names(*names: str) -> None:
    for name in names:
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise InvalidError("name", f"1 to {_LONGEST_NAME} printable characters")


def _check_status(name_ru: str, name_en: str, colour: str) -> None:
    _check_names(name_ru, name_en)
    if not _COLOUR.fullmatch(colour):
        raise InvalidError("colour", "the name of a colour")


def _check_trunk(trunk: Trunk) -> None:
    _check_names(trunk.name)
    if not _DIAL.fullmatch(trunk.dial) or len(trunk.dial) > 200:
        raise InvalidError("dial", "a dial string with {number} in it")
    if trunk.company_number and not is_e164(trunk.company_number):
        raise InvalidError("company_number", "a number in E.164 form")
