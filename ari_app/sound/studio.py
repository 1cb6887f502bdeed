"""Makes sounds for Asterisk: of files in any usual format, and of typed text."""

import asyncio
import shlex
import shutil
import tempfile
from hashlib import sha256

import structlog

from ari_app.domain.greetings import LONGEST_SECONDS, Sound
from ari_app.sound import process
from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.limits import LONGEST_TEXT, MOST_BYTES
from ari_app.sound.spoken import spoken

log = structlog.get_logger()

_AT_ONCE = 2
_SECONDS = 30.0
_HEADER_BYTES = 44
_BYTES_A_MILLISECOND = 16


class Studio:
    """Converts and speaks, a few things at a time; the others wait for their turn."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def convert(self, raw: bytes, longest_seconds: float = LONGEST_SECONDS) -> Sound:
        """A sound file (wav, mp3, ogg, opus, webm, m4a, aac, flac) for Asterisk.

        Raises SoundError.
        """
        if not raw:
            raise SoundError(Fault.NOT_AUDIO, "empty")
        if len(raw) > MOST_BYTES:
            raise SoundError(Fault.TOO_LARGE)
        words = process.own("ari_app.sound.converter", str(longest_seconds))
        async with self._turns:
            _, wrote = await process.run(words, raw, _SECONDS)
        said, _, made = wrote.partition(b"\n")
        if said == b"ok" and len(made) > _HEADER_BYTES:
            milliseconds = (len(made) - _HEADER_BYTES) // _BYTES_A_MILLISECOND
            return Sound(made, milliseconds, sha256(made).hexdigest())
        # A decoder that crashed says nothing.
        known = {fault.value: fault for fault in Fault}
        fault = known.get(said.decode(errors="replace"), Fault.BROKEN)
        detail = made.decode(errors="replace")
        log.info("sound.refused", fault=fault.value, detail=detail, bytes=len(raw))
        raise SoundError(fault, detail)

    async def speak(self, text: str, language: str, command: str) -> Sound:
        """Have the engine `command` (text in, WAV file out) say a text in ru or en.

        Raises SoundError.
        """
        if len(text) > LONGEST_TEXT:
            raise SoundError(Fault.LONG_TEXT)
        said = spoken(text, language)
        if not any(letter.isalnum() for letter in said):
            raise SoundError(Fault.NOTHING_TO_SAY)
        if not has_engine(command):
            raise SoundError(Fault.NO_ENGINE, command)
        async with self._turns:
            raw = await _spoken_by(shlex.split(command), said.encode())
        if not raw:
            raise SoundError(Fault.ENGINE_FAILED, command)
        return await self.convert(raw)


def has_engine(command: str) -> bool:
    """Whether the program of a speech command is installed."""
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return bool(words) and shutil.which(words[0]) is not None


async def _spoken_by(words: list[str], said: bytes) -> bytes:
    """What an engine writes: into a file, since some go back to write the length at its head."""
    with tempfile.TemporaryFile() as output:
        limited = process.own("ari_app.sound.limited", *words)
        try:
            status, _ = await process.run(limited, said, _SECONDS, output)
        except OSError as error:
            raise SoundError(Fault.ENGINE_FAILED, str(error)) from error
        if status != 0:
            raise SoundError(Fault.ENGINE_FAILED, f"{words[0]}: {status}")
        output.seek(0)
        return output.read(MOST_BYTES)
