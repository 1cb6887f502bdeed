"""An Asterisk and a service process of this folder's own, so that both may be ended at will."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.asterisk import AsteriskInstance
from demo.baresip import silence
from demo.configuration import REPOSITORY, Account
from demo.configuration import Office as Made
from demo.ports import choose
from demo.rootfs import Root
from demo.service import ServiceProcess, autosecretary
from tests.live.conftest import EXTENSIONS
from tests.live.phones import Phones
from tests.live.service.office import Office


@pytest.fixture(scope="session")
def asterisk(
    root: Root, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    directory = tmp_path_factory.mktemp("asterisk-of-service")
    made = Made(tuple(map(Account, EXTENSIONS)))
    instance = AsteriskInstance(directory, choose(directory / "ports.json"), root, prompts, made)
    try:
        instance.start()
        instance.wait_ready()
        yield instance
    finally:
        instance.stop()


@pytest.fixture(scope="session")
def service(asterisk: AsteriskInstance) -> Iterator[ServiceProcess]:
    """The service with the demo office in its database."""
    environment = asterisk.service_environment()
    autosecretary(environment, "migrate")
    seed = [sys.executable, "-m", "demo.seed"]
    subprocess.run(seed, check=True, env={**os.environ, **environment}, cwd=REPOSITORY)
    process = ServiceProcess(environment, asterisk.directory / "log/service")
    try:
        yield process
    finally:
        process.stop()


@pytest_asyncio.fixture
async def office(asterisk: AsteriskInstance, service: ServiceProcess) -> AsyncIterator[Office]:
    """The demo office as it was seeded, everything running; afterwards nothing may be left."""
    if not asterisk.is_running:
        asterisk.start()
        asterisk.wait_ready()
    seen = Office(asterisk, service)
    await seen.as_seeded()
    if service.is_running:
        service.resume()
    else:
        service.start()
    service.wait_ready()
    await seen.is_quiet()
    yield seen
    await seen.is_quiet()


@pytest_asyncio.fixture
async def phones(
    asterisk: AsteriskInstance, prompts: Path, tmp_path: Path
) -> AsyncIterator[Phones]:
    """Phones as everywhere, but they keep quiet: baresip hangs up where its sound ends."""
    given = Phones(asterisk, tmp_path / "phones", silence(tmp_path))
    try:
        yield given
    finally:
        await given.close()
