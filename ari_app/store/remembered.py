"""Devices that are remembered: a token that changes at every use, and betrays its thief."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.devices import hash_of, new_token
from ari_app.store.panel_rows import RememberedRow, SessionRow

LASTS = timedelta(days=60)
_PARALLEL = timedelta(seconds=30)
"""Requests under way while the token changed still bring the one before."""


@dataclass(frozen=True, slots=True)
class Revived:
    """Whose device it is; `token` is the next one (None: another request was given it)."""

    employee: EmployeeId
    family: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Stolen:
    """A token came that had been used before: it is in two hands, and opens nothing any more."""

    employee: EmployeeId


async def remember(session: AsyncSession, employee: EmployeeId, now: datetime) -> tuple[int, str]:
    """Remember a device: the family of its tokens, and the first of them for its cookie."""
    secret = new_token()
    row = RememberedRow(
        employee_id=employee,
        token_hash=hash_of(secret),
        rotated_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    await session.flush()
    return row.id, f"{row.id}.{secret}"


async def revive(session: AsyncSession, token: str, now: datetime) -> Revived | Stolen | None:
    """Let a remembered device in, with a new token; None for a device that is not remembered.

    A token that was used before ends its family, with all sessions: so `token` has to be one
    that was given out. Whoever asks looks at its signature first, or anybody could end any.
    """
    await take_turn(session)
    number, _, secret = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= 9 and secret):
        return None
    row = await session.get(RememberedRow, int(number), populate_existing=True)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    given = hash_of(secret)
    employee = EmployeeId(row.employee_id)
    if given == row.token_hash:
        fresh = new_token()
        row.previous_hash, row.token_hash = row.token_hash, hash_of(fresh)
        row.rotated_at, row.expires_at = now, now + LASTS
        await session.flush()
        return Revived(employee, row.id, f"{row.id}.{fresh}")
    if given == row.previous_hash and now - row.rotated_at < _PARALLEL:
        return Revived(employee, row.id, None)
    await forget(session, row.id, now)
    return Stolen(employee)


async def forget(session: AsyncSession, family: int, now: datetime) -> None:
    """Remember a device no longer, and log it out."""
    await session.execute(
        update(RememberedRow)
        .where(RememberedRow.id == family, RememberedRow.ended_at.is_(None))
        .values(ended_at=now)
    )
    await session.execute(
        update(SessionRow)
        .where(SessionRow.remembered_id == family, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


async def forget_all(
    session: AsyncSession, employee: EmployeeId, now: datetime, but: int | None = None
) -> None:
    """Log every device of somebody out, and remember none, but for that of the session `but`."""
    this = select(SessionRow.remembered_id).where(SessionRow.id == (but or 0))
    await session.execute(
        update(RememberedRow)
        .where(
            RememberedRow.employee_id == employee,
            RememberedRow.ended_at.is_(None),
            RememberedRow.id != func.coalesce(this.scalar_subquery(), 0),
        )
        .values(ended_at=now)
    )
    await session.execute(
        update(SessionRow)
        .where(
            SessionRow.employee_id == employee,
            SessionRow.ended_at.is_(None),
            SessionRow.id != (but or 0),
        )
        .values(ended_at=now)
    )
