"""Numbers outside that are asked to press 1: accepted, refused, ignored, and too late."""

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Colleague, Directory, OutsideNumbers, Status, Trunk
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER, card, is_heard
from tests.live.calls.conftest import MOBILES
from tests.live.phones import Phone, Phones, until
from tests.live.rig import Rig
from tests.unit.people import LANDLINE, MOBILE, directory, rule

STEP = "107r1t"


def asked(seconds: int = 3) -> Directory:
    """An employee away with two mobiles, each a phone of its own, then a colleague."""
    both = OutsideNumbers((MOBILE, LANDLINE), seconds=seconds, confirm=True)
    rules = (rule(1, both), rule(2, Colleague(EmployeeId(101))))
    return directory(
        card(101),
        card(107, Status.OFFLINE, *rules),
        trunks=(Trunk("mobiles", "PJSIP/{number}", keeps_plus=False),),
    )


async def mobiles(phones: Phones) -> tuple[Phone, Phone]:
    return await phones.employee(MOBILES[0]), await phones.employee(MOBILES[1])


def hears(phone: Phone, rig: Rig, sentence: str) -> bool:
    return is_heard(phone.recorded(), rig.asterisk.prompts / f"ru/autosecretary/{sentence}.wav")


async def test_who_presses_one_gets_the_call_and_the_others_stop_ringing(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = asked()
    caller, (first, second) = await phones.outside(OUTSIDER), await mobiles(phones)
    first.answers(presses="1")

    await caller.dial("107")
    await caller.until("talking")
    await second.until("idle")
    await until(lambda: is_heard(caller.recorded(), phones.says))
    caller.hang_up()
    way = await rig.way(OUTSIDER)

    assert [(STEP, "ring", None)] == way.steps
    assert (Ending.ANSWERED,) == way.endings


async def test_who_presses_nothing_is_asked_again_and_then_the_call_goes_on(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = asked()
    anna, (first, _) = await phones.employee("101"), await mobiles(phones)
    anna.answers()
    first.answers()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER, seconds=45)

    assert [("101",)] == way.rung[1:]
    assert hears(first, rig, "press-one")
    assert [OUTSIDER] == anna.callers
    assert (Ending.ANSWERED,) == way.endings


async def test_who_presses_another_key_refuses(rig: Rig, phones: Phones) -> None:
    rig.directory = asked()
    anna, (first, second) = await phones.employee("101"), await mobiles(phones)
    anna.answers()
    first.answers(presses="2")
    second.answers(presses="3")

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [(STEP, "ring", Outcome.REFUSED), ("101p", "ring", None)] == way.steps


async def test_who_presses_one_too_late_is_told_so_and_disturbs_nobody(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = asked()
    first, second = await mobiles(phones)
    first.answers()
    second.answers(after=0.5, presses="1")

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=10)
    await until(lambda: "200 OK" in [said.what for said in call.said()])
    await first.send_dtmf("1")
    await until(lambda: first.ended, 20)

    assert hears(first, rig, "too-late")
    assert "talking" == second.state.value
    assert [OUTSIDER] == [way.caller for way in rig.under_way()]
    await until(lambda: call.is_over, 20)
    assert (Ending.ANSWERED,) == (await rig.way(OUTSIDER)).endings


async def test_a_mobile_that_refuses_does_not_stop_the_other(rig: Rig, phones: Phones) -> None:
    rig.directory = asked()
    first, second = await mobiles(phones)
    first.answers(presses="9")
    second.answers(after=2, presses="1")

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.3)
    way = await rig.way(OUTSIDER)

    assert [(STEP, "ring", None)] == way.steps
    assert (Ending.ANSWERED,) == way.endings


async def test_a_mobile_that_declines_does_not_stop_the_other(rig: Rig, phones: Phones) -> None:
    rig.directory = asked()
    first, second = await mobiles(phones)
    first.declines()
    second.answers(after=1, presses="1")

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.3)

    assert (Ending.ANSWERED,) == (await rig.way(OUTSIDER)).endings


async def test_mobiles_that_are_engaged_or_off_give_way_to_the_next_at_once(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = asked(seconds=20)
    anna, first = await phones.employee("101"), await phones.employee(MOBILES[0])
    anna.answers()
    first.is_busy()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [(STEP, "ring", Outcome.BUSY), ("101p", "ring", None)] == way.steps


async def test_a_caller_who_hangs_up_while_a_mobile_is_asked_leaves_nothing_behind(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = asked()
    caller, (first, second) = await phones.outside(OUTSIDER), await mobiles(phones)
    first.answers()

    await caller.dial("107")
    await first.until("talking")
    caller.hang_up()
    way = await rig.way(OUTSIDER)
    await second.until("idle")
    await until(lambda: first.ended, 20)

    assert hears(first, rig, "too-late")
    assert (Ending.ABANDONED,) == way.endings
