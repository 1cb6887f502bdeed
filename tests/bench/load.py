"""Calls at a steady rate, placed by SIPp over loopback, and how long each took to ring."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from subprocess import TimeoutExpired

from demo.ports import HOST
from demo.processes import end, follow
from tests.bench.figures import Burst
from tests.bench.place import EXTENSIONS, Place, Way

_SCENARIO = Path(__file__).with_name("sipp") / "caller.xml"
_PATIENCE_SECONDS = 4
"""Calls that are not over so long after the last should have been placed have failed."""


class Loader:
    """Places calls on one Asterisk."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folder = place.directory / "calls"
        self._folder.mkdir(exist_ok=True)
        # The port before may still hear late answers to an earlier burst.
        self._own_ports = cycle(place.ports.outside[1:])

    def burst(self, way: Way, rate: int, seconds: float) -> Burst:
        """`rate` calls a second for `seconds`; returns when the last one is over."""
        wanted = round(rate * seconds)
        for old in self._folder.iterdir():
            old.unlink()
        numbers = (f"{way.value}{extension}\n" for extension in EXTENSIONS)
        (self._folder / "numbers.csv").write_text("SEQUENTIAL\n" + "".join(numbers))
        command = self._place.root.command("sipp", *self._words(rate, wanted, seconds))
        process = follow(command, directory=self._folder)
        with suppress(TimeoutExpired):
            process.wait(timeout=seconds + _PATIENCE_SECONDS + 2)
        end(process, 0)
        self._place.wait_quiet()
        return self._came_to(wanted)

    def _words(self, rate: int, wanted: int, seconds: float) -> Iterator[str]:
        yield from ("-sf", str(_SCENARIO), "-inf", "numbers.csv", "-nostdin", "-skip_rlimit")
        yield from ("-i", HOST, "-mi", HOST, "-p", str(next(self._own_ports)))
        yield from ("-r", str(rate), "-m", str(wanted), "-l", str(wanted))
        yield from ("-timeout", f"{seconds + _PATIENCE_SECONDS:.0f}s", "-recv_timeout", "4000")
        yield from ("-trace_rtt", "-rtt_freq", "50", "-trace_stat", "-stf", "stat.csv", "-fd", "1")
        yield f"{HOST}:{self._place.ports.sip}"

    def _came_to(self, wanted: int) -> Burst:
        times: list[tuple[float, float]] = []
        for file in self._folder.glob("*_rtt.csv"):
            times += response_times(file.read_text().splitlines())
        stat = self._folder / "stat.csv"
        good = good_calls(stat.read_text().splitlines()) if stat.exists() else 0
        span = (times[-1][0] - times[0][0]) / 1000 if times else 0
        return Burst(wanted, good, tuple(time for _, time in times), span)


def response_times(lines: Iterable[str]) -> list[tuple[float, float]]:
    """Of each call in a file of SIPp's ``-trace_rtt``: when it rang, and after how long, in ms."""
    rows = csv.reader(lines, delimiter=";")
    next(rows, None)
    return [(float(row[0]), float(row[1])) for row in rows if len(row) >= 2]


def good_calls(lines: Iterable[str]) -> int:
    """How many calls ended as they should, by the last line of SIPp's ``-trace_stat``."""
    good = 0
    for row in csv.DictReader(lines, delimiter=";"):
        good = int(row.get("SuccessfulCall(C)") or good)
    return good
