"""An old database made a new one: the schema first, then what the rows need in it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.accounts import complete
from ari_app.store.database import bring_up, open_engine, sessions_on
from ari_app.store.people import card_of, searched, sorted_by
from ari_app.store.rows import EmployeeRow


async def migrate(url: str) -> None:
    """Bring a database to the newest schema; creates an SQLite file that is not there.

    Employees that an older version added get their accounts. A second run changes nothing.
    """
    await bring_up(url)
    engine = open_engine(url)
    try:
        async with sessions_on(engine).begin() as session:
            await complete(session)
            await _make_findable(session)
    finally:
        await engine.dispose()


async def _make_findable(session: AsyncSession) -> None:
    unsorted = select(EmployeeRow).where(EmployeeRow.sort_name == "", EmployeeRow.left_at.is_(None))
    for row in await session.scalars(unsorted):
        row.search = searched(await card_of(session, EmployeeId(row.id)))
        row.sort_name = sorted_by(row.name)
