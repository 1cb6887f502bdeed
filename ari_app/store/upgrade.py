"""An old database made a new one: the schema first, then what the rows need in it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import complete
from ari_app.store.database import open_engine, sessions_on
from ari_app.store.people import card_of, searched, sorted_by
from ari_app.store.rows import EmployeeRow

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_340_217_401


async def migrate(url: str) -> None:
    """Bring a database to the newest schema; creates an SQLite file that is not there.

    Employees that an older version added get their accounts. A second run changes nothing, and
    two processes that do so at once do it one after the other.
    """
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await _take_turns(connection)
            await connection.run_sync(_upgrade)
        async with sessions_on(engine).begin() as session:
            await complete(session)
            await _make_findable(session)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _take_turns(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    else:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("BEGIN IMMEDIATE")


async def _make_findable(session: AsyncSession) -> None:
    unsorted = select(EmployeeRow).where(EmployeeRow.sort_name == "", EmployeeRow.left_at.is_(None))
    for row in await session.scalars(unsorted):
        row.search = searched(await card_of(session, EmployeeId(row.id)))
        row.sort_name = sorted_by(row.name)
