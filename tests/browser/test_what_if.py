"""What if: pictures of calls by rules that are being edited, with scripts and without."""

import pytest
from playwright.async_api import expect

from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk

RULES = "/employees/2/secretary"


async def at_the_rules(desk: Desk) -> Desk:
    await desk.log_in("a.kuznetsova")
    await desk.open(RULES)
    return desk


@pytest.mark.parametrize("dark", [False, True])
async def test_the_ways_by_the_saved_and_by_the_edited_rules_stand_beside_each_other(
    service: ServiceProcess, open_desk: OpenDesk, *, dark: bool
) -> None:
    desk = await at_the_rules(await open_desk(language="ru", dark=dark))
    page = desk.page
    await page.locator("button[id^='delete-']").first.click()
    await expect(page.locator("[value='undo']")).to_be_visible()
    await page.locator("[name=if_status]").select_option("break")
    await page.locator("[data-into]").first.click()
    pictures = page.locator("svg.way")
    await expect(pictures).to_have_count(2)
    await expect(pictures.nth(0)).to_contain_text("Анна Кузнецова")
    await expect(pictures.nth(1)).not_to_contain_text("Анна Кузнецова")
    await expect(page.locator("g.way-other").first).to_be_visible()
    await expect(page.locator("[value='undo']")).to_be_visible()
    assert [] == await desk.faults()
    await desk.shot(f"what-if-{'dark' if dark else 'light'}", whole=True)
    assert service.is_running


async def test_a_week_is_walked_through_by_keyboard(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await at_the_rules(await open_desk(language="ru"))
    page = desk.page
    await page.locator("button[id^='delete-']").first.click()
    await expect(page.locator("[value='undo']")).to_be_visible()
    await page.locator("[data-into]").nth(1).click()
    await expect(page.locator("svg.week").first).to_be_visible()
    assert 6 < await page.locator("svg.week").count()
    await page.locator("svg.week .run").first.focus()
    await page.keyboard.press("ArrowDown")
    told = await page.locator("[data-week-told]").first.text_content()
    assert told == await page.locator("svg.week .run").nth(1).get_attribute("aria-label")
    assert [] == await desk.faults()
    await desk.shot("what-if-week", whole=True)
    await page.locator("[data-into]").nth(2).click()
    await expect(page.locator("#what-if-result")).to_contain_text("30")
    assert [] == await desk.faults()
    assert service.is_running


async def test_enter_in_a_field_shows_the_way(service: ServiceProcess, open_desk: OpenDesk) -> None:
    desk = await at_the_rules(await open_desk())
    await desk.page.locator("[name=if_time]").fill("19:00")
    await desk.page.locator("[name=if_time]").press("Enter")
    await expect(desk.page.locator("svg.way")).to_have_count(1)
    await desk.page.locator("[name=if_number]").fill("9" * 60)
    await desk.page.locator("[name=if_number]").press("Enter")
    await expect(desk.page.locator("#what-if-result [role=alert]")).to_be_visible()
    assert service.is_running


async def test_without_scripts_the_way_back_keeps_what_was_edited(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await at_the_rules(await open_desk(java_script_enabled=False))
    page = desk.page
    await page.locator("button[id^='delete-']").first.click()
    await page.locator("[name=if_status]").select_option("break")
    await page.locator("[data-into]").first.click()
    await expect(page.locator("svg.way")).to_have_count(2)
    await page.locator(f"button[formaction='{RULES}']").click()
    await expect(page.locator("[value='undo']")).to_be_visible()
    assert service.is_running


async def test_pictures_fit_on_a_phone(service: ServiceProcess, open_desk: OpenDesk) -> None:
    desk = await open_desk(language="ru", dark=True)
    await desk.page.set_viewport_size({"width": 390, "height": 844})
    await at_the_rules(desk)
    for place, picture in enumerate(("svg.way", "svg.week")):
        await desk.page.locator("[data-into]").nth(place).click()
        await expect(desk.page.locator(picture).first).to_be_visible()
        assert await desk.sideways() <= 0
        await desk.shot(f"what-if-phone-{place}", whole=True)
    assert service.is_running
