"""The list of calls: filtered, a page at a time from a place in it, within somebody's reach."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy import Row as Found
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId, RuleId
from ari_app.store.past import PastCall, past_call
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow, OwnStatusRow, RuleRow

_AT_ONCE = 50
Running = Literal["running"]
RUNNING: Running = "running"
"""The ending of a call that goes on."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose calls somebody may see: one's own, with `department` its people's, or `everyone`'s."""

    me: EmployeeId
    department: int | None = None
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list begins: right after this call (or before it, with `is_newer`)."""

    began_at: datetime
    id: int
    is_newer: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: those that began from `since` up to but without `until`.

    `who` is a part of what a search for the employee looks through. `number` is a whole number
    (E.164 or an extension), `digits` a part of one: of the caller or of who was called.
    """

    since: datetime | None = None
    until: datetime | None = None
    employee: EmployeeId | None = None
    who: str = ""
    department: int | None = None
    endings: frozenset[Ending] = frozenset()
    is_running: bool = False
    is_inside: bool | None = None
    number: str = ""
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A call, and what the employee is called whose extension was dialled ("": nobody's)."""

    call: PastCall
    name: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page, the newest call first; where there are newer and older ones."""

    calls: tuple[Listed, ...]
    newer: Place | None
    older: Place | None


@dataclass(frozen=True, slots=True)
class Called:
    """What people, rules and own statuses are called, also those that are gone by now."""

    employees: dict[EmployeeId, str]
    rules: dict[RuleId, str]
    own_statuses: dict[OwnStatusId, OwnStatus]


async def page_of_calls(
    session: AsyncSession, reach: Reach, wanted: Wanted, size: int, place: Place | None = None
) -> Page:
    """At most `size` calls, with their steps; three queries, however many calls there are."""
    is_newer = place is not None and place.is_newer
    query = _ordered(_asked(reach, wanted), is_newer=is_newer).limit(size + 1)
    if place is not None:
        query = query.where(_beyond(place))
    found = (await session.execute(query)).all()
    has_more = len(found) > size
    rows = found[:size][::-1] if is_newer else found[:size]
    calls = await with_steps(session, rows)
    if not calls:
        return Page((), None, None)
    first, last = calls[0].call, calls[-1].call
    newer = Place(first.began_at, first.id, is_newer=True)
    older = Place(last.began_at, last.id)
    return Page(
        tuple(calls),
        newer if (has_more if is_newer else place is not None) else None,
        older if (is_newer or has_more) else None,
    )


async def every_call(
    session: AsyncSession, reach: Reach, wanted: Wanted
) -> AsyncIterator[list[Listed]]:
    """All of them, the newest first, in slices that block nothing for long."""
    place: Place | None = None
    while True:
        page = await page_of_calls(session, reach, wanted, _AT_ONCE, place)
        yield list(page.calls)
        if page.older is None:
            return
        place = page.older


async def seen_call(session: AsyncSession, reach: Reach, call_id: int) -> Listed | None:
    """One call with its steps; None where it is not there, or out of reach."""
    query = _asked(reach, Wanted()).where(CallRow.id == call_id)
    found = await with_steps(session, (await session.execute(query)).all())
    return found[0] if found else None


async def linked_calls(session: AsyncSession, reach: Reach, call: PastCall) -> list[Listed]:
    """The other calls of the same people on the line, the first one first: transfers."""
    query = (
        _asked(reach, Wanted())
        .where(CallRow.linked_id == call.linked_id, CallRow.id != call.id)
        .order_by(CallRow.began_at, CallRow.id)
        .limit(50)
    )
    return await with_steps(session, (await session.execute(query)).all())


async def called(session: AsyncSession, calls: Collection[PastCall]) -> Called:
    """The names that the reasons of these calls need."""
    because = [reason for call in calls for step in call.steps for reason in step.because]
    people = {reason.employee for reason in because} | {call.employee for call in calls}
    rules = {reason.rule for reason in because}
    cards = select(EmployeeRow.id, EmployeeRow.name).where(EmployeeRow.id.in_(people - {None}))
    named = select(RuleRow.id, RuleRow.name).where(RuleRow.id.in_(rules - {None}))
    own = await session.scalars(select(OwnStatusRow))
    return Called(
        {EmployeeId(number): name for number, name in await session.execute(cards)},
        {RuleId(number): name for number, name in await session.execute(named)},
        {OwnStatusId(row.id): _own(row) for row in own},
    )


async def name_within(session: AsyncSession, reach: Reach, employee: int | None) -> str:
    """What an employee in reach is called, "" for nobody."""
    if employee is None:
        return ""
    query = select(EmployeeRow.name).where(EmployeeRow.id == employee)
    seen = within(reach)
    return await session.scalar(query if seen is None else query.where(seen)) or ""


def within(reach: Reach) -> ColumnElement[bool] | None:
    """Which employees are in reach, as a condition on their cards; None for all of them."""
    if reach.everyone:
        return None
    if reach.department is None:
        return EmployeeRow.id == reach.me
    return or_(EmployeeRow.id == reach.me, EmployeeRow.department_id == reach.department)


def conditions(reach: Reach, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Which calls are wanted and in reach."""
    found = _when(wanted) + _about(wanted)
    # Of many employees the calls are read in the order of time, not one employee after another.
    whose = func.coalesce(CallRow.employee_id, CallRow.by_employee_id, 0)
    seen = within(reach)
    if seen is not None and reach.department is None:
        found.append(_of(reach.me))
    elif seen is not None:
        found.append(whose.in_(select(EmployeeRow.id).where(seen)))
    if wanted.who:
        typed = wanted.who.casefold().replace("ё", "е")
        of_them = select(EmployeeRow.id).where(EmployeeRow.search.contains(typed, autoescape=True))
        found.append(whose.in_(of_them))
    if wanted.department is not None:
        of_it = select(EmployeeRow.id).where(EmployeeRow.department_id == wanted.department)
        found.append(whose.in_(of_it))
    return found


def _of(employee: EmployeeId) -> ColumnElement[bool]:
    """Calls to an employee, and those that they placed to call somebody back."""
    return or_(CallRow.employee_id == employee, CallRow.by_employee_id == employee)


def _when(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(CallRow.began_at >= wanted.since)
    if wanted.until is not None:
        found.append(CallRow.began_at < wanted.until)
    return found


def _about(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.employee is not None:
        found.append(_of(wanted.employee))
    if wanted.endings:
        # Nearly every call has one of five endings: their index would only keep the planner from
        # reading in the order of time.
        ending = func.coalesce(CallRow.ending, "")
        found.append(ending.in_(sorted(one.value for one in wanted.endings)))
    if wanted.is_running:
        found.append(CallRow.ending.is_(None))
    if wanted.is_inside is not None:
        found.append(CallRow.is_inside.is_(wanted.is_inside))
    if wanted.number:
        found.append(or_(CallRow.caller_number == wanted.number, CallRow.called == wanted.number))
    if wanted.digits:
        part = f"%{wanted.digits}%"
        found.append(or_(CallRow.caller_number.like(part), CallRow.called.like(part)))
    return found


def _asked(reach: Reach, wanted: Wanted) -> Select[CallRow, str]:
    return (
        select(CallRow, EmployeeRow.name)
        .outerjoin(EmployeeRow, EmployeeRow.id == CallRow.employee_id)
        .where(*conditions(reach, wanted))
    )


def _ordered(query: Select[CallRow, str], *, is_newer: bool) -> Select[CallRow, str]:
    if is_newer:
        return query.order_by(CallRow.began_at, CallRow.id)
    return query.order_by(CallRow.began_at.desc(), CallRow.id.desc())


def _beyond(place: Place) -> ColumnElement[bool]:
    """After a place in the list; the first half lets the index of moments be used."""
    at, here = CallRow.began_at, tuple_(CallRow.began_at, CallRow.id)
    there = tuple_(place.began_at, place.id, types=[CallRow.began_at.type, CallRow.id.type])
    if place.is_newer:
        return and_(at >= place.began_at, here > there)
    return and_(at <= place.began_at, here < there)


async def with_steps(
    session: AsyncSession, rows: Sequence[Found[CallRow, str] | tuple[CallRow, str]]
) -> list[Listed]:
    """The calls of rows with their steps, for the store's other modules."""
    steps: dict[int, list[CallStepRow]] = {row.id: [] for row, _ in rows}
    asked = select(CallStepRow).where(CallStepRow.call_id.in_(steps)).order_by(CallStepRow.id)
    for step in await session.scalars(asked):
        steps[step.call_id].append(step)
    return [Listed(past_call(row, steps[row.id]), name or "") for row, name in rows]


def _own(row: OwnStatusRow) -> OwnStatus:
    return OwnStatus(OwnStatusId(row.id), row.name_ru, row.name_en, Status(row.base), row.colour)
