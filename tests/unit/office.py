"""The demo office in a database of the tests, and its people by their extensions."""

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.directory import Directory, Employee
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.store.directory import load
from demo.office import seed

Sessions = async_sessionmaker[AsyncSession]


async def seeded(sessions: Sessions) -> Directory:
    """The demo office, freshly stored and loaded."""
    async with sessions.begin() as session:
        await seed(session)
    return await loaded(sessions)


async def loaded(sessions: Sessions) -> Directory:
    async with sessions() as session:
        return await load(session)


def person(office: Directory, extension: int) -> Employee:
    return office.employees[office.extensions[Extension(str(extension))]]


def who(office: Directory, extension: int) -> EmployeeId:
    return person(office, extension).id
