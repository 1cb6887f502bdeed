"""What reports count: time in each status, and calls by how they ended, by person and hour."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.store.call_list import Reach, Wanted, conditions, within
from ari_app.store.panel_rows import DeclaredRow
from ari_app.store.rows import CallRow, EmployeeRow

_HOUR = timedelta(hours=1)
Counts = Mapping[Ending | None, int]
"""How many calls came out how; None: those that go on."""


@dataclass(frozen=True, slots=True)
class Person:
    id: EmployeeId
    name: str
    extension: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a report is about: of those in reach, a department's, or whom a search finds."""

    reach: Reach
    department: int | None = None
    who: str = ""
    employee: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What holds from `at` on; from `until` on, what lay below. Statuses as Reason.detail."""

    at: datetime
    status: str
    until: datetime | None = None
    below: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time without a break in one status; "" where nothing is known."""

    since: datetime
    until: datetime
    status: str

    @property
    def seconds(self) -> float:
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """`person` is None for calls to nobody's extension."""

    person: Person | None
    counts: Counts


async def people(session: AsyncSession, chosen: Chosen, first: int, size: int) -> list[Person]:
    """A page of people by name, with one more than `size` where there are more."""
    query = (
        select(EmployeeRow.id, EmployeeRow.name, EmployeeRow.extension)
        .where(*_chosen(chosen))
        .order_by(EmployeeRow.sort_name, EmployeeRow.id)
        .offset(first)
        .limit(size + 1)
    )
    return [Person(EmployeeId(row[0]), row[1], row[2]) for row in await session.execute(query)]


async def said_by(
    session: AsyncSession, whose: Collection[EmployeeId], since: datetime, until: datetime
) -> dict[EmployeeId, list[Said]]:
    """What each of them declared in a period, and the last thing before; two queries."""
    of_them = DeclaredRow.employee_id.in_(whose)
    last = (
        select(func.max(DeclaredRow.id))
        .where(of_them, DeclaredRow.at < since)
        .group_by(DeclaredRow.employee_id)
    )
    within_it = (of_them, DeclaredRow.at >= since, DeclaredRow.at < until)
    found: dict[EmployeeId, list[Said]] = {employee: [] for employee in whose}
    ordered = (DeclaredRow.at, DeclaredRow.id)
    for query in (
        select(DeclaredRow).where(DeclaredRow.id.in_(last)),
        select(DeclaredRow).where(*within_it).order_by(*ordered),
    ):
        for row in await session.scalars(query):
            found[EmployeeId(row.employee_id)].append(_said(row))
    return found


def stretches(said: Sequence[Said], since: datetime, until: datetime) -> list[Stretch]:
    """The times in each status from `since` up to `until`, without gaps."""
    found: list[Stretch] = []
    _add(found, since, min(said[0].at if said else until, until), "")
    for place, one in enumerate(said):
        end = min(said[place + 1].at if place + 1 < len(said) else until, until)
        begin = max(one.at, since)
        turn = end if one.until is None else min(max(one.until, begin), end)
        _add(found, begin, turn, one.status)
        _add(found, turn, end, one.below)
    return found


def shared_out(found: Sequence[Stretch], borders: Sequence[datetime]) -> list[dict[str, float]]:
    """Seconds in each status, by the stretch between two neighbouring `borders`."""
    days: list[dict[str, float]] = []
    for begin, end in pairwise(borders):
        seconds: dict[str, float] = {}
        for one in found:
            length = (min(one.until, end) - max(one.since, begin)).total_seconds()
            if length > 0:
                seconds[one.status] = seconds.get(one.status, 0.0) + length
        days.append(seconds)
    return days


