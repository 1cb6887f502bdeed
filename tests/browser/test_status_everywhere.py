"""One click changes a status: on other screens, on lamps, and for the next call."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect

from demo.asterisk import AsteriskInstance
from demo.baresip import silence
from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk
from tests.live.phones import Phones, until


@pytest_asyncio.fixture
async def phones(asterisk: AsteriskInstance, tmp_path: Path) -> AsyncIterator[Phones]:
    given = Phones(asterisk, tmp_path / "phones", silence(tmp_path))
    try:
        yield given
    finally:
        await given.close()


async def test_a_break_shows_on_the_board_and_the_lamp_and_the_next_call_goes_to_the_deputy(
    service: ServiceProcess, open_desk: OpenDesk, phones: Phones
) -> None:
    deputy, grigory = await phones.employee("101"), await phones.employee("104")
    lamp = phones.watch("104", by="101")
    anna = await open_desk()
    await anna.log_in("a.kuznetsova")
    await anna.open("/board")
    card = anna.page.locator(".board-tile", has_text="Григорий Лебедев")
    desk = await open_desk(language="ru")
    await desk.log_in("g.lebedev")
    await until(lambda: lamp.states()[-1:] == ["terminated"])

    await desk.page.locator("#my-status").click()
    await desk.page.locator(".status-menu button[name=status][value='break']").first.click()

    await expect(desk.page.locator("#my-status")).to_contain_text("Перерыв")
    await expect(card).to_contain_text("Перерыв")
    await until(lambda: lamp.states()[-1:] == ["confirmed"])
    call = phones.sipp_call("+79165550100", "104", talk_seconds=0.2)
    await deputy.until("ringing")
    deputy.answer()
    await until(lambda: call.is_over)
    assert (grigory.callers, deputy.callers) == ([], ["+79165550100"])
    await anna.open("/calls")
    shown = anna.page.locator("main")
    await expect(shown).to_contain_text("Григорий Лебедев", timeout=20_000)
    await anna.shot("calls-after-one")
