"""Numbers outside that are asked to press 1: accepted, refused, ignored, and too late."""

import pytest

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Colleague, Employee, OutsideNumbers, OwnPhones, Status
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER, card, desk, is_heard
from tests.live.phones import Phone, Phones, until
from tests.live.rig import Rig
from tests.live.sound import samples, speech_seconds
from tests.unit.people import LANDLINE, MOBILE, directory, rule

ASKED = OutsideNumbers((MOBILE,), seconds=3, confirm=True)
BOTH = OutsideNumbers((MOBILE, LANDLINE), seconds=3, confirm=True)


def away(then: OutsideNumbers | OwnPhones, **more: object) -> Employee:
    return card(
        107, Status.OFFLINE, rule(1, then), rule(2, Colleague(EmployeeId(101))), **more
    )


def hears(phone: Phone, rig: Rig, sentence: str) -> bool:
    prompt = rig.asterisk.prompts / f"ru/autosecretary/{sentence}.wav"
    return is_heard(phone.recorded(), prompt)


async def test_who_presses_one_gets_the_call(rig: Rig, phones: Phones) -> None:
    rig.directory = directory(card(101), away(ASKED))
    outside, caller = await phones.outside(), await phones.outside(OUTSIDER)
    outside.answers(presses="1")

    await caller.dial("107")
    await caller.until("talking")
    await until(lambda: speech_seconds(samples(caller.recorded())) > 1)
    caller.hang_up()
    way = await rig.way(OUTSIDER)

    assert [("107r1t", "ring", None)] == way.steps
    assert (Ending.ANSWERED,) == way.endings
    assert is_heard(caller.recorded(), phones.says)


async def test_who_presses_nothing_is_asked_three_times_and_the_call_goes_on(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(card(101), away(ASKED))
    anna, outside = await phones.employee("101"), await phones.outside()
    anna.answers()
    outside.answers()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER, seconds=45)

    assert [("107r1t", "ring", Outcome.REFUSED), ("101p", "ring", None)] == way.steps
    assert hears(outside, rig, "press-one")
    assert ["Normal call clearing"] != outside.ended


async def test_who_presses_another_key_refuses_and_the_call_goes_on_at_once(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(card(101), away(ASKED))
    anna, outside = await phones.employee("101"), await phones.outside()
    anna.answers()
    outside.answers(presses="2")

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [("107r1t", "ring", Outcome.REFUSED), ("101p", "ring", None)] == way.steps


async def test_who_presses_one_too_late_is_told_so_and_disturbs_nobody(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(away(BOTH))
    outside = await phones.outside()
    outside.answers(to=LANDLINE.e164, after=1.5, presses="1")
    outside.answers(to=MOBILE.e164)

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=8)
    await until(lambda: "200 OK" in [said.what for said in call.said()], 20)
    await until(lambda: len(outside.ended) == 1, 20)

    assert [OUTSIDER] == [way.caller for way in rig.under_way()]
    assert 1 == sum(
        is_heard(file, rig.asterisk.prompts / "ru/autosecretary/too-late.wav")
        for file in (outside.directory / "recordings").glob("*dec*.wav")
    )
    await until(lambda: call.is_over, 20)
    assert (Ending.ANSWERED,) == (await rig.way(OUTSIDER)).endings


async def test_a_mobile_that_does_not_press_one_does_not_stop_the_other(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(away(BOTH))
    outside = await phones.outside()
    outside.answers(to=MOBILE.e164, presses="9")
    outside.answers(to=LANDLINE.e164, after=2, presses="1")

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.3)
    way = await rig.way(OUTSIDER)

    assert [("107r1t", "ring", None)] == way.steps
    assert (Ending.ANSWERED,) == way.endings


async def test_a_caller_who_hangs_up_while_a_mobile_is_asked_leaves_nothing_behind(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(away(ASKED))
    outside, caller = await phones.outside(), await phones.outside(OUTSIDER)
    outside.answers()

    await caller.dial("107")
    await outside.until("talking")
    caller.hang_up()
    way = await rig.way(OUTSIDER)

    await until(lambda: outside.ended, 20)
    assert (Ending.ABANDONED,) == way.endings


