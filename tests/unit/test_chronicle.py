"""Writing many lines at once gives the history that one line at a time would give."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.asterisk.steps import WrittenStep
from ari_app.domain.calls import Ending, Outcome
from ari_app.store.book import AllGone, Began, Ended, Entry, Finished, Took
from ari_app.store.chronicle import write
from ari_app.store.past import NewCall
from ari_app.store.rows import CallRow, CallStepRow
from tests.unit.people import MONDAY_NOON

_CHANNELS = ("c1", "c2", "c3")
_LINKS = ("c1", "c2")


def _story(seed: int) -> list[Entry]:
    """Lines as a journal could have them, and as it should not: doubled, late, of nobody."""
    chance = random.Random(seed)
    entries: list[Entry] = []
    for second in range(40):
        at = MONDAY_NOON + timedelta(seconds=second - chance.choice((0, 0, 0, 2)))
        channel = chance.choice(_CHANNELS)
        key = chance.choice(("101p", "101r", "102p"))
        entries.append(
            chance.choice(
                (
                    Began(_call(channel, chance.choice(_LINKS), second)),
                    Took(channel, at, _step(key), by_mirror=chance.random() < 0.3),
                    Finished(channel, at, key, chance.choice(list(Outcome))),
                    Ended(channel, at, chance.choice(list(Ending)), second),
                    AllGone(chance.choice((*_LINKS, "unknown")), at),
                )
            )
        )
        if chance.random() < 0.2:
            entries.append(chance.choice(entries))
    return entries


def _call(channel: str, link: str, second: int) -> NewCall:
    at = MONDAY_NOON + timedelta(seconds=second)
    return NewCall(channel, link, at, "+79165550123", "Имя\0", False, "101", None)


def _step(key: str) -> WrittenStep:
    return WrittenStep("ring", key, 20, ("101",), "", "", "", ())


async def _history(
    sessions: async_sessionmaker[AsyncSession], entries: list[Entry], cuts: list[int]
) -> list[tuple[object, ...]]:
    async with sessions.begin() as session:
        await session.execute(delete(CallStepRow))
        await session.execute(delete(CallRow))
    for first, last in zip([0, *cuts], [*cuts, len(entries)], strict=True):
        async with sessions.begin() as session:
            await write(session, entries[first:last])
    async with sessions() as session:
        calls = await session.execute(
            select(CallRow).order_by(CallRow.channel_id, CallRow.began_at)
        )
        told: list[tuple[object, ...]] = []
        for (call,) in calls.all():
            steps = select(CallStepRow).where(CallStepRow.call_id == call.id)
            ordered = await session.scalars(steps.order_by(CallStepRow.id))
            told.append((call.channel_id, call.began_at, call.ending, call.ended_at))
            told += [(s.key, s.at, s.outcome, s.finished_at, s.by_mirror) for s in ordered]
    return told


@pytest.mark.parametrize("seed", range(12))
async def test_many_lines_at_once_are_written_like_one_after_another(
    seed: int, sessions: async_sessionmaker[AsyncSession]
) -> None:
    entries = _story(seed)
    one_by_one = await _history(sessions, entries, list(range(1, len(entries))))
    chance = random.Random(seed)
    cuts = sorted(chance.sample(range(1, len(entries)), 3))
    assert await _history(sessions, entries, cuts) == one_by_one
    assert await _history(sessions, entries, []) == one_by_one
