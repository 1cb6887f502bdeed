"""“Something was stored”: noted with every write, followed by whoever keeps a snapshot."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

import structlog
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.alarms import CHANNEL, alarm
from ari_app.store.rows import ChangeRow

log = structlog.get_logger()

_AGAIN = 0.2
_KEPT = timedelta(days=1)
_MANY = 1000
_LOCK = 7_340_217_402


class ChangeKind(Enum):
    """What was stored."""

    EMPLOYEE = "employee"
    STATUS = "status"
    RULES = "rules"
    OWN_STATUS = "own_status"
    DEPARTMENT = "department"
    TRUNK = "trunk"
    OFFICE = "office"
    GREETINGS = "greetings"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Changed:
    """Whose card, status or rules were stored anew, up to the change number `position`.

    `everything` says that it concerns everybody: load the directory whole. `kinds` say what was
    stored, and are empty where that is not known.
    """

    employee_ids: frozenset[EmployeeId]
    everything: bool
    position: int
    kinds: frozenset[ChangeKind] = field(default=frozenset(), compare=False)


async def take_turn(session: AsyncSession) -> None:
    """Let writers come one after another; call it before reading what a write will rest on.

    Change numbers are then committed in their order, so that a follower misses none, and what
    was read (that an extension is free, that no circle of rules is closed) stays true.
    On SQLite a session that was begun to write (`Sessions.begin`) has its turn already.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


async def announce(
    session: AsyncSession, kind: ChangeKind, employees: Collection[EmployeeId] | None = None
) -> None:
    """Note what this transaction stores; followers see it when it is committed.

    None for `employees` concerns everybody.
    """
    await take_turn(session)
    at = datetime.now(UTC)
    whose = [None] if employees is None or len(employees) > _MANY else list(employees)
    rows = [{"kind": kind.value, "employee_id": employee, "at": at} for employee in whose]
    if rows:
        await session.execute(insert(ChangeRow), rows)
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"NOTIFY {CHANNEL}"))
    newest = select(func.max(ChangeRow.id)).scalar_subquery()
    await session.execute(
        delete(ChangeRow).where(ChangeRow.at < at - _KEPT, ChangeRow.id < newest),
        execution_options={"synchronize_session": False},
    )


async def position(session: AsyncSession) -> int:
    """The number of the newest change; read it before loading what is to be kept up to date."""
    return await session.scalar(select(func.max(ChangeRow.id))) or 0


async def follow(engine: AsyncEngine, position: int) -> AsyncIterator[Changed]:
    """What was stored after `position`, by any process, as it is committed, for ever.

    A database that is locked or away is waited for, and nothing is missed.
    """
    while True:
        try:
            async with engine.connect() as plain:
                connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
                async with alarm(connection) as rung:
                    while True:
                        changed = await _newer(connection, position)
                        if changed is not None:
                            position = changed.position
                            yield changed
                        await rung()
        except (DBAPIError, OSError) as error:
            log.warning("changes.waits", reason=type(error).__name__, detail=str(error)[:200])
            await asyncio.sleep(_AGAIN)


async def _newer(connection: AsyncConnection, position: int) -> Changed | None:
    ends = select(func.min(ChangeRow.id), func.max(ChangeRow.id))
    oldest, newest = (await connection.execute(ends)).one()
    if newest is None or newest == position:
        return None
    # Pruned while nobody followed, or another database was put in place: what is missing is
    # not known, so everything counts as changed.
    if oldest > position + 1 or newest < position:
        return Changed(frozenset(), everything=True, position=newest)
    query = select(ChangeRow.employee_id, ChangeRow.kind).where(
        ChangeRow.id > position, ChangeRow.id <= newest
    )
    found = (await connection.execute(query.distinct())).all()
    whose = {row.employee_id for row in found}
    employees = frozenset(EmployeeId(employee) for employee in whose if employee is not None)
    kinds = frozenset(ChangeKind(row.kind) for row in found)
    return Changed(employees, None in whose, newest, kinds)
