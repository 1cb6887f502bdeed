"""Circles that can close are refused; what only looks like one may be saved."""

from datetime import time, timedelta

import pytest

from ari_app.domain.calls import CallerKind
from ari_app.domain.checks import Problem, refusals
from ari_app.domain.directory import (
    Colleague,
    Directory,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber
from tests.unit.people import MONDAY_NOON, directory, employee, for_, rule

ANNA, BORIS, VERA = (EmployeeId(number) for number in (101, 102, 103))
VERAS_NUMBER = OutsideNumber("+74951234503", NumberClass.LOCAL)
MORNING, AFTERNOON = Hours(time(9), time(13)), Hours(time(13), time(18))
FROM_INSIDE = When(callers=frozenset({CallerKind.INSIDE}))
FROM_OUTSIDE = When(callers=frozenset({CallerKind.OUTSIDE, CallerKind.ANONYMOUS}))
TOMORROW = MONDAY_NOON + timedelta(days=1)


def circles(where: Directory) -> list[tuple[int, tuple[EmployeeId, ...]]]:
    found = refusals(where, ANNA, where.employees[ANNA].rules, MONDAY_NOON)
    return [(each.position, each.people) for each in found if each.problem is Problem.CIRCLE]


def office(to_boris: When, back: When, *before: ForwardingRule) -> Directory:
    return directory(
        employee(101, Status.ONLINE, rule(1, Colleague(BORIS), to_boris)),
        employee(102, Status.ONLINE, *before, rule(2, Colleague(ANNA), back)),
    )


@pytest.mark.parametrize(
    ("to_boris", "back"),
    [
        (When(hours=(MORNING,)), When(hours=(AFTERNOON,))),
        (FROM_INSIDE, FROM_OUTSIDE),
        (When(until=TOMORROW), When(since=TOMORROW)),
        (When(numbers=("1?",)), When(numbers=("1??",))),
    ],
)
def test_two_who_never_stand_in_for_each_other_at_once_are_no_circle(
    to_boris: When, back: When
) -> None:
    assert circles(office(to_boris, back)) == []


@pytest.mark.parametrize(
    ("to_boris", "back"),
    [
        (When(hours=(MORNING,)), When(hours=(AFTERNOON, Hours(time(12), time(14))))),
        (When(frozenset({Status.OFFLINE})), for_(Situation.BUSY)),
        (When(numbers=("1?*",)), When(numbers=("*",), since=TOMORROW)),
    ],
)
def test_a_circle_that_closes_at_any_time_to_come_is_refused(to_boris: When, back: When) -> None:
    assert circles(office(to_boris, back)) == [(0, (ANNA, BORIS, ANNA))]


def test_a_rule_that_ends_every_call_before_breaks_the_circle() -> None:
    everything = When(frozenset(Status), frozenset(Situation))
    assert circles(office(When(), When(), rule(9, Voicemail(), everything))) == []


def test_a_circle_over_own_numbers_and_otherwise_is_found() -> None:
    where = directory(
        employee(101, Status.ONLINE, rule(1, Colleague(BORIS))),
        employee(
            102,
            Status.ONLINE,
            rule(2, Colleague(EmployeeId(104)), otherwise=OutsideNumbers((VERAS_NUMBER,))),
        ),
        employee(103, Status.ONLINE, rule(3, Colleague(ANNA)), number=VERAS_NUMBER.e164),
        employee(104),
    )
    assert circles(where) == [(0, (ANNA, BORIS, VERA, ANNA))]


def test_a_rule_made_by_phone_closes_a_circle_though_the_card_counts_no_status() -> None:
    everybody = When(frozenset(Status))
    where = office(everybody, everybody)
    boris = employee(102, Status.ONLINE, rule(2, Colleague(ANNA), everybody), uses_status=False)
    people = {**where.employees, BORIS: boris}
    assert circles(directory(*people.values())) == []
    forwarded = rule(2, Colleague(ANNA), everybody, is_temporary=True)
    boris = employee(102, Status.ONLINE, forwarded, uses_status=False)
    assert circles(directory(where.employees[ANNA], boris)) == [(0, (ANNA, BORIS, ANNA))]


def test_where_there_are_too_many_ways_to_follow_any_way_back_counts() -> None:
    people = [
        employee(
            101 + n,
            Status.ONLINE,
            *(rule(place, Colleague(EmployeeId(101 + (n + place) % 30))) for place in (1, 2, 5, 7)),
        )
        for n in range(30)
    ]
    assert [len(way) for _, way in circles(directory(*people))] == [7, 6, 7, 6]
