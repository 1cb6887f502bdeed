"""What the bench has found: tables for people, a chart, and one JSON object for machines."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Burst
from tests.bench.place import Way
from tests.bench.service import Weight

RATE = 100
"""Calls a second at which the ways are compared."""
SMALL, LARGE = 100, 100_000


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was measured."""

    calls: Mapping[int, Mapping[Way, Burst]]
    """By calls a second, then by way."""
    by_stored_plan: int
    """Calls of "ours" that the service was too late for."""
    saturation: Mapping[Way, int]
    route_us: Mapping[int, float]
    weight: Weight

    def summary(self) -> dict[str, object]:
        """The figures under the names that do not change from one version to the next."""
        at_rate = self.calls[RATE]
        plain, ours = at_rate[Way.PLAIN], at_rate[Way.OURS]
        return {
            "rate": RATE,
            **{way.label: _setup(burst) for way, burst in at_rate.items()},
            "ratio_median": _known(ours.median_ms / plain.median_ms),
            "ratio_p99": _known(ours.p99_ms / plain.p99_ms),
            "failed_ours": sum(bursts[Way.OURS].failed for bursts in self.calls.values()),
            "saturation_plain_cps": self.saturation[Way.PLAIN],
            "saturation_ours_cps": self.saturation[Way.OURS],
            "route_us_100": round(self.route_us[SMALL], 1),
            "route_us_100000": round(self.route_us[LARGE], 1),
            "rss_mb_10000_employees": round(self.weight.rss_mb, 1),
            "ready_seconds_10000_employees": round(self.weight.ready_seconds, 2),
            "first_ready_seconds_10000_employees": round(self.weight.first_ready_seconds, 2),
            "ours_by_stored_plan": self.by_stored_plan,
        }


def _setup(burst: Burst) -> dict[str, float | None]:
    return {"median_ms": _known(burst.median_ms), "p99_ms": _known(burst.p99_ms)}


def _known(figure: float) -> float | None:
    """JSON has no number for a call that never rang."""
    return round(figure, 2) if math.isfinite(figure) else None


def show(console: Console, found: Findings) -> None:
    """Print the tables."""
    table = Table("Calls/s", *(way.label for way in Way), title="INVITE to ringing: median, p99")
    for rate, bursts in found.calls.items():
        table.add_row(str(rate), *(_cell(bursts[way]) for way in Way))
    console.print(table)
    goals = Table("", "Measured", "Goal", title="Goals")
    for row in _goals(found):
        goals.add_row(*row)
    console.print(goals)


def _cell(burst: Burst) -> str:
    text = f"{burst.median_ms:.1f} ms, {burst.p99_ms:.1f} ms"
    return f"{text}, {burst.failed} failed" if burst.failed else text


def _goals(found: Findings) -> list[tuple[str, str, str]]:
    figures, weight, calls = found.summary(), found.weight, found.calls[RATE]
    plain, ours = found.saturation[Way.PLAIN], found.saturation[Way.OURS]
    route = found.route_us
    return [
        (f"Ours to plain at {RATE}/s, median", str(figures["ratio_median"]), "1.3"),
        (f"Ours to plain at {RATE}/s, p99", str(figures["ratio_p99"]), "2.5"),
        (f"Failed calls at {RATE}/s, ours", str(calls[Way.OURS].failed), "0"),
        ("Calls the service was too late for", str(found.by_stored_plan), "0"),
        ("Saturation, plain", f"{plain}/s", ""),
        ("Saturation, ours", f"{ours}/s, {ours / plain:.2f} of plain", "0.85 of plain"),
        (f"One decision, {SMALL} employees", f"{route[SMALL]:.1f} µs", "50 µs"),
        (f"One decision, {LARGE} employees", f"{route[LARGE]:.1f} µs", "50 µs"),
        ("10,000 employees", f"{weight.rss_mb:.0f} MB", "200 MB"),
        ("10,000 employees, ready after", f"{weight.ready_seconds:.1f} s", "5 s"),
        ("... at the very first start", f"{weight.first_ready_seconds:.1f} s", ""),
    ]


def draw(found: Findings, file: Path) -> None:
    """The chart, as SVG: a line per way, medians on the left, p99 on the right."""
    mpl.use("svg")
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    rates = list(found.calls)
    panels = figure.subplots(1, 2)
    for panel, title in zip(panels, ("median", "p99"), strict=True):
        for way in Way:
            bursts = [found.calls[rate][way] for rate in rates]
            heights = [b.median_ms if title == "median" else b.p99_ms for b in bursts]
            panel.plot(rates, heights, marker="o", label=way.label)
        panel.set(title=title, xlabel="calls a second", ylabel="INVITE to ringing, ms")
        panel.set_yscale("log")
        panel.grid(visible=True, which="both", alpha=0.3)
        panel.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, format="svg")


def last_line(found: Findings) -> str:
    """The JSON object."""
    return json.dumps(found.summary())
