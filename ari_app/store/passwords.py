"""Passwords: only their hashes are kept (argon2id)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import row_of
from ari_app.store.panel_rows import AccountRow

LONGEST = 200

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODYS = _hasher.hash("nobody's")
"""Verified where there is no account, so that the time taken does not tell."""
_BESIDE = ThreadPoolExecutor(2, "argon2")
"""A hash takes 64 MiB and a core for a while; calls are decided beside it."""


async def hashed(password: str) -> str:
    """What is stored of a password; worked out beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_BESIDE, _hasher.hash, password)


async def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is none."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_BESIDE, _verified, stored or _NOBODYS, password)
    return found and stored is not None


async def stored_hash(session: AsyncSession, employee: EmployeeId) -> str | None:
    """The hash of somebody's password, None before they have one."""
    query = select(AccountRow.password_hash).where(AccountRow.employee_id == employee)
    return await session.scalar(query)


async def set_password(
    session: AsyncSession, employee: EmployeeId, new_hash: str, now: datetime
) -> None:
    """Raises NotThereError."""
    row = await row_of(session, employee)
    row.password_hash, row.password_set_at = new_hash, now
    await session.flush()


def _verified(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
