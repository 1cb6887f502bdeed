"""Calls of long ago and letters that were sent are forgotten; nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from ari_app.forgetting import forget
from ari_app.store import outbox
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.rows import CallRow
from tests.unit.panel import Office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def _left(office: Office) -> tuple[int, int]:
    async with office.sessions() as session:
        calls = await session.scalar(select(func.count()).select_from(CallRow))
        return calls or 0, len(await outbox.outgoing(session, None))


async def _fill(office: Office) -> None:
    """A call and a sent letter of 100 days ago and of yesterday, and a letter that waits."""
    async with office.sessions.begin() as session:
        for days in (100, 1):
            at = NOW - timedelta(days=days)
            session.add(
                CallRow(
                    channel_id=f"c{days}",
                    linked_id=f"c{days}",
                    began_at=at,
                    caller_number="",
                    caller_name="",
                    is_inside=False,
                    called="101",
                    ending="answered",
                    ended_at=at,
                    talked_seconds=1,
                )
            )
            number = await queue(session, Letter(LetterKind.TEST, None, "a@b.c", "ru", {}), at)
            await outbox.sent(session, number, at, "ok")
        at = NOW - timedelta(days=100)
        await queue(session, Letter(LetterKind.TEST, None, "a@b.c", "ru", {}), at)


@pytest.mark.parametrize(("days", "calls"), [(30, 1), (365, 2), (0, 2)])
async def test_calls_are_kept_as_long_as_the_settings_say(
    office: Office, days: int, calls: int
) -> None:
    await _fill(office)
    await forget(office.sessions, NOW, days)
    assert await _left(office) == (calls, 2)
