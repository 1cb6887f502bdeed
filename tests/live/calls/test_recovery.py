"""The session with Asterisk is lost and found again, and no call is lost with it."""

from pathlib import Path

from ari_app.asterisk.events import EVENT_TYPES
from ari_app.domain.calls import Ending
from ari_app.domain.directory import Colleague, Status
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import Fact
from demo.asterisk import AsteriskInstance
from tests.live.calls.cards import OUTSIDER, card
from tests.live.phones import Phones, until
from tests.live.rig import Rig, running
from tests.unit.people import directory, rule

CONF = Path(__file__).parents[3] / "asterisk-config/autosecretary/extensions.conf"
OFFICE = directory(card(101), card(102, Status.BREAK, rule(1, Colleague(EmployeeId(101)))))


def stored(asterisk: AsteriskInstance) -> str:
    return asterisk.cli("database get autosecretary outside-102-1")


async def test_a_call_that_nobody_claims_follows_the_stored_plan(rig: Rig, phones: Phones) -> None:
    rig.directory = OFFICE
    anna = await phones.employee("101")
    anna.answers()
    await until(lambda: "101p" in stored(rig.asterisk))
    rig.hears.clear()

    phones.sipp_call(OUTSIDER, "102", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)
    rig.hears.set()

    assert [("101p", "ring", None)] == way.steps
    assert [True] == [step.by_mirror for step in way.tried]
    assert Fact.RULE_BY_STATUS in way.facts
    assert (Ending.ANSWERED,) == way.endings


async def test_a_call_that_is_claimed_and_forgotten_is_let_go_and_follows_the_stored_plan(
    rig: Rig, phones: Phones
) -> None:
    rig.directory = OFFICE
    anna = await phones.employee("101")
    anna.answers()
    await until(lambda: "101p" in stored(rig.asterisk))
    rig.answers.clear()

    phones.sipp_call(OUTSIDER, "102", talk_seconds=0.2)
    way = await rig.way(OUTSIDER)
    rig.answers.set()

    assert [("101p", True)] == [(step.key, step.by_mirror) for step in way.tried]


async def test_a_call_that_a_client_left_behind_in_stasis_is_continued_by_the_next(
    asterisk: AsteriskInstance, phones: Phones
) -> None:
    anna = await phones.employee("101")
    anna.answers()
    async with running(asterisk, OFFICE) as first:
        first.answers.clear()
        phones.sipp_call(OUTSIDER, "102", talk_seconds=0.2)
        await until(lambda: not first.ari.is_idle and first.under_way())

    async with running(asterisk, OFFICE) as second:
        await until(lambda: anna.callers, what="the call reaches the deputy")
        await second.is_quiet()

    assert [OUTSIDER] == anna.callers


async def test_clients_that_follow_each_other_at_once_all_get_calls(
    asterisk: AsteriskInstance, phones: Phones
) -> None:
    anna = await phones.employee("101")
    anna.answers()
    for number in range(5):
        async with running(asterisk, OFFICE) as rig:
            phones.sipp_call(f"+7916555010{number}", "102", talk_seconds=0.1)
            (way,) = await rig.ways(1)
            assert [False] == [step.by_mirror for step in way.tried]
            await rig.is_quiet()


async def test_a_conversation_goes_on_while_the_client_is_away(
    asterisk: AsteriskInstance, phones: Phones
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(OUTSIDER)
    anna.answers()
    async with running(asterisk, OFFICE):
        await caller.dial("102")
        await caller.until("talking")
        await anna.until("talking")
    assert ("talking", "talking") == (anna.state.value, caller.state.value)

    async with running(asterisk, OFFICE) as rig:
        assert ("talking", "talking") == (anna.state.value, caller.state.value)
        caller.hang_up()
        await rig.is_quiet()


async def test_after_a_restart_of_asterisk_calls_filter_lamps_and_plans_are_there_again(
    asterisk: AsteriskInstance, phones: Phones
) -> None:
    async with running(asterisk, OFFICE) as rig:
        rig.upkeep.is_reconciled = False
        asterisk.restart()  # not in a thread: Asterisk ends with the thread that started it
        await until(lambda: rig.is_settled, 20)
        anna = await phones.employee("101")
        anna.answers()
        lamp = phones.watch("102", by="108")

        phones.sipp_call(OUTSIDER, "102", talk_seconds=0.2)
        way = await rig.way(OUTSIDER)

        assert [("101p", False)] == [(step.key, step.by_mirror) for step in way.tried]
        assert "101p" in stored(asterisk)
        application = (await rig.ari.over_http("GET", "applications/autosecretary")).body
        assert [] == [name for name in EVENT_TYPES if f'"{name}"' not in application]
        await until(lambda: lamp.states()[-1:] == ["confirmed"])
        await rig.is_quiet()


async def test_nothing_in_the_dial_plan_that_must_happen_is_a_write_that_asterisk_blocks(
    rig: Rig, phones: Phones
) -> None:
    """After a variable was set through ARI, Asterisk blocks writes of such functions."""
    rules = rule(1, Colleague(EmployeeId(101)), greeting="autosecretary/away")
    rig.directory = directory(card(101), card(102, Status.BREAK, rules))
    before = len(rig.asterisk.log_text())

    phones.sipp_call(OUTSIDER, "102", talk_seconds=30)
    way = await rig.way(OUTSIDER, seconds=30)

    assert ["102r1g", "101p", "102e"] == [step.key for step in way.tried]
    assert "angerous" not in rig.asterisk.log_text()[before:]
    assert "Set(DB(" not in CONF.read_text()
