"""A thousand letters, a sender killed three times, and a real mail server that has to get all."""

import asyncio
import os
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from ari_app.mail.providers import Encryption
from ari_app.store import outbox
from ari_app.store.database import opened
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.mail_servers import MailServer, save_mail_server
from ari_app.store.outbox import PATIENCE, LetterState
from ari_app.store.panel_rows import LetterRow
from ari_app.vault import Vault
from demo.configuration import REPOSITORY
from tests.mail.certificates import Authority
from tests.mail.exim import LOGIN, PASSWORD, Exim
from tests.unit.panel import KEY

_LETTERS = 1000


async def test_a_sender_killed_three_times_loses_no_letter_and_keeps_every_message_id(
    mail_server: Exim, known: Authority, migrated_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "outbox.sqlite3"
    shutil.copy(migrated_file, file)
    url = f"sqlite+aiosqlite:///{file}"
    environment = {**os.environ, "SSL_CERT_FILE": str(known.file(tmp_path))}
    before = len(mail_server.letters())
    async with opened(url) as sessions:
        async with sessions.begin() as session:
            closed = Vault((KEY,)).close(PASSWORD)
            await save_mail_server(
                session,
                MailServer(
                    None,
                    LOGIN,
                    "localhost",
                    mail_server.starttls,
                    Encryption.STARTTLS.value,
                    LOGIN,
                    closed_secret=closed,
                ),
            )
            for number in range(_LETTERS):
                letter = Letter(LetterKind.TEST, None, f"p{number}@example.com", "ru", {})
                await queue(session, letter, datetime.now(UTC))

        async def sent() -> int:
            async with sessions() as session:
                return (await outbox.counts(session))[LetterState.SENT]

        for aim in (150, 450, 750, _LETTERS):
            command = [sys.executable, "-m", "tests.mail.sender", url, KEY]
            process = await asyncio.create_subprocess_exec(
                *command, cwd=REPOSITORY, env=environment, stdout=asyncio.subprocess.DEVNULL
            )
            try:
                async with asyncio.timeout(120):
                    while await sent() < aim:
                        assert process.returncode is None
                        await asyncio.sleep(0.05)
            finally:
                process.kill()
                await process.wait()
            # What a dead process had taken is given out again after PATIENCE: let that pass.
            async with sessions.begin() as session:
                taken = update(LetterRow).where(LetterRow.taken_at.is_not(None))
                await session.execute(
                    taken.values(taken_at=datetime.now(UTC) - PATIENCE - timedelta(seconds=1))
                )
    ids = Counter(str(one["Message-ID"]) for one in mail_server.letters()[before:])
    twice = sum(count - 1 for count in ids.values())
    assert len(ids) == _LETTERS
    # One letter per kill may have been taken over in the very moment of the kill; a receiver
    # knows it by its Message-ID.
    assert twice <= 3
