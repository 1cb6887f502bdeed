"""How long a status takes: from the click to other open pages, and to the calls' directory.

Run it with ``python -m tests.bench.status``; the panel runs as a process of its own.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from bs4 import BeautifulSoup

from ari_app.domain.numbers import EmployeeId
from ari_app.store import devices
from ari_app.store.database import opened
from ari_app.store.devices import Place
from ari_app.store.upgrade import migrate
from demo.configuration import REPOSITORY
from demo.office import seed
from demo.ports import HOST, free_port
from web.access import SESSION

_CLICKS = 60
_STATUSES = ("break", "online")


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from the click, of every click: to the event on another page, to the answer.

    The answer comes when the directory that decides calls has the status.
    """

    pages: list[float]
    calls: list[float]


async def measure(url: str, token: str, watcher: str) -> Delays:
    """Click, and see when others hear of it."""
    pages: list[float] = []
    calls: list[float] = []
    heard: asyncio.Queue[float] = asyncio.Queue()
    async with _browser(url, token) as clicking, _browser(url, watcher) as watching:
        csrf = await _form_token(clicking)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(_listen(watching, heard))
            await asyncio.sleep(0.5)
            for count in range(_CLICKS):
                while not heard.empty():
                    heard.get_nowait()
                clicked = time.perf_counter()
                typed = {"csrf": csrf, "status": _STATUSES[count % 2]}
                async with clicking.post("/status", data=typed, allow_redirects=False) as answer:
                    answer.raise_for_status()
                calls.append(1000 * (time.perf_counter() - clicked))
                pages.append(1000 * (await heard.get() - clicked))
                await asyncio.sleep(0.05 + 0.007 * (count % 11))
            listening.cancel()
    return Delays(pages, calls)


async def _listen(client: aiohttp.ClientSession, heard: asyncio.Queue[float]) -> None:
    async with client.get("/live", timeout=aiohttp.ClientTimeout(None)) as answer:
        async for line in answer.content:
            if line.startswith(b"data: [") and b"status" in line:
                heard.put_nowait(time.perf_counter())


def _browser(url: str, token: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        url, cookies={SESSION: token}, cookie_jar=aiohttp.CookieJar(unsafe=True)
    )


async def _form_token(client: aiohttp.ClientSession) -> str:
    async with client.get("/status") as answer:
        found = BeautifulSoup(await answer.text(), "html.parser").select_one('meta[name="csrf"]')
    return str(found["content"]) if found else ""


@asynccontextmanager
async def _panel(folder: Path) -> AsyncIterator[tuple[str, str, str]]:
    """A panel on the demo office; its address, and the tokens of two people."""
    database, port = f"sqlite+aiosqlite:///{folder}/bench.sqlite3", free_port()
    await asyncio.to_thread(_migrated, database)
    now = datetime.now(UTC)
    async with opened(database) as sessions, sessions.begin() as session:
        await seed(session)
        tokens = [
            await devices.begin(session, EmployeeId(number), now, Place(HOST, "bench"))
            for number in (1, 2)
        ]
    environment = {
        **os.environ,
        "AUTOSECRETARY_DATABASE_URL": database,
        "AUTOSECRETARY_KEY_FILE": str(folder / "key"),
        "AUTOSECRETARY_PANEL_PORT": str(port),
    }
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ari_app", "panel"),
            env=environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )
    try:
        await _answering(f"http://{HOST}:{port}")
        yield f"http://{HOST}:{port}", tokens[0], tokens[1]
    finally:
        process.terminate()
        await process.wait()


def _migrated(database: str) -> None:
    asyncio.run(migrate(database))


async def _answering(url: str) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(f"{url}/login"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


def told(name: str, delays: list[float]) -> str:
    """The median and the slowest of twenty, in milliseconds."""
    slow = statistics.quantiles(delays, n=20)[-1]
    return f"{name}: median {statistics.median(delays):.0f} ms, p95 {slow:.0f} ms"


async def main() -> None:
    with TemporaryDirectory(prefix="bench-status-") as folder:
        async with _panel(Path(folder)) as (url, token, watcher):
            found = await measure(url, token, watcher)
    lines = {"other pages": found.pages, "calls": found.calls}
    print(*(told(name, delays) for name, delays in lines.items()), sep="\n")  # noqa: T201
    medians = {name: round(statistics.median(delays), 1) for name, delays in lines.items()}
    print(json.dumps({"status_ms": medians}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
