"""What callers say after the tone: in the mailbox, in the panel, on the lamp, by phone; once."""

import io
import sys
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import aiohttp
import av
import numpy as np
import pytest
import pytest_asyncio
from bs4 import BeautifulSoup

from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.store import devices, message_list, messages, outbox
from ari_app.store.changes import take_turn
from ari_app.store.database import opened
from ari_app.store.devices import Place
from ari_app.store.letters import LetterKind
from ari_app.store.message_list import Message
from ari_app.store.outbox import LetterState
from demo.configuration import REPOSITORY
from demo.office import PIN, use_mail_server
from demo.processes import end, follow
from tests.live.phones import Phone, Phones, until
from tests.live.service.office import Office
from tests.live.sound import Samples, likeness, samples

CALLER = "+79165550100"
VERA = "103"
"""Is not to be disturbed; her deputy's phone is off, so callers come to her mailbox."""


@dataclass
class Mailroom:
    """The office with the demo's mail server, and Vera's mailbox empty."""

    office: Office
    folder: Path
    vera: EmployeeId

    def letters(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"), key=lambda file: int(file.stem))
        found = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [one for one in found if "vera@" in str(one["To"])]

    @contextmanager
    def mail_server(self) -> Iterator[None]:
        ports = self.office.asterisk.ports
        words = [sys.executable, "-m", "demo.mailbox", str(self.folder)]
        words += ["--smtp", str(ports.mail), "--http", str(ports.mailbox)]
        with (self.folder.parent / "log").open("ab") as log:
            process = follow(words, output=log, directory=REPOSITORY)
        try:
            yield
        finally:
            end(process)

    async def messages(self) -> list[Message]:
        async with opened(self.office.database) as sessions, sessions() as session:
            return await message_list.newest_first(session, self.vera)

    async def until_messages(self, count: int) -> list[Message]:
        found: list[Message] = []
        deadline = datetime.now(UTC).timestamp() + 30
        while len(found := await self.messages()) < count:
            assert datetime.now(UTC).timestamp() < deadline, found
        return found

    async def letter_states(self) -> list[LetterState]:
        async with opened(self.office.database) as sessions, sessions() as session:
            letters = await outbox.outgoing(session, None)
        # A service that starts writes about older calls too, of which other tests made some.
        mine = (one for one in letters if one.employee == self.vera)
        return [one.state for one in mine if one.kind == LetterKind.VOICEMAIL.value]

    def files(self) -> list[Path]:
        folder = Path(self.office.service.environment["AUTOSECRETARY_MESSAGES"])
        return list(folder.rglob("*.wav"))


@pytest_asyncio.fixture
async def room(office: Office, tmp_path: Path) -> AsyncIterator[Mailroom]:
    directory = await office.directory()
    vera = directory.extensions[Extension(VERA)]
    async with opened(office.database) as sessions, sessions.begin() as session:
        await take_turn(session)
        await use_mail_server(session, office.asterisk.ports.mail)
        for one in await message_list.newest_first(session, vera):
            await messages.remove(session, vera, one.id, office.began)
        for letter in await outbox.outgoing(session, None):
            await outbox.remove(session, letter.id)
    folder = tmp_path / "mail/letters"
    folder.mkdir(parents=True)
    yield Mailroom(office, folder, vera)


@pytest.fixture(scope="session")
def speech(prompts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of the same sentence: baresip hangs up when it has nothing more to say."""
    file = tmp_path_factory.mktemp("speech") / "speech.wav"
    with wave.open(str(_sentence(prompts))) as sentence, wave.open(str(file), "wb") as sound:
        sound.setparams(sentence.getparams())
        once = sentence.readframes(sentence.getnframes())
        sound.writeframes(once * (60 * sentence.getframerate() // sentence.getnframes()))
    return file


@pytest_asyncio.fixture
async def phones(
    office: Office, speech: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Phones]:
    """Phones in a folder of a short name: baresip cuts names of recordings off."""
    given = Phones(office.asterisk, tmp_path_factory.mktemp("p"), speech)
    try:
        yield given
    finally:
        await given.close()


def _sentence(prompts: Path) -> Path:
    return prompts / "en/autosecretary/away.wav"


async def speaking(room: Mailroom, phones: Phones, speech: Path) -> Phone:
    """Somebody who is leaving Vera a message, and has spoken for some seconds."""
    caller = await phones.outside(CALLER, says=speech)
    await caller.dial(VERA)
    await until(lambda: sum(file.stat().st_size for file in room.files()) > 80_000, 40, "recording")
    return caller


def decoded(letter: EmailMessage) -> Samples:
    """The sound that is attached."""
    (file,) = letter.iter_attachments()
    assert file.get_content_type() == "audio/mpeg"
    with av.open(io.BytesIO(file.get_content()), mode="r") as container:
        resampler = av.AudioResampler("s16", "mono", 8000)
        frames = [part for one in container.decode(audio=0) for part in resampler.resample(one)]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float64)


@pytest_asyncio.fixture
async def panel(office: Office) -> AsyncIterator[aiohttp.ClientSession]:
    """Vera in the panel."""
    directory = await office.directory()
    async with opened(office.database) as sessions, sessions.begin() as session:
        place = Place("127.0.0.1", "test")
        vera = directory.extensions[Extension(VERA)]
        token = await devices.begin(session, vera, datetime.now(UTC), place)
    address = office.service.environment["AUTOSECRETARY_PANEL_URL"]
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(address, cookies={"as_session": token}, cookie_jar=jar) as one:
        yield one


async def test_a_phone_that_subscribes_to_nothing_is_told_of_messages(
    room: Mailroom, phones: Phones, speech: Path
) -> None:
    """Comes first: where a phone of hers has once subscribed, Asterisk tells the others nothing."""
    lamp = phones.register(VERA)
    await until(lambda: any(said.what == "200 OK" for said in lamp.said()), 10, "registered")
    caller = await speaking(room, phones, speech)
    caller.hang_up()
    await room.until_messages(1)
    await until(lambda: lamp.counts()[-1:] == ["1/0"], 10, f"lit: {lamp.counts()}")
    # It never logs off: whoever calls her next must not ring it.
    room.office.asterisk.cli("database deltree registrar")


async def test_a_message_comes_by_mail_into_the_panel_and_lights_the_lamp_until_it_is_heard(
    room: Mailroom,
    phones: Phones,
    panel: aiohttp.ClientSession,
    speech: Path,
    prompts: Path,
) -> None:
    lamp = phones.watch_messages(VERA)
    await until(lambda: lamp.counts()[-1:] == ["0/0"], 10, f"dark: {lamp.counts()}")
    said = samples(_sentence(prompts))
    with room.mail_server():
        caller = await speaking(room, phones, speech)
        caller.hang_up()
        (message,) = await room.until_messages(1)
        await until(lambda: lamp.counts()[-1] == "1/0", 10, f"lit: {lamp.counts()}")
        await until(room.letters, 20, "the letter")
    (letter,) = room.letters()
    assert likeness(decoded(letter), said) > 0.8
    assert CALLER in str(letter["Subject"])
    assert likeness(samples(caller.recorded()), _prompt(prompts, "leave-message")) > 0.8
    async with panel.get(f"/messages/{message.id}/audio", headers={"Range": "bytes=0-"}) as answer:
        heard = np.frombuffer((await answer.read())[44:], dtype="<i2").astype(np.float64)
    assert (answer.status, likeness(heard, said) > 0.8) == (206, True)
    async with panel.get("/messages") as answer:
        page = BeautifulSoup(await answer.text(), "html.parser")
    badge = page.select_one(".menu-count .badge")
    assert badge is not None
    assert badge.text.startswith("1")
    csrf = str(page.select('meta[name="csrf"]')[0]["content"])
    await panel.post(f"/messages/{message.id}/heard", data={"csrf": csrf}, allow_redirects=False)
    await until(lambda: lamp.counts()[-1] == "0/1", 10, f"dark again: {lamp.counts()}")
    assert room.files() == []


async def test_a_service_killed_while_somebody_speaks_has_the_message_exactly_once_afterwards(
    room: Mailroom, phones: Phones, speech: Path
) -> None:
    caller = await speaking(room, phones, speech)
    room.office.service.kill()
    caller.hang_up()
    await room.office.is_quiet()
    assert len(room.files()) == 1
    room.office.service.start()
    room.office.service.wait_ready()
    await room.until_messages(1)
    await until(lambda: room.files() == [])
    room.office.service.restart()
    assert len(await room.messages()) == 1
    assert len(await room.letter_states()) == 1


async def test_while_the_mail_server_is_down_the_letter_waits_and_comes_later(
    room: Mailroom, phones: Phones, speech: Path
) -> None:
    caller = await speaking(room, phones, speech)
    caller.hang_up()
    await room.until_messages(1)
    assert await room.letter_states() == [LetterState.WAITING]
    with room.mail_server():
        deadline = datetime.now(UTC).timestamp() + 30
        while not room.letters():
            assert datetime.now(UTC).timestamp() < deadline
            async with opened(room.office.database) as sessions, sessions.begin() as session:
                await outbox.wake(session)
    await room.office.is_quiet()
    assert len(room.letters()) == 1


async def test_messages_are_heard_and_deleted_by_phone_and_the_lamp_goes_out(
    room: Mailroom, phones: Phones, speech: Path, prompts: Path
) -> None:
    caller = await speaking(room, phones, speech)
    caller.hang_up()
    await room.until_messages(1)
    lamp = phones.watch_messages(VERA)
    await until(lambda: lamp.counts()[-1:] == ["1/0"], 10, f"lit: {lamp.counts()}")
    vera = await phones.employee(VERA)
    await vera.dial("*97")
    await vera.until("talking")
    await vera.send_dtmf(f"{PIN}#")
    said = samples(_sentence(prompts))
    await until(lambda: likeness(samples(vera.recorded()), said) > 0.8, 40, "the message")
    await vera.send_dtmf("3")
    await until(lambda: vera.ended, 30, "the end")
    heard = samples(vera.recorded())
    for sentence in ("messages-new-1", "message-deleted", "messages-end"):
        assert likeness(heard, _prompt(prompts, sentence)) > 0.8
    await until(lambda: lamp.counts()[-1] == "0/0", 10, f"dark: {lamp.counts()}")
    assert await room.messages() == []


def _prompt(prompts: Path, name: str) -> Samples:
    return samples(prompts / f"ru/autosecretary/{name}.wav")
