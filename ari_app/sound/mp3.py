"""A process of its own that makes an MP3 of a WAV file, stdin to stdout: every phone plays it."""

import io
import sys
from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame

from ari_app.sound import process
from ari_app.sound.errors import Fault, SoundError

_SECONDS = 60.0
_RATE = 16_000
"""Twice Asterisk's: the lowest that MPEG layer 3 has outside of an extension of its own."""
_BITS = 32_000
_FRAME = 576


async def as_mp3(wav: bytes) -> bytes:
    """The same sound as MP3. Raises SoundError, OSError."""
    status, made = await process.run(process.own("ari_app.sound.mp3"), wav, _SECONDS)
    if status != 0 or not made:
        raise SoundError(Fault.BROKEN, f"MP3: {status}")
    return made


def encoded(wav: bytes) -> bytes:
    """The conversion itself."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(wav), mode="r", format="wav") as source,
        av.open(out, mode="w", format="mp3") as made,
    ):
        stream = made.add_stream("libmp3lame", rate=_RATE, layout="mono")
        stream.bit_rate = _BITS
        size = stream.frame_size or _FRAME
        resampler = av.AudioResampler(stream.format.name, "mono", _RATE, frame_size=size)
        for frame in _frames(source):
            for part in resampler.resample(frame):
                made.mux(stream.encode(part))
        made.mux(stream.encode(None))
    return out.getvalue()


def _frames(source: "av.container.InputContainer") -> Iterator[AudioFrame | None]:
    yield from source.decode(audio=0)
    yield None


if __name__ == "__main__":
    sys.stdout.buffer.write(encoded(sys.stdin.buffer.read()))
