"""Sound files of every kind, made by FFmpeg, and what is heard in one."""

import io
import struct
from math import pi
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

RATE = 48000
KINDS = {
    "wav": ("wav", "pcm_s16le", RATE),
    "mp3": ("mp3", "libmp3lame", 44100),
    "ogg": ("ogg", "vorbis", RATE),
    "opus": ("ogg", "libopus", RATE),
    "webm": ("webm", "libopus", RATE),
    "m4a": ("mp4", "aac", 44100),
    "aac": ("adts", "aac", 44100),
    "flac": ("flac", "flac", 44100),
}
"""Each kind that is taken: its container, its codec, its rate."""
PATTERN = (600.0, 1400.0, 900.0)
"""The tones of `pattern`, one after another, in Hz."""
EACH = 0.6


def tone(hertz: float, seconds: float, rate: int, level: float = 0.3) -> "np.ndarray[Any, Any]":
    moments = np.arange(round(seconds * rate)) / rate
    return np.asarray(np.sin(2 * pi * hertz * moments) * level * 32767, dtype=np.int16)


def pattern(rate: int) -> "np.ndarray[Any, Any]":
    """Three tones one after another."""
    return np.concatenate([tone(hertz, EACH, rate) for hertz in PATTERN])


def encoded(kind: str, samples: "np.ndarray[Any, Any] | None" = None) -> bytes:
    """A file of this kind; the pattern of tones, unless told otherwise."""
    container, codec, rate = KINDS[kind]
    if samples is None:
        samples = pattern(rate)
    target = io.BytesIO()
    with av.open(target, "w", format=container) as output:
        # FFmpeg's own Vorbis encoder does stereo only, and is called experimental.
        is_vorbis = codec == "vorbis"
        stream = output.add_stream(codec, rate, options={"strict": "experimental"})
        assert isinstance(stream, AudioStream)
        stream.layout = "stereo" if is_vorbis else "mono"
        resampler = av.AudioResampler(layout=stream.layout, format=stream.format, rate=rate)
        for frame in (*_frames(samples, rate), None):
            for part in resampler.resample(frame):
                output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return target.getvalue()


def endless_flac(hours: float) -> bytes:
    """A small file that is hours long."""
    rate = 1000
    target = io.BytesIO()
    with av.open(target, "w", format="flac") as output:
        stream = output.add_stream("flac", rate=rate)
        stream.layout = "mono"
        second = np.full(rate, 1000, dtype=np.int16)
        for _ in range(round(hours * 3600)):
            for frame in _frames(second, rate):
                output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.getvalue()


def loudest_hertz(wav: bytes, begin: float, end: float) -> float:
    """The strongest tone between two moments (seconds) of a WAV file of 8 kHz."""
    samples = np.frombuffer(wav[44:], dtype="<i2")[round(begin * 8000) : round(end * 8000)]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * 8000 / len(samples)


def form(wav: bytes) -> tuple[int, int, int]:
    """Rate, channels and bits of a WAV file."""
    channels, rate = struct.unpack("<HI", wav[22:28])
    (bits,) = struct.unpack("<H", wav[34:36])
    return rate, channels, bits


def _frames(samples: "np.ndarray[Any, Any]", rate: int) -> "list[AudioFrame]":
    frames = []
    for start in range(0, len(samples), 1024):
        frame = AudioFrame.from_ndarray(samples[start : start + 1024].reshape(1, -1), "s16", "mono")
        frame.sample_rate = rate
        frame.pts = start
        frames.append(frame)
    return frames
