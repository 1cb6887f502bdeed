"""Where a call goes: one small office and one question per test."""

import pytest

from ari_app.domain.calls import Attempt, Call, Caller, Outcome
from ari_app.domain.directory import (
    CallerIdPolicy,
    Colleague,
    Colleagues,
    Destination,
    Farewell,
    Limits,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Trunk,
    Voicemail,
)
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, NumberClass
from ari_app.domain.routing import route, unfold
from ari_app.domain.steps import (
    Cause,
    Diversion,
    DiversionReason,
    Fact,
    HangUp,
    OutsideLeg,
    Plan,
    Play,
    Ring,
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
    for_,
    rule,
    rung,
    tried,
)

DEPUTY = EmployeeId(101)


def facts(plan: Plan) -> list[Fact]:
    return [reason.fact for reason in plan.because]


@pytest.mark.parametrize("caller", [OUTSIDER, INSIDER, ANONYMOUS])
@pytest.mark.parametrize(
    ("status", "rings"),
    [
        (Status.ONLINE, True),
        (Status.DO_NOT_DISTURB, False),
        (Status.BREAK, True),
        (Status.OUTBOUND_CALLS, True),
        (Status.ALL_CALLS, True),
        (Status.OFFLINE, False),
    ],
)
def test_a_direct_call_without_rules_rings_as_the_table_of_statuses_says(
    status: Status, rings: bool, caller: Caller
) -> None:
    plan = route(call(102, caller=caller), directory(employee(102, status)), MONDAY_NOON)
    assert rung(plan.step) == (["102"] if rings else [])


@pytest.mark.parametrize("status", list(Status))
def test_every_status_rings_when_the_card_leaves_the_status_out(status: Status) -> None:
    person = employee(102, status, rule(1, Voicemail()), uses_status=False)
    plan = route(call(102), directory(person), MONDAY_NOON)
    assert (rung(plan.step), facts(plan)) == (["102"], [Fact.STATUS_NOT_COUNTED])


@pytest.mark.parametrize("status", [Status.BREAK, Status.OFFLINE])
def test_a_call_to_somebody_who_is_away_goes_to_the_deputy(status: Status) -> None:
    office = directory(employee(101), employee(102, status, rule(1, Colleague(DEPUTY))))
    plan = route(call(102), office, MONDAY_NOON)
    assert rung(plan.step) == ["101"]
    assert facts(plan) == [Fact.RULE_BY_STATUS, Fact.READY]
    assert isinstance(plan.step, Ring)
    assert plan.step.diversion == Diversion("102", DiversionReason.AWAY)


def test_the_second_rule_follows_when_the_first_destination_did_not_answer() -> None:
    person = employee(
        102, Status.BREAK, rule(1, Colleague(DEPUTY)), rule(2, OutsideNumbers((MOBILE,)))
    )
    office = directory(employee(101), person)
    first = route(call(102), office, MONDAY_NOON).step
    second = route(call(102, tried(first, Outcome.NO_ANSWER)), office, MONDAY_NOON)
    assert rung(second.step) == [MOBILE.e164]


def test_otherwise_comes_before_the_next_rule() -> None:
    person = employee(
        102,
        Status.BREAK,
        rule(1, Colleague(DEPUTY), otherwise=Voicemail()),
        rule(2, OutsideNumbers((MOBILE,))),
    )
    chain = unfold(call(102), directory(employee(101), person), MONDAY_NOON)
    assert [type(plan.step) for plan in chain] == [Ring, TakeMessage]
    assert facts(chain[1]) == [Fact.UNANSWERED, Fact.OTHERWISE]


def test_a_greeting_is_played_once_before_the_destination() -> None:
    away = rule(1, Colleague(DEPUTY), greeting="autosecretary/away")
    office = directory(employee(101), employee(102, Status.OFFLINE, away))
    chain = unfold(call(102), office, MONDAY_NOON)
    assert [type(plan.step) for plan in chain] == [Play, Ring, HangUp]


