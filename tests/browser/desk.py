"""Somebody at a computer: a real browser in front of the panel."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from demo.assets import packages
from demo.configuration import REPOSITORY
from demo.office import PASSWORD

SHOTS = REPOSITORY / "var/screenshots"
WIDTH, HEIGHT = 1280, 720
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Desk:
    """A page of a browser context, at the panel's address."""

    page: Page
    url: str

    async def open(self, path: str) -> None:
        """Go to a page of the panel, and wait until it is there."""
        answer = await self.page.goto(self.url + path)
        assert answer is None or answer.status < 500, f"{path}: {answer and answer.status}"

    async def log_in(self, login: str, password: str = PASSWORD, *, remember: bool = False) -> None:
        """Through the login page, keeping the status."""
        await self.open("/login")
        await self.page.locator("[name=login]").fill(login)
        await self.page.locator("[name=password]").fill(password)
        if remember:
            await self.page.locator("[name=remember]").check()
        await self.page.locator("form[action^='/login'] button[type=submit]").click()
        await expect(self.page.locator("header.top")).to_be_visible()

    async def shot(self, name: str, *, whole: bool = False) -> Path:
        """A picture, for people to look at, under var/screenshots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{name}.png"
        await self.page.screenshot(path=file, full_page=whole)
        return file

    async def faults(self) -> list[str]:
        """What axe finds on this page that would keep somebody from using it."""
        source = (packages() / "axe-core/axe.min.js").read_text()
        await self.page.evaluate(source)
        found: dict[str, Any] = await self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']})"
        )
        return [
            f"{violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:300]})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    async def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide


async def desk(context: BrowserContext, url: str) -> Desk:
    """A new page; an error of a script on it fails the test that looks at `errors_of`."""
    return Desk(await context.new_page(), url)
