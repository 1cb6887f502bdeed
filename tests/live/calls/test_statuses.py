"""Which statuses let a call ring, with and without "take the status into account"."""

import asyncio

import pytest

from ari_app.domain.directory import Colleague, Colleagues, Declared, OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from tests.live.calls.cards import OUTSIDER, answers, card
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.unit.people import directory, rule

RANG = ["180 Ringing", "200 OK"]
BUSY = ["183 Session Progress", "486 Busy Here"]
UNAVAILABLE = ["183 Session Progress", "480 Temporarily Unavailable"]
LUNCH = OwnStatus(OwnStatusId(1), "Обед", "Lunch", Status.BREAK)
BY_STATUS = {
    101: Status.ONLINE,
    102: Status.DO_NOT_DISTURB,
    103: Status.BREAK,
    104: Status.OUTBOUND_CALLS,
    105: Status.ALL_CALLS,
    106: Status.OFFLINE,
}


@pytest.mark.parametrize("is_inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("uses_status", [True, False], ids=["counted", "not-counted"])
async def test_a_direct_call_rings_as_the_status_says_where_it_is_taken_into_account(
    rig: Rig, phones: Phones, uses_status: bool, is_inside: bool
) -> None:
    lunch = card(107, declared=Declared(Status.BREAK, LUNCH.id), uses_status=uses_status)
    people = [card(n, s, uses_status=uses_status) for n, s in BY_STATUS.items()]
    rig.directory = directory(*people, lunch, card(108), own_statuses={LUNCH.id: LUNCH})
    desks = await asyncio.gather(*(phones.employee(str(n)) for n in [*BY_STATUS, 107]))
    for phone in desks:
        phone.answers()
    caller = ("108", rig.asterisk.secrets["108"]) if is_inside else (OUTSIDER, "")

    calls = {
        extension: phones.sipp_call(caller[0], str(extension), password=caller[1], talk_seconds=0.2)
        for extension in [*BY_STATUS, 107]
    }
    await until(lambda: all(call.is_over for call in calls.values()), 20)
    ways = await rig.ways(7)

    silent = {102: BUSY, 106: UNAVAILABLE} if uses_status else {}
    assert {n: silent.get(n, RANG) for n in calls} == {n: answers(c) for n, c in calls.items()}
    assert {n: n not in silent for n in calls} == {int(w.called): bool(w.rung) for w in ways}
    assert {is_inside} == {way.is_inside for way in ways}


@pytest.mark.parametrize("is_inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("uses_status", [True, False], ids=["counted", "not-counted"])
async def test_rules_for_a_break_come_before_the_own_phone_only_where_the_status_counts(
    rig: Rig, phones: Phones, uses_status: bool, is_inside: bool
) -> None:
    away = rule(1, Colleague(EmployeeId(101)))
    rig.directory = directory(
        card(101), card(102, Status.BREAK, away, uses_status=uses_status), card(108)
    )
    deputy, boris = await phones.employee("101"), await phones.employee("102")
    deputy.answers()
    boris.answers()
    caller = ("108", rig.asterisk.secrets["108"]) if is_inside else (OUTSIDER, "")

    phones.sipp_call(caller[0], "102", password=caller[1], talk_seconds=0.2)

    way = await rig.way(caller[0])
    assert [("101",) if uses_status else ("102",)] == way.rung
    assert ([caller[0]], []) == (
        (deputy.callers, boris.callers) if uses_status else (boris.callers, deputy.callers)
    )


async def test_of_several_colleagues_only_those_ring_who_take_group_calls(
    rig: Rig, phones: Phones
) -> None:
    team = Colleagues(tuple(map(EmployeeId, BY_STATUS)), seconds=2)
    rig.directory = directory(
        *(card(n, s) for n, s in BY_STATUS.items()), card(107, Status.OFFLINE, rule(1, team))
    )
    anna = await phones.employee("101")
    anna.answers()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)

    assert [("101", "105")] == (await rig.way(OUTSIDER)).rung
