"""Rules made by the keyboard alone, refused in a circle, put together where two make them."""

import re

from playwright.async_api import Page, expect

from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk

_MOST_TABS = 150
_WHEN = "When the status is “Break” or “Offline”, somebody from outside calls or the number is "
_DEEDS = "from 09:00 to 18:00 on working days: play the greeting “I am away”, "


async def _manager(open_desk: OpenDesk) -> Desk:
    """The administrator, reading English."""
    desk = await open_desk(language="en")
    await desk.log_in("a.kuznetsova")
    await desk.open("/me")
    await desk.page.locator("[name=language]").select_option("en")
    await desk.page.locator("form[action='/me'] button").click()
    await expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    return desk


async def _tab_to(page: Page, selector: str) -> None:
    """As somebody without a mouse gets there."""
    for _ in range(_MOST_TABS):
        if await page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


async def _press(page: Page, selector: str, key: str = "Space") -> None:
    await _tab_to(page, selector)
    await page.keyboard.press(key)


async def _type(page: Page, selector: str, text: str) -> None:
    await _tab_to(page, selector)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)


async def _choose(page: Page, selector: str, text: str) -> None:
    """Typing in a list goes to what begins so."""
    await _tab_to(page, selector)
    await page.keyboard.type(text)


async def test_a_rule_is_built_saved_and_found_again_by_the_keyboard_alone(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await _manager(open_desk)
    page = desk.page
    await desk.open("/employees/4/secretary")
    await _press(page, "[value='add:empty']", "Enter")
    await expect(page.locator("[data-rule-form] [name=name]")).to_be_focused()
    await page.keyboard.type("By keyboard")
    await _press(page, "[name=callers][value=inside]")
    await _press(page, "#add-hours", "Enter")
    await expect(page.locator("[data-hours] select")).to_be_focused()
    await page.keyboard.type("on working")
    await _choose(page, "[name=greeting]", "I am away")
    await _choose(page, "[name=then_to]", "several")
    await _type(page, "[name=then_people]", "102")
    await _type(page, "[name=then_seconds]", "20")
    await _choose(page, "[name=otherwise_to]", "a number")
    await _type(page, "[name=otherwise_numbers]", "8 916 555-01-77")
    await _press(page, "[name=otherwise_confirm]")
    await _press(page, "#close-rule", "Enter")
    await expect(page.locator("[id^=open-]").last).to_be_focused()
    told = page.locator(".rule-told").last
    await expect(told).to_contain_text(_WHEN)
    await expect(told).to_contain_text(_DEEDS)
    await expect(told).to_contain_text("ring Борис Орлов for 20 s. If nobody takes the call: ring")
    await expect(told).to_contain_text("who answers presses 1")
    await desk.shot("secretary-by-keyboard", whole=True)
    faults = await desk.faults()
    assert not faults, "\n".join(faults)
    await _press(page, "button[value=save]", "Enter")
    await expect(page.locator("main")).to_contain_text("The rules are saved")
    await expect(page.locator(".rule-told").last).to_contain_text("By keyboard")


async def test_rules_are_ordered_by_mouse_and_by_keys_and_deletion_is_undone(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await _manager(open_desk)
    page = desk.page
    await desk.open("/employees/7/secretary")
    before = await page.locator("[data-rule]").count()
    for key in ("no-answer", "out"):
        await page.locator(f"[value='add:{key}']").click()
        await expect(page.locator("[data-rule-form]")).to_be_visible()
        await page.locator("#close-rule").click()
        await expect(page.locator("[data-rule-form]")).to_have_count(0)
    names = page.locator(".rule-name > span:first-child")
    await expect(names).to_have_count(before + 2)
    await page.locator("[id^=up-]").last.focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(names.last).to_have_text("Voicemail when nobody answers")
    rules = page.locator("[data-rule]")
    await rules.last.locator("[data-grip]").drag_to(rules.nth(before).locator(".rule-place"))
    await expect(names.last).to_have_text("Out of office until")
    await page.locator("[id^=delete-]").last.click()
    await expect(names).to_have_count(before + 1)
    await page.locator("[value=undo]").click()
    await expect(names).to_have_count(before + 2)
    dialogs: list[str] = []

    async def answer(dialog: object) -> None:
        dialogs.append(getattr(dialog, "type", ""))
        await dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    await page.locator("nav.side a").first.click()
    await page.wait_for_url(re.compile("/board"))
    assert ["beforeunload"] == dialogs


async def test_save_is_refused_for_a_circle_made_by_two_people(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await _manager(open_desk)
    page = desk.page
    for employee, colleague in (("5", "108"), ("8", "105")):
        await desk.open(f"/employees/{employee}/secretary")
        await page.locator("[value='add:deputy']").click()
        await page.locator("[name=then_people]").fill(colleague)
        await page.locator("#close-rule").click()
        await expect(page.locator("[data-rule-form]")).to_have_count(0)
        await page.locator("button[value=save]").click()
    await expect(page.locator("[data-problems]")).to_be_visible()
    await expect(page.locator(".rule-mark-error").first).to_contain_text("Emma Clarke")
    await desk.shot("secretary-circle", whole=True)


async def test_two_editors_see_each_other_and_lose_nothing(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    first, second = await _manager(open_desk), await _manager(open_desk)
    for desk in (first, second):
        await desk.open("/employees/6/secretary")
        await desk.page.locator("[value='add:no-answer']").click()
        name = "The first" if desk is first else "The second"
        await desk.page.locator("[data-rule-form] [name=name]").fill(name)
    await first.page.locator("button[value=save]").click()
    await expect(first.page.locator("main")).to_contain_text("The rules are saved")
    await second.page.locator("button[value=save]").click()
    await expect(second.page.locator(".rule-meanwhile")).to_contain_text("The first")
    await second.shot("secretary-meanwhile", whole=True)
    await second.page.locator("button[value=save]").click()
    await expect(second.page.locator("main")).to_contain_text("The rules are saved")
    names = second.page.locator(".rule-name > span:first-child")
    assert ["The first", "The second"] == (await names.all_inner_texts())[-2:]
