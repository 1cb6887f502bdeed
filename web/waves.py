"""A recording as a picture: one bar for each part of it, as high as it is loud."""

from array import array

_HEADER_BYTES = 44
BARS = 120
_STEP = 3
_HEIGHT = 40
_LOWEST = 2
_QUIET = 600
"""Nothing is drawn high only because everything is quiet."""


def wave(wav: bytes, bars: int = BARS) -> str:
    """The picture (SVG) of a WAV file of 8 kHz, mono, 16 bit."""
    heights = _heights(wav[_HEADER_BYTES:], bars)
    drawn = "".join(
        f'<rect x="{place * _STEP}" y="{(_HEIGHT - height) / 2:g}" width="2" height="{height}" '
        'rx="1"/>'
        for place, height in enumerate(heights)
    )
    width = bars * _STEP - 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" '
        f'preserveAspectRatio="none" fill="#7b8794">{drawn}</svg>'
    )


def _heights(samples: bytes, bars: int) -> list[int]:
    whole = array("h", samples[: len(samples) // 2 * 2])
    peaks = [_peak(whole[_at(whole, i, bars) : _at(whole, i + 1, bars)]) for i in range(bars)]
    top = max(*peaks, _QUIET)
    return [max(_LOWEST, round(_HEIGHT * peak / top)) for peak in peaks]


def _at(whole: "array[int]", place: int, bars: int) -> int:
    return len(whole) * place // bars


def _peak(samples: "array[int]") -> int:
    # Every other sample tells as much, in half the time.
    some = samples[::2]
    loudest, lowest = max(some, default=0), min(some, default=0)
    return max(loudest, -lowest)
