"""A real Asterisk, the real service with its panel, and a real Chromium."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from demo.assets import get_assets
from demo.asterisk import AsteriskInstance
from demo.configuration import REPOSITORY, Account
from demo.configuration import Office as Made
from demo.ports import HOST, choose
from demo.rootfs import Root
from demo.service import ServiceProcess, autosecretary
from tests.browser.desk import FLAGS, HEIGHT, WIDTH, Desk, desk
from tests.live.conftest import EXTENSIONS, prompts, root

__all__ = ["prompts", "root"]

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"

OpenDesk = Callable[..., Awaitable[Desk]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    if shutil.which(CHROMIUM) is None:
        reason = "Chromium is not installed: `make test` gets it"
        if os.environ.get("AUTOSECRETARY_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    return CHROMIUM


@pytest.fixture(scope="session")
def asterisk(
    root: Root, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    directory = tmp_path_factory.mktemp("asterisk-of-panel")
    made = Made(tuple(map(Account, EXTENSIONS)))
    instance = AsteriskInstance(directory, choose(directory / "ports.json"), root, prompts, made)
    try:
        instance.start()
        instance.wait_ready()
        yield instance
    finally:
        instance.stop()


@pytest.fixture(scope="module")
def service(
    asterisk: AsteriskInstance, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
    """The service with the demo office in a database of its own."""
    yield from _service(asterisk, tmp_path_factory.mktemp("panel"), seeded=True)


@pytest.fixture
def empty_service(
    asterisk: AsteriskInstance, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServiceProcess]:
    """The service with nobody in its database yet."""
    yield from _service(asterisk, tmp_path_factory.mktemp("empty"), seeded=False)


def _service(asterisk: AsteriskInstance, folder: Path, *, seeded: bool) -> Iterator[ServiceProcess]:
    get_assets()
    environment = {
        **asterisk.service_environment(),
        "AUTOSECRETARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/panel.sqlite3",
        "AUTOSECRETARY_KEY_FILE": str(folder / "key"),
    }
    autosecretary(environment, "migrate")
    if seeded:
        seed = [sys.executable, "-m", "demo.seed"]
        subprocess.run(seed, check=True, env={**os.environ, **environment}, cwd=REPOSITORY)
    process = ServiceProcess(environment, folder / "service.log")
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.stop()


def url_of(service: ServiceProcess) -> str:
    """The panel's address."""
    return f"http://{HOST}:{service.environment['AUTOSECRETARY_PANEL_PORT']}"


@pytest_asyncio.fixture
async def chromium(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def open_desk(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[OpenDesk]:
    """Gives out desks: each call is another computer (`language`, `dark` as its system says)."""
    async with AsyncExitStack() as contexts:

        async def opened(
            url: str | None = None, *, language: str = "en", dark: bool = False, **more: object
        ) -> Desk:
            context = await chromium.new_context(
                locale="ru-RU" if language == "ru" else "en-GB",
                color_scheme="dark" if dark else "light",
                viewport={"width": WIDTH, "height": HEIGHT},
                **more,  # type: ignore[arg-type]
            )
            contexts.push_async_callback(context.close)
            return await desk(context, url or url_of(request.getfixturevalue("service")))

        yield opened
