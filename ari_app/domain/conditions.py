"""Whether the conditions of a forwarding rule hold for a caller at a moment."""

from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase

from ari_app.domain.calls import Caller
from ari_app.domain.directory import (
    DayKind,
    Declared,
    Directory,
    Employee,
    ForwardingRule,
    Hours,
    Situation,
    When,
)

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def applies(
    rule: ForwardingRule, employee: Employee, caller: Caller, directory: Directory, now: datetime
) -> bool:
    """Whether everything but the rule's statuses and situations holds."""
    when = rule.when
    return (
        rule.is_on
        and _caller_matches(when, caller)
        and _period_holds(when, now)
        and _hours_hold(when, directory, now.astimezone(employee.zone))
    )


def fires_on_status(when: When, declared: Declared) -> bool:
    """Whether the rule is for the status declared: the base one, or the office's own."""
    return declared.base in when.statuses or declared.own in when.statuses


def fires_on_situation(when: When, situation: Situation) -> bool:
    return situation in when.situations


def is_free_day(day: date, directory: Directory) -> bool:
    """Whether the office's calendar has `day` as a day off."""
    if day in directory.working_days:
        return False
    return day.weekday() >= _SATURDAY or day in directory.free_days


def _caller_matches(when: When, caller: Caller) -> bool:
    if caller.kind not in when.callers:
        return False
    return not when.numbers or any(mask_fits(mask, caller.number) for mask in when.numbers)


def mask_fits(mask: str, number: str) -> bool:
    """Whether a rule's mask is for `number`."""
    return fnmatchcase(number, mask.replace("[", ""))


def _period_holds(when: When, now: datetime) -> bool:
    return (when.since is None or when.since <= now) and (when.until is None or now < when.until)


def _hours_hold(when: When, directory: Directory, local: datetime) -> bool:
    return not when.hours or any(_within(hours, directory, local) for hours in when.hours)


def _within(hours: Hours, directory: Directory, local: datetime) -> bool:
    today, clock = local.date(), local.time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end and is_on_day(hours, directory, today)
    if clock >= hours.start:
        return is_on_day(hours, directory, today)
    return clock < hours.end and is_on_day(hours, directory, today - _ONE_DAY)


def is_on_day(hours: Hours, directory: Directory, day: date) -> bool:
    """Whether `hours` are for this day."""
    if hours.on is not None and hours.on != day:
        return False
    if hours.weekdays and day.weekday() not in hours.weekdays:
        return False
    match hours.day_kind:
        case DayKind.ANY:
            return True
        case DayKind.WORKING:
            return not is_free_day(day, directory)
        case DayKind.FREE:
            return is_free_day(day, directory)
