"""Employees: added, changed, and kept for the history when they leave."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ari_app.domain.directory import Phone, RingOrder
from ari_app.domain.numbers import EmployeeId, Extension, NumberClass, OutsideNumber, OwnStatusId
from ari_app.store import links
from ari_app.store.accounts import open_accounts
from ari_app.store.card import Card, DepartmentId, check_card
from ari_app.store.cards import phone_of
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.errors import NotThereError, TakenError
from ari_app.store.rows import DepartmentRow, EmployeeRow, PhoneRow

_AT_ONCE = 500
_ALL_COLUMNS = {"render_nulls": True}
"""Without it every change between a value and none begins another INSERT."""


async def add_employee(session: AsyncSession, card: Card) -> EmployeeId:
    """Add somebody who is Online and has no rules. Raises as `add_employees`."""
    (employee_id,) = await add_employees(session, (card,))
    return employee_id


async def add_employees(session: AsyncSession, cards: Sequence[Card]) -> list[EmployeeId]:
    """Add several, ten thousand in seconds; their ids in the order of `cards`.

    Raises InvalidError for what no card may hold, TakenError for an extension or number that
    somebody has, NotThereError for a department that is not there.
    """
    for card in cards:
        check_card(card)
    await take_turn(session)
    await _check_free(session, EmployeeRow.extension, [card.extension for card in cards])
    await _check_free(session, EmployeeRow.number, [card.number for card in cards if card.number])
    await _check_free(session, EmployeeRow.email, [card.email for card in cards if card.email])
    await _check_free(session, EmployeeRow.mobile, [card.mobile for card in cards if card.mobile])
    await _check_departments(session, {card.department for card in cards})
    ids = await _add_cards(session, cards) if cards else []
    await _add_phones(session, zip(ids, cards, strict=True))
    named = [(employee, card.name) for employee, card in zip(ids, cards, strict=True)]
    await open_accounts(session, named)
    await announce(session, ChangeKind.EMPLOYEE, ids)
    return ids


async def change_employee(session: AsyncSession, employee_id: EmployeeId, card: Card) -> None:
    """Write a card anew. Raises as `add_employees`; NotThereError for somebody who has left."""
    check_card(card)
    await announce(session, ChangeKind.EMPLOYEE, (employee_id,))
    row = await _living(session, employee_id)
    await _check_free(session, EmployeeRow.extension, [card.extension], row.id)
    await _check_free(session, EmployeeRow.number, [card.number] if card.number else [], row.id)
    await _check_free(session, EmployeeRow.email, [card.email] if card.email else [], row.id)
    await _check_free(session, EmployeeRow.mobile, [card.mobile] if card.mobile else [], row.id)
    await _check_departments(session, {card.department})
    await links.revoke_moved(session, {employee_id: card.email})
    for column, value in _columns(card).items():
        setattr(row, column, value)
    await session.execute(delete(PhoneRow).where(PhoneRow.employee_id == employee_id))
    await _add_phones(session, ((employee_id, card),))
    await session.flush()


async def leave(session: AsyncSession, employee_id: EmployeeId, now: datetime) -> None:
    """Somebody leaves: extension and number become free, the name stays in the history.

    Rules of colleagues that name them are passed over from now on, and `doctor` reports them.
    """
    await announce(session, ChangeKind.EMPLOYEE, (employee_id,))
    row = await _living(session, employee_id)
    row.left_at, row.pin_hash = now, None
    await session.flush()


async def card_of(session: AsyncSession, employee_id: EmployeeId) -> Card:
    """An employee's card as it is. Raises NotThereError."""
    row = await _living(session, employee_id)
    phones = await session.scalars(
        select(PhoneRow).where(PhoneRow.employee_id == employee_id).order_by(PhoneRow.position)
    )
    return Card(
        name=row.name,
        extension=Extension(row.extension),
        phones=tuple(map(phone_of, phones)),
        ring_order=RingOrder(row.ring_order),
        uses_status=row.uses_status,
        zone=row.zone,
        language=row.language,
        has_voicemail=row.has_voicemail,
        voicemail_by_mail=row.voicemail_by_mail,
        may_dial=frozenset(map(NumberClass, row.may_dial)),
        number=row.number,
        department=None if row.department_id is None else DepartmentId(row.department_id),
        email=row.email,
        mobile=row.mobile,
        position=row.position,
        after_call_seconds=row.after_call_seconds,
        own_statuses=None
        if row.own_status_ids is None
        else frozenset(map(OwnStatusId, row.own_status_ids)),
    )


