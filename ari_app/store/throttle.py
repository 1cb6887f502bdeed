"""Logins that failed lately: who tries to guess has to wait, and nobody else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.devices import hash_of
from ari_app.store.panel_rows import LoginFailureRow

_FORGOTTEN = timedelta(hours=1)
_LONGEST = 900.0
_FIRST = 30.0
_CODE = "code:"
_AFTER_CODES = 300.0
_FREE_TOGETHER = 5
"""Failures of one login from one address before it has to wait."""
_FREE_ASKING = 20
"""Letters asked for from one address before it has to wait."""
_FREE_BY_ADDRESS = 50
"""Failures from one address, of whatever logins: an office behind one router."""


def keys_of(login: str, address: str) -> Mapping[str, int]:
    """What a try counts for, and how many failures are free.

    The `login` is as `accounts.login_typed` writes it, known or not; it is kept as a hash.
    """
    network = network_of(address)
    together = hash_of(f"{login}\n{network}")
    return {f"together:{together}": _FREE_TOGETHER, f"address:{network}": _FREE_BY_ADDRESS}


def keys_on(device: str, employee: EmployeeId) -> Mapping[str, int]:
    """The same where this very person has logged in before: nobody else can lock it for them."""
    return {f"device:{employee}:{hash_of(device)}": _FREE_TOGETHER}


def keys_of_code(employee: EmployeeId) -> Mapping[str, int]:
    """The same for codes of the second factor, which only who knows the password can try."""
    return {f"{_CODE}{employee}": _FREE_TOGETHER}


def keys_of_own(employee: EmployeeId) -> Mapping[str, int]:
    """The same for the own password, asked for once more by somebody who is logged in."""
    return {f"own:{employee}": _FREE_TOGETHER}


def keys_of_address(address: str) -> Mapping[str, int]:
    """The same for a login that names nobody before it has succeeded: a passkey."""
    return {f"address:{network_of(address)}": _FREE_BY_ADDRESS}


def keys_of_asking(address: str) -> Mapping[str, int]:
    """The same for letters with a new password."""
    return {f"forgotten:{network_of(address)}": _FREE_ASKING}


def network_of(address: str) -> str:
    """Who shares an address: of IPv6 the /64 that one household or computer has (RFC 6177)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))


async def count(session: AsyncSession, keys: Mapping[str, int], now: datetime) -> float:
    """Count a try as failed before it is looked at, unless it has to wait: for how many seconds.

    Many tries at once do not get round it, and tries while waiting do not prolong it.
    """
    await take_turn(session)
    await session.execute(
        delete(LoginFailureRow).where(LoginFailureRow.last_at <= now - _FORGOTTEN)
    )
    query = select(LoginFailureRow).where(LoginFailureRow.key.in_(keys))
    known = {row.key: row for row in await session.scalars(query)}
    wait = max((_wait(row, keys[key], now) for key, row in known.items()), default=0.0)
    if wait > 0:
        return wait
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    for key in keys:
        await session.execute(
            insert(LoginFailureRow)
            .values(key=key, failures=1, last_at=now)
            .on_conflict_do_update(
                index_elements=[LoginFailureRow.key],
                set_={"failures": LoginFailureRow.failures + 1, "last_at": now},
            )
        )
    return 0.0


async def succeeded(session: AsyncSession, keys: Mapping[str, int]) -> None:
    """The right password: this person here begins anew, the address has one try less."""
    rows = await session.scalars(select(LoginFailureRow).where(LoginFailureRow.key.in_(keys)))
    for row in rows:
        if row.key.startswith("address:"):
            row.failures = max(row.failures - 1, 0)
        else:
            await session.delete(row)
    await session.flush()


def _wait(row: LoginFailureRow, free: int, now: datetime) -> float:
    if row.failures < free:
        return 0.0
    seconds: float = min(_FIRST * 2 ** min(row.failures - free, 10), _LONGEST)
    if row.key.startswith(_CODE):
        seconds = _AFTER_CODES
    return max(seconds - (now - row.last_at).total_seconds(), 0.0)
