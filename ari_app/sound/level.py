"""How loud a sound is where somebody speaks, and what brings it to the usual level."""

from array import array
from math import sqrt

RATE = 8000
_FRAME = RATE // 20
_FULL = 32768
_WANTED = 0.16 * _FULL
"""As loud (root mean square) as the sentences that come with the product: -16 dB."""
_PEAK = 0.9 * _FULL
_HEADROOM = 2.0
"""How far the loudest peaks may go over: the limiter behind rounds them off."""
_QUIET = 0.003 * _FULL
_MOST = 30.0
_SHORTEST = 4
"""Frames of 50 ms that must be louder than quiet: a click is no greeting."""


def gain(samples: bytes) -> float | None:
    """What to multiply samples (16 bit) with; None for silence."""
    whole = array("h", samples)
    levels = [_level(whole[at : at + _FRAME]) for at in range(0, len(whole), _FRAME)]
    loud = [level for level in levels if level > _QUIET]
    if len(loud) < _SHORTEST:
        return None
    # What is much quieter than the loudest parts is a pause.
    floor = max(loud) / 10
    spoken = [level for level in loud if level > floor]
    usual = sqrt(sum(level * level for level in spoken) / len(spoken))
    peak = max(abs(max(whole)), abs(min(whole)))
    return min(_WANTED / usual, _HEADROOM * _PEAK / peak, _MOST)


def _level(samples: "array[int]") -> float:
    return sqrt(sum(sample * sample for sample in samples) / max(len(samples), 1))
