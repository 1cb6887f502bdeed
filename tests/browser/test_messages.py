"""A message that comes while one looks: heard with its picture, counted, deleted, brought back."""

import math
import os
import struct
import time
from pathlib import Path

from playwright.async_api import expect

from ari_app.asterisk.recordings import wav
from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk

VERA, HER_LOGIN = "103", "v.smirnova"


def record(service: ServiceProcess, name: str, seconds: int = 4) -> None:
    """What Asterisk leaves behind after a call a while ago: a tone that swells."""
    tone = [
        round(12000 * abs(math.sin(at / 9000)) * math.sin(at / 3)) for at in range(8000 * seconds)
    ]
    folder = Path(service.environment["AUTOSECRETARY_MESSAGES"]) / VERA
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name}.partial"
    partial.write_bytes(wav(struct.pack(f"<{len(tone)}h", *tone)))
    ago = time.time() - 100
    os.utime(partial, (ago, ago))
    partial.rename(folder / f"{name}.wav")


async def test_a_message_appears_is_heard_and_deleted_and_comes_back(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await open_desk()
    await desk.log_in(HER_LOGIN)
    await desk.open("/messages")
    page = desk.page
    await expect(page.locator(".empty")).to_be_visible()
    badge = page.locator(".menu-count .badge")
    await expect(badge).to_have_count(0)

    record(service, "1.1")

    message = page.locator("li.message")
    await expect(message).to_have_count(1, timeout=15_000)
    await expect(badge).to_contain_text("1")
    await desk.shot("messages", whole=True)
    assert await desk.faults() == []
    assert await desk.sideways() <= 0

    await message.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(message.locator(".wave rect.is-played")).not_to_have_count(0, timeout=15_000)
    await expect(badge).to_have_count(0, timeout=15_000)
    await desk.shot("messages-playing", whole=True)
    assert await desk.faults() == []
    await message.locator("summary").click()
    await expect(message.get_by_role("button", name="новым")).to_be_visible()

    await message.get_by_role("button", name="Удалить").click()
    await expect(page.locator("li.message")).to_have_count(0)
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.locator("li.message")).to_have_count(1)


async def test_a_click_in_the_picture_goes_to_that_place_and_what_plays_is_not_disturbed(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    record(service, "2.1", seconds=20)
    desk = await open_desk(dark=True)
    await desk.log_in(HER_LOGIN)
    await desk.open("/messages")
    page = desk.page
    long = page.locator("li.message", has_text="0:20")
    await expect(long).to_have_count(1, timeout=15_000)
    await long.locator("summary").click()
    await expect(long.locator(".wave rect.is-played")).not_to_have_count(0, timeout=15_000)
    box = await long.locator(".wave").bounding_box()
    assert box is not None
    await long.locator(".wave").click(position={"x": box["width"] * 0.75, "y": 10})
    now = await long.locator("audio").evaluate("audio => audio.currentTime")
    assert 14 <= now <= 17

    record(service, "2.2")
    await expect(page.locator(".menu-count .badge")).to_contain_text("1", timeout=15_000)
    assert await long.locator("audio").evaluate("audio => !audio.paused")
    await desk.shot("messages-dark", whole=True)
    assert await desk.faults() == []
    await long.locator("summary").click()
    await expect(page.locator("li.message", has_text="не прослушано")).to_have_count(1)
