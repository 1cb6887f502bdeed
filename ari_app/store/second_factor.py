"""The second factor: codes that change every half minute (TOTP, RFC 6238), and spare ones."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import row_of
from ari_app.store.devices import hash_of

SPARE = 8
_STEP = 30
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A secret for an authenticator."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """What the authenticator reads from the picture (otpauth://…)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Autosecretary")


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that a code belongs to, one to either side of now; None for a wrong one."""
    code = "".join(code.split())
    here = int(now.timestamp()) // _STEP
    totp = pyotp.TOTP(secret)
    return next(
        (
            step
            for step in (here, here - 1, here + 1)
            if secrets.compare_digest(totp.at(step * _STEP).encode(), code.encode())
        ),
        None,
    )


async def switch_on(
    session: AsyncSession, employee: EmployeeId, closed_secret: str, counter: int
) -> list[str]:
    """Ask for codes from now on; the spare ones are shown once. Raises NotThereError."""
    row = await row_of(session, employee)
    spare = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(SPARE)]
    row.totp, row.totp_counter = closed_secret, counter
    row.recovery_hashes = [hash_of(code) for code in spare]
    await session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in spare]


async def switch_off(session: AsyncSession, employee: EmployeeId) -> None:
    """Ask for codes no longer. Raises NotThereError."""
    row = await row_of(session, employee)
    row.totp, row.totp_counter, row.recovery_hashes = None, 0, []
    await session.flush()


async def closed_secret(session: AsyncSession, employee: EmployeeId) -> str | None:
    """The encrypted secret, None without a second factor. Raises NotThereError."""
    return (await row_of(session, employee)).totp


async def use_counter(session: AsyncSession, employee: EmployeeId, counter: int) -> bool:
    """Whether this code was not used before; now it was."""
    row = await row_of(session, employee)
    if counter <= row.totp_counter:
        return False
    row.totp_counter = counter
    await session.flush()
    return True


async def use_spare(session: AsyncSession, employee: EmployeeId, code: str) -> bool:
    """Whether this is one of the spare codes; now it is not any more."""
    row = await row_of(session, employee)
    given = hash_of(code.strip().lower().replace("-", "").replace(" ", ""))
    if given not in row.recovery_hashes:
        return False
    row.recovery_hashes = [known for known in row.recovery_hashes if known != given]
    await session.flush()
    return True
