"""Calling back: the own phone rings and shows whom, then the caller is connected, or not."""

from typing import Any

import pytest

from ari_app.asterisk.call_back import CallsBack
from ari_app.domain.call_back import CallBackAnswer
from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Directory, RingOrder, Status
from ari_app.domain.numbers import EmployeeId, Extension, NumberClass, OutsideNumber
from demo.waiting import until
from tests.live.calls.cards import card, desk, is_heard, mobile
from tests.live.calls.test_caller_id import OWN, shown
from tests.live.phones import Phones
from tests.live.rig import Rig
from tests.unit.people import MOBILE, directory

ANNA = EmployeeId(101)
CALLER = OutsideNumber("+79165550177", NumberClass.MOBILE)


def office(**more: Any) -> Directory:
    return directory(card(101, number=OWN, **more), card(102), card(103, Status.ONLINE))


def placer(rig: Rig) -> CallsBack:
    return CallsBack(rig.ari, lambda: rig.directory)


async def test_the_own_phone_shows_the_caller_and_then_both_talk(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna, caller = await phones.employee("101"), await phones.outside()
    caller.answers(after=1)

    assert await placer(rig).place(ANNA, CALLER) is CallBackAnswer.RINGING
    await anna.until("ringing")
    assert caller.callers == []
    anna.answer()
    await caller.until("talking")
    await until(lambda: is_heard(anna.recorded(), phones.says), what="anna hears the caller")
    await until(lambda: is_heard(caller.recorded(), phones.says), what="the caller hears anna")
    anna.hang_up()
    way = await rig.way()

    assert anna.callers == [CALLER.e164]
    (invite,) = caller.invites()
    assert (invite.number, shown(invite)) == (CALLER.e164, OWN)
    assert "Diversion" not in invite.headers
    assert (way.caller, way.called, way.is_inside) == ("101", CALLER.e164, True)
    assert way.steps == [("caller", "ring", None)]
    assert way.rung == [(CALLER.e164,)]
    assert way.endings == (Ending.ANSWERED,)


async def test_when_the_caller_hangs_up_everything_ends(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna, caller = await phones.employee("101"), await phones.outside()
    anna.answers()
    caller.answers()

    await placer(rig).place(ANNA, CALLER)
    await caller.until("talking")
    caller.hang_up()
    await until(lambda: anna.ended)

    assert (await rig.way()).endings == (Ending.ANSWERED,)


@pytest.mark.parametrize(
    ("declines", "outcome"),
    [(True, Outcome.BUSY), (False, Outcome.NO_ANSWER)],
    ids=["declined", "not answered"],
)
async def test_without_the_own_phone_the_caller_is_not_disturbed(
    rig: Rig, phones: Phones, declines: bool, outcome: Outcome
) -> None:
    rig.directory = office()
    anna, caller = await phones.employee("101"), await phones.outside()
    if declines:
        anna.declines()

    await placer(rig).place(ANNA, CALLER)
    way = await rig.way()

    assert caller.callers == []
    assert (way.caller, way.called) == ("101", CALLER.e164)
    assert way.steps == [("own", "ring", outcome), ("end", "hangup", None)]
    assert way.endings == (Ending.NOT_TAKEN,)


async def test_a_caller_who_is_busy_is_heard_to_be(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna, caller = await phones.employee("101"), await phones.outside()
    anna.answers()
    caller.is_busy()

    await placer(rig).place(ANNA, CALLER)
    way = await rig.way()

    assert way.steps == [("caller", "ring", Outcome.BUSY), ("end", "hangup", None)]
    assert way.endings == (Ending.NOT_TAKEN,)
    await until(lambda: anna.ended, what="the own phone is hung up")


async def test_giving_up_while_the_caller_rings_ends_the_ringing(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna, caller = await phones.employee("101"), await phones.outside()
    anna.answers()

    await placer(rig).place(ANNA, CALLER)
    await caller.until("ringing")
    anna.hang_up()
    await caller.until("idle")

    assert (await rig.way()).endings == (Ending.ABANDONED,)


async def test_a_colleague_is_called_as_from_ones_own_phone(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna, boris = await phones.employee("101"), await phones.employee("102")
    anna.answers()
    boris.answers()

    await placer(rig).place(ANNA, Extension("102"))
    await boris.until("talking")
    anna.hang_up()
    way = await rig.way()

    assert (anna.callers, boris.callers) == (["102"], ["101"])
    assert (way.caller, way.called, way.is_inside) == ("101", "102", True)
    assert way.endings == (Ending.ANSWERED,)


async def test_a_double_click_calls_once(rig: Rig, phones: Phones) -> None:
    rig.directory = office()
    anna = await phones.employee("101")
    calls_back = placer(rig)

    first = await calls_back.place(ANNA, CALLER)
    second = await calls_back.place(ANNA, CALLER)
    await rig.way()

    assert (first, second) == (CallBackAnswer.RINGING, CallBackAnswer.TWICE)
    assert anna.callers == [CALLER.e164]


async def test_all_own_phones_ring_and_one_of_them_is_enough(rig: Rig, phones: Phones) -> None:
    both = (desk(101), mobile(MOBILE), desk(103))
    rig.directory = office(phones=both, ring_order=RingOrder.AT_ONCE)
    anna, second, caller = (
        await phones.employee("101"),
        await phones.employee("103"),
        await phones.outside(),
    )
    caller.answers()

    await placer(rig).place(ANNA, CALLER)
    await anna.until("ringing")
    await second.until("ringing")
    second.answer()
    await caller.until("talking")
    await anna.until("idle")
    second.hang_up()

    assert caller.invites()[0].number == CALLER.e164


async def test_phones_that_are_not_registered_are_told_of_at_once(rig: Rig) -> None:
    rig.directory = office()
    assert await placer(rig).place(ANNA, CALLER) is CallBackAnswer.PHONE_AWAY
    assert rig.channels() == []
