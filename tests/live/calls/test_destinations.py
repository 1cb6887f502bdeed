"""Each destination of a rule, answered and not answered."""

import pytest

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Employee,
    Farewell,
    OutsideNumbers,
    OwnPhones,
    RingOrder,
    SayGoodbye,
    Status,
    Voicemail,
)
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER, answers, card, desk, is_heard, mobile
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.live.sound import samples, speech_seconds
from tests.unit.people import LANDLINE, MOBILE, directory, rule

AT_ONCE, IN_TURN, MAIN_ONLY = RingOrder
BOTH = (EmployeeId(101), EmployeeId(102))
NO_ANSWER, UNREACHABLE = Outcome.NO_ANSWER, Outcome.UNREACHABLE


def away(then: Destination, otherwise: Destination | None = None, **more: object) -> Employee:
    return card(107, Status.OFFLINE, rule(1, then, otherwise=otherwise), **more)


@pytest.mark.parametrize(
    ("order", "rung"),
    [
        (AT_ONCE, [("107", MOBILE.e164)]),
        (IN_TURN, [("107",), (MOBILE.e164,)]),
        (MAIN_ONLY, [("107",)]),
    ],
)
async def test_own_phones_ring_in_their_order_and_then_the_otherwise(
    rig: Rig, phones: Phones, order: RingOrder, rung: list[tuple[str, ...]]
) -> None:
    own = away(OwnPhones(order), Colleague(BOTH[0]), phones=(desk(107), mobile(MOBILE)))
    rig.directory = directory(card(101), own)
    deputy, main = await phones.employee("101"), await phones.employee("107")
    outside = await phones.outside()
    deputy.answers()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [*rung, ("101",)] == way.rung
    assert [NO_ANSWER] * len(rung) == [step.outcome for step in way.tried][:-1]
    assert [OUTSIDER] == main.callers
    assert [OUTSIDER] * (order is not MAIN_ONLY) == outside.callers
    assert (Ending.ANSWERED,) == way.endings


async def test_an_own_mobile_that_answers_ends_the_ringing_of_the_desk_phone(
    rig: Rig, phones: Phones
) -> None:
    own = away(OwnPhones(), phones=(desk(107, 5), mobile(MOBILE, 5)))
    rig.directory = directory(own)
    main, outside = await phones.employee("107"), await phones.outside()
    outside.answers(after=0.3)

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=0.5)
    await outside.until("talking")
    await main.until("idle")
    await until(lambda: call.is_over)

    assert (Ending.ANSWERED,) == (await rig.way(OUTSIDER)).endings


@pytest.mark.parametrize(
    ("order", "rung"), [(AT_ONCE, [("101", "102")]), (IN_TURN, [("101",), ("102",)])]
)
async def test_several_colleagues_ring_in_their_order_until_one_answers(
    rig: Rig, phones: Phones, order: RingOrder, rung: list[tuple[str, ...]]
) -> None:
    rig.directory = directory(card(101), card(102), away(Colleagues(BOTH, order, 2)))
    first, second = await phones.employee("101"), await phones.employee("102")
    second.answers(after=0.3)

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=0.3)
    await second.until("talking")
    await until(lambda: call.is_over)
    way = await rig.way(OUTSIDER)

    assert rung == way.rung
    assert ([OUTSIDER], [OUTSIDER]) == (first.callers, second.callers)
    assert (Ending.ANSWERED,) == way.endings


@pytest.mark.parametrize(
    ("order", "steps"),
    [(AT_ONCE, [NO_ANSWER]), (IN_TURN, [NO_ANSWER, NO_ANSWER])],
)
async def test_several_colleagues_who_do_not_answer_give_way_to_the_next(
    rig: Rig, phones: Phones, order: RingOrder, steps: list[Outcome]
) -> None:
    away_rule = away(Colleagues(BOTH, order, 1), Colleague(EmployeeId(103)))
    rig.directory = directory(card(101), card(102), card(103), away_rule)
    for extension in ("101", "102"):
        await phones.employee(extension)
    last = await phones.employee("103")
    last.answers()

    phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert steps == [step.outcome for step in way.tried][:-1]
    assert ("103",) == way.rung[-1]


async def test_a_colleague_who_does_not_answer_gives_the_call_back_to_the_otherwise(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(card(101), card(102), away(Colleague(BOTH[0]), Colleague(BOTH[1])))
    first, second = await phones.employee("101"), await phones.employee("102")
    second.answers()

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)

    assert [("101p", "ring", NO_ANSWER), ("102p", "ring", None)] == way.steps
    assert ([OUTSIDER], [OUTSIDER]) == (first.callers, second.callers)
    assert ["180 Ringing", "200 OK"] == answers(call)


