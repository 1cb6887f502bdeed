"""The code of messages: who is let in, what is said, what the keys do."""

import asyncio
import shlex
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from agi_scripts.codes import feature_code
from agi_scripts.conversation import Limits
from agi_scripts.dialled import Codes
from agi_scripts.messages import SOUNDS, Waiting, listen
from agi_scripts.server import listening
from agi_scripts.stored_messages import StoredMessages
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.settings import Settings
from ari_app.store import messages
from ari_app.store.pins import set_pin
from demo.prompts import SENTENCES
from tests.unit.left_messages import Left, leave
from tests.unit.panel import Office
from tests.unit.test_agi_codes import ANNA, ANNAS_PHONE, NOON, TRUNK, FakeOffice

CHOOSE = "message-choose"


@dataclass
class FakeMailbox:
    """Anna's messages; `pin` says whether she has one."""

    left: list[Waiting] = field(default_factory=list)
    pin: bool = False
    was_heard: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)

    async def extension_with_pin(self, employee: EmployeeId) -> Extension | None:
        return Extension("101") if self.pin else None

    async def waiting(self, employee: EmployeeId) -> Sequence[Waiting]:
        return self.left if employee == ANNA else []

    async def sound(self, message: int) -> bytes | None:
        padding = b" " * 16_000
        return None if message in self.removed else f"sound {message}".encode() + padding

    async def heard(self, employee: EmployeeId, message: int) -> None:
        assert employee == ANNA
        self.was_heard.append(message)

    async def remove(self, employee: EmployeeId, message: int) -> None:
        assert employee == ANNA
        self.removed.append(message)


