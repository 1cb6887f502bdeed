"""Tables as spreadsheets save them: whatever the encoding, hostile files, and a round trip."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_app.transfer import (
    BEGINNING,
    MOST_BYTES,
    MOST_LINES,
    Fault,
    Line,
    Table,
    UnreadableError,
    harmless,
    plain,
    read_table,
    write_lines,
)

HEADER = ("ФИО", "Номер")
ANNA = Table(HEADER, (Line(2, ("Анна", "101")),))
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.sampled_from(
    ["=1+1", "'=1", "''+", "@x", "-1", "+7", "a;b", 'a"b', "a,b", "a\nb", "a\r\nb", "\tx", "'", ""]
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_files_of_every_excel_are_read(encoding: str, delimiter: str, ending: str) -> None:
    text = ending.join(delimiter.join(cells) for cells in (HEADER, ("Анна", "101"), ("", "")))
    assert read_table(text.encode(encoding)) == ANNA


def test_a_cell_may_hold_a_line_break_and_lines_are_counted_as_an_editor_does() -> None:
    table = read_table(b'n;e\n"one\ntwo";1\n\nlast;2\n')
    assert table.lines == (Line(2, ("one\ntwo", "1")), Line(5, ("last", "2")))


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\xef\xbb\xbf \n;;\n", Fault.EMPTY),
        (b"a;b\n\x00\x01", Fault.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Fault.NOT_TEXT),
        (b"PK\x03\x04rest", Fault.NOT_TEXT),
        (b"a;b\n\x98\xff", Fault.NOT_TEXT),
        (b"x" * (MOST_BYTES + 1), Fault.TOO_LARGE),
        (b";".join([b"a"] * 100_000), Fault.TOO_MANY_COLUMNS),
        (b"a;b\n" * (MOST_LINES + 2), Fault.TOO_MANY_LINES),
        (b'a;b\n"never closed;1\n2;3\n', Fault.BAD_QUOTES),
        (b'a;b\n"x"y;1\n', Fault.BAD_QUOTES),
        (b"a;b\n" + b"x" * 5000, Fault.LONG_CELL),
        (b'a;b\n"' + b"x" * 200_000, Fault.BAD_QUOTES),
    ],
    ids=lambda value: value.value if isinstance(value, Fault) else "",
)
def test_what_is_no_table_is_refused_with_the_reason(raw: bytes, fault: Fault) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_table(raw)
    assert refused.value.fault is fault


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8), st.sampled_from(";,"))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    header = ("one", "two", "three")
    raw = BEGINNING + write_lines([header, *rows], delimiter)
    expected = [cells for cells in rows if any(cell.strip() for cell in cells)]
    assert [line.cells for line in read_table(raw).lines] == expected


@given(CELLS)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert not harmless(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain(harmless(cell)) == cell


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(raw: bytes) -> None:
    with suppress(UnreadableError):
        assert read_table(raw).header