@pytest.mark.parametrize(
    ("order", "rung"),
    [(AT_ONCE, [(LANDLINE.e164, MOBILE.e164)]), (IN_TURN, [(LANDLINE.e164,), (MOBILE.e164,)])],
)
async def test_outside_numbers_ring_in_their_order_until_one_answers(
    rig: Rig, phones: Phones, order: RingOrder, rung: list[tuple[str, ...]]
) -> None:
    rig.directory = directory(away(OutsideNumbers((LANDLINE, MOBILE), order, 2)))
    outside = await phones.outside()
    outside.answers(after=0.3, to=MOBILE.e164)

    call = phones.sipp_call(OUTSIDER, "107", talk_seconds=0.3)
    await outside.until("talking")
    await until(lambda: call.is_over)
    way = await rig.way(OUTSIDER)

    assert rung == way.rung
    assert [LANDLINE.e164, MOBILE.e164] == [invite.number for invite in outside.invites()]
    assert (Ending.ANSWERED,) == way.endings


async def test_outside_numbers_that_do_not_answer_end_with_words_and_a_cause(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = directory(away(OutsideNumbers((MOBILE,), seconds=1)))
    await phones.outside()

    call = phones.sipp_call(OUTSIDER, "107")
    way = await rig.way(OUTSIDER)
    await until(lambda: call.is_over)

    assert [("107r1t", "ring", NO_ANSWER), ("107e", "hangup", None)] == way.steps
    assert (Ending.NOT_TAKEN,) == way.endings
    assert "480 Temporarily Unavailable" == answers(call)[-1]


async def test_a_message_is_on_disk_with_the_callers_voice(rig: Rig, phones: Phones) -> None:
    rig.directory = directory(away(Voicemail()))
    caller = await phones.outside(OUTSIDER)
    folder = rig.asterisk.directory / "spool/autosecretary/messages/107"

    await caller.dial("107")
    await until(lambda: any(speech_seconds(samples(f)) > 2 for f in folder.glob("*.wav")), 20)
    caller.hang_up()
    way = await rig.way(OUTSIDER)

    (message,) = folder.glob("*.wav")
    assert is_heard(caller.recorded(), rig.asterisk.prompts / "ru/autosecretary/leave-message.wav")
    assert is_heard(message, phones.says)
    assert [("107r1t", "message", None)] == way.steps
    assert (Ending.MESSAGE,) == way.endings


@pytest.mark.parametrize(
    ("farewell", "sentence", "answer"),
    [
        (Farewell.BUSY, "busy", "486 Busy Here"),
        (Farewell.UNAVAILABLE, "unavailable", "480 Temporarily Unavailable"),
        (Farewell.NORMAL, "goodbye", "603 Decline"),
    ],
)
async def test_a_farewell_is_heard_before_the_call_is_refused_with_its_cause(
    rig: Rig, phones: Phones, farewell: Farewell, sentence: str, answer: str
) -> None:
    rig.directory = directory(away(SayGoodbye(farewell)))
    caller = await phones.outside(OUTSIDER)

    await caller.dial("107")
    await until(lambda: caller.ended, 20)

    assert [answer] == caller.ended
    assert is_heard(caller.recorded(), rig.asterisk.prompts / f"ru/autosecretary/{sentence}.wav")
    assert (Ending.NOT_TAKEN,) == (await rig.way(OUTSIDER)).endings


async def test_a_number_of_nobody_is_said_to_be_so(rig: Rig, phones: Phones) -> None:
    caller = await phones.outside(OUTSIDER)

    await caller.dial("199")
    await until(lambda: caller.ended, 20)

    assert ["404 Not Found"] == caller.ended
    assert is_heard(caller.recorded(), rig.asterisk.prompts / "ru/autosecretary/unallocated.wav")
    assert [("x", "hangup", None)] == (await rig.way(OUTSIDER)).steps


async def test_nobody_registered_ends_with_words_and_unavailable(rig: Rig, phones: Phones) -> None:
    rig.directory = directory(card(107))

    call = phones.sipp_call(OUTSIDER, "107")
    way = await rig.way(OUTSIDER)
    await until(lambda: call.is_over)

    assert [("107p", "ring", UNREACHABLE), ("107e", "hangup", None)] == way.steps
    assert ["183 Session Progress", "480 Temporarily Unavailable"] == answers(call)
