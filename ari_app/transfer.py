"""Tables as text, for spreadsheets: read from whatever Excel saves, written so that it opens."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from io import StringIO

MOST_BYTES = 8 * 1024 * 1024
MOST_LINES = 10_000
"""What can be written in one transaction before others tire of waiting for their turn."""
MOST_COLUMNS = 60
_LONGEST_CELL = 4000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
_DELIMITERS = (";", ",", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Fault(Enum):
    """Why a file cannot be read as a table."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_LINES = "too_many_lines"
    BAD_QUOTES = "bad_quotes"
    LONG_CELL = "long_cell"


class UnreadableError(Exception):
    """The file is no table: `fault` says why, `line` where (0: as a whole)."""

    def __init__(self, fault: Fault, line: int = 0) -> None:
        super().__init__(f"{fault.value} (line {line})")
        self.fault = fault
        self.line = line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table; `number` is where it begins in the file, as an editor counts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(raw: bytes) -> Table:
    """The table in a file: UTF-8, UTF-16 or Windows-1251; separated by `;`, `,` or tabs.

    Empty lines are passed over. Raises UnreadableError.
    """
    if len(raw) > MOST_BYTES:
        raise UnreadableError(Fault.TOO_LARGE)
    text = _decoded(raw)
    if not text.strip():
        raise UnreadableError(Fault.EMPTY)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines: list[Line] = []
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(number, cells))
            if len(lines) > MOST_LINES + 1:
                raise UnreadableError(Fault.TOO_MANY_LINES, number)
            number = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(Fault.BAD_QUOTES, number) from error
    if not lines:
        raise UnreadableError(Fault.EMPTY)
    return Table(lines[0].cells, tuple(lines[1:]))


def _line(number: int, cells: Sequence[str]) -> Line:
    if len(cells) > MOST_COLUMNS:
        raise UnreadableError(Fault.TOO_MANY_COLUMNS, number)
    if any(len(cell) > _LONGEST_CELL for cell in cells):
        raise UnreadableError(Fault.LONG_CELL, number)
    return Line(number, tuple(map(plain, cells)))


def write_lines(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    """Lines of a table; nothing in it is a formula for whoever opens it."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


BEGINNING = b"\xef\xbb\xbf"
"""Excel takes a file without this mark for Windows-1251."""


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection); `plain` undoes it."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULAS) else cell


def plain(cell: str) -> str:
    """What `harmless` was given."""
    is_marked = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULAS)
    return cell[1:] if is_marked else cell


def delimiter_for(language: str) -> str:
    """What Excel expects between cells where it speaks this language."""
    return ";" if language == "ru" else ","


def _decoded(raw: bytes) -> str:
    is_utf_16 = raw.startswith(_UTF_16)
    if b"\0" in raw and not is_utf_16:
        raise UnreadableError(Fault.NOT_TEXT)
    for encoding in ("utf-16",) if is_utf_16 else ("utf-8-sig", "cp1251"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise UnreadableError(Fault.NOT_TEXT)


def _is_text(text: str) -> bool:
    """Binary files have control characters that no table holds."""
    return not any(mark in text for mark in _NEVER)


_NEVER = tuple(chr(code) for code in range(32) if chr(code) not in "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f")


def _delimiter(text: str) -> str:
    """The one that the header holds most of."""
    header = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    return max(_DELIMITERS, key=header.count)
