"""The command line, against the demo office in a database of its own."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ari_app import commands


@pytest.fixture
def url(tmp_path: Path, demo_file: Path) -> str:
    file = tmp_path / "office.sqlite3"
    shutil.copy(demo_file, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(autouse=True)
def wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is broken into lines, whatever width the tests' own screen has."""
    for console in (commands.out, commands.err):
        monkeypatch.setattr(console, "width", 200)


def run(url: str, *words: str, language: str = "en") -> Result:
    environment = {
        "AUTOSECRETARY_DATABASE_URL": url,
        "AUTOSECRETARY_LANGUAGE": language,
    }
    return CliRunner().invoke(commands.app, list(words), env=environment)


def test_why_tells_the_whole_chain_without_a_call(url: str) -> None:
    said = run(url, "why", "+79165550123", "102")
    assert said.exit_code == 0
    assert "Борис Орлов: Break, so the rule “Заместитель” applies" in said.output
    assert "take a message for 102" in said.output


def test_why_speaks_russian(url: str) -> None:
    said = run(url, "why", "105", "102", language="ru")
    assert "Борис Орлов: «Перерыв», поэтому действует правило «Заместитель»" in said.output


def test_why_asks_what_if_the_status_were_another(url: str) -> None:
    said = run(url, "why", "105", "102", "--status", "online")
    assert "ring 102 for 25 s" in said.output


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-11-23 12:00", "+7916555"), ("2026-11-22 12:00", "take a message")]
)
def test_why_asks_what_if_it_were_another_time(url: str, at: str, expected: str) -> None:
    said = run(url, "why", "+79165550123", "106", "--at", at)
    first = said.output.split("│ 1 ")[1].split("│ 2 ")[0]
    assert expected in first


def test_a_status_is_set_and_said(url: str) -> None:
    said = run(url, "status", "Анна", "break")
    assert (said.exit_code, said.output) == (0, "Анна Кузнецова: Break\n")
    assert "Анна Кузнецова: Break" in run(url, "why", "105", "101").output


def test_a_status_may_have_an_end_in_the_employees_zone(url: str) -> None:
    said = run(url, "status", "101", "break", "--until", "2099-01-02 13:40")
    assert "Break until 02.01 13:40" in said.output


def test_an_own_status_is_set_by_its_name_in_either_language(url: str) -> None:
    assert "At lunch" in run(url, "status", "101", "на обеде").output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("status", "999", "break"), "there is no employee 999"),
        (("status", "101", "asleep"), "there is no status asleep"),
        (("status", "101", "break", "--until", "25:99"), "25:99 is not a time"),
        (("status", "101", "break", "--until", "2001-01-01 10:00"), "2001"),
        (("why", "101", "abc"), "abc is not an extension"),
        (("history",), "there are no such calls"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_failure(
    url: str, words: tuple[str, ...], complaint: str
) -> None:
    said = run(url, *words)
    assert (said.exit_code, complaint in said.stderr) == (1, True)
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_database_without_a_schema_says_what_to_do(tmp_path: Path) -> None:
    said = run(f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite3", "why", "101", "102")
    assert (said.exit_code, "autosecretary migrate" in said.stderr) == (1, True)


def test_migrate_makes_the_schema_and_may_be_repeated(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/new.sqlite3"
    assert [run(url, "migrate").exit_code for _ in range(2)] == [0, 0]
    assert run(url, "why", "101", "102").exit_code == 0


def test_a_setting_that_cannot_work_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOSECRETARY_AMI_PORT", "99999")
    said = run(url, "doctor")
    assert (said.exit_code, "AUTOSECRETARY_AMI_PORT" in said.stderr) == (2, True)
