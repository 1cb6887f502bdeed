"""The demo office in a service of this folder's own: its rules and greetings are changed here."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.asterisk import AsteriskInstance
from demo.baresip import silence
from tests.live.phones import Phones
from tests.live.service.conftest import asterisk, office, service

__all__ = ["asterisk", "office", "phones", "service"]


@pytest_asyncio.fixture
async def phones(
    asterisk: AsteriskInstance,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Phones]:
    """Phones that keep quiet, in a folder with a short name: baresip cuts long ones off."""
    folder = tmp_path_factory.mktemp("quiet")
    given = Phones(asterisk, folder, silence(folder))
    try:
        yield given
    finally:
        await given.close()
