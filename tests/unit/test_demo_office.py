"""One demo office at a time, on ports that stay the same as long as they are free."""

import socket
from pathlib import Path

import pytest

from demo.instance import is_running, only_one, running_ports
from demo.machine import cache_folder
from demo.ports import HOST, choose, is_free, taken
from demo.problem import Problem, told


def test_a_second_office_is_refused_in_words(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Problem, match="runs already"), only_one(tmp_path):
        pass


def test_an_ended_office_leaves_its_folder_free(tmp_path: Path) -> None:
    with only_one(tmp_path):
        assert is_running(tmp_path)

    assert not is_running(tmp_path)


def test_a_call_needs_an_office_that_runs(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="make run"):
        running_ports(tmp_path)


def test_ports_stay_the_same_while_they_are_free(tmp_path: Path) -> None:
    kept = tmp_path / "ports.json"

    assert choose(kept) == choose(kept)


def test_a_port_that_somebody_took_meanwhile_is_replaced(tmp_path: Path) -> None:
    kept = tmp_path / "ports.json"
    before = choose(kept)

    with socket.create_server((HOST, before.http)):
        assert taken(before) == {"http": before.http}
        after = choose(kept)

    assert after.http != before.http
    assert after.sip == before.sip


def test_a_wanted_port_is_taken_as_it_is(tmp_path: Path) -> None:
    assert choose(tmp_path / "ports.json", sip=15_060).sip == 15_060


def test_a_listening_port_is_not_free() -> None:
    with socket.create_server((HOST, 0)) as server:
        assert not is_free(server.getsockname()[1], udp=False)


def test_the_cache_follows_xdg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert cache_folder() == tmp_path / "autosecretary"


def test_a_problem_is_one_sentence_and_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> None:
        raise Problem("There is no network.")

    with pytest.raises(SystemExit) as ended:
        told(program)

    assert ended.value.code == 1
    assert capsys.readouterr().err == "Not done: There is no network.\n"
