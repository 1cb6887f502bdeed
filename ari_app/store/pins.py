"""PINs: how an employee is known who dials a feature code from somebody else's phone."""

from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId, Extension, parse_extension
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.rows import EmployeeRow, PinFailureRow

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=5)
_LONGEST = 12

# argon2id, small enough not to hold up the calls that the same process decides (5 ms). What
# protects a number of a few digits is the count of failures, not the price of one try.
_hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
_NOBODYS = (
    "$argon2id$v=19$m=8192,t=1,p=1$"
    "/MM9Un555Vtw57KSRn91Rg$37ETKrQtrq0u9Ho1mVjLYikU3AsQ59lw620vvB21h5w"
)
"""Verified where there is no PIN, so that the time taken does not tell."""


async def set_pin(session: AsyncSession, employee_id: EmployeeId, pin: str) -> None:
    """Give an employee a PIN of 4 to 12 digits; only its hash is kept.

    Raises InvalidError for another PIN, NotThereError for an employee who is not there.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= _LONGEST):
        raise InvalidError("pin", "4 to 12 digits")
    changed = await session.scalar(
        update(EmployeeRow)
        .where(EmployeeRow.id == employee_id, EmployeeRow.left_at.is_(None))
        .values(pin_hash=_hasher.hash(pin))
        .returning(EmployeeRow.extension)
    )
    if changed is None:
        raise NotThereError("employee", employee_id)
    await session.execute(delete(PinFailureRow).where(PinFailureRow.extension == changed))


async def extension_with_pin(session: AsyncSession, employee_id: EmployeeId) -> Extension | None:
    """The extension of somebody who has a PIN; None for who has none, or has left."""
    query = select(EmployeeRow.extension).where(
        EmployeeRow.id == employee_id,
        EmployeeRow.left_at.is_(None),
        EmployeeRow.pin_hash.is_not(None),
    )
    found = await session.scalar(query)
    return None if found is None else Extension(found)


async def check_pin(
    session: AsyncSession, extension: Extension, pin: str, now: datetime
) -> EmployeeId | None:
    """Whose extension this is, if `pin` is theirs; None says nothing about what is wrong.

    After MOST_FAILURES wrong ones no PIN is right for LOCKED_FOR. The failure is stored when the
    caller commits, so commit whatever comes out.
    """
    if parse_extension(extension) is None or await _failures(session, extension, now) > (
        MOST_FAILURES
    ):
        return None
    card = (
        await session.execute(
            select(EmployeeRow.id, EmployeeRow.pin_hash).where(
                EmployeeRow.extension == extension, EmployeeRow.left_at.is_(None)
            )
        )
    ).one_or_none()
    stored = card.pin_hash if card is not None else None
    is_right = _fits(stored or _NOBODYS, pin)
    if card is None or stored is None or not is_right:
        return None
    await session.execute(delete(PinFailureRow).where(PinFailureRow.extension == extension))
    return EmployeeId(card.id)


async def _failures(session: AsyncSession, extension: Extension, now: datetime) -> int:
    """Count this try as a failure before it is looked at: many at once do not get round it."""
    await session.execute(delete(PinFailureRow).where(PinFailureRow.last_at <= now - LOCKED_FOR))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    # Tries while it is locked do not lock it for longer.
    last_at = case((PinFailureRow.failures < MOST_FAILURES, now), else_=PinFailureRow.last_at)
    counted = (
        insert(PinFailureRow)
        .values(extension=extension, failures=1, last_at=now)
        .on_conflict_do_update(
            index_elements=[PinFailureRow.extension],
            set_={"failures": PinFailureRow.failures + 1, "last_at": last_at},
        )
        .returning(PinFailureRow.failures)
    )
    return await session.scalar(counted) or 0


def _fits(stored: str, pin: str) -> bool:
    try:
        return _hasher.verify(stored, pin)
    except (VerificationError, InvalidHashError):
        return False
