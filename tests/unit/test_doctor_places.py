"""What the doctor says of folders: what is not there yet, what may be changed, what was left."""

import os
from datetime import timedelta
from pathlib import Path

from ari_app.findings import Finding
from ari_app.places import examine_places
from ari_app.settings import Settings
from tests.unit.people import MONDAY_NOON


def found(tmp_path: Path) -> dict[str, Finding]:
    settings = Settings(
        _env_file=None,
        journal=tmp_path / "cel" / "Master.csv",
        greetings=tmp_path / "greetings",
        messages=tmp_path / "messages",
        speech_ru="no-such-program",
    )
    return {one.point: one for one in examine_places(settings, MONDAY_NOON, str)}


def leave(tmp_path: Path, box: str, minutes_ago: int) -> None:
    file = tmp_path / "messages" / box / f"{minutes_ago}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    at = (MONDAY_NOON - timedelta(minutes=minutes_ago)).timestamp()
    os.utime(file, (at, at))


def test_before_the_first_message_there_is_nothing_to_say_of_its_folder(tmp_path: Path) -> None:
    assert found(tmp_path)["messages"].is_well


def test_a_message_that_is_just_being_left_is_none_that_was_left_behind(tmp_path: Path) -> None:
    leave(tmp_path, "101", 2)
    assert found(tmp_path)["messages"].is_well


def test_messages_that_nobody_takes_are_counted(tmp_path: Path) -> None:
    for minutes_ago in (2, 11, 600):
        leave(tmp_path, "101", minutes_ago)
    point = found(tmp_path)["messages"]
    assert (False, True) == (point.is_well, point.is_warning)
    assert point.todo.startswith("2 recordings")


def test_a_folder_that_asterisk_needs_and_does_not_have_is_an_error(tmp_path: Path) -> None:
    point = found(tmp_path)["journal file"]
    assert (False, False) == (point.is_well, point.is_warning)
    assert str(tmp_path / "cel") in point.todo
    (tmp_path / "cel").mkdir()
    assert found(tmp_path)["journal file"].is_well


def test_a_language_without_a_speech_engine_is_named(tmp_path: Path) -> None:
    point = found(tmp_path)["speech engine"]
    assert not point.is_well
    assert "ru" in point.seen
