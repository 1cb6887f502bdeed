"""What is worth knowing of a secretary's rules though they can be saved."""

from datetime import date, datetime, time, timedelta

import pytest

from ari_app.domain.advice import Advice, AdviceKind, advice
from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Declared,
    Destination,
    Directory,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    OwnStatus,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.never_reached import Why
from ari_app.domain.numbers import EmployeeId, NumberClass, OwnStatusId
from tests.unit.people import MOBILE, MONDAY_NOON, directory, employee, for_, rule

ANNA, BORIS = EmployeeId(101), EmployeeId(102)
LUNCH = OwnStatusId(7)
WORK = Hours(time(9), time(18), DayKind.WORKING)
REST = Hours(time(18), time(9), DayKind.WORKING)
ALL_SITUATIONS = frozenset(Situation)
ALL_STATUSES = frozenset(Status)


def when(*statuses: Status | OwnStatusId, **more: object) -> When:
    return When(frozenset(statuses) or frozenset({Status.OFFLINE}), **more)  # type: ignore[arg-type]


def office(*rules_of_boris: ForwardingRule, **more: object) -> Directory:
    return directory(
        employee(101, Status.ONLINE, **more),
        employee(102, Status.ONLINE, *rules_of_boris),
        own_statuses={LUNCH: OwnStatus(LUNCH, "Обед", "Lunch", Status.BREAK)},
        free_days=frozenset({date(2026, 11, 25)}),
    )


def unreached(*rules: ForwardingRule, where: Directory | None = None) -> list[Advice]:
    found = advice(where or office(), ANNA, rules, MONDAY_NOON)
    return [each for each in found if each.kind is AdviceKind.NEVER_REACHED]


def covered(
    *rules: ForwardingRule, where: Directory | None = None
) -> list[tuple[int | None, tuple[str, ...]]]:
    found = unreached(*rules, where=where)
    assert {Why.COVERED.value} >= {each.detail for each in found}
    return [(each.position, each.by_names) for each in found]


ENDS = [
    rule(1, Voicemail()),
    rule(1, SayGoodbye()),
    rule(1, OwnPhones(), otherwise=Voicemail()),
    rule(1, Colleague(BORIS), otherwise=SayGoodbye()),
    rule(1, OutsideNumbers((MOBILE,)), otherwise=Voicemail()),
]


@pytest.mark.parametrize("first", ENDS)
def test_a_rule_after_one_that_ends_every_call_is_never_reached(first: ForwardingRule) -> None:
    assert covered(first, rule(2, Voicemail())) == [(1, ("rule 1",))]


@pytest.mark.parametrize(
    "first",
    [
        rule(1, OwnPhones()),
        rule(1, Colleague(BORIS)),
        rule(1, Colleagues((BORIS,)), otherwise=OwnPhones()),
        rule(1, Voicemail(), is_on=False),
        rule(1, Voicemail(), is_temporary=True),
        rule(1, Voicemail(), when(Status.BREAK)),
        rule(1, Voicemail(), When(callers=frozenset({CallerKind.INSIDE}))),
        rule(1, Voicemail(), When(numbers=("+7916*",))),
        rule(1, Voicemail(), When(hours=(WORK,))),
        rule(1, Voicemail(), When(hours=(WORK, REST))),
        rule(1, Voicemail(), When(since=MONDAY_NOON + timedelta(hours=1))),
        rule(1, Voicemail(), When(until=MONDAY_NOON + timedelta(hours=1))),
        rule(1, Voicemail(), for_(*Situation)),
    ],
)
def test_a_rule_that_some_call_comes_to_gets_no_advice(first: ForwardingRule) -> None:
    assert unreached(first, rule(2, Voicemail())) == []


def test_several_rules_can_cover_one_together() -> None:
    by_hours = [
        rule(1, Voicemail(), When(hours=(WORK,))),
        rule(2, Voicemail(), When(hours=(Hours(time(18), time(9)),))),
        rule(3, Voicemail(), When(hours=(Hours(day_kind=DayKind.FREE),))),
    ]
    last = rule(4, OwnPhones())
    assert covered(*by_hours, last) == [(3, ("rule 1", "rule 2", "rule 3"))]
    assert covered(*by_hours[:2], last) == []
