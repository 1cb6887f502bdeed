"""The journal that Asterisk writes, read line by line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_app.asterisk.journal import (
    AllLegsGone,
    CallBegan,
    CallEnded,
    Journal,
    Position,
    StepEnded,
    StepTaken,
    parse_line,
)
from ari_app.domain.calls import Ending, Outcome

HEAD = '"1795401090.956555","1795401090.7","1795401090.6"'
AT = datetime.fromtimestamp(1795401090.956555, UTC)
CALL = (AT, "1795401090.7", "1795401090.6")


def line(kind: str, extra: str, number: str = "105", name: str = "Emma") -> str:
    told = f'{{""extra"":""{extra}""}}' if extra else ""
    return f'"{kind}",{HEAD},"{number}","{name}","PJSIP/105-00000001","{told}"'


def test_a_call_begins() -> None:
    event = parse_line(line("AS_CALL", "101|inside"))
    assert event == CallBegan(*CALL, "101", True, "105", "Emma")


def test_a_step_is_taken_by_the_mirror() -> None:
    event = parse_line(line("AS_STEP", "mirror|ring|own|25|101|PJSIP/101|||||25|service_away^^^"))
    assert isinstance(event, StepTaken)
    assert (event.by_mirror, event.step.key, event.step.addresses) == (True, "own", ("101",))


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [
        ("NOANSWER", "19", Outcome.NO_ANSWER),
        ("BUSY", "17", Outcome.BUSY),
        ("CHANUNAVAIL", "20", Outcome.UNREACHABLE),
        ("CHANUNAVAIL", "21", Outcome.REFUSED),
        ("CONGESTION", "34", Outcome.FAILED),
        ("WHATEVER", "", Outcome.FAILED),
    ],
)
def test_a_step_ends_as_asterisk_says(status: str, cause: str, outcome: Outcome) -> None:
    assert parse_line(line("AS_DONE", f"102p|{status}|{cause}")) == StepEnded(
        *CALL, "102p", outcome
    )


@pytest.mark.parametrize(
    ("last", "status", "recorded", "ending"),
    [
        ("ring", "ANSWER", "", Ending.ANSWERED),
        ("ring", "CANCEL", "", Ending.ABANDONED),
        ("play", "NOANSWER", "", Ending.ABANDONED),
        ("message", "NOANSWER", "HANGUP", Ending.MESSAGE),
        ("message", "NOANSWER", "", Ending.ABANDONED),
        ("hangup", "NOANSWER", "", Ending.NOT_TAKEN),
        ("", "", "", Ending.ABANDONED),
    ],
)
def test_a_call_ends_by_the_step_it_was_in(
    last: str, status: str, recorded: str, ending: Ending
) -> None:
    event = parse_line(line("AS_END", f"{last}|102p|{status}|16|42|{recorded}"))
    assert event == CallEnded(*CALL, "102p", ending, 42)


def test_the_last_leg_of_a_call_is_gone() -> None:
    assert parse_line(line("LINKEDID_END", "")) == AllLegsGone(*CALL)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rubbish",
        line("ANSWER", ""),
        line("AS_STEP", "service|only|three"),
        line("AS_CALL", "101"),
        line("AS_CALL", "101|inside").replace("1795401090.956555", "yesterday"),
        '"AS_CALL","1","2","3","a","b","c","not json"',
        '"AS_CALL","1',
    ],
)
def test_every_other_line_is_passed_over(text: str) -> None:
    assert parse_line(text) is None


@given(st.text())
def test_no_line_makes_the_reader_fail(text: str) -> None:
    parse_line(text)
    parse_line(f'"AS_STEP",{HEAD},"","","","{text}"')


def test_reading_goes_on_after_the_last_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_text("one\ntwo\nthr")
    lines, position = journal.read_on(Position())
    path.write_text("one\ntwo\nthree\n")
    assert (lines, journal.read_on(position)[0]) == (["one", "two"], ["three"])


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_a_sign_in_a_callers_name_does_not_part_the_line(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    name = f"Emma{sign}LINKEDID_END,1,2,1795401090.6,a,b"
    path.write_text(line("AS_CALL", "101|inside", name=name) + "\n")
    (read,), _ = journal.read_on(Position())
    assert parse_line(read) == CallBegan(*CALL, "101", True, "105", name)


def test_what_has_no_end_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_bytes(b"\0" * 40_000 + b"\none\n")
    lines, position = journal.read_on(Position())
    assert [] == lines
    assert "one" == journal.read_on(position)[0][-1]


def test_a_rotated_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_text("one\n")
    _, position = journal.read_on(Position())
    path.rename(tmp_path / "journal.csv.1")
    path.write_text("two\n")
    assert journal.read_on(position)[0] == ["two"]


def test_a_file_that_is_not_there_yet_has_no_lines(tmp_path: Path) -> None:
    assert Journal(tmp_path / "none.csv").read_on(Position(3, 4)) == ([], Position(3, 4))


def read_twice(journal: Journal, position: Position) -> tuple[list[str], list[str]]:
    first, position = journal.read_on(position)
    return first, journal.read_on(position)[0]


def test_what_was_written_before_a_rotation_is_read_first(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    path.write_text("one\n")
    _, position = Journal(path).read_on(Position())
    path.write_text("one\ntwo\n")
    path.rename(tmp_path / "journal.csv.1")
    path.write_text("three\n")
    assert read_twice(Journal(path), position) == (["two"], ["three"])


def test_what_was_compressed_and_removed_at_once_is_read_first(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_text("one\n")
    _, position = journal.read_on(Position())
    path.write_text("one\ntwo\n")
    path.unlink()
    path.write_text("three\n")
    assert read_twice(journal, position) == (["two"], ["three"])


@pytest.mark.parametrize("is_kept", [True, False])
def test_what_was_written_before_a_rotation_is_read_before_there_is_a_new_file(
    tmp_path: Path, *, is_kept: bool
) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_text("one\n")
    _, position = journal.read_on(Position())
    path.write_text("one\ntwo\n")
    if is_kept:
        path.rename(tmp_path / "journal.csv.1")
        journal = Journal(path)
    else:
        path.unlink()
    assert read_twice(journal, position) == (["two"], [])


def test_a_file_that_was_cut_short_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    journal = Journal(path)
    path.write_text("one\ntwo\n")
    _, position = journal.read_on(Position())
    path.write_text("new\n")
    assert journal.read_on(position)[0] == ["new"]
