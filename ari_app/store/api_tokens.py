"""Tokens with which programs act in somebody's name; of the token itself only a hash is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.devices import hash_of, new_token
from ari_app.store.errors import NotThereError
from ari_app.store.panel_rows import ApiTokenRow

PREFIX = "as_"
"""What every token begins with, so that scanners of leaked secrets know it."""
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is listed; `expires_at` None: never."""

    id: int
    employee: EmployeeId
    name: str
    scopes: frozenset[str]
    made_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


async def make(
    session: AsyncSession,
    employee: EmployeeId,
    name: str,
    scopes: Collection[str],
    ends: tuple[datetime, datetime | None],
) -> tuple[ApiToken, str]:
    """A new one with the secret, which cannot be read again; `ends` are now and its expiry."""
    secret = PREFIX + new_token()
    now, expires_at = ends
    row = ApiTokenRow(
        employee_id=employee,
        name=name,
        token_hash=hash_of(secret),
        scopes=sorted(scopes),
        made_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return _token(row), secret


async def found(session: AsyncSession, secret: str, now: datetime) -> ApiToken | None:
    """The token that this is, unless it was revoked or has expired."""
    query = select(ApiTokenRow).where(
        ApiTokenRow.token_hash == hash_of(secret), ApiTokenRow.revoked_at.is_(None)
    )
    row = await session.scalar(query)
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return _token(row)


def is_stale(token: ApiToken, now: datetime) -> bool:
    """Whether it is time to note that the token was used; not with every request."""
    return token.used_at is None or token.used_at < now - _USED_EVERY


async def used(session: AsyncSession, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    change = update(ApiTokenRow).where(ApiTokenRow.id == token_id)
    await session.execute(change.values(used_at=now))


async def of(session: AsyncSession, employee: EmployeeId, now: datetime) -> Sequence[ApiToken]:
    """Somebody's tokens that still open something, the newest first."""
    query = (
        select(ApiTokenRow)
        .where(ApiTokenRow.employee_id == employee, ApiTokenRow.revoked_at.is_(None))
        .order_by(ApiTokenRow.id.desc())
    )
    rows = await session.scalars(query)
    return [_token(row) for row in rows if row.expires_at is None or row.expires_at > now]


async def revoke(
    session: AsyncSession, employee: EmployeeId, token_id: int, now: datetime
) -> ApiToken:
    """End one of somebody's tokens. Raises NotThereError for anybody else's, or one that ended."""
    row = await session.get(ApiTokenRow, token_id, populate_existing=True)
    if row is None or row.employee_id != employee or row.revoked_at is not None:
        raise NotThereError("token", token_id)
    row.revoked_at = now
    await session.flush()
    return _token(row)


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        row.id,
        EmployeeId(row.employee_id),
        row.name,
        frozenset(row.scopes),
        row.made_at,
        row.used_at,
        row.expires_at,
    )


async def revoke_all(session: AsyncSession, employee: EmployeeId, now: datetime) -> None:
    """Take back every token of somebody: the password has changed."""
    await session.execute(
        update(ApiTokenRow)
        .where(ApiTokenRow.employee_id == employee, ApiTokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )
