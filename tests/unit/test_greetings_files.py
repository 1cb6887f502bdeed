"""The folder of greetings: equal to the database, whatever happened to it."""

import asyncio
from pathlib import Path

import pytest

from ari_app.domain.greetings import Origin, Sound
from ari_app.greetings import GreetingFiles
from ari_app.store import greetings
from ari_app.store.changes import Changed, ChangeKind
from ari_app.store.greetings import NewGreeting
from demo.waiting import until
from tests.unit.office import Sessions
from tests.unit.people import MONDAY_NOON


def _sound(text: bytes) -> Sound:
    from hashlib import sha256

    return Sound(text, 1000, sha256(text).hexdigest())


async def _add(sessions: Sessions, text: bytes) -> int:
    async with sessions.begin() as session:
        new = NewGreeting("one", Origin.UPLOADED, _sound(text))
        return await greetings.add(session, None, new, MONDAY_NOON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sounds" / "own"


def _held(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_the_folder_is_made_and_holds_what_the_database_holds(
    panel_sessions: Sessions, folder: Path
) -> None:
    first, second = await _add(panel_sessions, b"one"), await _add(panel_sessions, b"two")
    await GreetingFiles(panel_sessions, folder).put_right()
    assert {f"{first}.wav": b"one", f"{second}.wav": b"two"} == _held(folder)
    assert (folder / f"{first}.wav").stat().st_mode & 0o777 == 0o644


async def test_without_greetings_no_folder_is_made(panel_sessions: Sessions, folder: Path) -> None:
    await GreetingFiles(panel_sessions, folder).put_right()
    assert not folder.exists()


async def test_a_new_sound_replaces_the_file_and_a_removed_one_is_gone(
    panel_sessions: Sessions, folder: Path
) -> None:
    files = GreetingFiles(panel_sessions, folder)
    first, second = await _add(panel_sessions, b"one"), await _add(panel_sessions, b"two")
    await files.put_right()
    async with panel_sessions.begin() as session:
        new = NewGreeting("one", Origin.PHONE, _sound(b"1"))
        await greetings.replace_sound(session, first, new, MONDAY_NOON)
        await greetings.remove(session, second, MONDAY_NOON)
    await files.put_right()
    assert {f"{first}.wav": b"1"} == _held(folder)


async def test_files_that_others_put_there_are_left_alone_and_half_ones_of_ours_are_not(
    panel_sessions: Sessions, folder: Path
) -> None:
    which = await _add(panel_sessions, b"one")
    folder.mkdir(parents=True)
    for name in ("welcome.wav", "17.gsm", "7.wav", f"{which}.partial-99"):
        (folder / name).write_bytes(b"x")
    await GreetingFiles(panel_sessions, folder).put_right()
    assert {"welcome.wav", "17.gsm", f"{which}.wav"} == _held(folder).keys()


async def test_a_file_that_was_changed_or_deleted_is_written_anew(
    panel_sessions: Sessions, folder: Path
) -> None:
    files = GreetingFiles(panel_sessions, folder)
    first, second = await _add(panel_sessions, b"one"), await _add(panel_sessions, b"two")
    await files.put_right()
    (folder / f"{first}.wav").write_bytes(b"broken")
    (folder / f"{second}.wav").unlink()
    await files.put_right()
    assert {f"{first}.wav": b"one", f"{second}.wav": b"two"} == _held(folder)


async def test_what_is_right_is_not_written_again(panel_sessions: Sessions, folder: Path) -> None:
    which = await _add(panel_sessions, b"one")
    await GreetingFiles(panel_sessions, folder).put_right()
    before = (folder / f"{which}.wav").stat()
    await GreetingFiles(panel_sessions, folder).put_right()
    assert before.st_ino == (folder / f"{which}.wav").stat().st_ino


async def test_a_folder_that_cannot_be_written_is_tried_again_at_the_next_change(
    panel_sessions: Sessions, folder: Path
) -> None:
    folder.parent.mkdir()
    folder.write_text("a file stands where the folder should be")
    which = await _add(panel_sessions, b"one")
    files = GreetingFiles(panel_sessions, folder)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(files.run())
        await until(lambda: files._failed != "")
        folder.unlink()
        files.on_change(Changed(frozenset(), everything=True, position=1))
        await until((folder / f"{which}.wav").exists)
        other = await _add(panel_sessions, b"two")
        kinds = frozenset({ChangeKind.GREETINGS})
        files.on_change(Changed(frozenset(), everything=True, position=2, kinds=kinds))
        await until((folder / f"{other}.wav").exists)
        assert not running.done()
        running.cancel()
