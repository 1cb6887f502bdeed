"""The way of a call that nobody makes, whom it reaches first, and a week of such calls."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from ari_app.domain.calls import Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Hours,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, Endpoint
from ari_app.domain.reached import Passage, Place, Reached, passage, reachable
from ari_app.domain.routing import unfold
from ari_app.domain.steps import Ring, TakeMessage
from ari_app.domain.week import HALVES, clock, day_of, halves
from ari_app.domain.what_if import (
    Supposed,
    changed,
    deed,
    edited,
    way,
)
from tests.unit.people import (
    MOBILE,
    MONDAY_NOON,
    OUTSIDER,
    call,
    directory,
    employee,
    for_,
    rule,
    rung,
)
from tests.unit.test_routing_properties import offices

MONDAY = date(2026, 11, 23)
BORIS, ANNA = EmployeeId(102), EmployeeId(101)
SUPPOSED = Supposed(OUTSIDER, BORIS, MONDAY_NOON)
UNREACHABLE, BUSY, NO_ANSWER = Outcome.UNREACHABLE, Outcome.BUSY, Outcome.NO_ANSWER


@given(offices())
def test_whatever_phones_do_the_way_ends_and_is_summed_up(office: object) -> None:
    for own in (NO_ANSWER, BUSY, UNREACHABLE, Outcome.ANSWERED):
        supposed = replace(SUPPOSED, own_phones=own)
        plans = way(office, supposed)  # type: ignore[arg-type]
        assert not isinstance(plans[-1].step, Ring)
        assert passage(plans, office, supposed).end.place in Place  # type: ignore[arg-type]


@given(offices())
def test_a_call_that_nobody_answers_goes_as_the_decision_says(office: object) -> None:
    assert unfold(call(102), office, MONDAY_NOON) == way(office, SUPPOSED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own_phones", "situation"),
    [
        (NO_ANSWER, Situation.NO_ANSWER),
        (BUSY, Situation.BUSY),
        (UNREACHABLE, Situation.UNREACHABLE),
    ],
)
def test_own_phones_come_out_as_supposed_and_colleagues_do_not_answer(
    own_phones: Outcome, situation: Situation
) -> None:
    boris = employee(102, Status.ONLINE, rule(1, Colleague(ANNA), for_(situation)))
    office = directory(employee(101, rules=(rule(2, Voicemail(), for_(Situation.BUSY)),)), boris)
    plans = way(office, replace(SUPPOSED, own_phones=own_phones))
    assert [["102"], ["101"], []] == [rung(plan.step) for plan in plans]


def test_a_mobile_rings_where_the_desk_phone_is_not_registered() -> None:
    boris = employee(102, phones=(Phone(Endpoint("102")), Phone(MOBILE)))
    supposed = replace(SUPPOSED, own_phones=UNREACHABLE)
    office = directory(boris)
    passed = passage(way(office, supposed), office, supposed)
    assert Reached(Place.OWN_PHONES, (BORIS,), ("102", MOBILE.e164)) == passed.end


def test_phones_that_are_gone_are_not_where_a_call_gets_to() -> None:
    boris = employee(102, Status.ONLINE, rule(1, Voicemail(), for_(Situation.UNREACHABLE)))
    supposed = replace(SUPPOSED, own_phones=UNREACHABLE)
    office = directory(boris)
    passed = passage(way(office, supposed), office, supposed)
    assert Passage(None, Reached(Place.VOICEMAIL, (BORIS,))) == passed


@pytest.mark.parametrize(
    ("then", "reached"),
    [
        (OwnPhones(), Reached(Place.OWN_PHONES, (BORIS,), ("102",))),
        (Colleague(ANNA), Reached(Place.COLLEAGUE, (ANNA,), ("anna-desk",))),
        (Colleagues((ANNA,)), Reached(Place.COLLEAGUE, (ANNA,), ("anna-desk",))),
        (OutsideNumbers((MOBILE,)), Reached(Place.OUTSIDE, (), (MOBILE.e164,))),
        (Voicemail(), Reached(Place.VOICEMAIL, (BORIS,))),
        (SayGoodbye(), Reached(Place.NOBODY)),
    ],
)
def test_where_each_destination_leads(then: object, reached: Reached) -> None:
    anna = employee(101, phones=(Phone(Endpoint("anna-desk")),))
    boris = employee(102, Status.BREAK, rule(1, then))  # type: ignore[arg-type]
    office = directory(anna, boris)
    assert reached == passage(way(office, SUPPOSED), office, SUPPOSED).end


def test_a_colleague_rung_second_in_a_row_is_known_too() -> None:
    both = Colleagues((ANNA, EmployeeId(103)), RingOrder.IN_TURN)
    boris = employee(102, Status.BREAK, rule(1, both))
    office = directory(employee(101, Status.OFFLINE), boris, employee(103))
    expected = Reached(Place.COLLEAGUE, (EmployeeId(103),), ("103",))
    assert expected == passage(way(office, SUPPOSED), office, SUPPOSED).end


def test_edited_rules_stand_below_the_temporary_ones_and_change_one_card_only() -> None:
    over = rule(9, SayGoodbye(), is_temporary=True)
    boris = employee(102, Status.BREAK, over, rule(1, Voicemail()))
    office = directory(employee(101), boris)
    other = changed(office, edited(boris, [rule(-1, Colleague(ANNA))]))
    assert [9, -1] == [one.id for one in other.employees[BORIS].rules]
    assert office.employees[ANNA] is other.employees[ANNA]
    assert (len(office.employees), list(office.employees)) == (
        len(other.employees),
        list(other.employees),
    )


def test_two_steps_that_do_the_same_are_equal_whichever_rule_says_so() -> None:
    office = [
        directory(employee(101), employee(102, Status.BREAK, rule(n, Colleague(ANNA))))
        for n in (1, 2)
    ]
    first, second = (way(one, SUPPOSED) for one in office)
    assert [deed(plan.step) for plan in first] == [deed(plan.step) for plan in second]
    assert deed(first[0].step) != deed(TakeMessage("x", employee(102).extension, "y"))


def week(zone: str, day: date, *hours: Hours) -> list[tuple[str, str, Place | None]]:
    when = When(frozenset({Status.ONLINE}), hours=hours)
    boris = employee(102, Status.ONLINE, rule(1, Voicemail(), when), zone=ZoneInfo(zone))
    found = day_of(day, halves(directory(boris), SUPPOSED, day))
    return [
        (clock(run.start), clock(run.end), run.passage.end.place if run.passage else None)
        for run in found.runs
    ]


def test_half_hours_that_go_the_same_way_are_one_run() -> None:
    office_hours = Hours(time(9), time(18, 30))
    assert [
        ("00:00", "09:00", Place.OWN_PHONES),
        ("09:00", "18:30", Place.VOICEMAIL),
        ("18:30", "24:00", Place.OWN_PHONES),
    ] == week("Europe/Moscow", date(2026, 11, 23), office_hours)


def test_a_day_of_23_hours_has_a_gap_and_one_of_25_none() -> None:
    night = Hours(time(2), time(3))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert [
        ("00:00", "02:00", Place.OWN_PHONES),
        ("02:00", "03:00", None),
        ("03:00", "24:00", Place.OWN_PHONES),
    ] == week("Europe/Berlin", spring, night)
    assert ("02:00", "03:00", Place.VOICEMAIL) in week("Europe/Berlin", autumn, night)


def test_a_day_that_begins_at_one_o_clock_does_not_crash() -> None:
    assert (None, "24:00") == (
        week("Africa/Cairo", date(2026, 4, 24))[0][2],
        week("Africa/Cairo", date(2026, 4, 24))[-1][1],
    )
    assert HALVES == 48


def test_a_free_day_counts() -> None:
    boris = employee(102, Status.ONLINE, rule(1, Voicemail(), When(frozenset({Status.ONLINE}))))
    office = directory(boris, free_days=frozenset({date(2026, 11, 23)}))
    supposed = replace(SUPPOSED, at=datetime(2026, 11, 23, tzinfo=UTC))
    (run,) = day_of(MONDAY, halves(office, supposed, MONDAY)).runs
    assert (0, HALVES) == (run.start, run.end)


def test_whom_calls_may_come_to_is_found_through_others_and_through_own_numbers() -> None:
    anna = employee(101, Status.BREAK, rule(1, OutsideNumbers((MOBILE,))))
    vera = employee(103, Status.BREAK, rule(2, Colleague(BORIS)), number=MOBILE.e164)
    boris = employee(102, Status.BREAK, rule(3, Voicemail(), otherwise=Colleagues((ANNA,))))
    office = directory(anna, boris, vera, employee(104))
    assert {ANNA, BORIS, EmployeeId(103)} == reachable(office, boris)
