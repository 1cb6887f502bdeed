"""What was heard: whether there is speech, and whether it is a certain sentence."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

_RATE = 8000
_HEADER_BYTES = 44
_SPEECH_LEVEL = 500.0


def samples(file: Path) -> Samples:
    """The sound of a WAV file of 8 kHz, mono, 16 bit, also of one that was cut off."""
    raw = np.frombuffer(file.read_bytes()[_HEADER_BYTES:], dtype="<i2")
    return raw.astype(np.float64)


def speech_seconds(heard: Samples) -> float:
    """How much of it is louder than a quiet line, in steps of 20 ms."""
    step = _RATE // 50
    frames = heard[: len(heard) // step * step].reshape(-1, step)
    levels = np.sqrt((frames**2).mean(axis=1))
    return float((levels > _SPEECH_LEVEL).sum()) / 50


def likeness(heard: Samples, sentence: Samples, seconds: float = 1.0) -> float:
    """How surely the loudest part of `sentence` was heard: 1 is the same sound, 0 is another.

    The highest normalised cross-correlation of that part with any part of `heard`.
    """
    part = _loudest(sentence, round(seconds * _RATE))
    if len(heard) < len(part):
        return 0.0
    size = len(heard) + len(part)
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(part, size))
    products = np.fft.irfft(spectrum, size)[: len(heard) - len(part) + 1]
    sums = np.concatenate(([0.0], np.cumsum(heard**2)))
    energies = sums[len(part) :] - sums[: -len(part)]
    norm = np.sqrt(np.maximum(energies, 1.0) * (part**2).sum())
    return float((products / norm).max())


def _loudest(sound: Samples, length: int) -> Samples:
    if len(sound) <= length:
        return sound
    sums = np.concatenate(([0.0], np.cumsum(sound**2)))
    start = int(np.argmax(sums[length:] - sums[:-length]))
    return sound[start : start + length]
