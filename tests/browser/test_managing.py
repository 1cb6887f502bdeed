"""What managers do with people: change a card, take a file in, delete with a hand-over."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk


@pytest.fixture
async def anna(service: ServiceProcess, open_desk: OpenDesk) -> Desk:
    """The administrator, in Russian."""
    desk = await open_desk(language="ru")
    await desk.log_in("a.kuznetsova")
    return desk


async def test_a_card_is_changed_and_a_taken_extension_is_told_beside_its_field(
    anna: Desk,
) -> None:
    page = anna.page
    await anna.open("/employees/5")
    await page.locator("[name=position]").fill("Ведущий инженер")
    await page.locator("[name=extension]").fill("101")
    await page.locator("main form .btn-primary").first.click()
    await expect(page.locator("#h-extension")).to_be_visible()
    assert await page.locator("[name=position]").input_value() == "Ведущий инженер"
    await page.locator("[name=extension]").fill("105")
    await page.locator("main form .btn-primary").first.click()
    await expect(page.locator(".alert-success")).to_be_visible()
    await anna.open("/audit")
    await expect(page.locator("main")).to_contain_text("Ведущий инженер")


async def test_a_file_with_errors_writes_nothing_and_the_mended_one_everything(
    anna: Desk, tmp_path: Path
) -> None:
    page = anna.page
    file = tmp_path / "сотрудники.csv"
    head = "Имя;Внутренний номер;Эл. почта\r\n"
    good = "Лев Толстой;201;lev@example.com\r\n"
    file.write_bytes((head + good + "Без номера;;кто-то\r\n").encode("cp1251"))
    await anna.open("/employees/import")
    await page.locator("#f-file").set_input_files(file)
    await page.locator("main form .btn-primary").click()
    await expect(page.locator(".alert-danger")).to_be_visible()
    await anna.shot("import-with-errors", whole=True)
    await anna.open("/employees?search=Толстой")
    await expect(page.locator("main")).not_to_contain_text("lev@example.com")
    file.write_bytes((head + good + "Анна Каренина;202;\r\n").encode("cp1251"))
    await anna.open("/employees/import")
    await page.locator("#f-file").set_input_files(file)
    await page.locator("main form .btn-primary").click()
    await page.locator("form[action$='/apply'] .btn-primary").click()
    await expect(page.locator(".alert-success")).to_be_visible()
    await anna.open("/employees?search=карен")
    await expect(page.locator("main")).to_contain_text("Анна Каренина")


async def test_who_leaves_is_handed_over_and_comes_back_by_undo(anna: Desk) -> None:
    """Emma is a colleague in others' rules: Boris takes her place, and she is back by one click."""
    page = anna.page
    await anna.open("/employees/5/delete")
    await anna.shot("deletion", whole=True)
    for successor in await page.locator("[name^='successor-']").all():
        await successor.fill("102")
    # Boris has a number of his own, so that Emma's is left.
    await page.locator("select[name^='deed-']").last.select_option(index=1)
    await page.locator("main .btn-danger").click()
    await expect(page.locator(".alert-success")).to_contain_text("Emma Clarke")
    await anna.open("/employees/4/secretary")
    await expect(page.locator("main")).to_contain_text("Борис Орлов")
    await anna.open("/employees/deleted")
    await expect(page.locator("main")).to_contain_text("Emma Clarke")
    await page.locator("main a[href*='restore'], main form[action*='restore'] button").first.click()
    if await page.locator("main form button.btn-primary").count():
        await page.locator("main form button.btn-primary").first.click()
    await anna.open("/employees/4/secretary")
    await expect(page.locator("main")).to_contain_text("Emma Clarke")
