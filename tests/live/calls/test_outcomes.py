"""How a ring comes out decides what is next: rules for situations, chains, circles, hours."""

from datetime import UTC, date, datetime, time

import pytest

from ari_app.domain.calls import Caller, CallerKind, Ending, Outcome
from ari_app.domain.directory import (
    Colleague,
    DayKind,
    Employee,
    Farewell,
    Hours,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    When,
)
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import Fact
from tests.live.calls.cards import OUTSIDER, answers, card, desk
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.unit.people import directory, for_, rule

NO_ANSWER, BUSY, UNREACHABLE = Situation
MONDAY_NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUNDAY_NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def colleague(digits: int) -> Colleague:
    return Colleague(EmployeeId(digits))


@pytest.mark.parametrize("situation", list(Situation))
async def test_a_rule_for_a_situation_takes_the_call_only_in_that_situation(
    rig: Rig, phones: Phones, situation: Situation
) -> None:
    deputies = {NO_ANSWER: 101, BUSY: 102, UNREACHABLE: 103}
    rules = [
        rule(n, colleague(deputy), for_(which, seconds=2))
        for n, (which, deputy) in enumerate(deputies.items(), 1)
    ]
    rig.directory = directory(*map(card, deputies.values()), card(104, Status.ONLINE, *rules))
    desks = {which: await phones.employee(str(n)) for which, n in deputies.items()}
    for phone in desks.values():
        phone.answers()
    if situation is not UNREACHABLE:
        boris = await phones.employee("104")
        if situation is BUSY:
            boris.declines()

    phones.sipp_call(OUTSIDER, "104", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [("104",), (str(deputies[situation]),)] == way.rung
    assert {situation: [OUTSIDER]} == {w: d.callers for w, d in desks.items() if d.callers}
    assert (Ending.ANSWERED,) == way.endings


@pytest.mark.parametrize(
    ("does", "outcome", "answer"),
    [
        ("declines", Outcome.BUSY, "486 Busy Here"),
        ("rings", Outcome.NO_ANSWER, "480 Temporarily Unavailable"),
        ("is off", Outcome.UNREACHABLE, "480 Temporarily Unavailable"),
    ],
)
async def test_without_a_rule_the_caller_is_told_the_cause(
    rig: Rig, phones: Phones, does: str, outcome: Outcome, answer: str
) -> None:
    rig.directory = directory(card(104))
    if does != "is off":
        boris = await phones.employee("104")
        if does == "declines":
            boris.declines()

    call = phones.sipp_call(OUTSIDER, "104")
    way = await rig.way(OUTSIDER)
    await until(lambda: call.is_over)

    assert [("104p", "ring", outcome), ("104e", "hangup", None)] == way.steps
    assert answer == answers(call)[-1]


async def test_two_employees_forwarding_to_each_other_both_ring_once_and_the_call_ends(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(
        card(101, Status.ONLINE, rule(1, colleague(102), for_(NO_ANSWER, seconds=1))),
        card(102, Status.ONLINE, rule(2, colleague(101), for_(NO_ANSWER, seconds=1))),
    )
    anna, boris = await phones.employee("101"), await phones.employee("102")

    phones.sipp_call(OUTSIDER, "101")
    way = await rig.way(OUTSIDER)

    assert [("101",), ("102",)] == way.rung
    assert ([OUTSIDER], [OUTSIDER]) == (anna.callers, boris.callers)
    assert Fact.CIRCLE in way.facts
    assert (Ending.NOT_TAKEN,) == way.endings


async def test_two_employees_away_forwarding_to_each_other_end_with_words_and_no_ringing(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(
        card(101, Status.OFFLINE, rule(1, colleague(102))),
        card(102, Status.OFFLINE, rule(2, colleague(101))),
    )

    call = phones.sipp_call(OUTSIDER, "101")
    way = await rig.way(OUTSIDER)
    await until(lambda: call.is_over)

    assert [] == way.rung
    assert ["183 Session Progress", "480 Temporarily Unavailable"] == answers(call)


async def test_a_chain_of_colleagues_is_followed_to_its_end(rig: Rig, phones: Phones) -> None:
    links = [card(n, Status.OFFLINE, rule(n, colleague(n + 1))) for n in range(101, 105)]
    declining = card(105, Status.ONLINE, rule(105, colleague(106), for_(BUSY)))
    rig.directory = directory(*links, declining, card(106))
    fifth, last = await phones.employee("105"), await phones.employee("106")
    fifth.declines()
    last.answers()

    phones.sipp_call(OUTSIDER, "101", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [("105",), ("106",)] == way.rung
    assert 4 == way.facts.count(Fact.RULE_BY_STATUS)


async def test_a_phone_that_is_off_does_not_spoil_the_ringing_of_others(
    rig: Rig, phones: Phones
) -> None:
    own = card(104, phones=(desk(103), desk(104)), ring_order=RingOrder.AT_ONCE)
    rig.directory = directory(own)
    boris = await phones.employee("104")
    boris.answers(after=0.3)

    call = phones.sipp_call(OUTSIDER, "104", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [("103", "104")] == way.rung
    assert ["180 Ringing", "200 OK"] == answers(call)


def closed_at_night() -> Employee:
    """Away from 18 to 9 on working days (in Moscow), and on free days."""
    hours = (
        Hours(time(18), time(9), DayKind.WORKING),
        Hours(day_kind=DayKind.FREE),
    )
    always = When(statuses=frozenset({Status.ONLINE}), hours=hours)
    return card(104, Status.ONLINE, rule(1, SayGoodbye(Farewell.BUSY), always))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (MONDAY_NOON, True),
        (MONDAY_NOON.replace(hour=14, minute=59), True),
        (MONDAY_NOON.replace(hour=15), False),
        (SUNDAY_NOON, False),
        (datetime(2026, 11, 4, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), True),
    ],
    ids=["noon", "just before six", "six", "Sunday", "holiday", "working Saturday"],
)
async def test_hours_and_free_days_decide_by_the_employees_clock(
    rig: Rig, phones: Phones, at: datetime, is_open: bool
) -> None:
    rig.now = lambda: at
    rig.directory = directory(
        closed_at_night(),
        free_days=frozenset({date(2026, 11, 4)}),
        working_days=frozenset({date(2026, 11, 21)}),
    )
    boris = await phones.employee("104")
    boris.answers()

    call = phones.sipp_call(OUTSIDER, "104", talk_seconds=0.2)
    await until(lambda: answers(call))
    call.stop() if not is_open else None

    assert ["180 Ringing" if is_open else "183 Session Progress"] == answers(call)[:1]
    assert is_open == bool((await rig.way(OUTSIDER)).rung)


@pytest.mark.parametrize(
    ("when", "number"),
    [
        (When(callers=frozenset({CallerKind.ANONYMOUS})), ""),
        (When(callers=frozenset({CallerKind.OUTSIDE}), numbers=("+7916*",)), OUTSIDER),
        (When(callers=frozenset({CallerKind.OUTSIDE}), numbers=("+7916*",)), "89165550100"),
    ],
    ids=["anonymous", "mask", "mask, number in national form"],
)
async def test_a_rule_for_certain_callers_takes_their_calls_only(
    rig: Rig, phones: Phones, when: When, number: str
) -> None:
    rig.directory = directory(
        card(101), card(102), card(104, Status.BREAK, rule(1, colleague(101), when))
    )
    anna, boris = await phones.employee("101"), await phones.employee("104")
    anna.answers()
    boris.answers()

    phones.sipp_call(number, "104", talk_seconds=0.2)
    phones.sipp_call("+74951110000", "104", talk_seconds=0.2)
    ways = await rig.ways(2)

    assert Caller(number, is_inside=False).number in [way.caller for way in ways] or not number
    assert 1 == len(anna.callers)
    assert ["+74951110000"] == boris.callers
