"""The service is not running, is killed, or hangs: no caller notices, and the history tells it."""

from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Status
from ari_app.store.past import PastCall
from demo.service import ServiceProcess
from tests.live.phones import Phones, until
from tests.live.service.office import Office
from tests.live.service.proxy import StopperProxy, stopping_proxy

CALLER = "+79165550100"


def told(call: PastCall) -> list[tuple[str, bool, Outcome | None]]:
    """Each step's kind, whether it came from the stored plan, and how it came out."""
    return [(step.kind, step.by_mirror, step.outcome) for step in call.steps]


async def test_without_the_service_a_call_follows_the_stored_plan_and_is_in_the_history_later(
    office: Office, phones: Phones
) -> None:
    anna = await phones.employee("101")
    caller = await phones.outside(CALLER)
    anna.answers(after=0.2)
    office.service.stop()

    await caller.dial("102")
    await anna.until("talking", 20)
    caller.hang_up()
    await anna.until("idle")
    assert anna.callers == [CALLER]

    office.service.start()
    (past,) = await office.calls(seconds=30)
    assert told(past) == [("play", True, Outcome.DONE), ("ring", True, Outcome.ANSWERED)]
    assert past.ending is Ending.ANSWERED
    assert endings(office, past) == 1


async def test_a_call_that_rings_while_the_service_is_killed_is_answered_and_the_talk_goes_on(
    office: Office, phones: Phones
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(CALLER)
    await caller.dial("101")
    await anna.until("ringing")

    office.service.kill()
    anna.answer()
    await caller.until("talking")
    await anna.until("talking")
    office.service.start()
    await until(office.service.is_ready, 30)
    office.service.kill()
    await until(lambda: not office.service.is_running)
    assert (caller.ended, anna.ended) == ([], [])
    assert office.channels() == 2
    caller.hang_up()
    await anna.until("idle")

    office.service.start()
    (past,) = await office.calls(seconds=30)
    assert told(past) == [("ring", False, Outcome.ANSWERED)]
    assert (past.ending, endings(office, past)) == (Ending.ANSWERED, 1)


async def test_after_the_service_is_killed_the_next_step_follows_the_stored_plan(
    office: Office, phones: Phones
) -> None:
    grigory, emma = await phones.employee("104"), await phones.employee("105")
    call = phones.sipp_call(CALLER, "104", talk_seconds=0.2)
    await grigory.until("ringing")

    office.service.kill()
    grigory.hang_up()
    await emma.until("ringing")
    emma.answer()
    await until(lambda: call.is_over, 20)

    office.service.start()
    (past,) = await office.calls(seconds=30)
    assert told(past) == [("ring", False, Outcome.BUSY), ("ring", True, Outcome.ANSWERED)]


async def test_a_hung_service_holds_nobody_and_its_late_claims_change_nothing(
    office: Office, phones: Phones
) -> None:
    anna = await phones.employee("101")
    anna.answers(after=0.2)
    await office.declare("104", Status.BREAK)
    office.service.pause()

    callers = [f"+7916555010{n}" for n in range(3)]
    for caller in callers:
        call = phones.sipp_call(caller, "104", talk_seconds=0.2)
        await office.take_place(call)
    assert anna.callers == callers

    office.service.resume()
    await office.is_quiet()
    office.service.wait_ready()
    after = phones.sipp_call(CALLER, "104", talk_seconds=0.2)
    await until(lambda: after.is_over, 20)
    past = await office.calls(4)
    assert [{step.by_mirror for step in call.steps} for call in past] == [{True}] * 3 + [{False}]
    assert {call.ending for call in past} == {Ending.ANSWERED}


@pytest_asyncio.fixture
async def proxy(office: Office) -> AsyncIterator[StopperProxy]:
    async with stopping_proxy(office.asterisk.ports.http) as proxy:
        yield proxy


@pytest.fixture
def behind_proxy(office: Office, proxy: StopperProxy) -> ServiceProcess:
    """A service that is stopped by SIGSTOP the moment a claimed call comes to it."""
    office.service.stop()
    environment = {**office.service.environment, "AUTOSECRETARY_ARI_URL": proxy.url}
    return ServiceProcess(environment, office.asterisk.directory / "log/service-behind-proxy")


async def start_behind(proxy: StopperProxy, service: ServiceProcess) -> None:
    service.start()
    await until(lambda: is_reconciled(service), 30)
    proxy.stops(service.pid)


def is_reconciled(service: ServiceProcess) -> bool:
    return "upkeep.reconciled" in service.log.read_text()


async def test_a_call_claimed_by_a_service_that_hangs_then_waits_until_it_goes_on(
    office: Office, phones: Phones, proxy: StopperProxy, behind_proxy: ServiceProcess
) -> None:
    # The known hole: Asterisk has no time limit for a call that was claimed.
    anna = await phones.employee("101")
    anna.answers()
    try:
        await start_behind(proxy, behind_proxy)
        call = phones.sipp_call(CALLER, "101", talk_seconds=0.2)
        await until(lambda: proxy.has_stopped)
        assert [one.startswith("Stasis") for one in office.doing()] == [True]
        behind_proxy.resume()
        await until(lambda: call.is_over, 20)
        assert anna.callers == [CALLER]
    finally:
        behind_proxy.stop()


async def test_a_call_claimed_by_a_service_that_is_killed_goes_on_when_it_is_started_again(
    office: Office, phones: Phones, proxy: StopperProxy, behind_proxy: ServiceProcess
) -> None:
    anna = await phones.employee("101")
    anna.answers()
    try:
        await start_behind(proxy, behind_proxy)
        call = phones.sipp_call(CALLER, "101", talk_seconds=0.2)
        await until(lambda: proxy.has_stopped)
    finally:
        behind_proxy.kill()
    office.service.start()
    await until(lambda: call.is_over, 30)
    (past,) = await office.calls()
    assert told(past) == [("ring", True, Outcome.ANSWERED)]
    await office.is_quiet()


async def test_with_nothing_stored_and_no_service_the_own_phone_rings(
    office: Office, phones: Phones
) -> None:
    vera = await phones.employee("103")
    vera.answers()
    office.service.stop()
    office.asterisk.cli("database deltree autosecretary")

    call = phones.sipp_call(CALLER, "103", talk_seconds=0.2)
    await until(lambda: call.is_over, 20)

    assert vera.callers == [CALLER]


@pytest.mark.parametrize(
    ("is_away", "sentence", "cause"),
    [(True, "unavailable", "480"), (False, "unallocated", "404")],
)
async def test_an_extension_that_nobody_has_ends_with_a_sentence_and_the_cause(
    office: Office, phones: Phones, is_away: bool, sentence: str, cause: str
) -> None:
    if is_away:
        office.service.stop()

    call = phones.sipp_call(CALLER, "199")
    await until(lambda: [f"Playback autosecretary/{sentence},noanswer"] == office.doing())
    await until(lambda: call.is_over, 20)

    heard = [said.what for said in call.said() if not said.sent]
    assert heard[-2].startswith("183")
    assert heard[-1].startswith(cause)
    if is_away:
        office.service.start()
    (past,) = await office.calls(seconds=30)
    assert past.ending is Ending.NOT_TAKEN


def endings(office: Office, call: PastCall) -> int:
    """How many endings Asterisk's journal tells of a call."""
    journal = office.asterisk.directory / "log/cel-custom/autosecretary.csv"
    lines: Sequence[str] = journal.read_text().splitlines()
    return sum(line.startswith('"AS_END"') and call.channel_id in line for line in lines)
