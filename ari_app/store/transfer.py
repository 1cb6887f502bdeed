"""Many cards at once: read for a file, and written from one in a single transaction."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import EmployeeId, Extension, OutsideNumber
from ari_app.store import links
from ari_app.store.audit import Who
from ari_app.store.card import Card, DepartmentId
from ari_app.store.cards import phone_of
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.errors import NotThereError
from ari_app.store.panel_rows import AccountRow, AuditRow, ImportRow, RoleRow
from ari_app.store.people import searched, sorted_by
from ari_app.store.rows import ChangeRow, EmployeeRow, PhoneRow

_SLICE = 100
_KEPT = timedelta(days=1)
_LONGEST_SEARCH = 2000
_UNSYNCHRONIZED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of an employee; `role` is a role's id, `number` is not in the file."""

    name: str
    extension: str
    email: str | None
    mobile: str | None
    position: str
    department: int | None
    language: str
    zone: str
    phones: tuple[Phone, ...]
    uses_status: bool
    role: int
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is there already; `rank` is their role's."""

    id: EmployeeId
    entry: Entry
    rank: int


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was sent, with what was found in it; both packed by whoever keeps them."""

    id: int
    name: str
    made_at: datetime
    applied_at: datetime | None
    counts: Mapping[str, Any]
    file: bytes
    verdicts: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit log to be written with many others."""

    action: str
    id: EmployeeId
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def everybody(session: AsyncSession) -> AsyncIterator[list[Known]]:
    """All who have not left, in slices that block nothing for long."""
    last = 0
    while True:
        query = (
            select(EmployeeRow, AccountRow.role_id, RoleRow.rank)
            .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
            .outerjoin(RoleRow, RoleRow.id == AccountRow.role_id)
            .where(EmployeeRow.left_at.is_(None), EmployeeRow.id > last)
            .order_by(EmployeeRow.id)
            .limit(_SLICE)
        )
        rows = (await session.execute(query)).all()
        if not rows:
            return
        phones = await _phones(session, [row[0].id for row in rows])
        yield [_known(row, role, rank, phones[row.id]) for row, role, rank in rows]
        last = rows[-1][0].id


async def cards_position(session: AsyncSession) -> int:
    """A number that grows when a card or department is changed."""
    kinds = (ChangeKind.EMPLOYEE.value, ChangeKind.DEPARTMENT.value)
    query = select(func.max(ChangeRow.id)).where(ChangeRow.kind.in_(kinds))
    return await session.scalar(query) or 0


async def change_many(session: AsyncSession, changed: Sequence[Known]) -> None:
    """Write these entries over the cards; what no file holds stays as it is.

    Those that exchange extensions or addresses let go of theirs first.
    """
    if not changed:
        return
    ids = [one.id for one in changed]
    await links.revoke_moved(session, {one.id: one.entry.email for one in changed})
    await announce(session, ChangeKind.EMPLOYEE, ids)
    freed = [{"id": number, "extension": f"~{number}"[:7]} for number in ids]
    none = {"email": None, "mobile": None}
    await session.execute(update(EmployeeRow), [{**one, **none} for one in freed])
    await session.execute(update(EmployeeRow), [_columns(one) for one in changed])
    await session.execute(
        delete(PhoneRow).where(PhoneRow.employee_id.in_(ids)), execution_options=_UNSYNCHRONIZED
    )
    phones = [_phone_row(one.id, at, p) for one in changed for at, p in enumerate(one.entry.phones)]
    if phones:
        await session.execute(insert(PhoneRow), phones, execution_options={"render_nulls": True})


async def give_roles(session: AsyncSession, roles: Mapping[EmployeeId, int]) -> None:
    """Give each of them a role that is there."""
    if not roles:
        return
    table = AccountRow.__table__
    statement = (
        update(AccountRow)
        .where(table.c.employee_id == bindparam("whose"))
        .values(role_id=bindparam("given"))
    )
    rows = [{"whose": employee, "given": role} for employee, role in roles.items()]
    connection = await session.connection()
    await connection.execute(statement, rows)


async def note_many(session: AsyncSession, who: Who, noted: Sequence[Noted]) -> None:
    """Write these lines of the audit log in the transaction of what they tell."""
    rows = [
        {
            "at": who.at,
            "actor_id": who.employee,
            "actor_name": who.name[:200],
            "address": who.address[:64],
            "action": one.action,
            "subject_id": one.id,
            "subject_name": one.name[:200],
            "before": dict(one.before),
            "after": dict(one.after),
            "search": _folded(who.name, one.name, who.address, *_texts(one)),
        }
        for one in noted
    ]
    if rows:
        await session.execute(insert(AuditRow), rows)


