"""The caller hangs up at any stage: nothing is left behind, and the journal has one ending."""

from pathlib import Path

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.directory import (
    Colleague,
    Destination,
    Farewell,
    OutsideNumbers,
    SayGoodbye,
    Status,
    Voicemail,
)
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER, answers, card
from tests.live.calls.raw import cancelled_call
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.unit.people import MOBILE, directory, rule

COLLEAGUE = Colleague(EmployeeId(101))


@pytest.mark.parametrize(
    ("then", "greeting", "kind", "ending"),
    [
        (COLLEAGUE, "autosecretary/away", "play", Ending.ABANDONED),
        (COLLEAGUE, None, "ring", Ending.ABANDONED),
        (OutsideNumbers((MOBILE,)), None, "ring", Ending.ABANDONED),
        (Voicemail(), None, "message", Ending.ABANDONED),
        (SayGoodbye(Farewell.BUSY), None, "hangup", Ending.NOT_TAKEN),
    ],
    ids=["in the greeting", "while ringing", "while a mobile rings", "before the tone", "in words"],
)
async def test_a_caller_who_hangs_up_leaves_nothing_behind(
    rig: Rig,
    phones: Phones,
    then: Destination,
    greeting: str | None,
    kind: str,
    ending: Ending,
) -> None:
    away = rule(1, then, greeting=greeting)
    rig.directory = directory(card(101, phones=()), card(102, Status.OFFLINE, away))
    if then == COLLEAGUE:
        rig.directory = directory(card(101), card(102, Status.OFFLINE, away))
    called = [await phones.outside(), await phones.employee("101")]
    caller = await phones.outside(OUTSIDER)

    await caller.dial("102")
    await until(lambda: [step.kind for way in rig.under_way() for step in way.tried] == [kind])
    if kind == "ring":
        await until(lambda: any(phone.state.value == "ringing" for phone in called))
    caller.hang_up()
    way = await rig.way(OUTSIDER)

    await until(lambda: not rig.channels(), 5)
    await until(lambda: {phone.state.value for phone in called} == {"idle"}, 5)
    assert (ending,) == way.endings
    assert [kind] == [step.kind for step in way.tried]


@pytest.mark.parametrize("gate", ["hears", "answers"])
async def test_a_caller_who_hangs_up_before_the_question_is_answered_leaves_nothing_behind(
    rig: Rig, tmp_path: Path, gate: str
) -> None:
    getattr(rig, gate).clear()

    call = cancelled_call(rig.asterisk, tmp_path, "102")
    way = await rig.way(OUTSIDER)
    await until(lambda: call.is_over)
    getattr(rig, gate).set()

    await until(lambda: rig.ari.is_idle)
    assert "487 Request Terminated" == answers(call)[-1]
    assert ([], (Ending.ABANDONED,)) == (way.steps, way.endings)


@pytest.mark.parametrize("who", ["caller", "employee"])
async def test_whoever_ends_a_conversation_ends_the_call(
    rig: Rig, phones: Phones, who: str
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(OUTSIDER)
    anna.answers()

    await caller.dial("101")
    await caller.until("talking")
    (caller if who == "caller" else anna).hang_up()
    way = await rig.way(OUTSIDER)

    await until(lambda: not rig.channels(), 5)
    assert (Ending.ANSWERED,) == way.endings
