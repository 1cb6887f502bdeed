"""Stretches of time told as people tell them: every week, or on one day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MIDNIGHT = time(0)

Stretch = tuple[datetime, datetime]
"""From when up to but without when, by the clock on the wall."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that begins at `start` on each of `weekdays` (Monday is 0), or on the day `on`.

    It ends at `end`, as many days after the one it began on as `days_later` says.
    """

    weekdays: tuple[int, ...]
    on: date | None
    start: time
    end: time
    days_later: int

    @property
    def length(self) -> timedelta:
        """How much of a week it takes, where it comes every week."""
        each = self.days_later * _DAY + _since_midnight(self.end) - _since_midnight(self.start)
        return each * max(len(self.weekdays), 1)


def spans(stretches: Iterable[Stretch], monday: date) -> tuple[Span, ...]:
    """What comes in both of the weeks told once for every week, and the rest by its date.

    `stretches` lie within the two weeks that begin on `monday` (or on any other weekday).
    """
    start = datetime.combine(monday, _MIDNIGHT)
    offsets = [(begin - start, end - start) for begin, end in stretches]
    first = _joined((begin, min(end, _WEEK)) for begin, end in offsets if begin < _WEEK)
    second = _joined(
        (max(begin, _WEEK) - _WEEK, end - _WEEK) for begin, end in offsets if end > _WEEK
    )
    both = list(_common(first, second))
    rest = [*_without(first, both), *((b + _WEEK, e + _WEEK) for b, e in _without(second, both))]
    return (*_weekly(both, start), *_dated(_joined(rest), start))


_Offsets = tuple[timedelta, timedelta]


def _joined(offsets: Iterable[_Offsets]) -> list[_Offsets]:
    joined: list[_Offsets] = []
    for begin, end in sorted(offsets):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _common(some: list[_Offsets], others: list[_Offsets]) -> Iterator[_Offsets]:
    for begin, end in some:
        for from_, to in others:
            if max(begin, from_) < min(end, to):
                yield max(begin, from_), min(end, to)


def _without(some: list[_Offsets], taken: list[_Offsets]) -> Iterator[_Offsets]:
    for begin, end in some:
        left = begin
        for from_, to in taken:
            if left < to and from_ < end:
                if left < from_:
                    yield left, from_
                left = to
        if left < end:
            yield left, end


def _weekly(offsets: list[_Offsets], start: datetime) -> Iterator[Span]:
    """The runs of a week that comes again and again, those with the same hours together."""
    if len(offsets) > 1 and offsets[0][0] == timedelta(0) and offsets[-1][1] == _WEEK:
        offsets = [*offsets[1:-1], (offsets[-1][0], _WEEK + offsets[0][1])]
    by_hours: dict[tuple[time, time, int], list[int]] = {}
    for begin, end in offsets:
        hours = _hours(start + begin, start + end)
        by_hours.setdefault(hours, []).append((start + begin).weekday())
    for (first, last, later), weekdays in by_hours.items():
        yield Span(tuple(sorted(weekdays)), None, first, last, later)


def _dated(offsets: list[_Offsets], start: datetime) -> Iterator[Span]:
    for begin, end in offsets:
        yield Span((), (start + begin).date(), *_hours(start + begin, start + end))


def _hours(begin: datetime, end: datetime) -> tuple[time, time, int]:
    """The clock at both ends, and how many days lie between; the end of a day is its 24:00."""
    later = (end.date() - begin.date()).days
    if end.time() == _MIDNIGHT:
        return begin.time(), _MIDNIGHT, later
    return begin.time(), end.time(), later


def _since_midnight(clock: time) -> timedelta:
    return datetime.combine(date.min, clock) - datetime.min  # noqa: DTZ901
