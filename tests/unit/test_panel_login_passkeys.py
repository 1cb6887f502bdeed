"""Passkeys: made by who knows the password, used instead of it, and good for nothing else."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from demo.office import PASSWORD
from tests.unit.authenticator import PRESENT, Authenticator
from tests.unit.login import declared, is_in, lines
from tests.unit.panel import Answer, Browser, Office
from web.app import make_app
from web.passkeys import address


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browser]:
    """One that asks for the panel by a name: an address of numbers can have no passkeys."""
    server = TestServer(make_app(office.panel()), host="localhost")
    async with TestClient(server) as client:
        yield Browser(client, office)


def device(browser: Browser, **more: Any) -> Authenticator:
    url = browser.client.make_url("/")
    return Authenticator("localhost", str(url.origin()), **more)


async def options(browser: Browser, password: str = PASSWORD) -> dict[str, Any]:
    answer = await browser.post("/me/passkeys/begin", password=password)
    assert 200 == answer.status
    return dict(json.loads(answer.text))


async def make(browser: Browser, key: Authenticator, name: str = "Laptop") -> Answer:
    given = await options(browser)
    return await browser.post("/me/passkeys", name=name, answer=key.make(given))


async def log_out(browser: Browser) -> None:
    await browser.post("/logout")


async def use(browser: Browser, key: Authenticator, **more: str) -> Answer:
    token = await browser.token("/login")
    asked = await browser.post("/login/passkey/begin", token=token)
    answer = key.use(json.loads(asked.text))
    return await browser.post("/login/passkey", token=token, answer=answer, **more)


async def with_key(browser: Browser, extension: int = 105) -> Authenticator:
    """Somebody's passkey, and nobody logged in."""
    key = device(browser)
    await browser.log_in(extension)
    assert 200 == (await make(browser, key)).status
    await log_out(browser)
    return key


async def test_a_passkey_logs_in_without_a_password(browser: Browser, office: Office) -> None:
    key = await with_key(browser)
    answer = await use(browser, key, status="break", next="/me/devices")
    assert (200, {"to": "/me/devices"}) == (answer.status, json.loads(answer.text))
    assert await is_in(browser)
    assert "break" == (await declared(office, 105)).base.value


async def test_the_list_shows_the_passkey_and_takes_it_away(
    browser: Browser, office: Office
) -> None:
    key = await with_key(browser)
    await use(browser, key)
    page = await browser.get("/me/passkeys")
    assert "Laptop" in page.text
    form = page.html.select_one('form[action$="/remove"]')
    assert form is not None
    assert 303 == (await browser.post(str(form["action"]))).status
    await log_out(browser)
    assert 422 == (await use(browser, key)).status
    assert not await is_in(browser)
    assert 1 == len(await lines(office, "passkey.removed"))


async def test_making_one_asks_for_the_password(browser: Browser) -> None:
    await browser.log_in(105)
    answer = await browser.post("/me/passkeys/begin", password="something else")
    assert 422 == answer.status
    assert ["password"] == list(json.loads(answer.text)["errors"])


async def test_one_made_for_another_challenge_is_refused(browser: Browser) -> None:
    await browser.log_in(105)
    key, given = device(browser), await options(browser)
    await options(browser)
    answer = await browser.post("/me/passkeys", name="Laptop", answer=key.make(given))
    assert 422 == answer.status


async def test_an_answer_counts_once(browser: Browser) -> None:
    key = await with_key(browser)
    token = await browser.token("/login")
    asked = json.loads((await browser.post("/login/passkey/begin", token=token)).text)
    answer = key.use(asked)
    first = await browser.post("/login/passkey", token=token, answer=answer)
    assert 200 == first.status
    await log_out(browser)
    again = await browser.post("/login/passkey", token=await browser.token("/login"), answer=answer)
    assert 422 == again.status


async def test_a_key_that_nobody_has_lets_nobody_in(browser: Browser, office: Office) -> None:
    answer = await use(browser, device(browser))
    assert 422 == answer.status
    assert 1 == len(await lines(office, "login.failed"))