@pytest.mark.parametrize(
    ("outcome", "situation"),
    [
        (Outcome.NO_ANSWER, Situation.NO_ANSWER),
        (Outcome.BUSY, Situation.BUSY),
        (Outcome.REFUSED, Situation.BUSY),
        (Outcome.UNREACHABLE, Situation.UNREACHABLE),
        (Outcome.FAILED, Situation.UNREACHABLE),
    ],
)
def test_what_came_of_the_own_phones_chooses_the_rule(
    outcome: Outcome, situation: Situation
) -> None:
    person = employee(
        102,
        Status.ONLINE,
        *(rule(n, Colleague(EmployeeId(200 + n)), for_(s)) for n, s in enumerate(Situation, 1)),
    )
    office = directory(person, *(employee(200 + n) for n in (1, 2, 3)))
    first = route(call(102), office, MONDAY_NOON).step
    second = route(call(102, tried(first, outcome)), office, MONDAY_NOON)
    assert rung(second.step) == [str(201 + list(Situation).index(situation))]


@pytest.mark.parametrize(
    ("rule_says", "phone_says", "rings_for"), [(10, 25, 10), (30, 25, 25), (0, 20, 20), (0, 0, 25)]
)
def test_a_phone_rings_for_the_smaller_of_rule_and_card(
    rule_says: int, phone_says: int, rings_for: int
) -> None:
    person = employee(
        102,
        Status.ONLINE,
        rule(1, Voicemail(), for_(Situation.NO_ANSWER, seconds=rule_says)),
        phones=(Phone(Endpoint("102"), phone_says),),
    )
    step = route(call(102), directory(person), MONDAY_NOON).step
    assert isinstance(step, Ring)
    assert step.seconds == rings_for


def test_phones_in_turn_share_the_seconds_of_the_no_answer_rule() -> None:
    phones = tuple(Phone(Endpoint(f"102-{n}"), 10) for n in (1, 2, 3))
    person = employee(
        102,
        Status.ONLINE,
        rule(1, Voicemail(), for_(Situation.NO_ANSWER, seconds=15)),
        phones=phones,
        ring_order=RingOrder.IN_TURN,
    )
    chain = unfold(call(102), directory(person), MONDAY_NOON)
    rings = [plan.step for plan in chain if isinstance(plan.step, Ring)]
    assert [(rung(step), step.seconds) for step in rings] == [(["102-1"], 10), (["102-2"], 5)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (RingOrder.AT_ONCE, [["102-1", "102-2"]]),
        (RingOrder.IN_TURN, [["102-1"], ["102-2"]]),
        (RingOrder.MAIN_ONLY, [["102-1"]]),
    ],
)
def test_own_phones_ring_in_the_order_of_the_card(
    order: RingOrder, expected: list[list[str]]
) -> None:
    phones = (Phone(Endpoint("102-1")), Phone(Endpoint("102-2")))
    person = employee(102, phones=phones, ring_order=order)
    chain = unfold(call(102), directory(person), MONDAY_NOON)
    assert [rung(plan.step) for plan in chain if isinstance(plan.step, Ring)] == expected


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (OwnPhones(), [["102"]]),
        (Colleague(DEPUTY), [["101"]]),
        (Colleagues((DEPUTY, EmployeeId(103))), [["101", "103"]]),
        (Colleagues((DEPUTY, EmployeeId(103)), RingOrder.IN_TURN), [["101"], ["103"]]),
        (OutsideNumbers((MOBILE, LANDLINE)), [[MOBILE.e164, LANDLINE.e164]]),
        (
            OutsideNumbers((MOBILE, LANDLINE), RingOrder.IN_TURN),
            [[MOBILE.e164], [LANDLINE.e164]],
        ),
        (Voicemail(), []),
        (SayGoodbye(Farewell.BUSY), []),
    ],
)
def test_each_destination_rings_whom_it_names(then: Destination, expected: list[list[str]]) -> None:
    office = directory(employee(101), employee(102, Status.OFFLINE, rule(1, then)), employee(103))
    chain = unfold(call(102), office, MONDAY_NOON)
    assert [rung(plan.step) for plan in chain if isinstance(plan.step, Ring)] == expected


