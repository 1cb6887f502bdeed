"""Every page, in both languages and themes: usable by all, light, and nobody else is asked."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk, url_of

PAGES = (
    "/board",
    "/employees",
    "/employees/new",
    "/employees/import",
    "/employees/deleted",
    "/employees/2",
    "/employees/2/contact-centre",
    "/employees/2/phones",
    "/employees/2/rights",
    "/employees/2/secretary",
    "/employees/2/secretary/what-if",
    "/employees/2/secretary/history",
    "/employees/2/greetings",
    "/employees/2/calls",
    "/employees/2/delete",
    "/calls",
    "/missed",
    "/messages",
    "/reports",
    "/reports/times",
    "/office",
    "/office/groups",
    "/office/statuses",
    "/office/greetings",
    "/roles",
    "/roles/2",
    "/roles/new",
    "/audit",
    "/mail",
    "/mail/server",
    "/mail/oauth",
    "/me",
    "/me/mail",
    "/me/devices",
    "/me/second-factor",
    "/me/passkeys",
    "/me/tokens",
    "/api/docs",
)


@pytest.mark.parametrize("look", ["ru-light", "ru-dark", "en-light", "en-dark"])
async def test_every_page_can_be_used_by_everybody_and_scrolls_one_way(
    service: ServiceProcess, open_desk: OpenDesk, look: str
) -> None:
    language, theme = look.split("-")
    desk = await open_desk(language=language, dark=theme == "dark")
    await desk.log_in("a.kuznetsova")
    await desk.open("/me")
    await desk.page.locator("[name=language]").select_option(language)
    await desk.page.locator("form[action='/me'] button").click()
    await expect(desk.page.locator("html")).to_have_attribute("lang", language)
    faults: list[str] = []
    for path in PAGES:
        await desk.open(path)
        name = path.strip("/").replace("/", "-")
        await desk.shot(f"{name}-{look}")
        faults += [f"{path}: {fault}" for fault in await desk.faults()]
        if (wide := await desk.sideways()) > 0:
            faults.append(f"{path}: {wide} px wider than the window")
    assert not faults, "\n".join(faults)


async def test_the_door_can_be_used_by_everybody(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    faults: list[str] = []
    for language, dark in (("ru", False), ("en", True)):
        desk = await open_desk(language=language, dark=dark)
        for path in ("/login", "/forgotten", "/nowhere", "/register/unknown"):
            await desk.open(path)
            await desk.shot(f"door{path.replace('/', '-')}-{language}")
            faults += [f"{path}: {fault}" for fault in await desk.faults()]
    assert not faults, "\n".join(faults)


async def test_pages_are_light_and_ask_nobody_else(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    """At most 300 kB for the first page and 30 kB for each that follows, as the wire has it."""
    desk = await open_desk()
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    wire = await _Wire.on(desk.page)
    await desk.open("/login")
    assert wire.taken() <= 300_000
    await desk.log_in("a.kuznetsova")
    wire.taken()
    heavy = []
    for path in PAGES:
        await desk.open(path)
        size = wire.taken()
        if size > 30_000:
            heavy.append((path, size))
    assert heavy == []
    strangers = [url for url in asked if not url.startswith((url_of(service), "data:", "blob:"))]
    assert strangers == []


class _Wire:
    """Counts the bytes that came over the wire."""

    def __init__(self) -> None:
        self._bytes = 0

    @classmethod
    async def on(cls, page: Page) -> "_Wire":
        made = cls()
        session = await page.context.new_cdp_session(page)
        await session.send("Network.enable")
        session.on("Network.loadingFinished", made._count)
        return made

    def taken(self) -> int:
        """Bytes since the last time."""
        taken, self._bytes = self._bytes, 0
        return taken

    def _count(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])


async def test_at_200_percent_and_on_a_phone_nothing_is_lost(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    desk = await open_desk(language="ru")
    await desk.log_in("a.kuznetsova")
    wide = []
    for width, height in ((640, 360), (390, 844)):
        await desk.page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            await desk.open(path)
            if (by := await desk.sideways()) > 0:
                wide.append((width, path, by))
                await desk.shot(f"wide-{width}-{path.strip('/').replace('/', '-')}")
    assert not wide, json.dumps(wide)
