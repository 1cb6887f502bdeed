"""A panel in a process of its own, on the demo office, and tokens that open it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ari_app.domain.numbers import EmployeeId
from ari_app.store import api_tokens
from ari_app.store.database import opened
from ari_app.store.upgrade import migrate
from demo.office import seed
from web.api.scopes import TokenScope

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
ADMINISTRATOR = EmployeeId(1)
_PATIENCE = 60.0


@dataclass(frozen=True)
class Running:
    """A panel that answers, and its database."""

    address: str
    database: str
    log: Path

    def token(self) -> str:
        """A new one of the administrator's, for everything."""
        return asyncio.run(self._token())

    async def _token(self) -> str:
        scopes = {scope.value for scope in TokenScope}
        async with opened(self.database) as sessions, sessions.begin() as session:
            ends = datetime.now(UTC), None
            _, secret = await api_tokens.make(session, ADMINISTRATOR, "robot", scopes, ends)
        return secret


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The panel alone, as `autosecretary panel` runs it."""
    folder = tmp_path_factory.mktemp("api")
    database = f"sqlite+aiosqlite:///{folder / 'store.sqlite3'}"
    asyncio.run(_office(database))
    port = _free_port()
    log = folder / "panel.log"
    settings = {
        "AUTOSECRETARY_DATABASE_URL": database,
        "AUTOSECRETARY_PANEL_HOST": "127.0.0.1",
        "AUTOSECRETARY_PANEL_PORT": str(port),
        "AUTOSECRETARY_KEY": KEY,
    }
    with log.open("wb") as file:
        panel = subprocess.Popen(
            [sys.executable, "-m", "ari_app", "panel"],
            env={**os.environ, **settings},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _until(lambda: _answers(address), panel, log)
        yield Running(address, database, log)
    finally:
        panel.terminate()
        panel.wait(timeout=_PATIENCE)


async def _office(database: str) -> None:
    await migrate(database)
    async with opened(database) as sessions, sessions.begin() as session:
        await seed(session)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/openapi.json", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(is_so: Callable[[], bool], panel: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        if panel.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the panel does not answer:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)