@pytest.mark.parametrize("status", [Status.BREAK, Status.OUTBOUND_CALLS, Status.OFFLINE])
def test_several_colleagues_leave_out_who_takes_no_group_calls_and_say_so(status: Status) -> None:
    office = directory(
        employee(101, status),
        employee(102, Status.OFFLINE, rule(1, Colleagues((DEPUTY, EmployeeId(103))))),
        employee(103),
    )
    plan = route(call(102), office, MONDAY_NOON)
    assert (rung(plan.step), Fact.COLLEAGUE_NOT_READY in facts(plan)) == (["103"], True)


def test_the_colleagues_own_secretary_applies() -> None:
    office = directory(
        employee(101, Status.OFFLINE, rule(2, OutsideNumbers((MOBILE,)))),
        employee(102, Status.BREAK, rule(1, Colleague(DEPUTY))),
    )
    assert rung(route(call(102), office, MONDAY_NOON).step) == [MOBILE.e164]


def test_two_employees_who_forward_to_each_other_end_at_the_voicemail_of_the_one_called() -> None:
    office = directory(
        employee(101, Status.BREAK, rule(2, Colleague(EmployeeId(102)))),
        employee(102, Status.BREAK, rule(1, Colleague(DEPUTY)), has_voicemail=True),
    )
    plan = route(call(102), office, MONDAY_NOON)
    assert plan.step == TakeMessage("102v", Extension("102"), "autosecretary/leave-message")
    assert Fact.CIRCLE in facts(plan)


def test_a_chain_longer_than_the_limit_ends_where_it_began() -> None:
    chain = [
        employee(n, Status.BREAK, rule(n, Colleague(EmployeeId(n + 1)))) for n in range(100, 110)
    ]
    office = directory(*chain, employee(110), limits=Limits(hops=3))
    plan = route(call(100), office, MONDAY_NOON)
    assert (isinstance(plan.step, HangUp), Fact.LIMIT in facts(plan)) == (True, True)


def test_ringing_in_all_is_limited() -> None:
    phones = tuple(Phone(Endpoint(f"102-{n}"), 25) for n in range(9))
    person = employee(102, phones=phones, ring_order=RingOrder.IN_TURN)
    office = directory(person, limits=Limits(ringing_seconds=60))
    chain = unfold(call(102), office, MONDAY_NOON)
    assert [p.step.seconds for p in chain if isinstance(p.step, Ring)] == [25, 25, 10]


def test_steps_in_all_are_limited() -> None:
    phones = tuple(Phone(Endpoint(f"102-{n}"), 1) for n in range(9))
    person = employee(102, phones=phones, ring_order=RingOrder.IN_TURN)
    chain = unfold(call(102), directory(person, limits=Limits(steps=4)), MONDAY_NOON)
    assert [type(plan.step) for plan in chain] == [Ring] * 4 + [HangUp]


@pytest.mark.parametrize(
    ("status", "cause"),
    [(Status.DO_NOT_DISTURB, Cause.BUSY), (Status.OFFLINE, Cause.UNREACHABLE)],
)
def test_nobody_and_no_rule_ends_with_words_and_the_right_cause(
    status: Status, cause: Cause
) -> None:
    step = route(call(102), directory(employee(102, status)), MONDAY_NOON).step
    assert isinstance(step, HangUp)
    assert (step.cause, step.sound is not None) == (cause, True)


def test_a_message_is_taken_where_the_card_has_voicemail() -> None:
    person = employee(102, Status.DO_NOT_DISTURB, has_voicemail=True)
    assert isinstance(route(call(102), directory(person), MONDAY_NOON).step, TakeMessage)


def test_voicemail_that_cannot_record_ends_with_words() -> None:
    person = employee(102, Status.DO_NOT_DISTURB, has_voicemail=True)
    failed = Attempt("102v", Outcome.FAILED)
    assert isinstance(route(call(102, failed), directory(person), MONDAY_NOON).step, HangUp)


def test_an_unknown_extension_is_unallocated() -> None:
    plan = route(call(999), directory(), MONDAY_NOON)
    assert plan.step == HangUp("x", Cause.UNALLOCATED, "autosecretary/unallocated")


