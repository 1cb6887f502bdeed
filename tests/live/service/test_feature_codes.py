"""A status is set, and heard, from any phone; what is stored, the lamp and the next call agree."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ari_app.domain.directory import Status
from demo.office import PIN
from tests.live.phones import Phone, Phones, until
from tests.live.service.office import Office
from tests.live.sound import likeness, samples

MOSCOW = ZoneInfo("Europe/Moscow")


async def dialled(phone: Phone, code: str) -> None:
    """Dial a code, listen, and wait until Asterisk has hung up."""
    before = len(phone.ended)
    await phone.dial(code.replace("#", "%23"))
    await until(lambda: len(phone.ended) > before, 20, f"{code} has been answered")


async def heard(phone: Phone, prompts: Path, sentence: str) -> bool:
    prompt = prompts / f"ru/autosecretary/{sentence}.wav"
    return likeness(samples(phone.recorded()), samples(prompt)) > 0.8


async def test_a_break_from_the_own_phone_is_confirmed_lights_the_lamp_and_forwards_the_next_call(
    office: Office, phones: Phones, prompts: Path
) -> None:
    anna, boris = await phones.employee("101"), await phones.employee("104")
    lamp = phones.watch("104", by="101")
    key = phones.watch("*33*104", by="101")
    await until(lambda: lamp.states()[-1:] == key.states()[-1:] == ["terminated"])

    await dialled(boris, "*33")

    assert await heard(boris, prompts, "status-break")
    assert (await office.status("104")).base is Status.BREAK
    await until(lambda: lamp.states()[-1:] == key.states()[-1:] == ["confirmed"])
    call = phones.sipp_call("+79165550100", "104", talk_seconds=0.2)
    await anna.until("ringing")
    anna.answer()
    await until(lambda: call.is_over)
    assert (boris.callers, anna.callers) == ([], ["+79165550100"])


async def test_a_status_until_a_time_says_the_time_and_is_over_then(
    office: Office, phones: Phones, prompts: Path
) -> None:
    boris = await phones.employee("104")
    at = (datetime.now(MOSCOW) + timedelta(minutes=90)).replace(second=0, microsecond=0)

    await dialled(boris, f"*33#{at:%H%M}")

    assert await heard(boris, prompts, "status-break")
    assert await heard(boris, prompts, f"hour-{at.hour}")
    assert (await office.status("104")).until == at.astimezone(UTC)


async def test_the_status_code_says_the_status(
    office: Office, phones: Phones, prompts: Path
) -> None:
    vera = await phones.employee("103")

    await dialled(vera, "*30")

    assert await heard(vera, prompts, "status-do_not_disturb")
    assert not await heard(vera, prompts, "status-online")


async def test_a_lamp_key_switches_a_status_on_and_off_again(
    office: Office, phones: Phones, prompts: Path
) -> None:
    boris = await phones.employee("102")
    key = phones.watch("*33*102", by="102")
    await until(lambda: key.states() == ["confirmed"])

    await dialled(boris, "*33*102")
    assert (await office.status("102")).base is Status.ONLINE
    await until(lambda: key.states()[-1] == "terminated")

    await dialled(boris, "*33*102")
    assert (await office.status("102")).base is Status.BREAK
    await until(lambda: key.states()[-1] == "confirmed")


async def test_from_another_phone_extension_and_pin_set_a_status(
    office: Office, phones: Phones, prompts: Path
) -> None:
    vera = await phones.employee("103")

    await vera.dial("*32*101")
    await vera.until("talking")
    await vera.send_dtmf(f"{PIN}#")
    await until(lambda: vera.ended, 20)

    assert await heard(vera, prompts, "status-do_not_disturb")
    assert (await office.status("101")).base is Status.DO_NOT_DISTURB


async def test_three_wrong_pins_change_nothing_and_end_the_call(
    office: Office, phones: Phones, prompts: Path
) -> None:
    vera = await phones.employee("103")

    await vera.dial("*32*101")
    await vera.until("talking")
    for _ in range(3):
        await vera.send_dtmf("0000#")
    await until(lambda: vera.ended, 20)

    assert await heard(vera, prompts, "wrong-pin")
    assert (await office.status("101")).base is Status.ONLINE


async def test_a_code_that_means_nothing_says_so(
    office: Office, phones: Phones, prompts: Path
) -> None:
    vera = await phones.employee("103")

    await dialled(vera, "*33#2561")

    assert await heard(vera, prompts, "not-understood")


@pytest.mark.parametrize(("code", "lamp_while_ringing"), [("*31", "early"), ("*33", "confirmed")])
async def test_a_status_set_while_a_call_rings_counts_for_the_next_step_and_the_lamp(
    office: Office, phones: Phones, code: str, lamp_while_ringing: str
) -> None:
    anna, grigory = await phones.employee("101"), await phones.employee("104")
    lamp = phones.watch("104", by="101")
    call = phones.sipp_call("+79165550100", "104", talk_seconds=0.2)
    await grigory.until("ringing")
    desk = phones.sipp_call("104", code, password=office.asterisk.secrets["104"])
    await until(lambda: desk.is_over, 20)

    await until(lambda: lamp.states()[-1] == lamp_while_ringing)
    grigory.hang_up()

    if code == "*33":
        await anna.until("ringing")
        anna.answer()
    await until(lambda: call.is_over, 20)
    assert len(anna.callers) == (code == "*33")
