"""The call journal that Asterisk writes (CEL), read from where the reader stopped."""

import csv
import glob
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ari_app.asterisk.steps import WrittenStep, decode_step, outcome
from ari_app.domain.calls import Ending, Outcome

_CHUNK = 32_768


@dataclass(frozen=True, slots=True)
class _Line:
    """What every line tells: when, and of which call."""

    at: datetime
    call_id: str
    linked_id: str


@dataclass(frozen=True, slots=True)
class CallBegan(_Line):
    called: str
    is_inside: bool
    caller_number: str
    caller_name: str


@dataclass(frozen=True, slots=True)
class StepTaken(_Line):
    step: WrittenStep
    by_mirror: bool


@dataclass(frozen=True, slots=True)
class StepEnded(_Line):
    key: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CallEnded(_Line):
    """The caller's channel is gone, during or after the step `key`."""

    key: str
    ending: Ending
    talked_seconds: int


@dataclass(frozen=True, slots=True)
class AllLegsGone(_Line):
    """Every channel of the call is gone; ends what has no end of its own."""


JournalEvent = CallBegan | StepTaken | StepEnded | CallEnded | AllLegsGone


class _Extra(msgspec.Struct, frozen=True):
    extra: str = ""


def parse_line(text: str) -> JournalEvent | None:
    """The event that one line of the journal tells; None for every other line."""
    try:
        columns = next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None
    if len(columns) != 8:
        return None
    kind, when, unique_id, linked_id, number, name, _channel, extra = columns
    at = _moment(when)
    if at is None or not unique_id:
        return None
    line = _Line(at, unique_id, linked_id)
    fields = _extra(extra).split("|")
    if kind == "AS_CALL" and len(fields) == 2:
        called, origin = fields
        return CallBegan(at, unique_id, linked_id, called, origin == "inside", number, name)
    return _event(line, kind, fields)


def _event(line: _Line, kind: str, fields: list[str]) -> JournalEvent | None:
    about = (line.at, line.call_id, line.linked_id)
    match kind, fields:
        case "AS_STEP", [by, *step] if (written := decode_step("|".join(step))) is not None:
            return StepTaken(*about, written, by == "mirror")
        case "AS_DONE", [key, status, cause]:
            return StepEnded(*about, key, outcome(status, cause))
        case "AS_END", [kind_of_step, key, status, _cause, talked, recorded]:
            seconds = int(talked) if talked.isascii() and talked.isdigit() else 0
            return CallEnded(*about, key, _ending(kind_of_step, status, recorded), seconds)
        case "LINKEDID_END", _:
            return AllLegsGone(*about)
        case _:
            return None


def _ending(kind: str, dial_status: str, recorded: str) -> Ending:
    """How the call came out, by the step that it was in when the caller's channel went."""
    if kind == "ring" and dial_status == "ANSWER":
        return Ending.ANSWERED
    if kind == "message" and recorded not in ("", "ERROR"):
        return Ending.MESSAGE
    return Ending.NOT_TAKEN if kind == "hangup" else Ending.ABANDONED


def _extra(text: str) -> str:
    try:
        return msgspec.json.decode(text, type=_Extra).extra
    except msgspec.MsgspecError:
        return ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Position:
    """Where the reader stopped: which file (its inode), and after which byte."""

    inode: int = 0
    offset: int = 0

    def reaches(self, end: "Position | None") -> bool:
        """Whether nothing is left before `end`."""
        return end is None or (self.inode == end.inode and self.offset >= end.offset)


def read_on(path: Path, position: Position) -> tuple[list[str], Position]:
    """The whole lines after `position`, at most 32 KiB of them, and where they end.

    A file that was renamed is read to its end, as long as it lies beside the new one; then, or
    when it was cut short, `path` is read from its beginning. A file that is not there yet has no
    lines. Raises OSError when it may not be read.
    """
    if (end := end_of(path)) is not None and end.inode != position.inode:
        renamed = _renamed(path, position)
        lines, after = ([], position) if renamed is None else _read(renamed, position)
        if after != position:
            return lines, after
    return _read(path, position)


def _renamed(path: Path, position: Position) -> Path | None:
    """What `path` was called by whoever rotates logs, if it is the file that `position` is in."""
    for sibling in path.parent.glob(f"{glob.escape(path.name)}[.-]*"):
        end = end_of(sibling)
        if end is not None and end.inode == position.inode and end.offset > position.offset:
            return sibling
    return None


def _read(path: Path, position: Position) -> tuple[list[str], Position]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return [], position
    with file:
        status = os.fstat(file.fileno())
        same = status.st_ino == position.inode and status.st_size >= position.offset
        offset = position.offset if same else 0
        file.seek(offset)
        chunk = file.read(_CHUNK)
    end = chunk.rfind(b"\n") + 1
    # What fills a whole chunk is no line of ours (a disk that was full): it is passed over.
    whole = chunk[:end] if end or len(chunk) < _CHUNK else chunk
    # Not splitlines(): a caller's name may hold U+2028 and the like, which must part no line.
    lines = whole.decode("utf-8", errors="replace").split("\n")[:-1]
    return lines, Position(status.st_ino, offset + len(whole))


def end_of(path: Path) -> Position | None:
    """Where the journal ends now, None for one that is not there. Raises OSError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return Position(status.st_ino, status.st_size)
