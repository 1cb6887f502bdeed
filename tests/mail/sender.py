"""A process that sends an outbox until it is killed: ``python -m tests.mail.sender URL KEY``."""

import asyncio
import sys
from datetime import UTC, datetime

from ari_app.mailing import Mailing
from ari_app.post import Post, PostSettings
from ari_app.store.database import opened
from ari_app.vault import Vault


async def send(url: str, key: str) -> None:
    vault = Vault((key,))
    async with opened(url) as sessions:
        mailing = Mailing(sessions, vault, allows_private=True)
        settings = PostSettings("pbx.example")
        await Post(sessions, vault, mailing.server, lambda: datetime.now(UTC), settings).run()


if __name__ == "__main__":
    asyncio.run(send(sys.argv[1], sys.argv[2]))
