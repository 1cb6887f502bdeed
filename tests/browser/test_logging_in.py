"""From an empty database to people who come back: the door, in a real browser."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from demo.configuration import REPOSITORY
from demo.office import PASSWORD
from demo.ports import free_port
from demo.processes import end, follow
from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk, url_of
from tests.browser.desk import Desk

_LINK = re.compile(r"https?://\S+/(?:register|reset)/[\w-]+")
_NEW_PASSWORD = "семь зелёных слонов у моря"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A mail server of its own: its port, and the folder of what arrived."""
    port, folder = free_port(), tmp_path / "mailbox"
    command = [sys.executable, "-m", "demo.mailbox", str(folder)]
    process = follow(
        [*command, "--smtp", str(port), "--http", str(free_port())],
        output=subprocess.DEVNULL,
        directory=REPOSITORY,
    )
    yield port, folder
    end(process)


def _letter(folder: Path, seconds: float = 20) -> str:
    """The text of the newest letter, as soon as there is one."""
    deadline = time.monotonic() + seconds
    while not (files := sorted(folder.glob("*.eml"), key=lambda file: int(file.stem))):
        assert time.monotonic() < deadline, "no letter came"
        time.sleep(0.1)
    body = message_from_bytes(files[-1].read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_the_first_start_makes_an_administrator_from_the_address_on_the_console(
    empty_service: ServiceProcess, open_desk: OpenDesk
) -> None:
    log = empty_service.log.read_text()
    found = re.search(r"(http://\S+/start/\w+)", log)
    assert found, log
    desk = await open_desk(url_of(empty_service))
    await desk.page.goto(found[1])
    await desk.page.locator("[name=name]").fill("Мария Иванова")
    await desk.page.locator("[name=password]").fill(_NEW_PASSWORD)
    await desk.page.locator("[name=again]").fill(_NEW_PASSWORD)
    await desk.shot("first-start")
    await desk.page.locator("main form[action^='/start'] button[type=submit]").click()
    await expect(desk.page.locator("header.top")).to_contain_text("Мария Иванова")
    answer = await desk.page.goto(found[1])
    assert answer is not None
    assert answer.status == 404


async def test_somebody_new_registers_by_the_letter_and_chooses_the_password(
    service: ServiceProcess, open_desk: OpenDesk, mailbox: tuple[int, Path]
) -> None:
    port, folder = mailbox
    anna = await open_desk(language="ru")
    await anna.log_in("a.kuznetsova")
    await _use_mail_server(anna, port)
    await anna.open("/employees/new")
    await anna.page.locator("[name=name]").fill("Пётр Щукин")
    await anna.page.locator("[name=email]").fill("petr@example.com")
    await anna.page.locator("main form[method=post] button.btn-primary").click()
    await expect(anna.page.locator("main")).to_contain_text("p.shchukin")
    await anna.shot("employee-added")

    link = _LINK.search(_letter(folder))
    assert link
    petr = await open_desk(language="ru")
    await petr.page.goto(link[0])
    await petr.shot("registration")
    await petr.page.locator("[name=password]").fill("qwerty1234")
    await petr.page.locator("[name=again]").fill("qwerty1234")
    await petr.page.locator("button[type=submit].btn-primary").click()
    await expect(petr.page.locator(".invalid-feedback").first).to_be_visible()
    await petr.page.locator("[name=password]").fill(_NEW_PASSWORD)
    await petr.page.locator("[name=again]").fill(_NEW_PASSWORD)
    await petr.page.locator("button[type=submit].btn-primary").click()
    await petr.log_in("petr@example.com", _NEW_PASSWORD)
    answer = await petr.page.goto(link[0])
    assert answer is not None
    assert answer.status == 410


async def _use_mail_server(desk: Desk, port: int) -> None:
    await desk.open("/mail/server")
    page = desk.page
    await page.locator("[name=address]").fill("pbx@example.com")
    await page.locator("[name=host]").fill("127.0.0.1")
    await page.locator("[name=port]").fill(str(port))
    await page.locator("[name=encryption]").select_option("none")
    await page.locator("[name=login]").fill("")
    await page.locator("button[name=keep]").click()
    await expect(page.locator(".stage-good").last).to_be_visible()


@pytest.mark.parametrize(
    "typed", ["e.clarke", "8 (916) 555-01-05", "+79165550105", "Emma@Demo-Office.example"]
)
async def test_each_way_to_log_in_leads_in(
    service: ServiceProcess, open_desk: OpenDesk, typed: str
) -> None:
    desk = await open_desk()
    await desk.log_in(typed)
    await expect(desk.page.locator("header.top")).to_contain_text("Emma Clarke")


async def test_a_wrong_password_keeps_what_was_typed_and_says_no_more(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await open_desk()
    said = []
    for login in ("e.clarke", "nobody.here"):
        await desk.open("/login")
        await desk.page.locator("[name=login]").fill(login)
        await desk.page.locator("[name=password]").fill("wrong")
        await desk.page.locator("button[type=submit].btn-primary").click()
        said.append(await desk.page.locator(".alert-danger").inner_text())
        assert await desk.page.locator("[name=login]").input_value() == login
    assert said[0] == said[1]


async def test_remember_me_outlives_the_browser(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await open_desk()
    await desk.log_in("b.orlov", remember=True)
    kept = await desk.page.context.storage_state()
    kept["cookies"] = [cookie for cookie in kept["cookies"] if cookie["expires"] > 0]
    again = await open_desk(storage_state=kept)
    await again.open("/")
    await expect(again.page.locator("header.top")).to_contain_text("Борис Орлов")


async def test_do_not_change_restores_the_status_of_the_last_logout_and_names_it(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await open_desk()
    await desk.log_in("e.clarke")
    await _choose(desk.page, "break")
    await desk.page.locator("header details.menu summary").last.click()
    await desk.page.locator("form[action='/logout'] button").click()
    await expect(desk.page.locator("option[value=keep]")).to_have_text("Do not change (Break)")
    await desk.shot("login-do-not-change")
    await desk.page.locator("[name=login]").fill("somebody.else")
    await expect(desk.page.locator("option[value=keep]")).to_have_text("Do not change")
    await desk.log_in("e.clarke", PASSWORD)
    await expect(desk.page.locator("#my-status")).to_contain_text("Break")


async def _choose(page: Page, status: str) -> None:
    """A status of one's own, from the menu in the top bar."""
    await page.locator("#my-status").click()
    await page.locator(f".status-menu button[name=status][value='{status}']").first.click()
    await expect(page.locator("#my-status")).to_be_visible()
