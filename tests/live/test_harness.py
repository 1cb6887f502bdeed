"""The live harness itself: real phones register, call each other and hear each other."""

from pathlib import Path

from demo.asterisk import AsteriskInstance
from tests.live.phones import Phones, until
from tests.live.sound import likeness, samples, speech_seconds


async def test_two_phones_call_each_other_and_both_hear_the_other(
    phones: Phones, prompts: Path
) -> None:
    english = prompts / "en/autosecretary/away.wav"
    russian = prompts / "ru/autosecretary/unallocated.wav"
    anna = await phones.employee("191", says=english)
    boris = await phones.employee("192", says=russian)
    boris.answers(after=0.2)

    await anna.dial("192")
    await boris.until("ringing")
    await anna.until("talking")
    await until(lambda: speech_seconds(samples(anna.recorded())) > 2)
    anna.hang_up()
    await boris.until("idle")

    assert boris.callers == ["191"]
    assert likeness(samples(anna.recorded()), samples(russian)) > 0.8
    assert likeness(samples(boris.recorded()), samples(english)) > 0.8
    assert likeness(samples(boris.recorded()), samples(russian)) < 0.5


async def test_a_phone_that_declines_makes_the_caller_hear_busy(phones: Phones) -> None:
    anna, boris = await phones.employee("191"), await phones.employee("192")
    boris.declines()

    await anna.dial("192")
    await until(lambda: anna.ended)

    assert anna.ended == ["486 Busy Here"]


async def test_digits_pressed_on_one_phone_arrive_at_the_other(phones: Phones) -> None:
    anna, boris = await phones.employee("191"), await phones.employee("192")
    boris.answers()
    await anna.dial("192")
    await anna.until("talking")

    await anna.send_dtmf("15#")

    await until(lambda: boris.digits == "15#")


async def test_a_desk_phone_sees_a_lamp_blink_light_and_go_dark(phones: Phones) -> None:
    anna, boris = await phones.employee("191"), await phones.employee("192")
    lamp = phones.watch("192", by="191")
    await until(lambda: lamp.states() == ["terminated"])

    await anna.dial("192")
    await until(lambda: lamp.states()[-1] == "early")
    boris.answer()
    await until(lambda: lamp.states()[-1] == "confirmed")
    anna.hang_up()

    await until(lambda: lamp.states()[-1] == "terminated")


async def test_sipp_calls_from_an_extension_with_its_password(
    phones: Phones, asterisk: AsteriskInstance
) -> None:
    boris = await phones.employee("192")
    boris.answers()

    call = phones.sipp_call("191", "192", password=asterisk.secrets["191"], talk_seconds=0.2)
    await until(lambda: call.is_over)

    assert boris.callers == ["191"]
    assert [said.what for said in call.said() if not said.sent][-2:] == ["200 OK", "200 OK"]


async def test_asterisk_starts_without_a_single_error(asterisk: AsteriskInstance) -> None:
    errors = [line for line in asterisk.log_text().splitlines() if " ERROR[" in line]

    assert errors == []
