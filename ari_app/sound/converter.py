"""A process of its own that makes a WAV file for Asterisk of any sound file: stdin to stdout.

Sound files come from anybody, and decoders have holes: here none of them can stall, swell or
crash what decides calls. The first line that it writes is "ok" or a `Fault`; then comes the file.
"""

import io
import resource
import struct
import sys
from collections.abc import Iterator

import av
from av.audio.frame import AudioFrame
from av.error import FFmpegError

from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.level import RATE, gain
from ari_app.sound.limits import MOST_BYTES

_MEGABYTE = 1024 * 1024
_LIMITS = {
    resource.RLIMIT_AS: 1500 * _MEGABYTE,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_FORMATS = "wav,mp3,ogg,matroska,webm,mov,mp4,m4a,aac,flac"
"""Only what holds its own sound: a playlist would have other files opened, or addresses."""
_OPTIONS = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
_BAD_PACKETS = 50
_BYTES_EACH = 2


def converted(raw: bytes, longest_seconds: float) -> bytes:
    """A WAV file (8 kHz, mono, 16 bit) at the usual level. Raises SoundError."""
    if len(raw) > MOST_BYTES:
        raise SoundError(Fault.TOO_LARGE)
    samples = _decoded(raw, round(longest_seconds * RATE))
    found = gain(samples)
    if found is None:
        raise SoundError(Fault.SILENT)
    return wav(_through(samples, f"volume={found:.4f},alimiter=limit=0.9:level=false"))


def wav(samples: bytes) -> bytes:
    """The file around samples."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * _BYTES_EACH, _BYTES_EACH, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _decoded(raw: bytes, most: int) -> bytes:
    """The samples of the first sound in a file."""
    found = bytearray()
    try:
        with av.open(io.BytesIO(raw), mode="r", options=_OPTIONS) as container:
            if not container.streams.audio:
                raise SoundError(Fault.NOT_AUDIO, "no sound in it")
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in _frames(container):
                for part in resampler.resample(frame):
                    found += bytes(part.planes[0])[: part.samples * _BYTES_EACH]
                if len(found) > most * _BYTES_EACH:
                    raise SoundError(Fault.TOO_LONG)
    except (FFmpegError, ValueError) as error:
        raise SoundError(Fault.NOT_AUDIO, str(error)) from error
    except MemoryError as error:
        raise SoundError(Fault.BROKEN, "memory") from error
    if not found:
        raise SoundError(Fault.BROKEN, "nothing could be decoded")
    return bytes(found)


def _frames(container: "av.container.InputContainer") -> Iterator[AudioFrame | None]:
    """Whatever can be decoded, and None at the end."""
    bad = 0
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from packet.decode()
        except FFmpegError as error:
            bad += 1
            if bad > _BAD_PACKETS:
                raise SoundError(Fault.BROKEN, str(error)) from error
    yield None


def _through(samples: bytes, filters: str) -> bytes:
    """Samples after a chain of FFmpeg's filters."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono")
    last = source
    for one in [*filters.split(","), "aformat=sample_fmts=s16"]:
        name, _, arguments = one.partition("=")
        made = graph.add(name, arguments)
        last.link_to(made)
        last = made
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    return b"".join(_pulled(graph, samples))


def _pulled(graph: "av.filter.Graph", samples: bytes) -> Iterator[bytes]:
    size = RATE * _BYTES_EACH
    for start in range(0, len(samples), size):
        part = samples[start : start + size]
        frame = AudioFrame(format="s16", layout="mono", samples=len(part) // _BYTES_EACH)
        frame.sample_rate = RATE
        frame.pts = start // _BYTES_EACH
        frame.planes[0].update(part)
        graph.push(frame)
        yield from _ready(graph)
    graph.push(None)
    yield from _ready(graph)


def _ready(graph: "av.filter.Graph") -> Iterator[bytes]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield bytes(frame.planes[0])[: frame.samples * _BYTES_EACH]


def main() -> None:
    """Convert what comes in; the longest sound in seconds is the argument."""
    for limit, most in _LIMITS.items():
        resource.setrlimit(limit, (most, most))
    out = sys.stdout.buffer
    try:
        made = converted(sys.stdin.buffer.read(MOST_BYTES + 1), float(sys.argv[1]))
    except SoundError as error:
        out.write(f"{error.fault.value}\n{error.detail[:200]}".encode())
        return
    out.write(b"ok\n" + made)


if __name__ == "__main__":
    main()