async def test_a_key_under_the_name_of_another_lets_nobody_in(browser: Browser) -> None:
    key = await with_key(browser)
    assert 422 == (await use(browser, device(browser, credential=key.credential))).status
    assert not await is_in(browser)


async def test_a_key_for_another_site_is_refused(browser: Browser) -> None:
    key = await with_key(browser)
    key.origin = "https://panel.example.com"
    assert 422 == (await use(browser, key)).status


async def test_a_key_that_was_not_unlocked_is_refused(browser: Browser) -> None:
    await browser.log_in(105)
    assert 422 == (await make(browser, device(browser, flags=PRESENT))).status


async def test_the_same_key_is_not_stored_twice(browser: Browser) -> None:
    await browser.log_in(105)
    key = device(browser)
    await make(browser, key)
    assert 422 == (await make(browser, key)).status


async def test_who_has_left_is_not_let_in(browser: Browser, office: Office) -> None:
    key = await with_key(browser)
    await browser.log_in(101)
    path = f"/employees/{office.who(105)}/delete"
    form = await browser.get(path)
    fields = {
        str(one["name"]): str(one.get("value", ""))
        for one in form.html.select(f'form[action="{path}"] input[name]')
        if one["name"] != "csrf"
    }
    assert 303 == (await browser.post(path, **fields)).status
    await log_out(browser)
    assert 422 == (await use(browser, key)).status


async def test_a_lost_authenticator_takes_the_passkeys_with_it(
    browser: Browser, office: Office
) -> None:
    key = await with_key(browser)
    await browser.log_in(101)
    await browser.post(f"/employees/{office.who(105)}/second-factor/off")
    await log_out(browser)
    assert 422 == (await use(browser, key)).status


async def test_a_colleagues_passkey_is_not_mine_to_remove(browser: Browser) -> None:
    await with_key(browser)
    await browser.log_in(106)
    assert 404 == (await browser.post("/me/passkeys/1/remove")).status


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        "[]",
        "null",
        "x",
        '{"id": 1}',
        '{"rawId": "AA", "id": "AA", "response": []}',
        "[" * 900,
    ],
)
async def test_what_is_no_answer_is_refused(browser: Browser, answer: str) -> None:
    token = await browser.token("/login")
    await browser.post("/login/passkey/begin", token=token)
    assert 422 == (await browser.post("/login/passkey", token=token, answer=answer)).status
    await browser.log_in(105)
    await options(browser)
    assert 422 == (await browser.post("/me/passkeys", name="x", answer=answer)).status


async def test_many_tries_have_to_wait(browser: Browser) -> None:
    key = device(browser)
    told = [(await use(browser, key)).text for _ in range(51)]
    assert "Too many tries" in told[-1]
    assert "Too many tries" not in told[0]


@pytest.mark.parametrize(
    ("asked", "set_", "is_https", "host"),
    [
        ("pbx.example.com", "https://pbx.example.com", True, "pbx.example.com"),
        ("pbx.example.com:8443", "", True, "pbx.example.com"),
        ("localhost:8080", "http://127.0.0.1:8080", False, "localhost"),
        ("127.0.0.1:8080", "", False, None),
        ("[::1]:8080", "", True, None),
        ("pbx.example.com", "", False, None),
        ("evil.example", "https://pbx.example.com", True, None),
        ("", "", True, None),
    ],
)
def test_passkeys_need_the_panels_own_name_and_https(
    asked: str, set_: str, is_https: bool, host: str | None
) -> None:
    found = address(asked, set_, is_https=is_https)
    assert host == (found and found.host)


async def test_where_there_can_be_none_the_page_says_why(office: Office) -> None:
    server = TestServer(make_app(office.panel()))
    async with TestClient(server) as client:
        browser = Browser(client, office)
        await browser.log_in(105)
        assert "https" in (await browser.get("/me/passkeys")).text
        begun = await browser.post("/me/passkeys/begin", password=PASSWORD)
        assert 404 == begun.status
