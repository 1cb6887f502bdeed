"""Fills the database of the demo office; a second run changes nothing."""

import asyncio

from ari_app.settings import Settings
from ari_app.store.database import opened
from demo.office import seed


async def main() -> None:
    async with opened(Settings().database_url) as sessions, sessions.begin() as session:
        await seed(session)


if __name__ == "__main__":
    asyncio.run(main())
