"""Recordings are taken over: each once, by whom they are for, and never lost."""

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from ari_app.asterisk.recordings import recordings, spoken, wav
from ari_app.asterisk.steps import WrittenStep
from ari_app.domain.calls import Ending
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.store import history, messages, outbox
from ari_app.store.outbox import Outgoing
from ari_app.store.past import NewCall
from ari_app.store.people import card_of, change_employee
from ari_app.store.rows import CallRow, EmployeeRow
from ari_app.store.secretary_rows import MessageRow
from ari_app.voicemail import Voicemail
from tests.unit.panel import Office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER = "+79165550199"
SAID = b"\x10\x20" * 8000 * 3


@dataclass
class Box:
    """Asterisk's folder beside the demo office, with a clock."""

    office: Office
    folder: Path
    at: datetime = NOW
    voicemail: Voicemail = field(init=False)

    def __post_init__(self) -> None:
        self.voicemail = self.fresh()

    def fresh(self) -> Voicemail:
        """The service anew."""
        address = "https://pbx.example"
        sessions = self.office.sessions
        return Voicemail(sessions, self.folder, self.directory, lambda: self.at, address)

    def directory(self) -> Directory:
        return self.office.directory

    def record(self, name: str, raw: bytes | None = None, *, ago: float = 1) -> Path:
        """What the dial plan does."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wav(SAID) if raw is None else raw)
        at = (self.at - timedelta(seconds=ago)).timestamp()
        os.utime(path, (at, at))
        return path

    async def call(
        self, channel: str, to: int, *, has_ended: bool = True, step: bool = True, **more: object
    ) -> None:
        """What the history has of a call to `to` that came to voicemail."""
        began = self.at - timedelta(seconds=40)
        whose = self.office.who(to)
        who = {"caller_number": CALLER, "caller_name": "Evil", "is_inside": False} | more
        async with self.office.sessions.begin() as session:
            new = NewCall(channel, channel, began, called=str(to), employee=whose, **who)  # type: ignore[arg-type]
            await history.begin_call(session, new)
            if step:
                taken = WrittenStep("message", f"{whose}v", 0, (), str(to), "", "x", ())
                await history.add_step(session, channel, taken, by_mirror=False, at=began)
            if has_ended:
                await history.end_call(session, channel, Ending.MESSAGE, self.at, 0)

    async def address(self, extension: int, **more: object) -> None:
        values = {"email": "vera@example.com"} | more
        async with self.office.sessions.begin() as session:
            to = update(EmployeeRow).where(EmployeeRow.id == self.office.who(extension))
            await session.execute(to.values(**values))

    async def kept(self) -> list[tuple[EmployeeId, str, int]]:
        query = select(MessageRow.employee_id, MessageRow.file, MessageRow.milliseconds)
        async with self.office.sessions() as session:
            found = await session.execute(query.order_by(MessageRow.id))
            return [(EmployeeId(row.employee_id), row.file, row.milliseconds) for row in found]

    async def letters(self) -> list[Outgoing]:
        async with self.office.sessions() as session:
            return await outbox.outgoing(session, None)


@pytest.fixture
def box(office: Office, tmp_path: Path) -> Box:
    return Box(office, tmp_path / "messages")


async def test_a_finished_recording_is_taken_over_once_and_its_file_is_gone(box: Box) -> None:
    await box.call("1.1", 103)
    file = box.record("103/1.1.wav")
    assert [await box.voicemail.take() for _ in range(3)] == [1, 0, 0]
    assert await box.kept() == [(box.office.who(103), "103/1.1.wav", 3000)]
    assert not file.exists()


async def test_a_recording_that_grows_is_left_alone_until_its_call_has_ended(box: Box) -> None:
    await box.call("1.1", 103, has_ended=False)
    file = box.record("103/1.1.wav")
    assert await box.voicemail.take() == 0
    assert file.exists()
    async with box.office.sessions.begin() as session:
        await history.end_call(session, "1.1", Ending.MESSAGE, box.at, 0)
    assert await box.voicemail.take() == 1


async def test_an_earlier_call_of_the_same_channel_does_not_end_a_recording(box: Box) -> None:
    await box.call("1.1", 103, step=False)
    box.record("103/1.1.wav")
    assert await box.voicemail.take() == 0


async def test_without_a_history_a_file_counts_as_finished_after_a_minute(box: Box) -> None:
    box.record("103/1.1.wav", ago=5)
    assert await box.voicemail.take() == 0
    box.at += timedelta(seconds=60)
    assert await box.voicemail.take() == 1
    assert [who for who, _, _ in await box.kept()] == [box.office.who(103)]


async def test_a_service_killed_before_the_file_was_deleted_stores_nothing_twice(
    box: Box,
) -> None:
    await box.address(103)
    await box.call("1.1", 103)
    box.record("103/1.1.wav")
    await box.voicemail.take()
    file = box.record("103/1.1.wav")
    assert await box.fresh().take() == 0
    assert (len(await box.kept()), len(await box.letters()), file.exists()) == (1, 1, False)


async def test_it_belongs_to_whose_mailbox_it_was_though_the_extension_has_changed_hands(
    box: Box,
) -> None:
    await box.call("1.1", 103)
    vera = box.office.who(103)
    async with box.office.sessions.begin() as session:
        card = await card_of(session, vera)
        await change_employee(session, vera, replace(card, extension=Extension("199")))
    box.record("103/1.1.wav")
    await box.voicemail.take()
    assert [who for who, _, _ in await box.kept()] == [vera]


async def test_a_message_for_nobody_stays_where_it_is(box: Box) -> None:
    file = box.record("777/1.1.wav", ago=100)
    assert [await box.voicemail.take() for _ in range(2)] == [0, 0]
    assert file.exists()


async def test_a_letter_goes_to_who_wants_one_with_the_recording_and_the_call(box: Box) -> None:
    await box.address(103)
    await box.call("1.1", 103)
    box.record("103/1.1.wav")
    await box.voicemail.take()
    (letter,) = await box.letters()
    assert (letter.kind, letter.to_address) == ("voicemail", "vera@example.com")
    assert (letter.values["caller"], letter.values["duration"]) == (CALLER, "0:03")
    async with box.office.sessions() as session:
        assert letter.recording == await session.scalar(select(MessageRow.id))


@pytest.mark.parametrize("card", [{"email": None}, {"voicemail_by_mail": False}])
async def test_who_wants_none_or_has_no_address_gets_no_letter(
    box: Box, card: dict[str, object]
) -> None:
    await box.address(103, **card)
    await box.call("1.1", 103)
    box.record("103/1.1.wav")
    assert await box.voicemail.take() == 1
    assert await box.letters() == []


async def test_a_colleague_is_called_by_name(box: Box) -> None:
    await box.address(103)
    await box.call("1.1", 103, caller_number="101", is_inside=True)
    box.record("103/1.1.wav")
    await box.voicemail.take()
    (letter,) = await box.letters()
    assert letter.values["caller"].endswith(", 101")
    assert len(letter.values["caller"]) > len(", 101")


@pytest.mark.parametrize("raw", [b"", wav(b""), wav(b"\0\0" * 4000)])
async def test_nothing_said_is_no_message_and_the_history_says_so(box: Box, raw: bytes) -> None:
    await box.call("1.1", 103)
    file = box.record("103/1.1.wav", raw)
    assert await box.voicemail.take() == 0
    assert (await box.kept(), file.exists()) == ([], False)
    async with box.office.sessions() as session:
        assert await session.scalar(select(CallRow.ending)) == Ending.ABANDONED.value


@pytest.mark.parametrize(
    "raw", [b"RIFF", b"no sound at all" * 99, wav(SAID).replace(b"data", b"DATA")]
)
async def test_what_is_no_recording_is_put_aside(box: Box, raw: bytes) -> None:
    await box.call("1.1", 103)
    file = box.record("103/1.1.wav", raw)
    assert [await box.voicemail.take() for _ in range(2)] == [0, 0]
    assert file.with_name("1.1.wav.broken").read_bytes() == raw


async def test_a_recording_over_which_asterisk_died_has_no_length_and_is_whole(box: Box) -> None:
    headless = bytearray(wav(SAID))
    headless[4:8] = headless[40:44] = b"\0\0\0\0"
    box.record("103/1.1.wav", bytes(headless), ago=100)
    assert await box.voicemail.take() == 1
    async with box.office.sessions() as session:
        assert await messages.audio(session, 1) == wav(SAID)


async def test_nothing_but_recordings_of_extensions_is_looked_at(box: Box, tmp_path: Path) -> None:
    for name in ("103/readme.txt", ".listening/1.wav", "..odd/1.wav", "12345678/1.wav"):
        box.record(name, ago=100)
    (box.folder / "103/link.wav").symlink_to(box.record("103/target.bin"))
    (box.folder / "104").symlink_to(tmp_path)
    assert recordings(box.folder) == []


async def test_one_file_that_cannot_be_read_or_removed_does_not_keep_the_others(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        box.record(f"103/1.{number}.wav", ago=100)
    reading: Any = Path.open
    removing = Path.unlink

    def open_some(path: Path, *how: str) -> object:
        if path.name == "1.1.wav":
            raise PermissionError(13, "Permission denied")
        return reading(path, *how)

    def unlink_some(path: Path) -> None:
        if path.name == "1.2.wav":
            raise PermissionError(13, "Permission denied")
        removing(path)

    monkeypatch.setattr(Path, "open", open_some)
    monkeypatch.setattr(Path, "unlink", unlink_some)
    assert [await box.voicemail.take() for _ in range(2)] == [2, 0]
    monkeypatch.undo()
    box.at += timedelta(seconds=61)
    assert await box.voicemail.take() == 1
    assert (len(await box.kept()), list(box.folder.rglob("*.wav"))) == (3, [])


async def test_a_folder_that_is_not_there_has_nothing_in_it(box: Box) -> None:
    assert await box.voicemail.take() == 0


async def test_old_messages_and_those_removed_are_forgotten(box: Box) -> None:
    for number in range(4):
        box.record(f"103/1.{number}.wav", ago=100)
    await box.voicemail.take()
    async with box.office.sessions.begin() as session:
        who = box.office.who(103)
        assert await messages.remove(session, who, 1, box.at)
        assert await messages.mark(session, who, 2, box.at)
        old = update(MessageRow).where(MessageRow.id == 3)
        await session.execute(old.values(at=box.at - timedelta(days=91)))
        assert await messages.counts(session) == {who: (2, 1)}
        await messages.forget(session, box.at + timedelta(hours=25), 90)
        assert await messages.counts(session) == {who: (1, 1)}
        assert await session.scalar(select(func.count()).select_from(MessageRow)) == 2


def test_samples_survive_the_way_through_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "101"
    folder.mkdir()
    (folder / "1.wav").write_bytes(wav(SAID))
    (found,) = recordings(tmp_path)
    assert (spoken(found).wav, spoken(found).milliseconds) == (wav(SAID), 3000)