def test_a_colleague_who_left_is_passed_over() -> None:
    person = employee(102, Status.BREAK, rule(1, Colleague(EmployeeId(77))), rule(2, Voicemail()))
    plan = route(call(102), directory(person), MONDAY_NOON)
    assert (type(plan.step), Fact.COLLEAGUE_GONE in facts(plan)) == (TakeMessage, True)


def test_an_outside_number_that_is_a_colleagues_own_stays_inside() -> None:
    office = directory(
        employee(101, number=MOBILE.e164),
        employee(102, Status.BREAK, rule(1, OutsideNumbers((MOBILE,)))),
    )
    plan = route(call(102), office, MONDAY_NOON)
    assert (rung(plan.step), Fact.OWN_NUMBER in facts(plan)) == (["101"], True)


def test_a_number_class_that_the_employee_may_not_dial_is_not_dialled() -> None:
    person = employee(
        102,
        Status.BREAK,
        rule(1, OutsideNumbers((MOBILE, LANDLINE))),
        may_dial=frozenset({NumberClass.LOCAL}),
    )
    plan = route(call(102), directory(person), MONDAY_NOON)
    assert (rung(plan.step), Fact.MAY_NOT_DIAL in facts(plan)) == ([LANDLINE.e164], True)


def test_without_a_trunk_nothing_is_dialled_outside() -> None:
    person = employee(102, Status.BREAK, rule(1, OutsideNumbers((MOBILE,))))
    plan = route(call(102), directory(person, trunks=()), MONDAY_NOON)
    assert (type(plan.step), Fact.NO_TRUNK in facts(plan)) == (HangUp, True)


@pytest.mark.parametrize(
    ("policy", "caller", "shown"),
    [
        (CallerIdPolicy.ORIGINAL, OUTSIDER, ""),
        (CallerIdPolicy.ORIGINAL, INSIDER, "+74951234502"),
        (CallerIdPolicy.ORIGINAL, ANONYMOUS, "+74951234502"),
        (CallerIdPolicy.COMPANY, OUTSIDER, "+74951234500"),
        (CallerIdPolicy.EMPLOYEE, OUTSIDER, "+74951234502"),
    ],
)
def test_a_forwarded_call_shows_the_number_that_the_trunks_policy_says(
    policy: CallerIdPolicy, caller: Caller, shown: str
) -> None:
    trunk = Trunk("outside", "PJSIP/{number}@outside", policy, "+74951234500", keeps_plus=False)
    person = employee(
        102, Status.BREAK, rule(1, OutsideNumbers((MOBILE,), confirm=True)), number="+74951234502"
    )
    step = route(call(102, caller=caller), directory(person, trunks=(trunk,)), MONDAY_NOON).step
    assert isinstance(step, Ring)
    assert step.legs == (OutsideLeg(MOBILE, "PJSIP/79165550199@outside", shown, confirm=True),)
    assert step.diversion == Diversion("+74951234502", DiversionReason.AWAY)


def test_a_mobile_in_two_rules_rings_once() -> None:
    person = employee(
        102,
        Status.BREAK,
        rule(1, OutsideNumbers((MOBILE,))),
        rule(2, OutsideNumbers((MOBILE, LANDLINE))),
    )
    chain = unfold(call(102), directory(person), MONDAY_NOON)
    assert [rung(p.step) for p in chain if rung(p.step)] == [[MOBILE.e164], [LANDLINE.e164]]


def test_a_rule_changed_during_the_call_counts_and_rings_nobody_twice() -> None:
    before = directory(employee(102, Status.BREAK, rule(1, OutsideNumbers((MOBILE,)))))
    first = route(call(102), before, MONDAY_NOON).step
    after = directory(employee(102, Status.BREAK, rule(9, OutsideNumbers((MOBILE, LANDLINE)))))
    second = route(call(102, tried(first, Outcome.NO_ANSWER)), after, MONDAY_NOON)
    assert rung(second.step) == [LANDLINE.e164]


def test_what_a_hostile_dial_plan_says_was_tried_still_ends_the_call() -> None:
    nonsense = tuple(Attempt(f"102{part}", Outcome.ANSWERED) for part in ("p", "v", "e", "z"))
    step = route(Call(OUTSIDER, Extension("102"), nonsense), directory(), MONDAY_NOON).step
    assert isinstance(step, HangUp)
