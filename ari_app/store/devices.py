"""Devices that are logged in: found by the token in their cookie, of which only a hash is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.panel_rows import SessionRow

IDLE = timedelta(hours=12)
"""A session that was not used for so long is over."""
_SEEN_EVERY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Device:
    """One login that goes on."""

    id: int
    employee: EmployeeId
    began_at: datetime
    seen_at: datetime
    address: str
    device: str
    is_remembered: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a login comes from: the network address, and what the browser says it is."""

    address: str
    device: str


def new_token() -> str:
    """256 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token; it is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


async def begin(
    session: AsyncSession,
    employee: EmployeeId,
    now: datetime,
    place: Place,
    remembered: int | None = None,
) -> str:
    """Log a device in, and return the token for its cookie."""
    token = new_token()
    row = SessionRow(
        employee_id=employee,
        token_hash=hash_of(token),
        remembered_id=remembered,
        began_at=now,
        seen_at=now,
        address=place.address[:64],
        device=place.device[:200],
    )
    session.add(row)
    await session.flush()
    return token


async def found(session: AsyncSession, token: str, now: datetime) -> Device | None:
    """The device with this token, unless it was ended or not used for IDLE."""
    query = select(SessionRow).where(
        SessionRow.token_hash == hash_of(token),
        SessionRow.ended_at.is_(None),
        SessionRow.seen_at > now - IDLE,
    )
    row = await session.scalar(query)
    return None if row is None else _device(row)


def is_stale(device: Device, now: datetime) -> bool:
    """Whether it is time to note that the device was seen; not with every request."""
    return device.seen_at < now - _SEEN_EVERY


async def seen(session: AsyncSession, device_id: int, now: datetime) -> None:
    """Note that a device was seen: its heartbeat."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.id == device_id, SessionRow.ended_at.is_(None))
        .values(seen_at=now, silent_since=None)
    )


async def goes_on(session: AsyncSession, device_id: int) -> bool:
    """Whether a device is still logged in."""
    ended = select(SessionRow.ended_at).where(SessionRow.id == device_id)
    found = (await session.execute(ended)).one_or_none()
    return found is not None and found.ended_at is None


async def of(session: AsyncSession, employee: EmployeeId, now: datetime) -> Sequence[Device]:
    """The devices of an employee that are logged in, the one seen last first."""
    query = (
        select(SessionRow)
        .where(
            SessionRow.employee_id == employee,
            SessionRow.ended_at.is_(None),
            SessionRow.seen_at > now - IDLE,
        )
        .order_by(SessionRow.seen_at.desc())
    )
    return [_device(row) for row in await session.scalars(query)]


async def end(session: AsyncSession, device_id: int, now: datetime) -> None:
    """Log a device out."""
    await session.execute(
        update(SessionRow)
        .where(SessionRow.id == device_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


async def is_known(session: AsyncSession, employee: EmployeeId, place: Place) -> bool:
    """Whether somebody has logged in with such a browser before; the first one is no news."""
    theirs = select(SessionRow.id).where(SessionRow.employee_id == employee)
    same = theirs.where(SessionRow.device == place.device[:200])
    if await session.scalar(same.limit(1)) is not None:
        return True
    return await session.scalar(theirs.limit(1)) is None


async def family_of(session: AsyncSession, device_id: int) -> int | None:
    """The remembered device that a session came from."""
    query = select(SessionRow.remembered_id).where(SessionRow.id == device_id)
    return await session.scalar(query)


def _device(row: SessionRow) -> Device:
    return Device(
        row.id,
        EmployeeId(row.employee_id),
        row.began_at,
        row.seen_at,
        row.address,
        row.device,
        row.remembered_id is not None,
    )
