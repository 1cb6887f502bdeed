"""Followers learn of every write, whoever wrote it, also after the database was away."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ari_app.domain.directory import Status
from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import Changed, ChangeKind, announce, follow, position
from ari_app.store.database import open_engine, sessions_on
from ari_app.store.statuses import declare
from tests.unit.office import Sessions, seeded, who
from tests.unit.people import MONDAY_NOON

PATIENCE = 20.0
ANNA, BORIS = EmployeeId(1), EmployeeId(2)


class Follower:
    """Collects what `follow` says, in a task of its own."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Changed] = asyncio.Queue()

    async def run(self, engine: AsyncEngine, after: int) -> None:
        async for changed in follow(engine, after):
            self.heard.put_nowait(changed)

    async def next(self) -> Changed:
        async with asyncio.timeout(PATIENCE):
            return await self.heard.get()

    async def hears(self, wanted: set[EmployeeId]) -> None:
        """Wait until it has heard of all of them, in as many pieces as it likes."""
        heard: set[EmployeeId] = set()
        while not wanted <= heard:
            heard |= (await self.next()).employee_ids


@asynccontextmanager
async def following(engine: AsyncEngine, after: int = 0) -> AsyncIterator[Follower]:
    follower = Follower()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(follower.run(engine, after))
        yield follower
        task.cancel()


async def _store(sessions: Sessions, *people: EmployeeId) -> None:
    async with sessions.begin() as session:
        await announce(session, ChangeKind.STATUS, people)


async def test_a_follower_hears_what_was_stored_before_and_what_comes(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await _store(sessions, ANNA)
    async with following(engine) as follower:
        await follower.hears({ANNA})
        await _store(sessions, BORIS)
        assert await follower.next() == Changed(frozenset({BORIS}), everything=False, position=2)


async def test_a_follower_begins_after_the_position_it_knows(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await _store(sessions, ANNA)
    async with sessions() as session:
        known = await position(session)
    async with following(engine, known) as follower:
        await _store(sessions, BORIS)
        assert (await follower.next()).employee_ids == {BORIS}


async def test_what_is_rolled_back_is_not_heard(engine: AsyncEngine, sessions: Sessions) -> None:
    await _store(sessions, ANNA)
    async with following(engine, 1) as follower:
        async with sessions() as session:
            await announce(session, ChangeKind.STATUS, (ANNA,))
            await session.rollback()
        await _store(sessions, BORIS)
        assert (await follower.next()).employee_ids == {BORIS}


async def test_a_change_of_the_office_concerns_everybody(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    async with following(engine) as follower:
        async with sessions.begin() as session:
            await announce(session, ChangeKind.TRUNK)
        assert (await follower.next()).everything


async def test_nothing_is_missed_when_many_write_at_once(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    others = open_engine(database_url)
    everybody = {EmployeeId(number) for number in range(1, 61)}
    async with following(engine) as follower, asyncio.TaskGroup() as writers:
        for number in everybody:
            where = sessions if number % 2 else sessions_on(others)
            writers.create_task(_store(where, number))
        await follower.hears(everybody)
    await others.dispose()


async def test_another_process_is_heard(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions() as session:
        known = await position(session)
    program = (
        "import asyncio, sys\n"
        "from datetime import datetime, UTC\n"
        "from ari_app.domain.directory import Status\n"
        "from ari_app.store.database import opened\n"
        "from ari_app.store.statuses import declare\n"
        "async def main():\n"
        "    async with opened(sys.argv[1]) as sessions, sessions.begin() as session:\n"
        "        who = int(sys.argv[2])\n"
        "        await declare(session, who, Status.BREAK, None, datetime.now(UTC))\n"
        "asyncio.run(main())\n"
    )
    async with following(engine, known) as follower:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, database_url, str(anna)
        )
        assert await process.wait() == 0
        assert (await follower.next()).employee_ids == {anna}


async def test_a_follower_that_was_away_too_long_reads_everything(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await _store(sessions, ANNA, BORIS)
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM changes WHERE employee_id = 1"))
    async with following(engine) as follower:
        assert (await follower.next()).everything


async def test_a_follower_ahead_of_the_database_reads_everything(
    engine: AsyncEngine, sessions: Sessions
) -> None:
    await _store(sessions, ANNA)
    async with following(engine, 500) as follower:
        assert await follower.next() == Changed(frozenset(), everything=True, position=1)


async def test_old_changes_are_pruned_and_the_newest_is_kept(sessions: Sessions) -> None:
    await _store(sessions, ANNA, BORIS)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE changes SET at = '2020-01-01 00:00:00'"))
    await _store(sessions, ANNA)
    async with sessions() as session:
        assert (await session.scalars(text("SELECT id FROM changes"))).all() == [3]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_lost_connection_is_survived(engine: AsyncEngine, sessions: Sessions) -> None:
    async with following(engine) as follower:
        await _store(sessions, ANNA)
        await follower.hears({ANNA})
        async with sessions.begin() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
            await announce(session, ChangeKind.STATUS, (BORIS,))
        await follower.hears({BORIS})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_locked_database_is_waited_for(
    database_url: str, engine: AsyncEngine, sessions: Sessions
) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions() as session:
        known = await position(session)
    other = sqlite3.connect(Path(database_url.removeprefix("sqlite+aiosqlite:///")))
    other.execute("BEGIN EXCLUSIVE")
    async with following(engine, known) as follower, asyncio.TaskGroup() as tasks:
        tasks.create_task(_declare_break(sessions, anna))
        async with sessions() as session:
            assert await position(session) == known
        other.rollback()
        other.close()
        assert (await follower.next()).employee_ids == {anna}


async def _declare_break(sessions: Sessions, employee: EmployeeId) -> None:
    async with sessions.begin() as session:
        await declare(session, employee, Status.BREAK, None, MONDAY_NOON)
