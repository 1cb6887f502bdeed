"""Calls that took place, led once more by other rules."""

from dataclasses import replace

import pytest

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import (
    Colleague,
    Declared,
    Destination,
    Directory,
    OutsideNumbers,
    OwnPhones,
    Phone,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
)
from ari_app.domain.numbers import EmployeeId, Endpoint
from ari_app.domain.replay import Happened, Heard, Stop, replay
from tests.unit.people import MOBILE, MONDAY_NOON, OUTSIDER, directory, employee, for_, rule, rung

BORIS, ANNA = EmployeeId(102), EmployeeId(101)
OWN, ANNAS = Stop("ring", frozenset({"102"})), Stop("ring", frozenset({"101"}))
END, MESSAGE = Stop("hangup"), Stop("message", frozenset({"102"}))


def happened(ending: Ending, *stops: Stop, **heard: Heard) -> Happened:
    phones = {name.removeprefix("phone_"): one for name, one in heard.items()}
    declared = {BORIS: Declared(Status.BREAK)}
    return Happened(OUTSIDER, MONDAY_NOON, stops, phones, ending, declared)


def with_rule(then: Destination, otherwise: Destination | None = None) -> Directory:
    boris = employee(102, Status.ONLINE, rule(1, then, otherwise=otherwise))
    return directory(employee(101), boris)


def goes_elsewhere(office: Directory, what: Happened) -> bool:
    return replay(office, BORIS, what).goes_elsewhere


ANSWERED_BY_ANNA = happened(Ending.ANSWERED, ANNAS, phone_101=Heard(Outcome.ANSWERED, 6))


@pytest.mark.parametrize(
    ("then", "otherwise", "elsewhere"),
    [
        (Colleague(ANNA), None, False),
        (OwnPhones(), Colleague(ANNA), False),
        (Voicemail(), None, True),
        (OwnPhones(), Voicemail(), True),
        (OutsideNumbers((MOBILE,)), None, True),
    ],
)
def test_a_call_goes_elsewhere_when_who_answered_it_is_not_rung(
    then: Destination, otherwise: Destination | None, *, elsewhere: bool
) -> None:
    assert elsewhere is goes_elsewhere(with_rule(then, otherwise), ANSWERED_BY_ANNA)


def test_the_way_ends_where_somebody_answers() -> None:
    found = replay(with_rule(OwnPhones(), Colleague(ANNA)), BORIS, ANSWERED_BY_ANNA)
    assert [["102"], ["101"]] == [rung(plan.step) for plan in found.plans]
    assert found.is_taken


def test_who_answered_after_six_seconds_does_not_within_five() -> None:
    hasty = employee(101, phones=(Phone(Endpoint("101"), 5),))
    boris = employee(102, Status.BREAK, rule(1, Colleague(ANNA)))
    assert goes_elsewhere(directory(hasty, boris), ANSWERED_BY_ANNA)


@pytest.mark.parametrize(
    ("outcome", "situation"),
    [
        (Outcome.BUSY, Situation.BUSY),
        (Outcome.REFUSED, Situation.BUSY),
        (Outcome.UNREACHABLE, Situation.UNREACHABLE),
        (Outcome.NO_ANSWER, Situation.NO_ANSWER),
    ],
)
def test_what_phones_came_to_is_what_they_come_to(outcome: Outcome, situation: Situation) -> None:
    boris = employee(102, Status.ONLINE, rule(1, Voicemail(), for_(situation)))
    past = happened(Ending.NOT_TAKEN, OWN, END, phone_102=Heard(outcome))
    past = replace(past, declared={})
    found = replay(directory(boris), BORIS, past)
    assert (True, [["102"], []]) == (
        found.goes_elsewhere,
        [rung(plan.step) for plan in found.plans],
    )


def test_the_status_of_that_moment_counts() -> None:
    office = with_rule(Voicemail())
    past = happened(Ending.MESSAGE, MESSAGE)
    assert not goes_elsewhere(office, past)
    assert goes_elsewhere(office, replace(past, declared={}))


@pytest.mark.parametrize(
    ("then", "elsewhere"),
    [(SayGoodbye(), False), (Voicemail(), True), (Colleague(ANNA), True)],
)
def test_a_call_that_nobody_took_goes_elsewhere_when_anything_else_is_tried(
    then: Destination, *, elsewhere: bool
) -> None:
    past = happened(Ending.NOT_TAKEN, END)
    assert elsewhere is goes_elsewhere(with_rule(then), past)


def test_a_caller_who_hung_up_is_followed_as_far_as_they_waited() -> None:
    past = happened(Ending.ABANDONED, OWN)
    assert not goes_elsewhere(with_rule(OwnPhones(), Voicemail()), past)
    assert not goes_elsewhere(with_rule(OwnPhones(), Colleague(ANNA)), past)
    assert goes_elsewhere(with_rule(Colleague(ANNA), OwnPhones()), past)


def test_somebody_who_is_gone_keeps_nothing_from_being_replayed() -> None:
    past = replace(
        happened(Ending.NOT_TAKEN, END), declared={EmployeeId(7): Declared(Status.BREAK)}
    )
    assert not replay(directory(employee(102, Status.DO_NOT_DISTURB)), BORIS, past).goes_elsewhere
