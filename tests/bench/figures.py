"""From measured calls to the few numbers that are compared."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of some calls: milliseconds from INVITE to 180 of each that rang, and failures.

    `span` is how many seconds lay between the first and the last of them.
    """

    wanted: int
    good: int
    setup_ms: tuple[float, ...]
    span: float = 0

    @property
    def failed(self) -> int:
        """Calls that did not end well, with those that could not even be placed."""
        return self.wanted - self.good

    @property
    def median_ms(self) -> float:
        return statistics.median(self.setup_ms) if self.setup_ms else float("inf")

    @property
    def p99_ms(self) -> float:
        return p99(self.setup_ms)

    @property
    def rate(self) -> float:
        """Calls a second that were really placed; endless for too few to tell."""
        return len(self.setup_ms) / self.span if self.span else float("inf")


def together(bursts: Iterable[Burst]) -> Burst:
    """Several bursts counted as one."""
    every = list(bursts)
    return Burst(
        sum(burst.wanted for burst in every),
        sum(burst.good for burst in every),
        tuple(time for burst in every for time in burst.setup_ms),
        sum(burst.span for burst in every),
    )


def p99(values: Sequence[float]) -> float:
    """What 99 of 100 values stay under."""
    if len(values) < 2:
        return max(values, default=float("inf"))
    return statistics.quantiles(values, n=_HUNDREDTHS, method="inclusive")[-1]
