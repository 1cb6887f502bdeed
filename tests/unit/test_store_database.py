"""The schema: made by migrations, the same as the rows, and known by its version."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ari_app.store.database import (
    is_current,
    newest_version,
    open_engine,
    opened,
    schema_version,
    sessions_on,
)
from ari_app.store.errors import StoreOutdatedError
from ari_app.store.rows import Row
from ari_app.store.upgrade import migrate
from tests.unit.office import Sessions, loaded, seeded


async def test_migrations_make_the_tables_that_the_rows_describe(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Row.metadata)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_changes_nothing(database_url: str, sessions: Sessions) -> None:
    before = await seeded(sessions)
    await migrate(database_url)
    assert await loaded(sessions) == before


async def test_an_engine_knows_its_schemas_version(engine: AsyncEngine) -> None:
    assert await schema_version(engine) == newest_version()
    assert await is_current(engine)


async def test_a_database_without_a_schema_is_not_opened(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite3"
    with pytest.raises(StoreOutdatedError, match="autosecretary migrate"):
        async with opened(url):
            pytest.fail("it was opened")


async def test_a_current_database_is_opened(database_url: str) -> None:
    async with opened(database_url) as sessions, sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM employees")) == 0


async def test_sqlite_keeps_references_and_writes_ahead(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/100%.sqlite3"
    await migrate(url)
    engine = open_engine(url)
    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        with pytest.raises(DBAPIError):
            await connection.execute(
                text("INSERT INTO phones VALUES (1, 99, 0, 'nobodys', NULL, 25)")
            )
    await engine.dispose()


async def test_what_writes_to_sqlite_has_its_turn_from_the_beginning(
    migrated_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "store.sqlite3"
    shutil.copy(migrated_file, file)
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    async with sessions_on(engine).begin() as session:
        await session.execute(text("SELECT count(*) FROM office"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    async with sessions_on(engine)() as session:
        await session.execute(text("SELECT count(*) FROM office"))
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    other.close()
    await engine.dispose()