def _received(reach: Reach, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Calls that came in; reports count no calls back."""
    return [*conditions(reach, wanted), func.coalesce(CallRow.by_employee_id, 0) == 0]


async def by_person(
    session: AsyncSession, reach: Reach, wanted: Wanted, first: int, size: int
) -> list[PersonCounts]:
    """People by the calls that they missed, most first; one more than `size` if there are more."""
    counted = [func.sum(case((CallRow.ending == one.value, 1), else_=0)) for one in Ending]
    missed = sum(counted[1:], start=func.sum(case((CallRow.ending.is_(None), 0), else_=0)))
    query = (
        select(CallRow.employee_id, func.count(), *counted)
        .where(*_received(reach, wanted))
        .group_by(CallRow.employee_id)
        .order_by(missed.desc(), func.count().desc(), CallRow.employee_id)
        .offset(first)
        .limit(size + 1)
    )
    rows = (await session.execute(query)).all()
    known = await _named(session, [row[0] for row in rows if row[0] is not None])
    return [PersonCounts(known.get(row[0]), _counts(row[1], row[2:])) for row in rows]


async def in_all(session: AsyncSession, reach: Reach, wanted: Wanted) -> Counts:
    """How the calls ended."""
    query = (
        select(CallRow.ending, func.count())
        .where(*_received(reach, wanted))
        .group_by(CallRow.ending)
    )
    rows = await session.execute(query)
    return {None if row[0] is None else Ending(row[0]): row[1] for row in rows}


async def by_hour(
    session: AsyncSession, reach: Reach, wanted: Wanted, zone: ZoneInfo
) -> list[Counter[Ending | None]]:
    """How the calls ended, by the 24 hours of the day in a zone."""
    hours: list[Counter[Ending | None]] = [Counter() for _ in range(24)]
    moment = _bucket(session, is_whole=_is_whole(wanted, zone))
    query = (
        select(moment, CallRow.ending, func.count())
        .where(*_received(reach, wanted))
        .group_by(moment, CallRow.ending)
    )
    for text, ending, number in await session.execute(query):
        at = datetime.fromisoformat(f"{text}:00" if len(text) == 13 else text)
        hour = at.replace(tzinfo=UTC).astimezone(zone).hour
        hours[hour][None if ending is None else Ending(ending)] += number
    return hours


def _bucket(session: AsyncSession, *, is_whole: bool) -> ColumnElement[str]:
    """The hour, or the minute, in which a call began, in UTC: ``2026-11-23 09``."""
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(CallRow.began_at, 1, 13 if is_whole else 16, type_=String)
    pattern = "YYYY-MM-DD HH24" if is_whole else "YYYY-MM-DD HH24:MI"
    return func.to_char(func.timezone("UTC", CallRow.began_at), pattern, type_=String)


def _is_whole(wanted: Wanted, zone: ZoneInfo) -> bool:
    """Whether the zone is whole hours away from UTC: then hours can be counted as they are."""
    ends = [moment for moment in (wanted.since, wanted.until) if moment is not None]
    offsets = [moment.astimezone(zone).utcoffset() for moment in ends]
    return bool(offsets) and all(offset is not None and not offset % _HOUR for offset in offsets)


async def _named(session: AsyncSession, ids: Collection[int]) -> dict[int, Person]:
    query = select(EmployeeRow.id, EmployeeRow.name, EmployeeRow.extension)
    rows = await session.execute(query.where(EmployeeRow.id.in_(ids)))
    return {row[0]: Person(EmployeeId(row[0]), row[1], row[2]) for row in rows}


def _counts(total: int, counted: Sequence[int]) -> Counts:
    ended: dict[Ending | None, int] = dict(zip(Ending, counted, strict=True))
    return ended | {None: total - sum(counted)}


def _chosen(chosen: Chosen) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [EmployeeRow.left_at.is_(None)]
    seen = within(chosen.reach)
    if seen is not None:
        found.append(seen)
    if chosen.department is not None:
        found.append(EmployeeRow.department_id == chosen.department)
    if chosen.employee is not None:
        found.append(EmployeeRow.id == chosen.employee)
    if chosen.who:
        typed = chosen.who.casefold().replace("ё", "е")
        found.append(EmployeeRow.search.contains(typed, autoescape=True))
    return found


def _said(row: DeclaredRow) -> Said:
    below = "" if row.below_base is None else _status(row.below_base, row.below_own_status_id)
    return Said(row.at, _status(row.base, row.own_status_id), row.until, below)


def _status(base: str, own: int | None) -> str:
    return base if own is None else f"own-{own}"


def _add(found: list[Stretch], since: datetime, until: datetime, status: str) -> None:
    if until > since:
        found.append(Stretch(since, until, status))
