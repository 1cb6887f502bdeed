"""Everything in the database that is encrypted: read with the old key, written with the new one."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ari_app.store.changes import take_turn
from ari_app.store.panel_rows import AccountRow, LetterRow, MailServerRow, OAuthClientRow

_Column = InstrumentedAttribute[str | None]
_SEALED: tuple[tuple[type[object], _Column], ...] = (
    (AccountRow, AccountRow.totp),
    (LetterRow, LetterRow.secret),
    (MailServerRow, MailServerRow.secret),
    (OAuthClientRow, OAuthClientRow.secret),
)


async def reseal(session: AsyncSession, anew: Callable[[str], str]) -> int:
    """Put `anew(secret)` in the place of every secret, and return how many there are."""
    await take_turn(session)
    count = 0
    for row_type, column in _SEALED:
        for row in await session.scalars(select(row_type).where(column.is_not(None))):
            setattr(row, column.key, anew(getattr(row, column.key)))
            count += 1
    await session.flush()
    return count
