"""Whether the period and the hours of a forwarding rule can hold at any time from now on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from ari_app.domain.calls import Caller, CallerKind
from ari_app.domain.conditions import applies, is_on_day
from ari_app.domain.directory import Directory, Employee, ForwardingRule, Hours

_AHEAD = timedelta(days=5 * 366)
"""As far as the office's calendar of public holidays reaches."""
_ONE_DAY = timedelta(days=1)
_ANYBODY = Caller("", is_inside=True)


def ever_holds(
    rule: ForwardingRule, hours: Hours, owner: Employee, directory: Directory, now: datetime
) -> bool:
    """Whether there is a moment from `now` on at which `hours` hold within the rule's period."""
    anybody = replace(rule.when, callers=frozenset(CallerKind), numbers=(), hours=(hours,))
    asked = replace(rule, when=anybody, is_on=True)
    return any(
        applies(asked, owner, _ANYBODY, directory, moment)
        for moment in _moments(rule, hours, (owner, directory), now)
    )


def is_outside_period(rule: ForwardingRule, hours: Hours, owner: Employee) -> bool:
    """Whether the exact date of `hours` lies wholly outside the rule's period."""
    if hours.on is None:
        return False
    start = datetime.combine(hours.on, hours.start, owner.zone)
    last_day = hours.on if hours.start < hours.end else _after(hours.on)
    end = datetime.combine(last_day, hours.end, owner.zone)
    since, until = rule.when.since, rule.when.until
    return (until is not None and start >= until) or (since is not None and end <= since)


def _moments(
    rule: ForwardingRule, hours: Hours, where: tuple[Employee, Directory], now: datetime
) -> Iterator[datetime]:
    """The beginning of the time that counts, and every beginning of the hours within it.

    If the hours hold at all, they hold at one of these.
    """
    owner, directory = where
    first = max(now, rule.when.since or now)
    last = min(first + _AHEAD, rule.when.until or first + _AHEAD)
    yield first
    day = first.astimezone(owner.zone).date()
    days = (hours.on,) if hours.on is not None else _days(day, last.astimezone(owner.zone).date())
    # Years of days: only the hours' own are worth a closer look.
    for each in (one for one in days if is_on_day(hours, directory, one)):
        beginning = datetime.combine(each, hours.start, owner.zone)
        if first <= beginning < last:
            yield beginning


def _days(day: date, last: date) -> Iterator[date]:
    while day < last:
        yield day
        day = _after(day)
    yield last


def _after(day: date) -> date:
    return day if day == date.max else day + _ONE_DAY
