"""The mail room of a process: sends the outbox, writes of missed calls and broken rules."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.broken import BrokenRules
from ari_app.current import CurrentDirectory
from ari_app.domain.directory import Directory
from ari_app.mailing import Mailing
from ari_app.missed import MissedCalls
from ari_app.post import Post, PostSettings
from ari_app.settings import Settings
from ari_app.vault import KeyUnfitError, open_vault

log = structlog.get_logger()

_HOST = "autosecretary"


async def run_mail(
    settings: Settings,
    sessions: async_sessionmaker[AsyncSession],
    current: CurrentDirectory,
    now: Callable[[], datetime],
) -> None:
    """Run for ever. Without a key that fits, letters wait and calls go on."""
    try:
        vault = open_vault(settings.key_file, settings.key.get_secret_value())
    except (KeyUnfitError, OSError) as error:
        log.error("mail.no_key", reason=str(error), todo="see README, Keys")  # noqa: TRY400
        return
    mailing = Mailing(sessions, vault, allows_private=settings.mail_private_hosts)
    host = urlsplit(settings.panel_url).hostname or _HOST
    post = Post(
        sessions,
        vault,
        mailing.server,
        now,
        PostSettings(host, falls_back=settings.mail_falls_back),
    )

    def directory() -> Directory:
        return current.directory

    missed = MissedCalls(sessions, directory, now, settings.panel_url)
    broken = BrokenRules(sessions, directory, now, settings.panel_url)
    current.on_change.append(broken.note)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(post.run())
        tasks.create_task(missed.run())
        tasks.create_task(broken.run())
