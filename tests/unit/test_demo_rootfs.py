"""Getting the root file system: what goes wrong is told in one sentence and leaves nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from demo import rootfs
from demo.problem import Problem

Install = Callable[[str], None]


class Usage(NamedTuple):
    free: int


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return tmp_path / "autosecretary"


@pytest.fixture
def debootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program named debootstrap on the path, with this shell script."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(rootfs, "needs", lambda _packages: None)

    def install(script: str) -> None:
        program = folder / "debootstrap"
        program.write_text(f"#!/bin/sh\nfor last; do :; done\nmkdir -p $last/etc\n{script}\n")
        program.chmod(0o755)

    return install


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("E: Failed getting release file http://x/Release", "is there a network"),
        ("W: Couldn't download package x", "is there a network"),
        ("tar: write error: No space left on device", "full"),
        ("E: Cannot install into target mounted with noexec", "noexec"),
    ],
)
def test_a_failed_download_is_told_and_leaves_nothing(
    cache: Path, debootstrap: Install, complaint: str, sentence: str
) -> None:
    debootstrap(f'echo "{complaint}"; exit 1')

    with pytest.raises(Problem, match=sentence):
        rootfs.get_root()

    assert [file.name for file in cache.iterdir()] == ["debootstrap.log"]


def test_programs_that_do_not_run_are_told_and_leave_nothing(
    cache: Path, debootstrap: Install
) -> None:
    debootstrap("exit 0")

    with pytest.raises(Problem, match="does not run"):
        rootfs.get_root()

    assert list(cache.iterdir()) == []


def test_leftovers_of_a_killed_download_are_removed(cache: Path, debootstrap: Install) -> None:
    (cache / "partial-999999999/etc").mkdir(parents=True)
    debootstrap("exit 1")

    with pytest.raises(Problem):
        rootfs.get_root()

    assert not (cache / "partial-999999999").exists()


def test_a_full_disk_is_noticed_beforehand(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(free=1000))

    with pytest.raises(Problem, match=r"needs 1\.5 GB"):
        rootfs.get_root()


def test_without_root_and_sudo_it_says_so(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Problem, match="no sudo"):
        rootfs.get_root()


def test_another_list_of_packages_is_another_folder(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rootfs.where()
    monkeypatch.setattr(rootfs, "PACKAGES", (*rootfs.PACKAGES, "tcpdump"))

    assert rootfs.where() != before
