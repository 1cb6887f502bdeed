"""The call journal that Asterisk writes (CEL), read from where the reader stopped."""

import csv
import glob
import os
import weakref
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


class Journal:
    """The journal's file, held open: who rotates logs may compress and remove it at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: _Held | None = None

    def end(self) -> Position | None:
        """Where the journal ends now, None for one that is not there. Raises OSError."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return Position(status.st_ino, status.st_size)

    def read_on(self, position: Position) -> tuple[list[str], Position]:
        """The whole lines after `position`, at most 32 KiB of them, and where they end.

        A file that was rotated is read to its end, as long as it is held or lies beside the new
        one, even before there is a new one; then, or when it was cut short, the journal is read
        from its beginning. One that is not there yet has no lines. Raises OSError when it may
        not be read.
        """
        end = self.end()
        if end is None or end.inode != position.inode:
            rotated = self._rotated(position)
            lines, after = ([], position) if rotated is None else rotated.read(position)
            if after != position or end is None:
                return lines, after
        if self._held is None or self._held.end().inode != end.inode:
            self._held = _Held(self.path)
        return self._held.read(position)

    def _rotated(self, position: Position) -> "_Held | None":
        """The file that `position` is in, by whatever name."""
        if self._held is not None and self._held.end().inode == position.inode:
            return self._held
        for sibling in self.path.parent.glob(f"{glob.escape(self.path.name)}[.-]*"):
            if sibling.stat().st_ino == position.inode:
                return _Held(sibling)
        return None


class _Held:
    """An open file, closed when nobody holds it any more."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._descriptor)

    def end(self) -> Position:
        status = os.fstat(self._descriptor)
        return Position(status.st_ino, status.st_size)

    def read(self, position: Position) -> tuple[list[str], Position]:
        """From `position` on; from the beginning where it is of another file, or beyond the end."""
        end = self.end()
        is_inside = end.inode == position.inode and end.offset >= position.offset
        offset = position.offset if is_inside else 0
        chunk = os.pread(self._descriptor, _CHUNK, offset)
        last = chunk.rfind(b"\n") + 1
        # What fills a whole chunk is no line of ours (a disk that was full): it is passed over.
        whole = chunk[:last] if last or len(chunk) < _CHUNK else chunk
        # Not splitlines(): a caller's name may hold U+2028 and the like, which must part no line.
        lines = whole.decode("utf-8", errors="replace").split("\n")[:-1]
        return lines, Position(end.inode, offset + len(whole))
