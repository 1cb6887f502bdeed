"""`make bench`: measure, show, draw; the last line is one JSON object."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from demo.configuration import REPOSITORY
from demo.problem import told
from demo.service import ServiceProcess
from tests.bench.decision import median_us
from tests.bench.figures import Burst, together
from tests.bench.load import Loader
from tests.bench.place import Way, opened
from tests.bench.report import LARGE, SMALL, Findings, draw, last_line, show
from tests.bench.saturation import saturation
from tests.bench.service import questions_answered, serving, weigh

CHART = REPOSITORY / "var/bench/setup.svg"
_SEARCHED = (Way.PLAIN, Way.OURS)

console = Console(highlight=False)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: seconds of calls at each rate in each round, and time limits."""

    rounds: int
    seconds_at: dict[int, float]
    calls_limit: float
    search_seconds: float
    search_limit: float
    search_to: int = 1000


FULL = Extent(6, {50: 4, 100: 5, 150: 3}, 320, 4, 75)
QUICK = Extent(2, {50: 1, 100: 1.5, 150: 1}, 30, 1.5, 15)


def bench(extent: Extent) -> Findings:
    """Measure everything."""
    with console.status("One decision …"):
        route_us = median_us((SMALL, LARGE))
    with TemporaryDirectory(prefix="bench-") as folder, opened(Path(folder)) as place:
        loader = Loader(place)
        with serving(place) as service:
            calls, late = _rounds(loader, service, extent)
            low = [(way, calls[min(calls)][way].median_ms) for way in _SEARCHED]
            rates = _search(loader, low, extent)
        with console.status("Ten thousand employees …"):
            weight = weigh(place)
    return Findings(calls, late, rates, route_us, weight)


def _rounds(
    loader: Loader, service: ServiceProcess, extent: Extent
) -> tuple[dict[int, dict[Way, Burst]], int]:
    """All ways at all rates, in turns; and how many calls the service was too late for."""
    bursts: dict[tuple[int, Way], list[Burst]] = {}
    with console.status("Warming up …") as status:
        for way in Way:
            loader.burst(way, 50, 1)
        before = questions_answered(service)
        began, done = time.monotonic(), 0
        while done < extent.rounds and _fits(began, done, extent.calls_limit):
            done += 1
            for rate, seconds in extent.seconds_at.items():
                for way in Way:
                    status.update(f"Round {done}: {way.label} at {rate}/s …")
                    bursts.setdefault((rate, way), []).append(loader.burst(way, rate, seconds))
    calls = {rate: {way: together(bursts[rate, way]) for way in Way} for rate in extent.seconds_at}
    ours = sum(each[Way.OURS].good for each in calls.values())
    return calls, max(0, ours - (questions_answered(service) - before))


def _search(loader: Loader, low: list[tuple[Way, float]], extent: Extent) -> dict[Way, int]:
    with console.status("Saturation …") as status:

        def try_out(way: Way, rate: int) -> Burst:
            status.update(f"Saturation: {way.label} at {rate}/s …")
            return loader.burst(way, rate, extent.search_seconds)

        is_time_left = _timer(extent.search_limit)
        return saturation(low, try_out, is_time_left, min(extent.seconds_at), extent.search_to)


def _fits(began: float, done: int, limit: float) -> bool:
    """Whether one more round is over within `limit` seconds, if it takes as long as the others."""
    return done == 0 or (time.monotonic() - began) * (done + 1) / done < limit


def _timer(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure calls against a plain Dial()")
    parser.add_argument("--quick", action="store_true", help="about 90 seconds, and coarser")
    extent = QUICK if parser.parse_args().quick else FULL

    def run() -> None:
        began = time.monotonic()
        found = bench(extent)
        show(console, found)
        draw(found, CHART)
        console.print(f"Chart: {CHART} ({time.monotonic() - began:.0f} s)")
        print(last_line(found))  # noqa: T201 - a line that rich must not wrap

    told(run)


if __name__ == "__main__":
    main()
