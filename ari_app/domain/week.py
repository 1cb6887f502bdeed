"""Where calls would get to during a day, half an hour after half an hour on the clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import groupby

from ari_app.domain.directory import Directory
from ari_app.domain.reached import Passage, passage
from ari_app.domain.what_if import Supposed, way

HALVES = 48
"""Half hours of a day, as clocks show them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Half hours from `start` up to but without `end` of one kind.

    `passage` is None for hours that the clock leaves out on this day.
    """

    start: int
    end: int
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the employee's zone."""

    day: date
    runs: tuple[Run, ...]


def halves(directory: Directory, supposed: Supposed, day: date) -> Iterator[Passage | None]:
    """A day of calls like `supposed`, one at the beginning of each half hour.

    Of an hour that comes twice, the first one counts.
    """
    return (_passage(directory, supposed, day, half) for half in range(HALVES))


def day_of(day: date, passages: Iterable[Passage | None]) -> Day:
    """What `halves` found, put together."""
    return Day(day, tuple(_runs(enumerate(passages))))


def clock(half: int) -> str:
    """What the clock shows when a half hour begins: 9:30 is ``09:30``, the last end ``24:00``."""
    hours, rest = divmod(half, 2)
    return f"{hours:02}:{rest * 30:02}"


def _passage(directory: Directory, supposed: Supposed, day: date, half: int) -> Passage | None:
    zone = directory.employees[supposed.called].zone
    shown = datetime.combine(day, time(half // 2, half % 2 * 30))
    at = shown.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != shown:
        return None
    then = replace(supposed, at=at)
    return passage(way(directory, then), directory, then)


def _runs(found: Iterable[tuple[int, Passage | None]]) -> Iterable[Run]:
    for passed, halves in groupby(found, key=lambda pair: pair[1]):
        places = [half for half, _ in halves]
        yield Run(places[0], places[-1] + 1, passed)