def _columns(card: Card) -> dict[str, object]:
    return {
        "name": card.name.strip(),
        "extension": card.extension,
        "uses_status": card.uses_status,
        "ring_order": card.ring_order.value,
        "zone": card.zone,
        "language": card.language,
        "has_voicemail": card.has_voicemail,
        "voicemail_by_mail": card.voicemail_by_mail,
        "may_dial": sorted(kind.value for kind in card.may_dial),
        "number": card.number,
        "department_id": card.department,
        "email": card.email,
        "mobile": card.mobile,
        "position": card.position.strip(),
        "after_call_seconds": card.after_call_seconds,
        "own_status_ids": None if card.own_statuses is None else sorted(card.own_statuses),
        "search": searched(card),
        "sort_name": sorted_by(card.name),
    }


def searched(card: Card) -> str:
    """What a search looks through, in small letters."""
    parts = (card.name, card.extension, card.email, card.mobile, card.number, card.position)
    return " ".join(part for part in parts if part).casefold().replace("ё", "е")


def sorted_by(name: str) -> str:
    """What names are sorted by: ё stands right after е, as a Russian reader expects."""
    return name.strip().casefold().replace("ё", "е\uffff")[:220]


async def _add_cards(session: AsyncSession, cards: Sequence[Card]) -> list[EmployeeId]:
    adding = insert(EmployeeRow).returning(EmployeeRow.id, sort_by_parameter_order=True)
    rows = [_columns(card) for card in cards]
    found = await session.scalars(adding, rows, execution_options=_ALL_COLUMNS)
    return [EmployeeId(number) for number in found]


async def _add_phones(session: AsyncSession, cards: Iterable[tuple[EmployeeId, Card]]) -> None:
    rows = [
        {"employee_id": employee_id, "position": position, **_phone_columns(phone)}
        for employee_id, card in cards
        for position, phone in enumerate(card.phones)
    ]
    if rows:
        await session.execute(insert(PhoneRow), rows, execution_options=_ALL_COLUMNS)


def _phone_columns(phone: Phone) -> dict[str, object]:
    match phone.address:
        case OutsideNumber(e164, kind):
            return {"address": e164, "number_class": kind.value, "seconds": phone.seconds}
        case endpoint:
            return {"address": endpoint, "number_class": None, "seconds": phone.seconds}


async def _living(session: AsyncSession, employee_id: EmployeeId) -> EmployeeRow:
    row = await session.get(EmployeeRow, employee_id, populate_existing=True)
    if row is None or row.left_at is not None:
        raise NotThereError("employee", employee_id)
    return row


async def _check_free(
    session: AsyncSession,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    values: Sequence[str],
    but: int | None = None,
) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise TakenError(column.key, value)
        seen.add(value)
    for first in range(0, len(values), _AT_ONCE):
        query = select(column).where(
            column.in_(values[first : first + _AT_ONCE]),
            EmployeeRow.left_at.is_(None),
            EmployeeRow.id != (but or 0),
        )
        taken = await session.scalar(query.limit(1))
        if taken is not None:
            raise TakenError(column.key, taken)


async def _check_departments(session: AsyncSession, wanted: set[DepartmentId | None]) -> None:
    for department in wanted - {None}:
        if await session.get(DepartmentRow, department) is None:
            raise NotThereError("department", department)
