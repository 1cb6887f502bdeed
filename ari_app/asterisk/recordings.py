"""Callers' recordings as the dial plan leaves them: ``EXTENSION/UNIQUEID.wav`` in one folder."""

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ari_app.domain.numbers import parse_extension

_SUFFIX = ".wav"
_BROKEN = ".broken"
_LONGEST_NAME = 200
_MOST_BYTES = 64 * 1024 * 1024
_RATE = 8000
_BYTES_EACH = 2
_FORM = struct.Struct("<HHIIHH")
_PCM_MONO = (1, 1, _RATE, _RATE * _BYTES_EACH, _BYTES_EACH, 8 * _BYTES_EACH)


class BrokenError(ValueError):
    """A file that is no recording of Asterisk's."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file in the folder: `name` is its path there, `changed_at` when it grew last."""

    path: Path
    name: str
    mailbox: str
    channel_id: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was recorded: a WAV file of 8 kHz, mono, 16 bit, and how long it is."""

    wav: bytes
    milliseconds: int


def recordings(folder: Path) -> list[Recording]:
    """What lies in the folder, the oldest first; none where there is no folder."""
    with suppress(FileNotFoundError):
        return sorted(_found(folder), key=lambda one: (one.changed_at, one.name))
    return []


def _found(folder: Path) -> Iterator[Recording]:
    for box in os.scandir(folder):
        if parse_extension(box.name) is None or not box.is_dir(follow_symlinks=False):
            continue
        for file in os.scandir(box.path):
            name = f"{box.name}/{file.name}"
            if not file.name.endswith(_SUFFIX) or len(name) > _LONGEST_NAME:
                continue
            with suppress(FileNotFoundError):
                if file.is_file(follow_symlinks=False):
                    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                    channel = file.name.removesuffix(_SUFFIX)
                    yield Recording(Path(file.path), name, box.name, channel, at)


def spoken(recording: Recording) -> Spoken:
    """What it holds, also where Asterisk died over it. Raises BrokenError, OSError."""
    with recording.path.open("rb") as file:
        raw = file.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise BrokenError("too large")
    samples = _samples(raw) if raw else b""
    return Spoken(wav(samples), len(samples) * 1000 // (_RATE * _BYTES_EACH))


def put_aside(recording: Recording) -> None:
    """Rename it, so that nobody looks at it again but an administrator. Raises OSError."""
    recording.path.rename(recording.path.with_name(recording.path.name + _BROKEN))


def wav(samples: bytes) -> bytes:
    """The file around samples."""
    form = b"fmt " + struct.pack("<I", _FORM.size) + _FORM.pack(*_PCM_MONO)
    body = b"WAVE" + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _samples(raw: bytes) -> bytes:
    """The sound in a file; lengths are written at its end, so one that was cut off has none."""
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise BrokenError("no WAV file")
    at, is_pcm = 12, False
    while at + 8 <= len(raw):
        kind, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "little")
        at += 8
        if kind == b"data" and is_pcm:
            found = raw[at : at + size] if size else raw[at:]
            return found[: len(found) // _BYTES_EACH * _BYTES_EACH]
        if kind == b"fmt ":
            is_pcm = raw[at : at + _FORM.size] == _FORM.pack(*_PCM_MONO)
        at += size + size % 2
    raise BrokenError("no sound of 8 kHz, mono, 16 bit in it")
