"""Asterisk stops, kindly or not, under a running service: everything is put right again."""

from ari_app.domain.calls import Ending
from tests.live.phones import Phones, until
from tests.live.service.office import Office

CALLER = "+79165550100"


async def test_after_a_restart_lamps_and_stored_plans_are_put_right_and_calls_are_answered(
    office: Office, phones: Phones
) -> None:
    anna = await phones.employee("101")
    anna.answers(after=0.2)
    plans, lamps = office.stored_plans(), office.device_states()
    assert lamps["as-102"] == "BUSY"
    office.asterisk.cli("database del autosecretary outside-102-1")
    office.asterisk.cli('database put autosecretary outside-999-1 "ring|9p|25"')
    office.asterisk.cli("database put StasisDeviceState as-102 NOT_INUSE")
    office.asterisk.cli("database put StasisDeviceState as-101 BUSY")

    office.asterisk.restart()

    await until(lambda: office.stored_plans() == plans, 20)
    await until(lambda: office.device_states() == lamps, 20)
    await until(office.service.is_ready, 20)
    lamp = phones.watch("102", by="103")
    await until(lambda: lamp.states()[-1:] == ["confirmed"])
    call = phones.sipp_call(CALLER, "101", talk_seconds=0.2)
    await until(lambda: call.is_over, 20)
    (past,) = await office.calls()
    assert [step.by_mirror for step in past.steps] == [False]


async def test_calls_that_asterisk_took_down_get_one_ending_and_say_so(
    office: Office, phones: Phones
) -> None:
    anna, grigory = await phones.employee("101"), await phones.employee("104")
    anna.answers()
    before = phones.sipp_call(CALLER, "101", talk_seconds=0.2)
    await until(lambda: before.is_over, 20)
    await office.calls()
    talks, rings = await phones.outside("+79165550101"), await phones.outside("+79165550102")
    await talks.dial("101")
    await talks.until("talking")
    await rings.dial("104")
    await grigory.until("ringing")

    office.asterisk.kill()
    office.asterisk.start()
    office.asterisk.wait_ready()

    past = await office.calls(3, seconds=30)
    assert {call.caller_number: call.ending for call in past} == {
        CALLER: Ending.ANSWERED,
        "+79165550101": Ending.LOST,
        "+79165550102": Ending.LOST,
    }
    assert len(past) == 3


async def test_a_call_that_goes_on_while_the_service_is_away_is_not_lost(
    office: Office, phones: Phones
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(CALLER)
    anna.answers()
    await caller.dial("101")
    await caller.until("talking")

    office.service.stop()
    office.service.start()
    await until(office.service.is_ready, 30)
    caller.hang_up()
    await anna.until("idle")

    (past,) = await office.calls()
    assert past.ending is Ending.ANSWERED
