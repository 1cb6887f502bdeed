"""Several phones on one account, and a call that an employee transfers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ari_app.domain.calls import CallerKind, Ending
from ari_app.domain.directory import Colleague, Status, When
from ari_app.domain.numbers import EmployeeId
from demo.asterisk import AsteriskInstance
from demo.ports import HOST
from tests.live.calls.cards import OUTSIDER, card, is_heard
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.unit.people import directory, rule


@pytest_asyncio.fixture
async def more_phones(
    asterisk: AsteriskInstance, speech: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Phones]:
    """Phones in a second room, so that an extension can have two."""
    given = Phones(asterisk, tmp_path_factory.mktemp("q"), speech)
    try:
        yield given
    finally:
        await given.close()


async def test_two_phones_on_one_account_both_ring_and_either_answers(
    rig: Rig, phones: Phones, more_phones: Phones
) -> None:
    desk, at_home = await phones.employee("101"), await more_phones.employee("101")
    at_home.answers(after=0.5)

    call = phones.sipp_call(OUTSIDER, "101", talk_seconds=1)
    await desk.until("ringing")
    await at_home.until("talking")
    await desk.until("idle")
    await until(lambda: call.is_over)

    assert (Ending.ANSWERED,) == (await rig.way(OUTSIDER)).endings


@pytest.mark.parametrize("is_inside", [False, True], ids=["outside", "inside"])
async def test_a_blind_transfer_follows_the_rules_of_whom_it_goes_to(
    rig: Rig, phones: Phones, more_phones: Phones, is_inside: bool
) -> None:
    """A caller from outside stays one from outside, whoever transfers the call."""
    kind = CallerKind.INSIDE if is_inside else CallerKind.OUTSIDE
    for_kind = rule(1, Colleague(EmployeeId(103)), When(callers=frozenset({kind})))
    rig.directory = directory(card(101), card(102, Status.BREAK, for_kind), card(103), card(108))
    anna, deputy = await phones.employee("101"), await phones.employee("103")
    boris = await phones.employee("102")
    caller = await (phones.employee("108") if is_inside else phones.outside(OUTSIDER))
    anna.answers()

    await caller.dial("101")
    await caller.until("talking")
    await anna.until("talking")
    anna._send("transfer", f"sip:102@{HOST}:{rig.asterisk.ports.sip}")
    await deputy.until("ringing")
    deputy.answer()
    await deputy.until("talking")
    await anna.until("idle")
    await until(lambda: is_heard(deputy.recorded(), phones.says))
    caller.hang_up()
    first, second = await rig.ways(2)

    assert [] == boris.callers
    assert ["108" if is_inside else OUTSIDER] == deputy.callers
    assert ([("101",)], [("103",)]) == (first.rung, second.rung)
    assert (Ending.ANSWERED,) == second.endings
