"""Passkeys: keys of people's devices that log in without a password (WebAuthn)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.panel_rows import PasskeyRow

MOST = 20
"""Passkeys of one person."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One key; `credential` names it, `uses` is the device's own count of its uses (often 0)."""

    id: int
    employee: EmployeeId
    name: str
    credential: bytes
    public_key: bytes
    uses: int
    made_at: datetime
    used_at: datetime | None


async def of(session: AsyncSession, employee: EmployeeId) -> list[Passkey]:
    """Somebody's passkeys, the oldest first."""
    query = select(PasskeyRow).where(PasskeyRow.employee_id == employee).order_by(PasskeyRow.id)
    return [_passkey(row) for row in await session.scalars(query)]


async def by_credential(session: AsyncSession, credential: bytes) -> Passkey:
    """The passkey of this name, whoever has it. Raises NotThereError."""
    query = select(PasskeyRow).where(PasskeyRow.credential == credential.hex())
    row = await session.scalar(query)
    if row is None:
        raise NotThereError("passkey", credential.hex()[:16])
    return _passkey(row)


async def add(session: AsyncSession, passkey: Passkey) -> int:
    """Store a new one (its id does not matter), and return its id.

    Raises TakenError for one that is known, InvalidError for one too many.
    """
    await take_turn(session)
    known = select(PasskeyRow.id).where(PasskeyRow.credential == passkey.credential.hex())
    if await session.scalar(known) is not None:
        raise TakenError("passkey", passkey.name)
    counted = select(func.count()).where(PasskeyRow.employee_id == passkey.employee)
    if (await session.scalar(counted) or 0) >= MOST:
        raise InvalidError("passkey", f"{MOST} are enough")
    row = PasskeyRow(
        employee_id=passkey.employee,
        name=passkey.name,
        credential=passkey.credential.hex(),
        public_key=passkey.public_key,
        uses=passkey.uses,
        made_at=passkey.made_at,
    )
    session.add(row)
    await session.flush()
    return row.id


async def used(session: AsyncSession, number: int, uses: int, now: datetime) -> None:
    """Somebody has logged in with it. Raises NotThereError."""
    row = await session.get(PasskeyRow, number)
    if row is None:
        raise NotThereError("passkey", number)
    row.uses, row.used_at = uses, now
    await session.flush()


async def remove(session: AsyncSession, employee: EmployeeId, number: int) -> str:
    """Take one of this person's away, and return its name. Raises NotThereError."""
    row = await session.get(PasskeyRow, number)
    if row is None or row.employee_id != employee:
        raise NotThereError("passkey", number)
    await session.delete(row)
    await session.flush()
    return row.name


async def remove_all(session: AsyncSession, employee: EmployeeId) -> int:
    """Take all of somebody's away, and return how many there were."""
    rows = list(await session.scalars(select(PasskeyRow).filter_by(employee_id=employee)))
    for row in rows:
        await session.delete(row)
    await session.flush()
    return len(rows)


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        row.id,
        EmployeeId(row.employee_id),
        row.name,
        bytes.fromhex(row.credential),
        row.public_key,
        row.uses,
        row.made_at,
        row.used_at,
    )
