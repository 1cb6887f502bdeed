"""Calls are forwarded by phone: the next one goes there, the lamp says so, and it ends again."""

from pathlib import Path

from tests.live.phones import Phone, Phones, until
from tests.live.service.office import Office
from tests.live.service.test_feature_codes import dialled, heard


async def _called(phones: Phones, extension: str, taker: Phone) -> None:
    """A call from outside that `taker` takes."""
    taken = len(taker.callers)
    call = phones.sipp_call("+79165550100", extension, talk_seconds=0.2)
    await until(lambda: len(taker.callers) > taken)
    await taker.until("ringing")
    taker.answer()
    await until(lambda: call.is_over, 20)


async def test_calls_are_forwarded_by_phone_until_they_are_not(
    office: Office, phones: Phones, prompts: Path
) -> None:
    anna, emma = await phones.employee("101"), await phones.employee("105")
    key = phones.watch("*72*101", by="101")
    await until(lambda: key.states() == ["terminated"])

    await dialled(anna, "*72105")

    assert await heard(anna, prompts, "forward-all")
    await until(lambda: key.states()[-1] == "confirmed")
    await _called(phones, "101", emma)
    assert anna.callers == []

    await dialled(anna, "*73")

    assert await heard(anna, prompts, "forward-off")
    await until(lambda: key.states()[-1] == "terminated")
    await _called(phones, "101", anna)
    assert len(emma.callers) == 1


async def test_a_number_that_is_none_forwards_nothing_and_is_told(
    office: Office, phones: Phones, prompts: Path
) -> None:
    anna = await phones.employee("101")

    await dialled(anna, "*72999")
    assert await heard(anna, prompts, "forward-unknown")

    await dialled(anna, "*72101")
    assert await heard(anna, prompts, "forward-circle")

    directory = await office.directory()
    rules = [rule for person in directory.employees.values() for rule in person.rules]
    assert not [rule for rule in rules if rule.is_temporary]
