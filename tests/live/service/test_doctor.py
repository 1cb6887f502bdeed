"""`autosecretary doctor`: content with a healthy office, and helpful where something is wrong."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from demo.configuration import REPOSITORY
from tests.live.service.office import Office


def doctor(office: Office, **settings: str) -> tuple[int, str]:
    """Its exit status, and what it says."""
    changed = {f"AUTOSECRETARY_{name.upper()}": value for name, value in settings.items()}
    more = {"AUTOSECRETARY_LANGUAGE": "en", "COLUMNS": "300"}
    run = subprocess.run(
        [sys.executable, "-m", "ari_app", "doctor"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **office.service.environment, **more, **changed},
        cwd=REPOSITORY,
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


def about(said: str, point: str) -> str:
    lines = [line for line in said.splitlines() if f"│ {point} " in line]
    assert len(lines) == 1, said
    return lines[0]


async def test_a_healthy_office_is_well_in_every_point(office: Office) -> None:
    status, said = doctor(office)

    points = [line.split("│")[2].strip() for line in said.splitlines() if line.startswith("│")]
    assert (status, "✗" in said, "!" in said) == (0, False, False), said
    assert points == [
        "database",
        "ARI",
        "AMI",
        "Asterisk",
        "modules",
        "StasisBroadcast",
        "spoken sentences",
        "employees' phones",
        "dial plan",
        "hints",
        "call journal",
        "stored plans",
        "journal file",
        "own greetings",
        "speech engine",
        "messages",
        "rules",
    ]


@pytest.mark.parametrize(("which", "file"), [("ari", "ari.conf"), ("ami", "manager.conf")])
async def test_a_wrong_password_says_where_it_stands(office: Office, which: str, file: str) -> None:
    status, said = doctor(office, **{f"{which}_password": "wrong"})

    line = about(said, which.upper())
    assert (status, "✗" in line) == (1, True)
    assert "make user and password agree" in line
    assert file in line


@contextmanager
def spoiled(office: Office, spoil: str, mend: str) -> Iterator[None]:
    office.asterisk.cli(spoil)
    try:
        yield
    finally:
        office.asterisk.cli(mend)


@pytest.mark.parametrize(
    ("spoil", "mend", "point", "advice"),
    [
        (
            "dialplan remove context autosecretary-codes",
            "dialplan reload",
            "dial plan",
            "#include autosecretary/extensions.conf",
        ),
        (
            "dialplan remove context autosecretary-hints",
            "dialplan reload",
            "hints",
            "subscribe_context",
        ),
        (
            "database del autosecretary outside-102-1",
            "database put autosecretary outside-102-1 x",
            "stored plans",
            "start the service",
        ),
        ("module unload cel_custom.so", "module load cel_custom.so", "call journal", "cel.conf"),
    ],
)
async def test_what_is_missing_in_asterisk_is_named_with_what_to_do(
    office: Office, spoil: str, mend: str, point: str, advice: str
) -> None:
    with spoiled(office, spoil, mend):
        status, said = doctor(office)

    line = about(said, point)
    assert (status, "✗" in line, advice in line) == (1, True, True), said


async def test_a_call_journal_that_is_switched_off_is_named(office: Office) -> None:
    cel = office.asterisk.directory / "etc/cel.conf"
    before = cel.read_text()
    cel.write_text("[general]\nenable = no\n")
    office.asterisk.cli("module reload cel")
    try:
        status, said = doctor(office)
    finally:
        cel.write_text(before)
        office.asterisk.cli("module reload cel")

    line = about(said, "call journal")
    assert (status, "✗" in line, "cel.conf" in line) == (1, True, True), said


async def test_sentences_that_asterisk_does_not_have_are_named(office: Office) -> None:
    sounds = office.asterisk.directory / "share/sounds"
    aside = office.asterisk.directory / "sounds-aside"
    sounds.rename(aside)
    sounds.mkdir()
    office.asterisk.cli("module reload sounds")
    try:
        status, said = doctor(office)
    finally:
        sounds.rmdir()
        aside.rename(sounds)
        office.asterisk.cli("module reload sounds")

    line = about(said, "spoken sentences")
    assert (status, "✗" in line, "make prompts" in line) == (1, True, True), said


@pytest.fixture
def copy(office: Office, tmp_path: Path) -> Path:
    """The database of the office, to be spoiled."""
    copy = tmp_path / "copy.sqlite3"
    original = office.asterisk.directory / "autosecretary.sqlite3"
    with closing(sqlite3.connect(original)) as one, closing(sqlite3.connect(copy)) as other:
        one.backup(other)
    return copy


@pytest.mark.parametrize(
    ("statement", "point", "words"),
    [
        (
            "UPDATE phones SET address = '777' WHERE address = '108'",
            "employees' phones",
            ("777", "make these endpoints"),
        ),
        (
            "UPDATE employees SET left_at = '2026-01-01 00:00:00' WHERE extension = '101'",
            "rules",
            ("Вера Смирнова, rule “Заместитель”: it names a colleague who is gone", "change or"),
        ),
    ],
)
async def test_what_went_wrong_later_is_a_warning(
    office: Office, copy: Path, statement: str, point: str, words: tuple[str, str]
) -> None:
    with closing(sqlite3.connect(copy)) as database:
        database.execute(statement)
        database.commit()

    status, said = doctor(office, database_url=f"sqlite+aiosqlite:///{copy}")

    lines = [line for line in said.splitlines() if f"│ {point} " in line]
    assert status == 0, said
    assert [line for line in lines if "!" not in line] == []
    assert any(all(word in line for word in words) for line in lines)


async def test_a_folder_of_the_journal_that_is_not_there_is_named(
    office: Office, tmp_path: Path
) -> None:
    status, said = doctor(office, journal=str(tmp_path / "nowhere/journal.csv"))

    line = about(said, "journal file")
    assert (status, "✗" in line, "AUTOSECRETARY_JOURNAL" in line) == (1, True, True), said


async def test_an_asterisk_that_is_away_is_said_once_for_each_door(office: Office) -> None:
    office.asterisk.stop()
    try:
        status, said = doctor(office)
    finally:
        office.asterisk.start()
        office.asterisk.wait_ready()

    assert status == 1
    assert all("✗" in about(said, door) for door in ("ARI", "AMI"))
    assert "check address and port" in about(said, "ARI")
