"""A greeting recorded by phone, from the own phone and from any other."""

import shlex
import wave
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agi_scripts.codes import SOUNDS as SOUNDS_OF_CODES
from agi_scripts.codes import feature_code
from agi_scripts.dialled import Codes
from agi_scripts.recording import SOUNDS, record_greeting
from agi_scripts.server import listening
from ari_app.domain.greetings import Origin
from ari_app.domain.numbers import EmployeeId
from ari_app.greetings import Recordings
from ari_app.settings import Settings
from ari_app.store import greetings
from tests.unit.office import Sessions, seeded, who
from tests.unit.people import MONDAY_NOON
from tests.unit.sounds import tone
from tests.unit.test_agi_codes import ANNA, ANNAS_PHONE, HALL_PHONE, FakeAsterisk, FakeOffice

CHOOSE = "record-choose"


@dataclass
class FakeRecorder(FakeAsterisk):
    """Records `said` each time it is told to, as Asterisk's Record() does."""

    said: bytes = b"hello"
    status: str = "DTMF"
    files: list[Path] = field(default_factory=list)

    def _reply(self, words: list[str]) -> bytes:
        match words:
            case ["EXEC", "Record", options]:
                file, _, _ = options.split(",")
                self.files.append(Path(file))
                if self.status != "ERROR":
                    self.files[-1].write_bytes(self.said)
                self.heard.append("(record)")
            case ["GET", "VARIABLE", "RECORD_STATUS"]:
                return f"200 result=1 ({self.status})\n".encode()
            case ["STREAM", "FILE", sound, _] if sound.startswith("/"):
                assert Path(f"{sound}.wav").exists()
                self.heard.append("(listen)")
            case ["STREAM", "FILE", sound, _]:
                assert sound in SOUNDS | SOUNDS_OF_CODES
                self.heard.append(sound.removeprefix("autosecretary/"))
            case ["GET", "DATA", prompt, _, _]:
                self.heard.append(prompt.removeprefix("autosecretary/"))
                key = self.keys.pop(0) if self.keys else ""
                return f"200 result={key}\n".encode()
            case _:
                return super()._reply(words)
        return b"200 result=0\n"


@dataclass
class Kept:
    """Whoever keeps recordings: remembers them, and answers in turn as it was told to."""

    answers: list[bool | None]
    recordings: list[tuple[EmployeeId, bytes]] = field(default_factory=list)

    async def keep(self, employee: EmployeeId, raw: bytes) -> bool | None:
        self.recordings.append((employee, raw))
        return self.answers.pop(0)


async def _dial(
    folder: Path, asterisk: FakeRecorder, kept: Kept, phone: str = ANNAS_PHONE, dialled: str = "*77"
) -> list[str]:
    office = FakeOffice()
    code = record_greeting(office, folder, 120, kept.keep)
    script = feature_code(office, Codes.of(Settings(_env_file=None)), {"*77": code})
    async with listening({"code": script}, "127.0.0.1", 0) as port:
        await asterisk.call(port, phone, dialled)
    assert [] == list(folder.iterdir()), "a recording is left behind"
    return asterisk.heard


async def test_a_recording_is_listened_to_said_again_and_kept(tmp_path: Path) -> None:
    asterisk, kept = FakeRecorder(["3", "2", "", "1"]), Kept([True])
    heard = await _dial(tmp_path, asterisk, kept)
    first = ["record-greeting", "(record)", CHOOSE, "(listen)", CHOOSE]
    second = ["record-greeting", "(record)", CHOOSE, CHOOSE, "record-saved"]
    assert [*first, *second] == heard
    assert [(ANNA, b"hello")] == kept.recordings


async def test_a_foreign_phone_is_asked_for_extension_and_pin(tmp_path: Path) -> None:
    asterisk, kept = FakeRecorder(["101", "1111", "1"]), Kept([True])
    heard = await _dial(tmp_path, asterisk, kept, HALL_PHONE)
    assert ["enter-extension", "enter-pin", "record-greeting"] == heard[:3]
    assert [(ANNA, b"hello")] == kept.recordings


@pytest.mark.parametrize("keys", [["101", "1"] * 3, []])
async def test_without_the_right_pin_nothing_is_recorded(tmp_path: Path, keys: list[str]) -> None:
    asterisk, kept = FakeRecorder(keys), Kept([])
    heard = await _dial(tmp_path, asterisk, kept, HALL_PHONE)
    assert "(record)" not in heard
    assert [] == kept.recordings


async def test_a_recording_without_sound_is_asked_for_again(tmp_path: Path) -> None:
    asterisk, kept = FakeRecorder(["1", "1"]), Kept([None, True])
    heard = await _dial(tmp_path, asterisk, kept)
    assert "record-nothing" in heard
    assert heard[-1] == "record-saved"


async def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    heard = await _dial(tmp_path, FakeRecorder(["1"]), Kept([False]))
    assert heard[-1] == "record-not-saved"


async def test_where_asterisk_cannot_record_it_is_told(tmp_path: Path) -> None:
    heard = await _dial(tmp_path, FakeRecorder([], status="ERROR"), Kept([]))
    assert ["record-greeting", "(record)", "record-not-saved"] == heard


async def test_who_chooses_nothing_keeps_nothing(tmp_path: Path) -> None:
    kept = Kept([])
    heard = await _dial(tmp_path, FakeRecorder(["9", "#"]), kept)
    assert heard[-1] == "record-not-saved"
    assert [] == kept.recordings


async def test_other_digits_behind_the_code_are_not_understood(tmp_path: Path) -> None:
    kept = Kept([])
    assert ["not-understood"] == await _dial(tmp_path, FakeRecorder([]), kept, dialled="*7712")


def _recorded(folder: Path, level: float) -> bytes:
    file = folder / "recorded.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(tone(700, 2, 8000, level).tobytes())
    return file.read_bytes()


async def test_a_recording_becomes_a_greeting_named_by_its_moment(
    panel_sessions: Sessions, tmp_path: Path
) -> None:
    directory = await seeded(panel_sessions)
    anna = who(directory, 101)
    recordings = Recordings(panel_sessions, lambda: directory, lambda: MONDAY_NOON)
    assert await recordings.keep(anna, _recorded(tmp_path, 0.3)) is True
    assert await recordings.keep(anna, _recorded(tmp_path, 0.0)) is None
    assert await recordings.keep(anna, b"no sound") is False
    assert await recordings.keep(EmployeeId(999), b"no sound") is False
    async with panel_sessions() as session:
        (one,) = await greetings.of_employee(session, anna)
    assert one.origin is Origin.PHONE
    local = MONDAY_NOON.astimezone(directory.employees[anna].zone)
    assert one.name in {f"По телефону, {local:%d.%m.%Y %H:%M}", f"By phone, {local:%Y-%m-%d %H:%M}"}
    assert shlex.quote(one.sound) == one.sound


async def test_recordings_beyond_the_most_are_refused(
    panel_sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = await seeded(panel_sessions)
    monkeypatch.setattr(greetings, "MOST", 0)
    recordings = Recordings(panel_sessions, lambda: directory, lambda: MONDAY_NOON)
    assert await recordings.keep(who(directory, 101), _recorded(tmp_path, 0.3)) is False
