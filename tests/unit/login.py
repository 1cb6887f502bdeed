"""Somebody at the login page, for the tests of the door."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import text

from ari_app.domain.directory import Declared
from ari_app.store import audit
from ari_app.store.audit import AuditLine, Wanted
from ari_app.store.outbox import Outgoing, outgoing
from ari_app.store.statuses import declared_by
from ari_app.vault import Vault
from demo.office import PASSWORD
from tests.unit.panel import KEY, Answer, Browser, Office

GOOD = "семь зелёных слонов у моря"


async def enter(browser: Browser, login: str, password: str = PASSWORD, **more: Any) -> Answer:
    """Fill in the login page, and send it."""
    fields = {"login": login, "password": password, "status": "keep", **more}
    return await browser.post("/login", token=await browser.token("/login"), **fields)


async def is_in(browser: Browser) -> bool:
    """Whether somebody is logged in with this browser."""
    return (await browser.get("/me")).status == 200


def cookie(browser: Browser, name: str) -> str:
    """What the browser keeps under a name, "" for nothing."""
    kept = browser.client.session.cookie_jar.filter_cookies(browser.client.make_url("/"))
    return kept[name].value if name in kept else ""


def put_cookie(browser: Browser, name: str, value: str) -> None:
    jar = browser.client.session.cookie_jar
    jar.update_cookies({name: value}, browser.client.make_url("/"))


def close(browser: Browser) -> None:
    """Close the browser: cookies without an age are gone."""
    remembered = cookie(browser, "as_remember")
    workstation = cookie(browser, "as_workstation")
    browser.client.session.cookie_jar.clear()
    for name, value in (("as_remember", remembered), ("as_workstation", workstation)):
        if value:
            put_cookie(browser, name, value)


async def letters(office: Office) -> list[Outgoing]:
    """The outbox, the newest letter first."""
    async with office.sessions() as session:
        return await outgoing(session, None)


async def link(office: Office) -> str:
    """The path in the newest letter."""
    closed = (await letters(office))[0].closed_secret
    assert closed is not None
    found = re.fullmatch(r"https?://[^/]+(/.*)", Vault((KEY,)).open(closed))
    assert found is not None
    return found[1]


async def lines(office: Office, action: str) -> list[AuditLine]:
    """What the audit log says of an action, the newest first."""
    async with office.sessions() as session:
        return list(await audit.lines(session, Wanted(action=action), 50))


async def declared(office: Office, extension: int) -> Declared:
    async with office.sessions() as session:
        return await declared_by(session, office.who(extension))


async def without_password(office: Office, extension: int) -> None:
    """Make somebody one who has not registered yet."""
    forget = text("UPDATE accounts SET password_hash = NULL WHERE employee_id = :who")
    async with office.sessions.begin() as session:
        await session.execute(forget, {"who": office.who(extension)})


def at(office: Office, moment: datetime) -> None:
    """Set the office's clock."""
    office.at = moment
