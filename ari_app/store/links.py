"""Links in letters that open a door once: to register, or to choose a new password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.devices import hash_of, new_token
from ari_app.store.panel_rows import LinkRow
from ari_app.store.rows import EmployeeRow

LASTS = timedelta(hours=24)


class Purpose(Enum):
    """What a link is for."""

    REGISTER = "register"
    RESET = "reset"


class LinkState(Enum):
    """What became of somebody's newest link."""

    NONE = "none"
    WAITING = "waiting"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Link:
    """The newest link of somebody; `at` is when it ends, was used or was revoked."""

    state: LinkState
    at: datetime | None = None


async def make(session: AsyncSession, employee: EmployeeId, purpose: Purpose, now: datetime) -> str:
    """A new link's token; those before it are worth nothing any more."""
    await revoke(session, employee, purpose, now)
    token = new_token()
    row = LinkRow(
        employee_id=employee,
        purpose=purpose.value,
        token_hash=hash_of(token),
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    await session.flush()
    return token


async def make_many(
    session: AsyncSession, employees: Sequence[EmployeeId], purpose: Purpose, now: datetime
) -> dict[EmployeeId, str]:
    """A link's token for each of several people who have none yet."""
    tokens = {employee: new_token() for employee in employees}
    rows = [
        {
            "employee_id": employee,
            "purpose": purpose.value,
            "token_hash": hash_of(token),
            "made_at": now,
            "expires_at": now + LASTS,
        }
        for employee, token in tokens.items()
    ]
    if rows:
        await session.execute(insert(LinkRow), rows)
    return tokens


async def revoke(
    session: AsyncSession, employee: EmployeeId, purpose: Purpose, now: datetime
) -> None:
    """Take back what was not used."""
    await session.execute(
        update(LinkRow)
        .where(
            LinkRow.employee_id == employee,
            LinkRow.purpose == purpose.value,
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


async def revoke_moved(session: AsyncSession, addresses: Mapping[EmployeeId, str | None]) -> None:
    """Take back what was sent to those who will have another e-mail address than they have."""
    query = select(EmployeeRow.id, EmployeeRow.email).where(EmployeeRow.id.in_(addresses))
    found = (await session.execute(query)).all()
    moved = [number for number, email in found if email != addresses[EmployeeId(number)]]
    if not moved:
        return
    await session.execute(
        update(LinkRow)
        .where(
            LinkRow.employee_id.in_(moved),
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
        )
        .values(revoked_at=datetime.now(UTC)),
        execution_options={"synchronize_session": False},
    )


async def whose(
    session: AsyncSession, token: str, purpose: Purpose, now: datetime
) -> EmployeeId | None:
    """Whose link this is, as long as it opens."""
    row = await _open(session, token, purpose, now)
    return None if row is None else EmployeeId(row.employee_id)


async def use(
    session: AsyncSession, token: str, purpose: Purpose, now: datetime
) -> EmployeeId | None:
    """Go through, once: None for a link that opens nothing any more."""
    used = await session.scalar(
        update(LinkRow)
        .where(
            LinkRow.token_hash == hash_of(token),
            LinkRow.purpose == purpose.value,
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
            LinkRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(LinkRow.employee_id)
    )
    return None if used is None else EmployeeId(used)


async def newest(
    session: AsyncSession, employee: EmployeeId, purpose: Purpose, now: datetime
) -> Link:
    """What became of the newest link."""
    row = await session.scalar(
        select(LinkRow)
        .where(LinkRow.employee_id == employee, LinkRow.purpose == purpose.value)
        .order_by(LinkRow.id.desc())
        .limit(1)
    )
    if row is None:
        return Link(LinkState.NONE)
    if row.used_at is not None:
        return Link(LinkState.USED, row.used_at)
    if row.revoked_at is not None:
        return Link(LinkState.REVOKED, row.revoked_at)
    state = LinkState.WAITING if row.expires_at > now else LinkState.EXPIRED
    return Link(state, row.expires_at)


async def _open(
    session: AsyncSession, token: str, purpose: Purpose, now: datetime
) -> LinkRow | None:
    return await session.scalar(
        select(LinkRow).where(
            LinkRow.token_hash == hash_of(token),
            LinkRow.purpose == purpose.value,
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
            LinkRow.expires_at > now,
        )
    )
