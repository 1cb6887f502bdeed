"""Fills the database of the demo office; a second run changes nothing."""

import asyncio
import os

from ari_app.settings import Settings
from ari_app.store.database import opened
from demo.office import seed, use_mail_server

MAIL_PORT = "DEMO_MAIL_PORT"
"""The variable that names the port of the demo's mail server."""


async def main() -> None:
    async with opened(Settings().database_url) as sessions, sessions.begin() as session:
        await seed(session)
        if port := os.environ.get(MAIL_PORT, ""):
            await use_mail_server(session, int(port))


if __name__ == "__main__":
    asyncio.run(main())
