"""What becomes of letters: taken, sent, tried again later, or given up with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.panel_rows import LetterRow

PATIENCE = timedelta(minutes=5)
"""A letter that was taken and neither sent nor put back by then was lost with a process."""
SHOWN = 100
"""Letters on one page."""


class LetterState(Enum):
    """Where a letter is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """For somebody who has left meanwhile."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter in the outbox; `sender` is whose own server it goes through, if anybody's."""

    id: int
    kind: str
    employee: EmployeeId | None
    sender: EmployeeId | None
    to_address: str
    language: str
    values: Mapping[str, str]
    closed_secret: str | None
    message_id: str
    state: LetterState
    made_at: datetime
    tries: int
    next_at: datetime | None
    ended_at: datetime | None
    fault: str
    said: str
    recording: int | None = None


async def take(session: AsyncSession, now: datetime, most: int) -> list[Outgoing]:
    """Take the letters that are due, the oldest first; nobody else gets them meanwhile.

    A service that dies with letters taken has them given out again after PATIENCE: a letter is
    sent at least once, and its Message-ID stays the same.
    """
    await take_turn(session)
    free = LetterRow.taken_at.is_(None) | (LetterRow.taken_at <= now - PATIENCE)
    is_due = LetterRow.next_at.is_(None) | (LetterRow.next_at <= now)
    query = (
        select(LetterRow)
        .where(LetterRow.state == LetterState.WAITING.value, is_due, free)
        .order_by(LetterRow.id)
        .limit(most)
    )
    rows = list(await session.scalars(query))
    for row in rows:
        row.taken_at = now
        row.tries += 1
    await session.flush()
    return [_outgoing(row) for row in rows]


async def send_as(session: AsyncSession, letter_id: int, sender: EmployeeId) -> None:
    """Send a letter through an employee's own server, as far as there is one."""
    await _put(session, letter_id, from_employee_id=sender)


async def sent(session: AsyncSession, letter_id: int, now: datetime, said: str) -> None:
    """A server has taken the letter over; what opens an account is forgotten."""
    await _put(
        session,
        letter_id,
        state=LetterState.SENT.value,
        ended_at=now,
        secret=None,
        fault="",
        said=said[:500],
    )


async def later(
    session: AsyncSession, letter_id: int, when: datetime, fault: str, said: str
) -> None:
    """Try again at `when`."""
    await _put(session, letter_id, next_at=when, fault=fault, said=said[:500])


async def given_up(
    session: AsyncSession, letter_id: int, now: datetime, fault: str, said: str
) -> None:
    """No more tries; the server's words are kept."""
    await _put(
        session,
        letter_id,
        state=LetterState.FAILED.value,
        ended_at=now,
        fault=fault,
        said=said[:500],
    )


async def put_back(session: AsyncSession, letter_ids: Sequence[int]) -> None:
    """Letters that were taken and not tried: as if they had not been."""
    await session.execute(
        update(LetterRow)
        .where(LetterRow.id.in_(letter_ids), LetterRow.state == LetterState.WAITING.value)
        .values(taken_at=None, tries=LetterRow.tries - 1)
    )


async def retry(session: AsyncSession, letter_id: int) -> bool:
    """Try a letter again now, also one that was given up; whether there is such a one."""
    found = await session.execute(
        update(LetterRow)
        .where(LetterRow.id == letter_id, LetterRow.state != LetterState.SENT.value)
        .values(
            state=LetterState.WAITING.value, next_at=None, taken_at=None, tries=0, ended_at=None
        )
        .returning(LetterRow.id)
    )
    return found.first() is not None


async def wake(session: AsyncSession) -> None:
    """Try everything that waits again now: a server was set up, or put right."""
    await session.execute(
        update(LetterRow)
        .where(LetterRow.state == LetterState.WAITING.value, LetterRow.taken_at.is_(None))
        .values(next_at=None)
    )


async def remove(session: AsyncSession, letter_id: int) -> bool:
    """Take a letter out of the outbox; whether there was one."""
    gone = delete(LetterRow).where(LetterRow.id == letter_id).returning(LetterRow.id)
    return (await session.execute(gone)).first() is not None


async def outgoing(
    session: AsyncSession, state: LetterState | None, before: int | None = None
) -> list[Outgoing]:
    """Letters, the newest first, `before` an id; at most a hundred."""
    query = select(LetterRow).order_by(LetterRow.id.desc()).limit(SHOWN)
    if state is not None:
        query = query.where(LetterRow.state == state.value)
    if before is not None:
        query = query.where(LetterRow.id < before)
    return [_outgoing(row) for row in await session.scalars(query)]


async def counts(session: AsyncSession) -> dict[LetterState, int]:
    """How many letters are where."""
    query = select(LetterRow.state, func.count()).group_by(LetterRow.state)
    found = {state: count for state, count in await session.execute(query)}  # noqa: C416
    return {state: found.get(state.value, 0) for state in LetterState}


@dataclass(frozen=True, slots=True)
class Backlog:
    """Letters that have not left: those that wait, and those that were given up."""

    waiting: int = 0
    failed: int = 0


async def backlog(session: AsyncSession) -> Backlog:
    """How many letters have not left; what was sent is not counted through."""
    states = (LetterState.WAITING.value, LetterState.FAILED.value)
    query = (
        select(LetterRow.state, func.count())
        .where(LetterRow.state.in_(states))
        .group_by(LetterRow.state)
    )
    found = {state: count for state, count in await session.execute(query)}  # noqa: C416
    return Backlog(*(found.get(state, 0) for state in states))


async def next_due(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next letter is due; None for an empty outbox."""
    query = select(func.min(func.coalesce(LetterRow.next_at, LetterRow.made_at))).where(
        LetterRow.state == LetterState.WAITING.value
    )
    due = await session.scalar(query)
    return None if due is None else max(due, now)


async def forget(session: AsyncSession, before: datetime) -> None:
    """Remove what was sent before a moment."""
    is_old = (LetterRow.state == LetterState.SENT.value) & (LetterRow.ended_at < before)
    await session.execute(delete(LetterRow).where(is_old))


async def _put(session: AsyncSession, letter_id: int, **values: object) -> None:
    await session.execute(
        update(LetterRow).where(LetterRow.id == letter_id).values(taken_at=None, **values)
    )


def _outgoing(row: LetterRow) -> Outgoing:
    return Outgoing(
        id=row.id,
        kind=row.kind,
        employee=None if row.employee_id is None else EmployeeId(row.employee_id),
        sender=None if row.from_employee_id is None else EmployeeId(row.from_employee_id),
        to_address=row.to_address,
        language=row.language,
        values=row.values,
        closed_secret=row.secret,
        message_id=row.message_id,
        state=LetterState(row.state),
        made_at=row.made_at,
        tries=row.tries,
        next_at=row.next_at,
        ended_at=row.ended_at,
        fault=row.fault,
        said=row.said,
        recording=row.recording_id,
    )
