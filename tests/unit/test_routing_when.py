"""When a forwarding rule holds: status, caller, hours, days and period."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ari_app.domain.calls import Caller, CallerKind
from ari_app.domain.directory import (
    DayKind,
    Declared,
    Hours,
    OutsideNumbers,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import OwnStatusId
from ari_app.domain.routing import route, unfold
from ari_app.domain.steps import (
    HangUp,
    TakeMessage,
)
from tests.unit.people import (
    ANONYMOUS,
    INSIDER,
    LANDLINE,
    MOBILE,
    MONDAY_NOON,
    OUTSIDER,
    call,
    directory,
    employee,
    rule,
    rung,
)


def test_a_temporary_status_falls_back_when_its_end_has_come() -> None:
    until = MONDAY_NOON + timedelta(minutes=40)
    declared = Declared(Status.OFFLINE, None, until, Declared(Status.ONLINE))
    office = directory(employee(102, declared=declared))
    assert rung(route(call(102), office, until - timedelta(seconds=1)).step) == []
    assert rung(route(call(102), office, until).step) == ["102"]


def test_a_rule_may_name_an_own_status_and_an_own_status_counts_as_its_base() -> None:
    lunch = OwnStatusId(3)
    declared = Declared(Status.BREAK, lunch)
    only_lunch = rule(1, OutsideNumbers((MOBILE,)), When(frozenset({lunch})))
    any_break = rule(2, OutsideNumbers((LANDLINE,)), When(frozenset({Status.BREAK})))
    office = directory(employee(102, Status.ONLINE, only_lunch, any_break, declared=declared))
    chain = unfold(call(102), office, MONDAY_NOON)
    assert [rung(p.step) for p in chain if rung(p.step)] == [[MOBILE.e164], [LANDLINE.e164]]


@pytest.mark.parametrize(
    ("when", "caller", "fires"),
    [
        (When(callers=frozenset({CallerKind.INSIDE})), INSIDER, True),
        (When(callers=frozenset({CallerKind.INSIDE})), OUTSIDER, False),
        (When(callers=frozenset({CallerKind.ANONYMOUS})), ANONYMOUS, True),
        (When(callers=frozenset({CallerKind.OUTSIDE})), ANONYMOUS, False),
        (When(numbers=("+7916*",)), OUTSIDER, True),
        (When(numbers=("+7916555010?",)), OUTSIDER, True),
        (When(numbers=("+7915*", "105")), OUTSIDER, False),
        (When(numbers=("[+]7916*",)), OUTSIDER, False),
    ],
)
def test_a_rule_asks_who_calls(when: When, caller: Caller, fires: bool) -> None:
    office = directory(employee(102, Status.OFFLINE, rule(1, Voicemail(), when)))
    step = route(call(102, caller=caller), office, MONDAY_NOON).step
    assert isinstance(step, TakeMessage) is fires


MOSCOW_HOUR_BEFORE_UTC = 3


def moscow(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    local = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    return local - timedelta(hours=MOSCOW_HOUR_BEFORE_UTC)


NINE_TO_SIX = Hours(time(9), time(18))
NIGHT = Hours(time(22), time(6))


@pytest.mark.parametrize(
    ("hours", "now", "fires"),
    [
        (NINE_TO_SIX, moscow(23, "09:00"), True),
        (NINE_TO_SIX, moscow(23, "17:59"), True),
        (NINE_TO_SIX, moscow(23, "18:00"), False),
        (NIGHT, moscow(23, "23:00"), True),
        (NIGHT, moscow(23, "05:59"), True),
        (NIGHT, moscow(23, "06:00"), False),
        (Hours(day_kind=DayKind.WORKING), moscow(23, "00:00"), True),
        (Hours(day_kind=DayKind.WORKING), moscow(28, "12:00"), False),
        (Hours(day_kind=DayKind.FREE), moscow(28, "12:00"), True),
        (Hours(day_kind=DayKind.FREE), moscow(24, "12:00"), True),
        (Hours(day_kind=DayKind.FREE), moscow(29, "12:00"), False),
        (Hours(weekdays=frozenset({0})), moscow(23, "12:00"), True),
        (Hours(weekdays=frozenset({1})), moscow(23, "12:00"), False),
        (Hours(on=date(2026, 11, 25)), moscow(25, "12:00"), True),
        (Hours(on=date(2026, 11, 25)), moscow(26, "00:00"), False),
        (Hours(time(22), time(6), on=date(2026, 11, 25)), moscow(26, "05:00"), True),
        (Hours(time(22), time(6), on=date(2026, 11, 25)), moscow(25, "05:00"), False),
    ],
)
def test_a_rule_asks_for_hours_and_days_in_the_employees_zone(
    hours: Hours, now: datetime, fires: bool
) -> None:
    office = directory(
        employee(102, Status.OFFLINE, rule(1, Voicemail(), When(hours=(hours,)))),
        free_days=frozenset({date(2026, 11, 24)}),
        working_days=frozenset({date(2026, 11, 29)}),
    )
    assert isinstance(route(call(102), office, now).step, TakeMessage) is fires


def test_a_rule_holds_from_its_first_moment_up_to_its_last() -> None:
    when = When(since=MONDAY_NOON, until=MONDAY_NOON + timedelta(hours=1))
    office = directory(employee(102, Status.OFFLINE, rule(1, Voicemail(), when)))
    seen = [
        isinstance(route(call(102), office, MONDAY_NOON + timedelta(minutes=m)).step, TakeMessage)
        for m in (-1, 0, 59, 60)
    ]
    assert seen == [False, True, True, False]


def test_a_rule_that_is_off_does_nothing() -> None:
    office = directory(employee(102, Status.OFFLINE, rule(1, Voicemail(), is_on=False)))
    assert isinstance(route(call(102), office, MONDAY_NOON).step, HangUp)
