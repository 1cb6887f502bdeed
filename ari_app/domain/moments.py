"""Moments that stand for all time to come: at one of them any condition that ever holds, holds."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ari_app.domain.conditions import is_free_day
from ari_app.domain.directory import DayKind, Directory, Employee

_AHEAD = timedelta(days=5 * 366)
"""As far as the office's calendar of public holidays reaches."""
_LAST = datetime(9990, 1, 1, tzinfo=UTC)
"""No moment behind it: the calendar of Python ends soon after."""
_ONE_DAY = timedelta(days=1)
_NEAR = (-_ONE_DAY, timedelta(0))
_FAR = (-2 * _ONE_DAY, *_NEAR, _ONE_DAY)
"""Days around one day that hours can reach into it from: in its own zone, and in any other."""


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What the rules' conditions of time can tell apart."""

    zones: tuple[ZoneInfo, ...]
    clocks: frozenset[time]
    edges: tuple[datetime, ...]
    dates: frozenset[date]
    count_weekdays: bool
    count_free_days: bool


def moments(people: Sequence[Employee], directory: Directory, now: datetime) -> Iterator[datetime]:
    """Moments from `now` on, one at least for every set of rules that can hold together.

    Days that no rule of these people can tell apart are looked at once: by weekday, day off,
    dates named, beginning and end of periods, and the zones' offsets (daylight saving). Within
    a day the moments are those at which something begins or ends.
    """
    conditions = _conditions(people)
    home = conditions.zones[0]
    seen: set[object] = set()
    yield now
    for day in _days(conditions, now):
        window = _window(day, home)
        kind = _kind(day, window, conditions, directory)
        is_today = window[0] <= now
        if kind in seen and not is_today:
            continue
        if not is_today:
            seen.add(kind)
        yield from sorted(m for m in _within(day, window, conditions) if m > now)


def _conditions(people: Sequence[Employee]) -> _Conditions:
    whens = [(p.zone, r.when) for p in people for r in p.rules if r.is_on]
    hours = [hours for _, when in whens for hours in when.hours]
    edges = {e.astimezone(UTC) for _, when in whens for e in (when.since, when.until) if e}
    return _Conditions(
        tuple({people[0].zone: None, **{zone: None for zone, when in whens if when.hours}}),
        frozenset({time(0), *(clock for each in hours for clock in (each.start, each.end))}),
        tuple(sorted(edge for edge in edges if edge < _LAST)),
        frozenset(each.on for each in hours if each.on is not None),
        any(each.weekdays or each.day_kind is not DayKind.ANY for each in hours),
        any(each.day_kind is not DayKind.ANY for each in hours),
    )


def _days(conditions: _Conditions, now: datetime) -> Iterator[date]:
    """The days on which anything can begin: those ahead, those after each edge, those named."""
    first = now.astimezone(conditions.zones[0]).date()
    reached = first - _ONE_DAY
    for start in (first, *(edge.date() - _ONE_DAY for edge in conditions.edges)):
        day, last = max(start, reached + _ONE_DAY), min(start + _AHEAD, _LAST.date())
        while day <= last:
            yield day
            day += _ONE_DAY
        reached = max(reached, last)
    for named in conditions.dates:
        if first < named < _LAST.date() - _ONE_DAY:
            yield from (named - _ONE_DAY, named, named + _ONE_DAY)


def _window(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(0), zone).astimezone(UTC)
    return start, datetime.combine(day + _ONE_DAY, time(0), zone).astimezone(UTC)


def _kind(
    day: date, window: tuple[datetime, datetime], conditions: _Conditions, directory: Directory
) -> object:
    """All that the conditions can tell of a day, of its eve, and of its neighbours elsewhere."""
    reach = _NEAR if len(conditions.zones) == 1 else _FAR
    around = [day + shift for shift in reach]
    free = [is_free_day(each, directory) for each in around] if conditions.count_free_days else ()
    named = [each for each in around if each in conditions.dates] if conditions.dates else ()
    edges = [bisect(conditions.edges, moment) for moment in window] if conditions.edges else ()
    return (
        day.weekday() if conditions.count_weekdays else None,
        *free,
        *named,
        *edges,
        *(m.astimezone(zone).utcoffset() for m in window for zone in conditions.zones),
    )


def _within(
    day: date, window: tuple[datetime, datetime], conditions: _Conditions
) -> Iterable[datetime]:
    """The moments of a day at which a condition can begin or end."""
    start, end = window
    shifts = (0,) if len(conditions.zones) == 1 else (-1, 0, 1)
    found = {start, *conditions.edges}
    for zone in conditions.zones:
        for shift in shifts:
            there = day + timedelta(days=shift)
            for clock in conditions.clocks:
                local = datetime.combine(there, clock, zone)
                found.update(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        found.update(_clock_changes(window, zone))
    return {moment for moment in found if start <= moment < end}


def _clock_changes(window: tuple[datetime, datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """The moment at which the clocks of `zone` are changed within the window, if they are."""
    before, after = window
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    yield after


def pieces(person: Employee, first: date, days: int) -> Iterator[tuple[datetime, timedelta]]:
    """The time from the person's midnight on, in pieces in which no condition begins or ends.

    Each is its beginning, in the person's zone, and how long it takes. A change of the clocks
    is the beginning of a piece, so a piece is as long by the clock on the wall.
    """
    conditions = _conditions((person,))
    for day in (first + timedelta(days=shift) for shift in range(days)):
        window = _window(day, person.zone)
        starts = sorted(_within(day, window, conditions))
        for start, end in zip(starts, (*starts[1:], window[1]), strict=True):
            yield start.astimezone(person.zone), end - start
