"""A process of its own that makes an MP3 of a WAV file: stdin to stdout."""

import io
import sys
from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame

_RATE = 16_000
"""Twice Asterisk's: the lowest that MPEG layer 3 has outside of an extension of its own."""
_BITS = 32_000
_FRAME = 576


def encoded(wav: bytes) -> bytes:
    """The same sound as MP3."""
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