@dataclass
class FakeAsterisk:
    """Presses `keys` where digits are asked for, and `during` a recording."""

    keys: list[str]
    during: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    playing_seconds: float = 0

    async def call(self, port: int, channel: str, dialled: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        header = {"request": "agi://127.0.0.1/code", "channel": channel, "extension": dialled}
        writer.write("".join(f"agi_{n}: {v}\n" for n, v in header.items()).encode() + b"\n")
        try:
            async with asyncio.timeout(10):
                while line := await reader.readline():
                    words = shlex.split(line.decode())
                    if words[0] == "STREAM" and words[2].startswith("/"):
                        await asyncio.sleep(self.playing_seconds)
                    writer.write(self._reply(words))
        finally:
            writer.transport.abort()

    def _reply(self, words: list[str]) -> bytes:
        match words:
            case ["STREAM", "FILE", sound, _] if sound.startswith("/"):
                self.heard.append(Path(f"{sound}.wav").read_text().strip())
                key = self.during.pop(0) if self.during else ""
                return f"200 result={ord(key) if key else 0}\n".encode()
            case ["STREAM", "FILE", sound, _]:
                self.heard.append(sound.removeprefix("autosecretary/"))
            case ["GET", "DATA", prompt, _, _]:
                self.heard.append(prompt.removeprefix("autosecretary/"))
                if not self.keys:
                    return b"HANGUP\n511 Command Not Permitted on a dead channel\n"
                return f"200 result={self.keys.pop(0)}\n".encode()
            case ["HANGUP"]:
                self.heard.append("HANGUP")
        return b"200 result=0\n"


async def dial(
    mailbox: FakeMailbox, folder: Path, asterisk: FakeAsterisk, dialled: str = "*97", **more: str
) -> list[str]:
    """What is heard, after Anna's phone (or another `channel`) dialled the code."""
    office = FakeOffice()
    others = {"*97": listen(office, mailbox, folder)}
    script = feature_code(office, Codes.of(Settings(_env_file=None)), others)
    limits = Limits(reply_seconds=2)
    async with listening({"code": script}, "127.0.0.1", 0, limits) as port:
        await asterisk.call(port, more.get("channel", ANNAS_PHONE), dialled)
    assert list(folder.glob("*")) == []
    return asterisk.heard


def left(number: int, *, is_new: bool = True, ago: timedelta = timedelta(0)) -> Waiting:
    return Waiting(number, NOON - ago, is_new)


async def test_an_empty_mailbox_says_so(tmp_path: Path) -> None:
    assert await dial(FakeMailbox(), tmp_path, FakeAsterisk([])) == ["messages-none"]


async def test_new_messages_are_counted_told_with_their_time_and_then_count_as_heard(
    tmp_path: Path,
) -> None:
    mailbox = FakeMailbox([left(1), left(2, ago=timedelta(hours=20, minutes=40))])
    heard = await dial(mailbox, tmp_path, FakeAsterisk(["2", "2"]))
    assert heard == [
        "messages-new-2",
        *("message-today", "message-at", "hour-12", "sound 1", CHOOSE),
        *("message-yesterday", "message-at", "hour-15", "minute-20", "sound 2", CHOOSE),
        "messages-end",
    ]
    assert mailbox.was_heard == [1, 2]


async def test_a_message_may_be_longer_than_any_answer_of_asterisk_takes(tmp_path: Path) -> None:
    asterisk = FakeAsterisk(["2"], playing_seconds=2.3)
    heard = await dial(FakeMailbox([left(1)]), tmp_path, asterisk)
    assert heard[-3:] == ["sound 1", CHOOSE, "messages-end"]


async def test_a_message_is_heard_again_and_deleted(tmp_path: Path) -> None:
    mailbox = FakeMailbox([left(1, ago=timedelta(days=3))])
    heard = await dial(mailbox, tmp_path, FakeAsterisk(["1", "3"]))
    assert heard.count("sound 1") == 2
    assert heard[-2:] == ["message-deleted", "messages-end"]
    assert heard[1] == "message-earlier"
    assert mailbox.removed == [1]


async def test_a_key_cuts_a_message_short(tmp_path: Path) -> None:
    mailbox = FakeMailbox([left(1), left(2)])
    heard = await dial(mailbox, tmp_path, FakeAsterisk(["2"], during=["3"]))
    assert heard[4:6] == ["sound 1", "message-deleted"]
    assert mailbox.removed == [1]


async def test_without_a_key_the_others_stay_new(tmp_path: Path) -> None:
    mailbox = FakeMailbox([left(1), left(2)])
    heard = await dial(mailbox, tmp_path, FakeAsterisk(["", "9"]))
    assert heard[-3:] == ["sound 1", CHOOSE, CHOOSE]
    assert mailbox.was_heard == [1]


async def test_who_hangs_up_has_heard_what_was_played(tmp_path: Path) -> None:
    mailbox = FakeMailbox([left(1), left(2)])
    await dial(mailbox, tmp_path, FakeAsterisk([]))
    assert mailbox.was_heard == [1]


@pytest.mark.parametrize(
    ("new", "said"), [(0, "messages-no-new"), (1, "messages-new-1"), (12, "messages-new-many")]
)
async def test_the_number_is_said_as_people_say_it(tmp_path: Path, new: int, said: str) -> None:
    made = [left(number, is_new=number <= new) for number in range(1, 14)]
    assert (await dial(FakeMailbox(made), tmp_path, FakeAsterisk([])))[0] == said


async def test_a_message_that_was_removed_meanwhile_is_passed_over(tmp_path: Path) -> None:
    mailbox = FakeMailbox([left(1)], removed=[1])
    heard = await dial(mailbox, tmp_path, FakeAsterisk([]))
    assert heard == ["messages-new-1", "messages-end"]


@pytest.mark.parametrize(("keys", "is_in"), [(["1111"], True), (["9", "9", "9"], False)])
async def test_the_own_phone_is_asked_for_the_pin_of_who_has_one(
    tmp_path: Path, keys: list[str], is_in: bool
) -> None:
    heard = await dial(FakeMailbox(pin=True), tmp_path, FakeAsterisk(keys))
    assert heard[0] == "enter-pin"
    assert (heard[-1] == "messages-none", heard[-1] == "HANGUP") == (is_in, not is_in)


@pytest.mark.parametrize("dialled", ["*97", "*97*101"])
async def test_from_elsewhere_extension_and_pin_let_in(tmp_path: Path, dialled: str) -> None:
    keys = ["1111"] if dialled == "*97*101" else ["101", "1111"]
    heard = await dial(FakeMailbox(), tmp_path, FakeAsterisk(keys), dialled, channel=TRUNK)
    assert heard[-2:] == ["enter-pin", "messages-none"]


async def test_who_has_no_pin_is_not_heard_from_elsewhere(tmp_path: Path) -> None:
    heard = await dial(
        FakeMailbox([left(1)]), tmp_path, FakeAsterisk(["101", ""] * 3), channel=TRUNK
    )
    assert heard[-1] == "HANGUP"


@pytest.mark.parametrize("dialled", ["*97#1200", "*97*1", "*975"])
async def test_what_is_not_understood_lets_nobody_in(tmp_path: Path, dialled: str) -> None:
    assert await dial(FakeMailbox([left(1)]), tmp_path, FakeAsterisk([]), dialled) == [
        "not-understood"
    ]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_everything_said_is_a_sentence(language: str) -> None:
    sentences = tomllib.loads(SENTENCES.read_text())[language]["sentences"]
    assert {sound.removeprefix("autosecretary/") for sound in SOUNDS} <= sentences.keys()


async def test_the_store_gives_new_ones_first_and_takes_what_was_done(office: Office) -> None:
    made = [await leave(office, Left(103, ago=timedelta(minutes=9 - i))) for i in range(3)]
    vera = office.who(103)
    stored = StoredMessages(office.sessions, office.now)
    await stored.heard(vera, made[0])
    assert [one.id for one in await stored.waiting(vera)] == [made[1], made[2], made[0]]
    await stored.remove(vera, made[1])
    async with office.sessions.begin() as session:
        assert await messages.counts(session) == {vera: (1, 1)}
        await set_pin(session, vera, "2580")
    assert await stored.extension_with_pin(vera) == "103"
    assert (await stored.sound(made[2]) or b"")[:4] == b"RIFF"
