"""Devices that are remembered: a token that changes at every use, and betrays its thief."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
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


async def revive(session: AsyncSession, token: str, now: datetime) -> Revived | None:
    """Let a remembered device in, with a new token.

    A token that was used before is in two hands: the family ends, with all its sessions.
    """
    number, _, secret = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= 9 and secret):
        return None
    row = await session.get(RememberedRow, int(number), with_for_update=True)
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
    return None


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
    """Log every device of somebody out, and remember none, but for the session `but`."""
    await session.execute(
        update(RememberedRow)
        .where(RememberedRow.employee_id == employee, RememberedRow.ended_at.is_(None))
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
