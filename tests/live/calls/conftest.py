"""An Asterisk of this folder's own, the rig next to it, and people to call."""

import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from demo.asterisk import AsteriskInstance
from demo.configuration import Account, Office
from demo.ports import choose
from demo.rootfs import Root
from tests.live.conftest import EXTENSIONS
from tests.live.phones import Phones
from tests.live.rig import Rig, running
from tests.unit.people import LANDLINE, MOBILE, directory, employee

ENGLISH = "109"
MOBILES = (MOBILE.e164.removeprefix("+"), LANDLINE.e164.removeprefix("+"))
"""Accounts by which a number outside has a phone of its own, see `straight_to_mobiles`."""


@pytest.fixture(scope="session")
def asterisk(
    root: Root, prompts: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsteriskInstance]:
    place = tmp_path_factory.mktemp("asterisk-of-calls")
    accounts = map(Account, (*EXTENSIONS, *MOBILES))
    office = Office((*accounts, Account(ENGLISH, language="en")))
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


@pytest.fixture(scope="session")
def speech(prompts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of speech: baresip hangs up when it has nothing more to say."""
    file = tmp_path_factory.mktemp("speech") / "speech.wav"
    with (
        wave.open(str(prompts / "en/autosecretary/away.wav")) as sentence,
        wave.open(str(file), "wb") as sound,
    ):
        sound.setparams(sentence.getparams())
        once = sentence.readframes(sentence.getnframes())
        sound.writeframes(once * (60 * sentence.getframerate() // sentence.getnframes()))
    return file


@pytest_asyncio.fixture
async def phones(
    asterisk: AsteriskInstance, speech: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Phones]:
    """Gives out phones that speak for a minute; all of them are ended after the test."""
    # A short path: baresip cuts names of recordings off at 128 characters.
    given = Phones(asterisk, tmp_path_factory.mktemp("p"), speech)
    try:
        yield given
    finally:
        await given.close()
