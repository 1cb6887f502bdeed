"""Databases (SQLite, and PostgreSQL where its server is installed), and who is in the panel."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from ari_app.store.database import open_engine, sessions_on
from ari_app.store.upgrade import migrate
from tests.unit import postgresql
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office, browsing, demo_office, office_in

_TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server whose database `migrated` has the newest schema."""
    binaries = postgresql.programs()
    if binaries is None:
        reason = "PostgreSQL's server is not installed (apt-get install postgresql)"
        if os.environ.get("AUTOSECRETARY_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgresql.server(binaries) as url:
        asyncio.run(_execute(url, f"CREATE DATABASE {_TEMPLATE}"))
        asyncio.run(migrate(f"{url}/{_TEMPLATE}"))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the newest schema and nothing in it, on each kind of server."""
    if request.param == "sqlite":
        file = tmp_path / "store.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite+aiosqlite:///{file}"
        return
    server = request.getfixturevalue("postgresql_url")
    name = f"store_{uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}"))
    yield f"{server}/{name}"
    asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return sessions_on(engine)


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server.replace("+asyncpg", "") + "/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def panel_sessions(
    migrated_file: Path, tmp_path: Path
) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """SQLite alone: what the panel does differently on PostgreSQL, the store's tests show."""
    file = tmp_path / "panel.sqlite3"
    shutil.copy(migrated_file, file)
    opened = open_engine(f"sqlite+aiosqlite:///{file}")
    yield sessions_on(opened)
    await opened.dispose()


@pytest.fixture(scope="session")
def demo_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo office, to be copied; 101 is its administrator."""
    file = tmp_path_factory.mktemp("demo") / "store.sqlite3"
    shutil.copy(migrated_file, file)

    async def fill() -> None:
        opened = open_engine(f"sqlite+aiosqlite:///{file}")
        await demo_office(sessions_on(opened))
        await opened.dispose()

    asyncio.run(fill())
    return file


@pytest.fixture
async def office(demo_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    """The demo office behind the panel; 101 is its administrator."""
    file = tmp_path / "panel.sqlite3"
    shutil.copy(demo_file, file)
    opened = open_engine(f"sqlite+aiosqlite:///{file}")
    yield await office_in(sessions_on(opened))
    await opened.dispose()


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browser]:
    """A browser in front of it, with nobody logged in."""
    async with browsing(office) as opened:
        yield opened


@pytest.fixture
async def admin(browser: Browser) -> Browser:
    """The administrator's browser."""
    await browser.log_in(101)
    return browser


@pytest.fixture
async def api_admin(browser: Browser) -> Program:
    """A program with the administrator's token."""
    program = program_of(browser)
    await program.takes_token(101)
    return program
