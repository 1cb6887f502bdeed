"""The first administrator, made once by the address on the console."""

import pytest

from ari_app.store.accounts import account_typed
from ari_app.store.directory import load
from ari_app.vault import Vault
from tests.unit.login import GOOD, is_in, lines, without_password
from tests.unit.panel import KEY, Answer, Browser, Office, Sessions, browsing
from web.pages.first_start import first_address
from web.panel import Panel

VAULT = Vault((KEY,))

FIRST = {
    "name": "Мария Иванова",
    "extension": "100",
    "email": "maria@example.com",
    "zone": "Europe/Moscow",
    "language": "ru",
    "password": GOOD,
    "again": GOOD,
}


@pytest.fixture
async def empty(panel_sessions: Sessions) -> Office:
    async with panel_sessions() as session:
        return Office(panel_sessions, await load(session))


async def address(office: Office) -> str:
    found = await first_address(office.panel())
    assert found is not None
    return found


async def begin(browser: Browser, path: str, **changed: str) -> Answer:
    return await browser.post(path, token=await browser.token("/login"), **{**FIRST, **changed})


async def test_the_first_administrator_is_made_and_let_in(empty: Office) -> None:
    path = await address(empty)
    async with browsing(empty) as browser:
        page = (await browser.get(path)).html
        extension = page.select_one("[name=extension]")
        assert extension is not None
        assert "100" == extension["value"]
        assert 303 == (await begin(browser, path)).status
        assert await is_in(browser)
        assert 200 == (await browser.get("/roles")).status
    async with empty.sessions() as session:
        maria = await account_typed(session, "maria@example.com", ("RU",))
    assert maria is not None
    assert ("administrator", "m.ivanova", True) == (
        maria.role.preset,
        maria.login,
        maria.has_password,
    )
    assert 1 == len(await lines(empty, "office.begun"))


async def test_it_works_once(empty: Office) -> None:
    path = await address(empty)
    async with browsing(empty) as browser:
        await begin(browser, path)
    assert await first_address(empty.panel()) is None
    async with browsing(empty) as browser:
        assert 404 == (await browser.get(path)).status
        changed = {"name": "Eve", "extension": "666", "email": "eve@example.com"}
        assert 404 == (await begin(browser, path, **changed)).status


async def test_the_address_of_an_earlier_start_opens_nothing(empty: Office) -> None:
    empty.start_token = "earlier"
    path = await address(empty)
    empty.start_token = "later"
    async with browsing(empty) as browser:
        assert 404 == (await browser.get(path)).status
        assert 200 == (await browser.get(await address(empty))).status
    started = Panel(empty.settings, empty.sessions, lambda: empty.directory, VAULT, empty.now)
    again = Panel(empty.settings, empty.sessions, lambda: empty.directory, VAULT, empty.now)
    assert started.start_token != again.start_token


@pytest.mark.parametrize("token", ["x", "0" * 32, "%D1%8F"])
async def test_another_address_opens_nothing(empty: Office, token: str) -> None:
    async with browsing(empty) as browser:
        assert 404 == (await browser.get(f"/start/{token}")).status
        assert 404 == (await begin(browser, f"/start/{token}")).status


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("extension", "1"),
        ("email", "nobody"),
        ("zone", "Moon/Base"),
        ("password", "1234567890"),
        ("again", "different"),
    ],
)
async def test_bad_input_is_told_and_nobody_is_made(empty: Office, field: str, typed: str) -> None:
    path = await address(empty)
    async with browsing(empty) as browser:
        answer = await begin(browser, path, **{field: typed})
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert path == await address(empty)


async def test_an_office_with_an_administrator_has_no_such_address(office: Office) -> None:
    assert await first_address(office.panel()) is None


async def test_an_office_from_before_the_panel_gets_its_administrator(office: Office) -> None:
    """Everybody there has an account, and nobody a password."""
    for extension in range(101, 109):
        await without_password(office, extension)
    path = await address(office)
    async with browsing(office) as browser:
        taken = await begin(browser, path, extension="101")
        assert taken.html.select_one("#h-extension.invalid-feedback")
        assert 303 == (await begin(browser, path)).status
