"""Somebody at the panel without a browser: logs in, sends forms and files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser

import aiohttp

from demo.office import PASSWORD
from demo.ports import HOST
from tests.live.service.office import Office


class _Token(HTMLParser):
    """Finds the form token of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if (tag, values.get("name")) in {("meta", "csrf"), ("input", "csrf")}:
            self.found = self.found or values.get("content") or values.get("value") or ""


@dataclass(frozen=True)
class PanelDesk:
    """One person's session at the panel of a running service."""

    session: aiohttp.ClientSession
    url: str

    async def token(self, path: str) -> str:
        async with self.session.get(self.url + path) as answer:
            parser = _Token()
            parser.feed(await answer.text())
            return parser.found

    async def post(self, path: str, page: str, **fields: object) -> int:
        """Send a form that stands on `page`; a field of bytes is a file."""
        form = aiohttp.FormData({"csrf": await self.token(page)})
        for name, value in fields.items():
            if isinstance(value, bytes):
                form.add_field(name, value, filename=f"{name}.sound")
            else:
                form.add_field(name, str(value))
        async with self.session.post(self.url + path, data=form, allow_redirects=False) as answer:
            await answer.read()
            return answer.status


@asynccontextmanager
async def logged_in(office: Office, login: str) -> AsyncIterator[PanelDesk]:
    """Log in through the login page, keeping the status."""
    port = office.service.environment["AUTOSECRETARY_PANEL_PORT"]
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        desk = PanelDesk(session, f"http://{HOST}:{port}")
        fields = {"login": login, "password": PASSWORD, "status": "keep"}
        status = await desk.post("/login", "/login", **fields)
        assert status == 303, f"{login} is not let in: {status}"
        yield desk
