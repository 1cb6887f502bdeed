"""Up to how many calls a second a way holds: rising until it breaks, then by halves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench.figures import Burst
from tests.bench.place import Way

_GROWTH = 1.6
_FINE = 1.05
"""A search ends when the highest rate that held and the lowest that broke are so near."""
_SLOWER = 10
"""A median so many times that at a low rate means that calls are piling up."""
_PLACED = 0.9
"""A rate of which less was really placed did not hold."""
_TRIES = 2


@dataclass
class Search:
    """Which rate to try next, from `low`, which held, up to `limit`."""

    low: int
    limit: int
    broken: int | None = None

    @property
    def next_rate(self) -> int | None:
        """None when nothing is left to be found out."""
        if self.broken is None:
            return min(round(self.low * _GROWTH), self.limit) if self.low < self.limit else None
        between = round((self.low * self.broken) ** 0.5)
        is_near = self.broken <= self.low * _FINE or between in {self.low, self.broken}
        return None if is_near else between

    def note(self, rate: int, *, held: bool) -> None:
        if held:
            self.low = rate
        else:
            self.broken = rate


def holds(burst: Burst, rate: int, low_median_ms: float) -> bool:
    """Whether a burst at `rate` says that calls still go through as they should."""
    is_swift = burst.median_ms <= _SLOWER * low_median_ms
    return burst.failed == 0 and is_swift and burst.rate >= _PLACED * rate


def saturation(
    ways: Sequence[tuple[Way, float]],
    try_out: Callable[[Way, int], Burst],
    is_time_left: Callable[[], bool],
    search_from: int,
    limit: int,
) -> dict[Way, int]:
    """The highest rate that held, of each way with its median at a low rate; turn by turn.

    A rate breaks when it did so twice running: other programs on the machine have their moments.
    """
    searches = {way: Search(search_from, limit) for way, _ in ways}
    while is_time_left() and any(search.next_rate for search in searches.values()):
        for way, low_median_ms in ways:
            rate = searches[way].next_rate
            if rate is not None:
                held = any(holds(try_out(way, rate), rate, low_median_ms) for _ in range(_TRIES))
                searches[way].note(rate, held=held)
    return {way: search.low for way, search in searches.items()}
