"""Gaps are told of where trying every half hour finds them, and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings

from ari_app.domain.availability import READINESS
from ari_app.domain.calls import Caller, CallerKind, Outcome
from ari_app.domain.conditions import applies, fires_on_status
from ari_app.domain.directory import (
    Declared,
    Directory,
    Employee,
    ForwardingRule,
    Situation,
    Status,
)
from ari_app.domain.gaps import Trigger, gaps
from ari_app.domain.spans import Span
from ari_app.domain.steps import Fact, Plan, Reason
from tests.unit.small_offices import (
    ANNA,
    DECLARED,
    LUNCH,
    NOW,
    declare,
    different_callers,
    small_offices,
    walk,
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(small_offices())
def test_a_gap_is_told_of_where_no_rule_is_followed(office: Directory) -> None:
    anna = office.employees[ANNA]
    half_hours = _half_hours(anna)
    said = {
        (trigger, half_hour, kind)
        for gap in gaps(anna, office, NOW)
        for half_hour in half_hours
        if any(_covers(span, half_hour) for span in gap.spans)
        for trigger in gap.triggers
        for kind in gap.callers
    }
    assert said == set(_lost(office, half_hours))


def _half_hours(anna: Employee) -> list[datetime]:
    """Those of two weeks from the midnight after now, in Anna's zone."""
    tomorrow = NOW.astimezone(anna.zone).date() + timedelta(days=1)
    start, end = (
        datetime.combine(day, time(0), anna.zone).astimezone(UTC)
        for day in (tomorrow, tomorrow + timedelta(days=14))
    )
    count = (end - start) // timedelta(minutes=30)
    return [(start + timedelta(minutes=30 * n)).astimezone(anna.zone) for n in range(count)]


def _covers(span: Span, local: datetime) -> bool:
    wall = local.replace(tzinfo=None)
    for back in range(8):
        day = wall.date() - timedelta(days=back)
        if day == span.on or (span.on is None and day.weekday() in span.weekdays):
            end = datetime.combine(day + timedelta(days=span.days_later), span.end)
            if datetime.combine(day, span.start) <= wall < end:
                return True
    return False


def _lost(
    office: Directory, half_hours: list[datetime]
) -> Iterator[tuple[Trigger, datetime, CallerKind]]:
    """Calls that follow no rule of Anna's, where a rule is for the like of them at another time."""
    known: dict[object, set[Trigger]] = {}
    for caller in different_callers(office, [ANNA]):
        due = {
            trigger
            for trigger in _triggers(office.employees[ANNA])
            if any(_is_for(office, trigger, caller, half_hour) for half_hour in half_hours)
        }
        for half_hour in half_hours if due else ():
            key = (caller.is_inside, *_applying(office, caller, half_hour))
            if key not in known:
                known[key] = set(_follow_nothing(office, caller, half_hour))
            yield from ((trigger, half_hour, caller.kind) for trigger in due & known[key])


def _triggers(anna: Employee) -> set[Trigger]:
    """What rules can be for: a status of the office only where rules name it beside its base."""
    named = [rule.when.statuses for rule in anna.rules if rule.is_on]
    has_own = any(LUNCH in statuses and Status.BREAK not in statuses for statuses in named)
    away: set[Trigger] = {Status.DO_NOT_DISTURB, Status.BREAK, Status.OFFLINE}
    return away | set(Situation) | ({LUNCH} if has_own else set())


def _is_for(office: Directory, trigger: Trigger, caller: Caller, half_hour: datetime) -> bool:
    """Whether a rule without a period or date is for the trigger, and for this caller then."""
    anna = office.employees[ANNA]
    return any(
        _names(anna, rule, trigger)
        and rule.when.since is None
        and rule.when.until is None
        and (not rule.when.hours or any(hours.on is None for hours in rule.when.hours))
        and applies(rule, anna, caller, office, half_hour)
        for rule in anna.rules
    )


def _names(anna: Employee, rule: ForwardingRule, trigger: Trigger) -> bool:
    if isinstance(trigger, Situation):
        return trigger in rule.when.situations
    declared = Declared(trigger) if isinstance(trigger, Status) else Declared(Status.BREAK, LUNCH)
    return anna.uses_status and fires_on_status(rule.when, declared)


def _applying(office: Directory, caller: Caller, half_hour: datetime) -> Iterator[bool]:
    anna = office.employees[ANNA]
    return (applies(rule, anna, caller, office, half_hour) for rule in anna.rules)


def _follow_nothing(office: Directory, caller: Caller, half_hour: datetime) -> Iterator[Trigger]:
    """The triggers by which a call at this moment can come, and follows none of Anna's rules."""
    for declared in DECLARED:
        office = declare(office, {ANNA: declared})
        for outcome in (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNREACHABLE):
            plans = tuple(walk(office, half_hour, caller, {str(ANNA): outcome}))
            if any(each.employee == ANNA and each.rule is not None for each in _facts(plans)):
                continue
            came_to = [each.detail for each in _facts(plans) if each.fact is Fact.UNANSWERED]
            yield from map(Situation, came_to[:1])
            if outcome is Outcome.NO_ANSWER and not READINESS[declared.base].is_ready:
                yield declared.base if declared.own is None else declared.own


def _facts(plans: tuple[Plan, ...]) -> list[Reason]:
    return [reason for plan in plans for reason in plan.because]
