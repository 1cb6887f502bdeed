"""From rows to the values of the domain: employees with all that belongs to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import Row as Found
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import (
    Declared,
    Employee,
    ForwardingRule,
    MissedNotice,
    OwnStatus,
    Phone,
    RingOrder,
    Status,
)
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    RuleId,
)
from ari_app.store import documents
from ari_app.store.rows import EmployeeRow, EmployeeStatusRow, PhoneRow, RuleRow

log = structlog.get_logger()

_AT_ONCE = 500
"""Ids in one query: SQLite allows 32,766 variables, and fewer make plans that are kept."""
_T = TypeVar("_T")
_Found = Found[*tuple[Any, ...]]
OwnStatuses = Mapping[OwnStatusId, OwnStatus]


class _Parts(NamedTuple):
    statuses: dict[int, Declared]
    phones: dict[int, list[Phone]]
    rules: dict[int, list[ForwardingRule]]


async def read_employees(
    session: AsyncSession, own: OwnStatuses, only: Collection[EmployeeId] | None = None
) -> list[Employee]:
    """Everybody who has not left, or those of them in `only`: four queries, however many."""
    if only is None:
        return await _read(session, own, None)
    wanted = sorted(only)
    return [
        employee
        for first in range(0, len(wanted), _AT_ONCE)
        for employee in await _read(session, own, wanted[first : first + _AT_ONCE])
    ]


async def _read(
    session: AsyncSession, own: OwnStatuses, only: Sequence[EmployeeId] | None
) -> list[Employee]:
    cards, statuses, phones, rules = _CARDS, _STATUSES, _PHONES, _RULES
    if only is not None:
        cards = cards.where(EmployeeRow.id.in_(only))
        statuses = statuses.where(EmployeeStatusRow.employee_id.in_(only))
        phones = phones.where(PhoneRow.employee_id.in_(only))
        rules = rules.where(RuleRow.employee_id.in_(only))
    parts = _Parts(
        {row.employee_id: declared(row, own) for row in await session.execute(statuses)},
        _grouped((row.employee_id, phone_of(row)) for row in await session.execute(phones)),
        _grouped(
            (row.employee_id, made)
            for row in await session.execute(rules)
            if (made := _rule(row)) is not None
        ),
    )
    return [_employee(row, parts) for row in await session.execute(cards)]


# Columns instead of rows: nothing is changed here, and ten thousand of them come in a second.
_CARDS = (
    select(
        EmployeeRow.id,
        EmployeeRow.name,
        EmployeeRow.extension,
        EmployeeRow.uses_status,
        EmployeeRow.ring_order,
        EmployeeRow.zone,
        EmployeeRow.language,
        EmployeeRow.has_voicemail,
        EmployeeRow.voicemail_greeting,
        EmployeeRow.may_dial,
        EmployeeRow.number,
    )
    .where(EmployeeRow.left_at.is_(None))
    .order_by(EmployeeRow.id)
)
_STATUSES = select(
    EmployeeStatusRow.employee_id,
    EmployeeStatusRow.base,
    EmployeeStatusRow.own_status_id,
    EmployeeStatusRow.temporary_base,
    EmployeeStatusRow.temporary_own_status_id,
    EmployeeStatusRow.until,
)
_PHONES = select(
    PhoneRow.employee_id, PhoneRow.address, PhoneRow.number_class, PhoneRow.seconds
).order_by(PhoneRow.position)
_RULES = (
    select(
        RuleRow.employee_id,
        RuleRow.id,
        RuleRow.name,
        RuleRow.is_on,
        RuleRow.greeting,
        RuleRow.is_temporary,
        RuleRow.notice,
        RuleRow.document,
    )
    .where(RuleRow.removed_at.is_(None))
    .order_by(RuleRow.is_temporary.desc(), RuleRow.position)
)


def declared(row: _Found | EmployeeStatusRow, own: OwnStatuses) -> Declared:
    """The declared status that a row of `employee_status` holds."""
    below = _declared(row.base, row.own_status_id, own)
    if row.until is None or row.temporary_base is None:
        return below
    over = _declared(row.temporary_base, row.temporary_own_status_id, own)
    return replace(over, until=row.until, below=below)


def _declared(base: str, own_id: int | None, own: OwnStatuses) -> Declared:
    status = own.get(OwnStatusId(own_id)) if own_id is not None else None
    return _plain(Status(base)) if status is None else Declared(status.base, status.id)


@cache
def _plain(base: Status) -> Declared:
    return Declared(base)


def _employee(row: _Found, parts: _Parts) -> Employee:
    return Employee(
        id=EmployeeId(row.id),
        name=row.name,
        extension=Extension(row.extension),
        declared=parts.statuses.get(row.id, _plain(Status.ONLINE)),
        uses_status=row.uses_status,
        phones=tuple(parts.phones.get(row.id, ())),
        ring_order=RingOrder(row.ring_order),
        rules=tuple(parts.rules.get(row.id, ())),
        zone=zone(row.zone),
        language=row.language,
        has_voicemail=row.has_voicemail,
        voicemail_greeting=row.voicemail_greeting,
        may_dial=_classes(tuple(row.may_dial)),
        number=row.number,
    )


def phone_of(row: _Found | PhoneRow) -> Phone:
    """The phone that a row holds."""
    if row.number_class is None:
        return Phone(Endpoint(row.address), row.seconds)
    return Phone(OutsideNumber(row.address, NumberClass(row.number_class)), row.seconds)


def _rule(row: _Found) -> ForwardingRule | None:
    """A rule, or None for one that cannot be read: it must not keep the others from working."""
    try:
        when, then, otherwise = documents.decode(row.document)
    except documents.UnreadableDocumentError as error:
        log.warning("rule.unreadable", rule=row.id, employee=row.employee_id, reason=str(error))
        return None
    return ForwardingRule(
        RuleId(row.id),
        row.name,
        when,
        then,
        otherwise,
        row.greeting,
        is_on=row.is_on,
        is_temporary=row.is_temporary,
        notice=MissedNotice(row.notice),
    )


@cache
def zone(name: str) -> ZoneInfo:
    """A time zone; Coordinated Universal Time for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        log.warning("zone.unknown", zone=name)
        return ZoneInfo("UTC")


@cache
def _classes(names: tuple[str, ...]) -> frozenset[NumberClass]:
    return frozenset(map(NumberClass, names))


def _grouped(pairs: Iterable[tuple[int, _T]]) -> dict[int, list[_T]]:
    groups: dict[int, list[_T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
