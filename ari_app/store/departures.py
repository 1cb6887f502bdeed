"""Employees who leave: what ends with them, what is handed over, and coming back for a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Subject
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.devices import IDLE
from ari_app.store.errors import NotThereError, TakenError
from ari_app.store.handover import Finder, Order, Reference
from ari_app.store.panel_rows import (
    AccountRow,
    ApiTokenRow,
    DepartureRow,
    LetterRow,
    LinkRow,
    RememberedRow,
    RoleRow,
    SessionRow,
)
from ari_app.store.people import card_of, leave, searched
from ari_app.store.references import FINDERS
from ari_app.store.rows import CallRow, DepartmentRow, EmployeeRow, PhoneRow, RuleRow

UNDO_FOR = timedelta(days=1)
UNIQUE = ("extension", "number", "email", "mobile")
_Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Footprint:
    """What ends with an employee without anybody having to decide about it."""

    department: tuple[str, str] | None
    phones: tuple[str, ...]
    has_voicemail: bool
    rules: int
    devices: int
    links: int
    tokens: int
    calls: int


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody who was deleted; `by` is the name of who did it."""

    employee: EmployeeId
    name: str
    extension: str
    at: datetime
    by: str
    can_undo: bool
    subject: Subject


async def footprint(session: AsyncSession, employee: EmployeeId, now: datetime) -> Footprint:
    """Raises NotThereError."""
    row = await _living(session, employee)
    department = await session.get(DepartmentRow, row.department_id) if row.department_id else None
    phones = select(PhoneRow.address).where(PhoneRow.employee_id == employee)
    return Footprint(
        department=None if department is None else (department.name_ru, department.name_en),
        phones=tuple(await session.scalars(phones.order_by(PhoneRow.position))),
        has_voicemail=row.has_voicemail,
        rules=await _count(
            session, RuleRow.id, RuleRow.employee_id == employee, RuleRow.removed_at.is_(None)
        ),
        devices=await _count(
            session,
            SessionRow.id,
            SessionRow.employee_id == employee,
            SessionRow.ended_at.is_(None),
            SessionRow.seen_at > now - IDLE,
        ),
        links=await _count(session, LinkRow.id, *_open_links(employee), LinkRow.expires_at > now),
        tokens=await _count(
            session,
            ApiTokenRow.id,
            ApiTokenRow.employee_id == employee,
            ApiTokenRow.revoked_at.is_(None),
        ),
        calls=await _count(
            session,
            CallRow.id,
            CallRow.employee_id == employee,
            CallRow.ended_at.is_(None),
            CallRow.began_at > now - UNDO_FOR,
        ),
    )


async def depart(
    session: AsyncSession,
    employee: EmployeeId,
    orders: Sequence[tuple[Finder, Order]],
    by: EmployeeId | None,
    now: datetime,
) -> None:
    """Hand over, end whatever opens the panel, and leave.

    Raises NotThereError, HandOverError, TakenError.
    """
    await take_turn(session)
    row = await _living(session, employee)
    pin_hash = row.pin_hash
    settled = [[finder.kind, await finder.settle(session, order)] for finder, order in orders]
    undo = {"pin_hash": pin_hash, "settled": settled}
    await _end_access(session, employee, now)
    await leave(session, employee, now)
    old = update(DepartureRow).where(DepartureRow.at < now - UNDO_FOR)
    await session.execute(old.values(undo={}))
    await session.merge(
        DepartureRow(
            employee_id=employee,
            at=now,
            by_employee_id=by,
            undo=undo,
        )
    )
    await session.flush()


async def departed(
    session: AsyncSession, now: datetime, only: EmployeeId | None = None, limit: int = 100
) -> list[Departed]:
    """Who was deleted lately, the newest first."""
    by = aliased(EmployeeRow)
    query = (
        select(DepartureRow, EmployeeRow, RoleRow.rank, by.name)
        .join(EmployeeRow, EmployeeRow.id == DepartureRow.employee_id)
        .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .outerjoin(RoleRow, RoleRow.id == AccountRow.role_id)
        .outerjoin(by, by.id == DepartureRow.by_employee_id)
        .where(EmployeeRow.left_at.is_not(None))
        .order_by(DepartureRow.at.desc(), EmployeeRow.id)
        .limit(limit)
    )
    if only is not None:
        query = query.where(EmployeeRow.id == only)
    return [
        Departed(
            employee=EmployeeId(card.id),
            name=card.name,
            extension=card.extension,
            at=row.at,
            by=by_name or "",
            can_undo=row.at > now - UNDO_FOR,
            subject=Subject(EmployeeId(card.id), card.department_id, rank or 0),
        )
        for row, card, rank, by_name in await session.execute(query)
    ]


