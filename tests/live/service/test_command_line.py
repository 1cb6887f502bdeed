"""`autosecretary status` and `why`, run as processes beside the service, and the calls after it."""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ari_app.domain.directory import Status
from ari_app.explain import Storyteller, names_in
from ari_app.store.past import PastStep
from demo.configuration import REPOSITORY
from demo.sipp import Call
from tests.live.phones import Phones, until
from tests.live.service.office import Office

_CUSTOMER, _PETERSBURG = "+79165550100", "+78125550100"

# Who calls whom in the demo office; everybody takes every call, so the first ring ends it.
_CASES = (
    ("108", "101"),
    (_CUSTOMER, "102"),
    ("108", "103"),
    (_CUSTOMER, "104"),
    (_CUSTOMER, "105"),
    (_CUSTOMER, "106"),
    ("108", "106"),
    ("", "107"),
    (_PETERSBURG, "107"),
    (_CUSTOMER, "199"),
)


async def test_a_status_set_on_the_command_line_reaches_lamp_and_next_call(
    office: Office, phones: Phones
) -> None:
    anna, grigory = await phones.employee("101"), await phones.employee("104")
    anna.answers()
    lamp = phones.watch("104", by="101")
    await until(lambda: lamp.states() == ["terminated"])
    end = datetime.now(ZoneInfo("Europe/Moscow")) + timedelta(minutes=90)

    said = office.command("status", "104", "break", "--until", f"{end:%H:%M}")

    assert f"{end:%H:%M}" in said
    await until(lambda: lamp.states()[-1] == "confirmed")
    call = phones.sipp_call(_CUSTOMER, "104", talk_seconds=0.2)
    await until(lambda: call.is_over, 20)
    assert (anna.callers, grigory.callers) == ([_CUSTOMER], [])


async def test_a_status_that_ends_by_itself_darkens_the_lamp_and_opens_the_way_again(
    office: Office, phones: Phones
) -> None:
    grigory = await phones.employee("104")
    grigory.answers()
    lamp = phones.watch("104", by="101")
    end = datetime.now(ZoneInfo("Europe/Moscow")) + timedelta(seconds=6)

    office.command("status", "104", "break", "--until", f"{end:%Y-%m-%d %H:%M:%S}")

    await until(lambda: lamp.states()[-2:] == ["confirmed", "terminated"])
    assert (await office.status("104")).base is Status.OUTBOUND_CALLS
    call = phones.sipp_call(_CUSTOMER, "104", talk_seconds=0.2)
    await until(lambda: call.is_over, 20)
    assert grigory.callers == [_CUSTOMER]


async def test_why_foretells_the_way_of_the_call_that_is_placed_right_after(
    office: Office, phones: Phones
) -> None:
    for extension in ("101", "104", "105", "107"):
        (await phones.employee(extension)).answers()
    (await phones.outside()).answers(presses="1")
    environment = {**os.environ, **office.service.environment, "COLUMNS": "1000"}
    words = [sys.executable, "-m", "ari_app", "why"]
    storyteller = Storyteller("ru", names_in(await office.directory()))
    for number, (caller, to) in enumerate(_CASES, 1):
        asked = await asyncio.create_subprocess_exec(
            *words,
            caller or "anonymous",
            to,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            cwd=REPOSITORY,
        )
        secret = office.asterisk.secrets.get(caller, "")
        call = phones.sipp_call(caller, to, password=secret, talk_seconds=6)
        await is_decided(office, call)
        office.asterisk.cli("channel request hangup all")
        said, _ = await asked.communicate()
        past = (await office.calls(number))[-1]
        foretold = rows(said.decode())[: len(past.steps)]
        assert [told(storyteller, step) for step in past.steps] == foretold, (caller, to)


async def is_decided(office: Office, call: Call) -> None:
    await until(lambda: is_on_its_last_step(office) or call.is_over, 30)


def is_on_its_last_step(office: Office) -> bool:
    doing = office.doing() or [""]
    is_greeted = ["Playback autosecretary/away"]
    return len(doing) > 1 or (doing != is_greeted and doing[0].startswith(("Playback", "Record")))


def rows(table: str) -> list[tuple[str, str]]:
    lines = [line.split("│") for line in table.splitlines() if line.startswith("│")]
    return [(line[2].strip(), line[3].strip()) for line in lines]


def told(storyteller: Storyteller, step: PastStep) -> tuple[str, str]:
    deed = storyteller.step(step.kind, step.addresses, step.seconds, step.target)
    return deed, storyteller.reasons(step.because)
