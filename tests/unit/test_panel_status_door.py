"""A running panel hears of what is stored, by whom ever, and of statuses that end by themselves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ari_app.current import CurrentDirectory, now
from ari_app.domain.directory import Declared, Status
from ari_app.domain.numbers import EmployeeId
from ari_app.panel import PanelDoor
from ari_app.settings import Settings
from ari_app.store.database import sessions_on
from ari_app.store.people import card_of, change_employee
from ari_app.store.statuses import declare
from demo.office import seed
from demo.ports import free_port
from web.hub import Topic

ANNA = EmployeeId(1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, panel_port=free_port(), key_file=tmp_path / "key")


@asynccontextmanager
async def running(
    engine: AsyncEngine, settings: Settings
) -> AsyncIterator[tuple[PanelDoor, CurrentDirectory]]:
    async with sessions_on(engine).begin() as session:
        await seed(session)
    current = await CurrentDirectory.begin(settings, engine)
    door = PanelDoor(settings, sessions_on(engine), current, now)
    async with door.opened(), asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(current.run()), tasks.create_task(door.run())]
        yield door, current
        for task in working:
            task.cancel()


async def card_changed(session: AsyncSession) -> None:
    card = replace(await card_of(session, ANNA), position="Director")
    await change_employee(session, ANNA, card)


async def status_changed(session: AsyncSession) -> None:
    await declare(session, ANNA, Status.BREAK, None, datetime.now(UTC))


@pytest.mark.parametrize(
    ("change", "topic"), [(card_changed, Topic.PEOPLE), (status_changed, Topic.STATUS)]
)
async def test_pages_hear_of_what_was_stored(
    engine: AsyncEngine,
    settings: Settings,
    change: Callable[[AsyncSession], Awaitable[None]],
    topic: Topic,
) -> None:
    async with running(engine, settings) as (door, _):
        with door.hub.following() as follower:
            async with sessions_on(engine).begin() as session:
                await change(session)
            async with asyncio.timeout(10):
                assert await follower.next() == {topic}


async def test_pages_hear_of_a_status_that_ends_by_itself(
    engine: AsyncEngine, settings: Settings
) -> None:
    async with running(engine, settings) as (door, current):
        with door.hub.following() as follower:
            end = datetime.now(UTC) + timedelta(seconds=0.5)
            async with sessions_on(engine).begin() as session:
                await declare(session, ANNA, Status.BREAK, end, datetime.now(UTC))
            async with asyncio.timeout(10):
                assert await follower.next() == {Topic.STATUS}
                assert await follower.next() == {Topic.STATUS}
        assert datetime.now(UTC) >= end
        below = Declared(Status.ONLINE)
        expected = Declared(Status.BREAK, until=end, below=below)
        assert current.directory.employees[ANNA].declared == expected


async def test_the_panel_answers_at_its_port(engine: AsyncEngine, settings: Settings) -> None:
    async with running(engine, settings), aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{settings.panel_port}/status"
        async with client.get(url, allow_redirects=False) as answer:
            assert answer.status == 303


async def test_a_port_that_is_taken_is_an_error(engine: AsyncEngine, settings: Settings) -> None:
    async with running(engine, settings) as (_, current):
        other = PanelDoor(settings, sessions_on(engine), current, now)
        with pytest.raises(OSError, match=str(settings.panel_port)):
            async with other.opened():
                pytest.fail("two panels at one port")


async def test_port_0_switches_the_panel_off(engine: AsyncEngine, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, panel_port=0, key_file=tmp_path / "key")
    current = await CurrentDirectory.begin(settings, engine)
    async with PanelDoor(settings, sessions_on(engine), current, now).opened():
        assert not settings.key_file.exists()
