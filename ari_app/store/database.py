"""The database: opened, and its schema compared with the one that the program needs."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from ari_app.store.errors import StoreOutdatedError

_VERSIONS = Path(__file__).parent / "migrations/versions"
_BUSY_SECONDS = 5.0
_WRITES = "autosecretary_writes"


def open_engine(url: str) -> AsyncEngine:
    """An engine for SQLite (with a write-ahead log) or PostgreSQL."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True)
    engine = create_async_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


class Sessions(async_sessionmaker[AsyncSession]):
    """Sessions for one transaction each: called for reading, `begin` for what writes.

    SQLite fails a transaction at once that reads first and writes later when another one has
    written in between (SQLITE_BUSY_SNAPSHOT); one that begins as a writer waits for its turn.
    """

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:  # type: ignore[override]
        """A session whose transaction is committed at the end of the block."""
        async with self(execution_options={_WRITES: True}) as session, session.begin():
            yield session


def sessions_on(engine: AsyncEngine) -> Sessions:
    """Sessions for one transaction each."""
    return Sessions(engine, expire_on_commit=False)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Sessions on a database for a short while.

    Raises StoreOutdatedError when the database has another schema than this program.
    """
    engine = open_engine(url)
    try:
        found = await schema_version(engine)
        if found != newest_version():
            raise StoreOutdatedError(found, newest_version())
        yield sessions_on(engine)
    finally:
        await engine.dispose()


async def schema_version(engine: AsyncEngine) -> str:
    """The version that the database's schema has, "" for none."""
    async with engine.connect() as connection:
        return await connection.run_sync(_version)


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has the schema that this program needs."""
    return await schema_version(engine) == newest_version()


def newest_version() -> str:
    """The schema that this program needs."""
    return max(file.stem.split("_")[0] for file in _VERSIONS.glob("[0-9]*.py"))


def _version(connection: Connection) -> str:
    """As Alembic notes it; asked without Alembic, which a running service does not need."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Readers and the writer do not wait for each other; references are kept."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin for reads too, so that several of them see one moment; the driver does not."""
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")
