"""One private Asterisk and one service for the whole live suite, and phones for each test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.asterisk import AsteriskInstance
from demo.configuration import Account, Office
from demo.ports import choose
from demo.prompts import get_prompts
from demo.rootfs import Root, get_root, where
from demo.service import ServiceProcess, autosecretary
from tests.live.phones import Phones

EXTENSIONS = [str(number) for number in range(101, 109)]
HERE = Path(__file__).parent

TEST_DIAL_PLAN = """
; Calls between two phones with nothing of the product in between.
[test-plain]
exten => _1XX,1,Dial(PJSIP/${EXTEN},20)
exten => 192,hint,PJSIP/192
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def root() -> Root:
    if not where().is_dir() and os.environ.get("AUTOSECRETARY_REQUIRE_ALL") != "1":
        pytest.skip("no Asterisk here yet: `make test` gets one")
    return get_root()


@pytest.fixture(scope="session")
def prompts(root: Root) -> Path:
    """The folder of sounds with a folder for each language."""
    return get_prompts(root)


@pytest.fixture(scope="session")
def asterisk(
    root: Root, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    directory = tmp_path_factory.mktemp("asterisk")
    plain = tuple(
        Account(extension, context="test-plain", lamps="test-plain") for extension in ("191", "192")
    )
    office = Office((*map(Account, EXTENSIONS), *plain), TEST_DIAL_PLAN)
    instance = AsteriskInstance(directory, choose(directory / "ports.json"), root, prompts, office)
    try:
        instance.start()
        instance.wait_ready()
        yield instance
    finally:
        instance.stop()


@pytest.fixture(scope="session")
def service(asterisk: AsteriskInstance) -> Iterator[ServiceProcess]:
    """The service with an empty database; its settings are `service.environment`."""
    environment = asterisk.service_environment()
    autosecretary(environment, "migrate")
    process = ServiceProcess(environment, asterisk.directory / "log/service")
    try:
        process.start()
        process.wait_ready()
        yield process
    finally:
        process.stop()


@pytest_asyncio.fixture
async def phones(
    asterisk: AsteriskInstance, prompts: Path, tmp_path: Path
) -> AsyncIterator[Phones]:
    """Gives out phones, see `Phones`; all of them are ended after the test."""
    given = Phones(asterisk, tmp_path / "phones", prompts / "en/autosecretary/away.wav")
    try:
        yield given
    finally:
        await given.close()
