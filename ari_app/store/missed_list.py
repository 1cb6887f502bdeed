"""The list of missed calls: filtered, a page at a time, within somebody's reach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ari_app.domain.calls import Ending
from ari_app.store.call_list import Listed, Place, Reach, with_steps, within
from ari_app.store.rows import CallRow, EmployeeRow
from ari_app.store.secretary_rows import MessageRow, MissedCallRow

TRIES_SINCE = timedelta(days=30)
"""For how long it is counted how often a number has tried."""
_closer = aliased(EmployeeRow)


@dataclass(frozen=True, slots=True)
class Entry:
    """A missed call; `closed_by` is a name ("": nobody's), `closing_call` what closed it."""

    id: int
    listed: Listed
    number: str
    at: datetime
    closed_at: datetime | None
    closed_how: str
    closed_by: str
    closing_call: int | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class LastTry:
    """The last call back to a number: which call, when, by whom, and how it came out."""

    call: int
    at: datetime
    by: str
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class MissedWanted:
    """Which entries; `is_open` None: open and closed ones."""

    is_open: bool | None = True
    since: datetime | None = None
    until: datetime | None = None
    who: str = ""
    department: int | None = None
    number: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class MissedPage:
    """One page, the newest entry first; where there are newer and older ones."""

    entries: tuple[Entry, ...]
    newer: Place | None
    older: Place | None


async def page_of_entries(
    session: AsyncSession,
    reach: Reach,
    wanted: MissedWanted,
    size: int,
    place: Place | None = None,
) -> MissedPage:
    """At most `size` entries, with their calls; two queries, however many there are."""
    is_newer = place is not None and place.is_newer
    at, number = MissedCallRow.at, MissedCallRow.id
    order = (at, number) if is_newer else (at.desc(), number.desc())
    query = _asked(reach).where(*_conditions(wanted)).order_by(*order).limit(size + 1)
    if place is not None:
        query = query.where(_beyond(place))
    found = (await session.execute(query)).all()
    has_more = len(found) > size
    entries = await _entries(session, found[:size][::-1] if is_newer else found[:size])
    if not entries:
        return MissedPage((), None, None)
    first, last = entries[0], entries[-1]
    return MissedPage(
        tuple(entries),
        Place(first.at, first.id, is_newer=True)
        if (has_more if is_newer else place is not None)
        else None,
        Place(last.at, last.id) if (is_newer or has_more) else None,
    )


async def seen_entry(session: AsyncSession, reach: Reach, entry: int) -> Entry | None:
    """One entry; None where it is not there, or out of reach."""
    found = (await session.execute(_asked(reach).where(MissedCallRow.id == entry))).all()
    return next(iter(await _entries(session, found)), None)


async def entry_of_call(session: AsyncSession, reach: Reach, call: int) -> Entry | None:
    """The entry of a call, if it was missed and is in reach."""
    found = (await session.execute(_asked(reach).where(MissedCallRow.call_id == call))).all()
    return next(iter(await _entries(session, found)), None)


async def how_many_open(session: AsyncSession, reach: Reach) -> int:
    """How many callers wait to be reached."""
    query = select(func.count()).select_from(MissedCallRow)
    query = query.where(MissedCallRow.closed_at.is_(None), *_whose(reach))
    return await session.scalar(query) or 0


async def tries(
    session: AsyncSession, numbers: Collection[str], now: datetime
) -> Mapping[str, int]:
    """How many calls of each number nobody took lately, whomever they were for."""
    query = (
        select(MissedCallRow.caller_number, func.count())
        .where(
            MissedCallRow.caller_number.in_({number for number in numbers if number}),
            MissedCallRow.at >= now - TRIES_SINCE,
        )
        .group_by(MissedCallRow.caller_number)
    )
    return {number: count for number, count in await session.execute(query)}  # noqa: C416


async def last_tries(session: AsyncSession, numbers: Collection[str]) -> Mapping[str, LastTry]:
    """The last call back to each of these numbers outside, if there was one."""
    newest = (
        select(func.max(CallRow.id))
        .where(
            CallRow.called.in_({number for number in numbers if number}),
            CallRow.by_employee_id.is_not(None),
        )
        .group_by(CallRow.called)
    )
    query = (
        select(CallRow, EmployeeRow.name)
        .outerjoin(EmployeeRow, EmployeeRow.id == CallRow.by_employee_id)
        .where(CallRow.id.in_(newest))
    )
    return {
        row.called: LastTry(
            row.id, row.began_at, name or "", None if row.ending is None else Ending(row.ending)
        )
        for row, name in await session.execute(query)
    }


async def has_tried(session: AsyncSession, reach: Reach, number: str) -> bool:
    """Whether a number missed, or left a message for, somebody in reach."""
    missed = select(MissedCallRow.id).where(MissedCallRow.caller_number == number, *_whose(reach))
    if await session.scalar(missed.limit(1)) is not None:
        return True
    seen = within(reach)
    message = select(MessageRow.id).where(MessageRow.caller_number == number)
    if seen is not None:
        of_them = select(EmployeeRow.id).where(seen)
        message = message.where(MessageRow.employee_id.in_(of_them))
    return await session.scalar(message.limit(1)) is not None


def _asked(reach: Reach) -> Select[MissedCallRow, CallRow, str, str]:
    return (
        select(MissedCallRow, CallRow, EmployeeRow.name, _closer.name)
        .join(CallRow, CallRow.id == MissedCallRow.call_id)
        .outerjoin(EmployeeRow, EmployeeRow.id == MissedCallRow.employee_id)
        .outerjoin(_closer, _closer.id == MissedCallRow.closed_by_id)
        .where(*_whose(reach))
    )


def _whose(reach: Reach) -> list[ColumnElement[bool]]:
    seen = within(reach)
    if seen is None:
        return []
    if reach.department is None:
        return [MissedCallRow.employee_id == reach.me]
    return [MissedCallRow.employee_id.in_(select(EmployeeRow.id).where(seen))]


def _conditions(wanted: MissedWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_open is not None:
        closed = MissedCallRow.closed_at
        found.append(closed.is_(None) if wanted.is_open else closed.is_not(None))
    if wanted.since is not None:
        found.append(MissedCallRow.at >= wanted.since)
    if wanted.until is not None:
        found.append(MissedCallRow.at < wanted.until)
    if wanted.number:
        found.append(MissedCallRow.caller_number == wanted.number)
    if wanted.digits:
        found.append(MissedCallRow.caller_number.like(f"%{wanted.digits}%"))
    return found + _of_people(wanted)


def _of_people(wanted: MissedWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who:
        typed = wanted.who.casefold().replace("ё", "е")
        found.append(EmployeeRow.search.contains(typed, autoescape=True))
    if wanted.department is not None:
        found.append(EmployeeRow.department_id == wanted.department)
    return found


def _beyond(place: Place) -> ColumnElement[bool]:
    """After a place in the list; the first half lets the index of moments be used."""
    at, here = MissedCallRow.at, tuple_(MissedCallRow.at, MissedCallRow.id)
    there = tuple_(place.began_at, place.id, types=[at.type, MissedCallRow.id.type])
    if place.is_newer:
        return and_(at >= place.began_at, here > there)
    return and_(at <= place.began_at, here < there)


async def _entries(
    session: AsyncSession, rows: Sequence[Row[MissedCallRow, CallRow, str, str]]
) -> list[Entry]:
    listed = await with_steps(session, [(call, name) for _, call, name, _ in rows])
    return [
        Entry(
            row.id,
            call,
            row.caller_number,
            row.at,
            row.closed_at,
            row.closed_how,
            closer or "",
            row.closing_call_id,
        )
        for call, (row, _, _, closer) in zip(listed, rows, strict=True)
    ]
