"""Who changed what, from where, before and after; never a secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.panel_rows import AuditRow

Facts = Mapping[str, Any]
"""What stood in the fields: JSON values by the fields' names."""

_LONGEST_SEARCH = 4000
_THINGS = ("role.%", "department.%", "group.%", "own_status.%", "letter.%", "missed.%")
"""Actions whose subject is no employee."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who does something: an employee (None: nobody is logged in), and the address it came from."""

    employee: EmployeeId | None
    name: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """What was changed: its id, and the name it had; an employee where it is a card's."""

    id: int | None
    name: str


NOTHING = About(None, "")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log."""

    id: int
    who: Who
    action: str
    about: About
    before: Facts
    after: Facts


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: with these words in them, of this action, by or about this person, when."""

    text: str = ""
    action: str = ""
    person: EmployeeId | None = None
    since: datetime | None = None
    until: datetime | None = None


async def note(
    session: AsyncSession,
    who: Who,
    action: str,
    about: About = NOTHING,
    change: tuple[Facts, Facts] = ({}, {}),
) -> None:
    """Write one line in the transaction of what it tells; only what differs is kept.

    `action` is ``noun.verb`` (``card.changed``), `change` what stood in the fields before and
    what stands there after.
    """
    before, after = change
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    before = {key: value for key, value in before.items() if key not in same}
    after = {key: value for key, value in after.items() if key not in same}
    session.add(
        AuditRow(
            at=who.at,
            actor_id=who.employee,
            actor_name=who.name[:200],
            address=who.address[:64],
            action=action,
            subject_id=about.id,
            subject_name=about.name[:200],
            before=before,
            after=after,
            search=_folded(who.name, about.name, who.address, *_texts(before), *_texts(after)),
        )
    )
    await session.flush()


async def count(session: AsyncSession, wanted: Wanted) -> int:
    """How many lines there are."""
    query = select(func.count()).select_from(AuditRow).where(*_conditions(wanted))
    return await session.scalar(query) or 0


async def lines(
    session: AsyncSession, wanted: Wanted, limit: int, offset: int = 0, before: int | None = None
) -> Sequence[AuditLine]:
    """The newest lines first, without the first `offset`, or those older than line `before`."""
    query = select(AuditRow).where(*_conditions(wanted)).order_by(AuditRow.id.desc())
    if before is not None:
        query = query.where(AuditRow.id < before)
    rows = await session.scalars(query.limit(limit).offset(offset))
    return [_line(row) for row in rows]


async def actions(session: AsyncSession) -> Sequence[str]:
    """Every action that stands in the log."""
    query = select(AuditRow.action).distinct().order_by(AuditRow.action)
    return (await session.scalars(query)).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [
        AuditRow.search.contains(word, autoescape=True) for word in _folded(wanted.text).split()
    ]
    if wanted.action:
        found.append(AuditRow.action == wanted.action)
    if wanted.person is not None:
        is_thing = [AuditRow.action.like(noun) for noun in _THINGS]
        about = AuditRow.subject_id == wanted.person
        for is_one in is_thing:
            about &= ~is_one
        found.append((AuditRow.actor_id == wanted.person) | about)
    if wanted.since is not None:
        found.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditRow.at < wanted.until)
    return found


def _line(row: AuditRow) -> AuditLine:
    actor = None if row.actor_id is None else EmployeeId(row.actor_id)
    return AuditLine(
        id=row.id,
        who=Who(actor, row.actor_name, row.address, row.at),
        action=row.action,
        about=About(row.subject_id, row.subject_name),
        before=row.before,
        after=row.after,
    )


def _texts(facts: Facts) -> list[str]:
    """The texts among the values, also inside of lists."""
    found: list[str] = []
    for value in facts.values():
        parts = value if isinstance(value, list) else [value]
        found += [str(part) for part in parts if isinstance(part, str)]
    return found


def _folded(*parts: str) -> str:
    told = " ".join(part for part in parts if part)
    return told.casefold().replace("ё", "е")[:_LONGEST_SEARCH]
