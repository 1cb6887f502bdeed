"""What a caller hears before the call goes on: the greeting, and then ring-back."""

import pytest

from ari_app.domain.directory import Colleague, Status
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER, card, is_heard
from tests.live.calls.conftest import ENGLISH
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.live.sound import samples, speech_seconds
from tests.unit.people import directory, rule

AWAY = "autosecretary/away"


@pytest.mark.parametrize(("language", "other"), [("ru", "en"), ("en", "ru")])
async def test_a_greeting_is_heard_in_the_callers_language_before_the_deputy_rings(
    rig: Rig, phones: Phones, language: str, other: str
) -> None:
    greeted = rule(1, Colleague(EmployeeId(101)), greeting=AWAY)
    rig.directory = directory(card(101), card(102, Status.BREAK, greeted), card(int(ENGLISH)))
    deputy = await phones.employee("101")
    caller = await (phones.outside(OUTSIDER) if language == "ru" else phones.employee(ENGLISH))

    await caller.dial("102")
    await deputy.until("ringing")
    caller.hang_up()

    prompts = rig.asterisk.prompts
    assert is_heard(caller.recorded(), prompts / f"{language}/{AWAY}.wav")
    assert not is_heard(caller.recorded(), prompts / f"{other}/{AWAY}.wav")
    assert ["102r1g", "101p"] == [step.key for step in (await rig.way()).tried]


async def test_after_a_greeting_the_caller_hears_ring_back_while_the_next_phone_rings(
    rig: Rig, phones: Phones
) -> None:
    greeted = rule(1, Colleague(EmployeeId(101)), greeting=AWAY)
    rig.directory = directory(card(101), card(102, Status.BREAK, greeted))
    deputy, caller = await phones.employee("101"), await phones.outside(OUTSIDER)

    await caller.dial("102")
    await deputy.until("ringing")
    before = len(samples(caller.recorded()))
    await until(lambda: speech_seconds(samples(caller.recorded())[before:]) > 0.5)

    caller.hang_up()


async def test_a_greeting_that_is_not_there_does_not_keep_the_call(
    rig: Rig, phones: Phones
) -> None:
    greeted = rule(1, Colleague(EmployeeId(101)), greeting="custom/deleted")
    rig.directory = directory(card(101), card(102, Status.BREAK, greeted))
    deputy = await phones.employee("101")
    deputy.answers()

    phones.sipp_call(OUTSIDER, "102", talk_seconds=1.5)

    assert [("101",)] == (await rig.way(OUTSIDER)).rung
