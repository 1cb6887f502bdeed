"""An Asterisk of this folder's own, the rig next to it, and people to call."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from demo.asterisk import AsteriskInstance
from demo.configuration import Account, Office
from demo.ports import choose
from demo.rootfs import Root
from tests.live.conftest import EXTENSIONS
from tests.live.rig import Rig, running
from tests.unit.people import directory, employee

ENGLISH = "109"


@pytest.fixture(scope="session")
def asterisk(
    root: Root, prompts: "object", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    place = tmp_path_factory.mktemp("asterisk-of-calls")
    office = Office((*map(Account, EXTENSIONS), Account(ENGLISH, language="en")))
    instance = AsteriskInstance(place, choose(place / "ports.json"), root, prompts, office)
    try:
        instance.start()
        instance.wait_ready()
        yield instance
    finally:
        instance.stop()


@pytest_asyncio.fixture
async def rig(asterisk: AsteriskInstance) -> AsyncIterator[Rig]:
    """Eight people who are online, until a test says otherwise; afterwards nothing is left."""
    everybody = directory(*(employee(int(extension)) for extension in EXTENSIONS))
    async with running(asterisk, everybody) as rig:
        yield rig
        await rig.is_quiet()
