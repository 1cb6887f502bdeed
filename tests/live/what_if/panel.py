"""The panel of the running service, looked at without a browser: which pictures it draws."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, CookieJar
from bs4 import BeautifulSoup

from ari_app.domain.numbers import EmployeeId
from demo.office import PASSWORD
from demo.ports import HOST
from demo.service import ServiceProcess

_KINDS = {
    "bell-ringing": "ring",
    "device-mobile": "ring",
    "volume": "play",
    "message": "message",
    "phone-off": "hangup",
    "phone-x": "hangup",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A step in the picture: its kind by its icon, and the letters and digits of its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The administrator's view of it."""

    browser: ClientSession

    async def picture(self, employee: EmployeeId, **asked: str) -> list[Drawn]:
        """The way of a supposed call; the box of the call itself is left out."""
        path = f"/employees/{employee}/secretary/what-if"
        async with self.browser.get(path, params=asked) as answer:
            assert answer.status == 200, await answer.text()
            html = BeautifulSoup(await answer.text(), "html.parser")
        return [
            Drawn(_KINDS[str(box.select("use")[0]["href"]).partition("#")[2]], _solid(box.text))
            for box in html.select("svg.way g.way-box")[1:]
        ]


@asynccontextmanager
async def logged_in(service: ServiceProcess) -> AsyncIterator[Panel]:
    """A visit to the panel."""
    url = f"http://{HOST}:{service.environment['AUTOSECRETARY_PANEL_PORT']}"
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get("/login") as answer:
            html = BeautifulSoup(await answer.text(), "html.parser")
        token = str(html.select('meta[name="csrf"]')[0]["content"])
        typed = {"csrf": token, "login": "a.kuznetsova", "password": PASSWORD}
        async with browser.post("/login", data=typed) as answer:
            assert answer.status == 200, answer.url
        yield Panel(browser)


def _solid(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum() or sign == "+")