def _texts(one: Noted) -> list[str]:
    return [str(part) for part in (*one.before.values(), *one.after.values()) if part]


def _folded(*parts: str) -> str:
    """What the audit log is searched through."""
    return " ".join(filter(None, parts)).casefold().replace("ё", "е")[:_LONGEST_SEARCH]


async def keep_import(session: AsyncSession, whose: EmployeeId, kept: Import) -> int:
    """Keep a file until it is applied; those of yesterday and the sender's others go."""
    old = (ImportRow.made_at < kept.made_at - _KEPT) | (ImportRow.employee_id == whose)
    await session.execute(delete(ImportRow).where(old), execution_options=_UNSYNCHRONIZED)
    row = ImportRow(
        employee_id=whose,
        name=kept.name[:200],
        made_at=kept.made_at,
        counts=dict(kept.counts),
        file=kept.file,
        verdicts=kept.verdicts,
    )
    session.add(row)
    await session.flush()
    return row.id


async def kept_import(session: AsyncSession, whose: EmployeeId, import_id: int) -> Import:
    """A file that this person sent. Raises NotThereError."""
    row = await session.get(ImportRow, import_id, populate_existing=True)
    if row is None or row.employee_id != whose:
        raise NotThereError("import", import_id)
    return Import(row.id, row.name, row.made_at, row.applied_at, row.counts, row.file, row.verdicts)


async def import_applied(
    session: AsyncSession, import_id: int, now: datetime, counts: Mapping[str, Any]
) -> None:
    """The file was applied, and is not kept any longer; what was found and done is."""
    values = {"applied_at": now, "file": b"", "counts": dict(counts)}
    done = update(ImportRow).where(ImportRow.id == import_id).values(values)
    await session.execute(done, execution_options=_UNSYNCHRONIZED)


async def forget_import(session: AsyncSession, whose: EmployeeId, import_id: int) -> None:
    """Remove a file that this person sent, if it is there."""
    here = (ImportRow.id == import_id) & (ImportRow.employee_id == whose)
    await session.execute(delete(ImportRow).where(here), execution_options=_UNSYNCHRONIZED)


async def _phones(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[Phone]]:
    query = select(PhoneRow).where(PhoneRow.employee_id.in_(ids)).order_by(PhoneRow.position)
    found: dict[int, list[Phone]] = defaultdict(list)
    for row in await session.scalars(query):
        found[row.employee_id].append(phone_of(row))
    return found


def _known(row: EmployeeRow, role: int | None, rank: int | None, phones: list[Phone]) -> Known:
    entry = Entry(
        name=row.name,
        extension=row.extension,
        email=row.email,
        mobile=row.mobile,
        position=row.position,
        department=row.department_id,
        language=row.language,
        zone=row.zone,
        phones=tuple(phones),
        uses_status=row.uses_status,
        role=role or 0,
        number=row.number,
    )
    return Known(EmployeeId(row.id), entry, rank or 0)


def card_from(entry: Entry) -> Card:
    """The card of somebody new."""
    return Card(
        name=entry.name,
        extension=Extension(entry.extension),
        phones=entry.phones,
        uses_status=entry.uses_status,
        zone=entry.zone,
        language=entry.language,
        number=entry.number,
        department=None if entry.department is None else DepartmentId(entry.department),
        email=entry.email,
        mobile=entry.mobile,
        position=entry.position,
    )


def _columns(one: Known) -> dict[str, object]:
    entry = one.entry
    return {
        "id": one.id,
        "name": entry.name,
        "extension": entry.extension,
        "email": entry.email,
        "mobile": entry.mobile,
        "position": entry.position,
        "department_id": entry.department,
        "language": entry.language,
        "zone": entry.zone,
        "uses_status": entry.uses_status,
        "search": searched(card_from(entry)),
        "sort_name": sorted_by(entry.name),
    }


def _phone_row(employee: EmployeeId, position: int, phone: Phone) -> dict[str, object]:
    written: dict[str, object]
    match phone.address:
        case OutsideNumber(e164, kind):
            written = {"address": e164, "number_class": kind.value}
        case endpoint:
            written = {"address": endpoint, "number_class": None}
    return {
        "employee_id": employee,
        "position": position,
        "seconds": phone.seconds,
        **written,
    }
