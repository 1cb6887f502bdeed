"""Since when SIP devices have not been registered, so that rules which count on them can say so."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import Endpoint
from ari_app.store.changes import take_turn
from ari_app.store.panel_rows import SightingRow

_FINE = timedelta(hours=6)
"""What was seen so lately is not written again: days are what is asked for."""
_AT_ONCE = 500


async def note(
    session: AsyncSession,
    there: Collection[Endpoint],
    gone: Collection[Endpoint],
    now: datetime,
) -> None:
    """Devices that are registered now, and others that are not."""
    await take_turn(session)
    known = {row.endpoint: row.seen_at for row in await session.execute(_ALL)}
    new = [one for one in (*there, *gone) if one not in known]
    if new:
        rows = [{"endpoint": endpoint, "seen_at": now} for endpoint in dict.fromkeys(new)]
        await session.execute(insert(SightingRow), rows)
    stale = [one for one in there if one in known and known[one] < now - _FINE]
    for first in range(0, len(stale), _AT_ONCE):
        these = SightingRow.endpoint.in_(stale[first : first + _AT_ONCE])
        await session.execute(update(SightingRow).where(these).values(seen_at=now))


async def gone_since(
    session: AsyncSession, endpoints: Collection[Endpoint], now: datetime
) -> Mapping[Endpoint, datetime]:
    """Those of these devices that have not been registered for a day at least."""
    wanted = SightingRow.endpoint.in_(sorted(endpoints))
    is_gone = SightingRow.seen_at < now - timedelta(days=1)
    found = await session.execute(_ALL.where(wanted, is_gone))
    return {Endpoint(row.endpoint): row.seen_at for row in found}


_ALL = select(SightingRow.endpoint, SightingRow.seen_at)
