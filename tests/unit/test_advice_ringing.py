"""Ringing that is too long for the caller, and phones that have not been there for days."""

from datetime import timedelta

import pytest

from ari_app.domain.advice import AdviceKind, advice
from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Directory,
    ForwardingRule,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, Endpoint
from tests.unit.people import LANDLINE, MOBILE, MONDAY_NOON, directory, employee, for_, rule

ANNA, BORIS = EmployeeId(101), EmployeeId(102)
INSIDE = frozenset({CallerKind.INSIDE})


def office(**more: object) -> Directory:
    return directory(employee(101, Status.ONLINE, **more), employee(102))


def lengths(*rules: ForwardingRule, **more: object) -> list[tuple[int | None, str, int, int]]:
    found = advice(office(**more), ANNA, rules, MONDAY_NOON)
    return [
        (each.position, each.detail, each.seconds, each.most)
        for each in found
        if each.kind is AdviceKind.TOO_LONG
    ]


NUMBERS = OutsideNumbers((MOBILE, LANDLINE), RingOrder.IN_TURN, 40)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule(1, NUMBERS)], []),
        ([rule(1, NUMBERS, for_(Situation.NO_ANSWER))], [(0, "network", 105, 90)]),
        ([rule(1, NUMBERS, for_(Situation.BUSY))], []),
        ([rule(1, OwnPhones(seconds=20)), rule(2, NUMBERS)], [(1, "network", 100, 90)]),
        ([rule(1, OwnPhones(), greeting="a"), rule(2, NUMBERS)], []),
        ([rule(1, OwnPhones()), rule(2, NUMBERS, When(callers=INSIDE))], []),
        (
            [rule(1, Colleagues((BORIS,), seconds=110)), rule(2, NUMBERS)],
            [(1, "limit", 190, 180), (0, "network", 190, 90)],
        ),
        ([rule(1, Colleague(BORIS)), rule(2, NUMBERS)], [(1, "network", 105, 90)]),
    ],
)
def test_ringing_that_is_too_long_is_told_with_the_rule_that_makes_it_so(
    rules: list[ForwardingRule], expected: list[tuple[int, str, int, int]]
) -> None:
    assert lengths(*rules) == expected


def test_phones_that_are_gone_for_days_are_told_at_the_rules_that_ring_them() -> None:
    gone = {Endpoint("101"): MONDAY_NOON - timedelta(days=4), Endpoint("102"): MONDAY_NOON}
    rules = [
        rule(1, Voicemail()),
        rule(2, Colleague(BORIS), otherwise=OwnPhones()),
        rule(3, OwnPhones(), is_on=False),
    ]
    found = [
        (each.position, each.people, each.detail)
        for each in advice(office(), ANNA, rules, MONDAY_NOON, gone)
        if each.kind is AdviceKind.NOT_REGISTERED
    ]
    assert found == [(1, (ANNA,), "4")]
    two = office(phones=(Phone(Endpoint("101")), Phone(MOBILE)))
    assert not advice(two, ANNA, rules[1:], MONDAY_NOON, gone)
