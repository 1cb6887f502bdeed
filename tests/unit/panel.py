"""The panel on a database of the tests, and a browser without a screen to click through it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from bs4 import BeautifulSoup
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.domain.rights import Role
from ari_app.settings import Settings
from ari_app.store import audit, devices
from ari_app.store.accounts import give_role
from ari_app.store.audit import AuditLine
from ari_app.store.card import Card
from ari_app.store.devices import Place
from ari_app.store.directory import load
from ari_app.store.people import card_of
from ari_app.store.roles import roles, save_role
from ari_app.vault import Vault
from demo.office import seed
from web.access import SESSION
from web.app import make_app
from web.panel import Panel

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
Sessions = async_sessionmaker[AsyncSession]


@dataclass
class Office:
    """The demo office behind a panel; `directory` is what the service would have."""

    sessions: Sessions
    directory: Directory
    at: datetime | None = None
    settings: Settings = field(default_factory=lambda: Settings(_env_file=None))
    start_token: str = "once"
    """All its panels are one process, which was started once."""

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    def panel(self, **changed: Any) -> Panel:
        made = Panel(self.settings, self.sessions, lambda: self.directory, Vault((KEY,)), self.now)
        return replace(made, **{"start_token": self.start_token, **changed})

    def who(self, extension: int) -> EmployeeId:
        return self.directory.extensions[Extension(str(extension))]

    async def reload(self) -> None:
        """What the service does when something was stored."""
        async with self.sessions() as session:
            self.directory = await load(session)

    async def card(self, extension: int) -> Card:
        async with self.sessions() as session:
            return await card_of(session, self.who(extension))

    async def newest_line(self) -> AuditLine | None:
        """Of the audit log."""
        async with self.sessions() as session:
            found = await audit.lines(session, audit.Wanted(), 1)
        return found[0] if found else None

    async def give_role(self, extension: int, role: Role) -> None:
        """Give somebody a role that the office has not had so far."""
        async with self.sessions.begin() as session:
            await give_role(session, self.who(extension), await save_role(session, role))

    async def give(self, extension: int, preset: str) -> None:
        """Give somebody a preset role."""
        async with self.sessions.begin() as session:
            wanted = next(role for role in await roles(session) if role.preset == preset)
            await give_role(session, self.who(extension), wanted.id)


@dataclass(frozen=True)
class Answer:
    """What the panel answered."""

    status: int
    text: str
    headers: Any

    @property
    def html(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @property
    def to(self) -> str:
        """Where a redirect leads."""
        return str(self.headers["Location"])


class Browser:
    """Clicks and types; it keeps cookies, and sends the form's token as a page would."""

    def __init__(self, client: "TestClient[Any, Any]", office: Office) -> None:
        self.client = client
        self.office = office
        self.language = "en"

    async def log_in(self, extension: int) -> None:
        """Be logged in as somebody, without the login page."""
        async with self.office.sessions.begin() as session:
            token = await devices.begin(
                session, self.office.who(extension), self.office.now(), Place("127.0.0.1", "test")
            )
        self.client.session.cookie_jar.update_cookies({SESSION: token}, self.client.make_url("/"))

    async def get(self, path: str, **headers: str) -> Answer:
        headers = {"Accept-Language": self.language, **headers}
        async with self.client.get(path, headers=headers, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.text(), answer.headers)

    async def token(self, path: str = "/me/mail") -> str:
        """The form token of a page."""
        found = (await self.get(path)).html.select_one('meta[name="csrf"]')
        return str(found["content"]) if found else ""

    async def post(self, path: str, *, token: str | None = None, **fields: Any) -> Answer:
        """Send a form: a list sends a field several times, None leaves it out."""
        typed = [("csrf", await self.token() if token is None else token)]
        for name, value in fields.items():
            values = value if isinstance(value, list) else [value]
            typed += [(name, str(one)) for one in values if one is not None]
        headers = {"Accept-Language": self.language}
        async with self.client.post(
            path, data=typed, headers=headers, allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.text(), answer.headers)


@asynccontextmanager
async def browsing(office: Office, panel: Panel | None = None) -> AsyncIterator[Browser]:
    """A browser in front of the panel."""
    server = TestServer(make_app(panel or office.panel()))
    async with TestClient(server) as client:
        yield Browser(client, office)


async def demo_office(sessions: Sessions, at: datetime | None = None) -> Office:
    """The demo office, freshly stored, with 101 as its administrator."""
    async with sessions.begin() as session:
        await seed(session)
    office = await office_in(sessions, at)
    await office.give(101, "administrator")
    return office


async def office_in(sessions: Sessions, at: datetime | None = None) -> Office:
    """The office that a database holds."""
    async with sessions() as session:
        return Office(sessions, await load(session), at)
