"""A missed call appears on the open page, is called back from there, and goes by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect

from demo.asterisk import AsteriskInstance
from demo.baresip import silence
from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk
from tests.live.phones import Phone, Phones

CALLER = "+79165550177"


@pytest_asyncio.fixture
async def phones(asterisk: AsteriskInstance, tmp_path: Path) -> AsyncIterator[Phones]:
    given = Phones(asterisk, tmp_path / "phones", silence(tmp_path))
    try:
        yield given
    finally:
        await given.close()


async def miss_a_call(caller: Phone, anna: Phone) -> None:
    """Somebody calls, lets it ring, and gives up."""
    await caller.dial("101")
    await anna.until("ringing")
    caller.hang_up()
    await anna.until("idle")


async def entry_on(desk: Desk) -> None:
    """Wait until the caller stands on the page, without a reload."""
    row = desk.page.locator("table.missed tbody tr")
    await expect(row).to_have_count(1, timeout=15_000)
    await expect(row).to_contain_text(CALLER)


async def test_a_missed_call_is_called_back_with_one_click_and_then_goes(
    service: ServiceProcess, open_desk: OpenDesk, phones: Phones
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(CALLER)
    caller.answers()
    desk = await open_desk()
    await desk.log_in("a.kuznetsova")
    await desk.open("/missed")
    await expect(desk.page.get_by_text("Никто не ждёт обратного звонка")).to_be_visible()

    await miss_a_call(caller, anna)
    await entry_on(desk)
    await desk.shot("missed-ru")
    assert await desk.faults() == []
    assert await desk.sideways() <= 0

    anna.callers.clear()
    await desk.page.get_by_role("button", name="Перезвонить").click()
    await expect(desk.page.get_by_text("Ваш телефон звонит")).to_be_visible()
    await anna.until("ringing")
    anna.answer()
    await caller.until("talking")
    assert anna.callers == [CALLER]
    anna.hang_up()

    await expect(desk.page.get_by_text("Никто не ждёт обратного звонка")).to_be_visible(
        timeout=15_000
    )
    await desk.open("/missed?state=all")
    await expect(desk.page.locator("tr.is-closed")).to_contain_text("перезвонили, Анна Кузнецова")
    assert await desk.faults() == []
    await desk.page.locator("tr.is-closed").get_by_role("link", name="перезвонили").click()
    await expect(desk.page.locator(".path")).to_contain_text(CALLER)


async def test_the_entry_goes_when_the_caller_calls_again_and_is_answered(
    service: ServiceProcess, open_desk: OpenDesk, phones: Phones
) -> None:
    anna, caller = await phones.employee("101"), await phones.outside(CALLER)
    desk = await open_desk()
    await desk.log_in("a.kuznetsova")
    await desk.open("/missed")
    await miss_a_call(caller, anna)
    await entry_on(desk)

    anna.answers()
    await caller.dial("101")
    await caller.until("talking")
    caller.hang_up()

    await expect(desk.page.get_by_text("Никто не ждёт обратного звонка")).to_be_visible(
        timeout=15_000
    )


async def test_a_phone_that_is_off_is_said_beside_the_entry(
    service: ServiceProcess, open_desk: OpenDesk, phones: Phones
) -> None:
    desk = await open_desk()
    await desk.log_in("a.kuznetsova")
    anna, caller = await phones.employee("101"), await phones.outside(CALLER)
    await miss_a_call(caller, anna)
    await anna.stop()
    await desk.open("/missed")
    await entry_on(desk)
    await desk.page.get_by_role("button", name="Перезвонить").click()
    await expect(desk.page.locator(".alert-danger")).to_contain_text("не зарегистрирован")
    await desk.page.get_by_role("link", name="Написать").click()
    await expect(desk.page.locator("h1")).to_contain_text(CALLER)
    await desk.shot("write-ru")
    assert await desk.faults() == []
    assert await desk.sideways() <= 0