async def taken_since(session: AsyncSession, employee: EmployeeId) -> Mapping[str, str]:
    """What of a card belongs to somebody else meanwhile: who has it, by field."""
    row = await _row(session, employee)
    found: dict[str, str] = {}
    for field in UNIQUE:
        value = getattr(row, field)
        column: _Column = getattr(EmployeeRow, field)
        query = select(EmployeeRow.name).where(column == value, EmployeeRow.left_at.is_(None))
        name = await session.scalar(query) if value is not None else None
        if name is not None:
            found[field] = name
    return found


async def come_back(
    session: AsyncSession, employee: EmployeeId, extension: str | None, now: datetime
) -> Sequence[Reference]:
    """Undo a deletion: the card, the places in groups, the rules; what stays as it is now.

    What others have taken meanwhile of e-mail, mobile and number is left empty; a taken
    extension raises TakenError, unless another one is given. Raises NotThereError after UNDO_FOR.
    """
    await announce(session, ChangeKind.EMPLOYEE, (employee,))
    row = await _row(session, employee)
    departure = await session.get(DepartureRow, employee, populate_existing=True)
    if departure is None or row.left_at is None or departure.at <= now - UNDO_FOR:
        raise NotThereError("employee", employee)
    row.extension = extension or row.extension
    for field in await taken_since(session, employee):
        if field == "extension":
            raise TakenError("extension", row.extension)
        setattr(row, field, None)
    row.left_at, row.pin_hash = None, departure.undo.get("pin_hash")
    await session.flush()
    row.search = searched(await card_of(session, employee))
    left = await _restore(session, employee, departure.undo)
    await session.delete(departure)
    await session.flush()
    return left


async def _restore(
    session: AsyncSession, employee: EmployeeId, undo: Mapping[str, Any]
) -> Sequence[Reference]:
    known = {finder.kind: finder for finder in FINDERS}
    left: list[Reference] = []
    for kind, memory in undo.get("settled", ()):
        if kind in known:
            left += await known[kind].restore(session, employee, memory)
    return left


async def _end_access(session: AsyncSession, employee: EmployeeId, now: datetime) -> None:
    """Sessions, remembered devices, links, tokens, and letters that were not sent yet."""
    open_sessions = (SessionRow.employee_id == employee, SessionRow.ended_at.is_(None))
    remembered = (RememberedRow.employee_id == employee, RememberedRow.ended_at.is_(None))
    tokens = (ApiTokenRow.employee_id == employee, ApiTokenRow.revoked_at.is_(None))
    letters = (LetterRow.employee_id == employee, LetterRow.state == "waiting")
    await session.execute(update(SessionRow).where(*open_sessions).values(ended_at=now))
    await session.execute(update(RememberedRow).where(*remembered).values(ended_at=now))
    await session.execute(update(LinkRow).where(*_open_links(employee)).values(revoked_at=now))
    await session.execute(update(ApiTokenRow).where(*tokens).values(revoked_at=now))
    await session.execute(update(LetterRow).where(*letters).values(state="cancelled", secret=None))


def _open_links(employee: EmployeeId) -> tuple[ColumnElement[bool], ...]:
    return (
        LinkRow.employee_id == employee,
        LinkRow.used_at.is_(None),
        LinkRow.revoked_at.is_(None),
    )


async def _count(session: AsyncSession, column: _Column, *where: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count(column)).where(*where)) or 0


async def _row(session: AsyncSession, employee: EmployeeId) -> EmployeeRow:
    row = await session.get(EmployeeRow, employee, populate_existing=True)
    if row is None:
        raise NotThereError("employee", employee)
    return row


async def _living(session: AsyncSession, employee: EmployeeId) -> EmployeeRow:
    row = await _row(session, employee)
    if row.left_at is not None:
        raise NotThereError("employee", employee)
    return row
