"""Links in letters: to finish a registration, and for a forgotten password."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.store.links import LASTS
from demo.office import PASSWORD
from tests.unit.login import GOOD, at, enter, is_in, letters, lines, link, without_password
from tests.unit.panel import Answer, Browser, Office, browsing


async def ask(browser: Browser, login: str) -> Answer:
    return await browser.post("/forgotten", token=await browser.token("/forgotten"), login=login)


async def choose(browser: Browser, path: str, password: str = GOOD, again: str = GOOD) -> Answer:
    token = await browser.token("/login")
    return await browser.post(path, token=token, password=password, again=again)


async def invited(browser: Browser, office: Office) -> str:
    """The path in the letter of somebody who has no password yet."""
    await without_password(office, 105)
    await ask(browser, "e.clarke")
    return await link(office)


async def test_a_registration_ends_with_a_password_of_ones_own(
    browser: Browser, office: Office
) -> None:
    path = await invited(browser, office)
    (letter,) = await letters(office)
    assert ("registration", "en", "emma@demo-office.example") == (
        letter.kind,
        letter.language,
        letter.to_address,
    )
    assert path.startswith("/register/")
    page = await browser.get(path)
    assert ("Emma Clarke" in page.text, "e.clarke" in page.text) == (True, True)
    answer = await choose(browser, path)
    assert (303, "/login") == (answer.status, answer.to)
    await enter(browser, "e.clarke", GOOD)
    assert await is_in(browser)
    assert 1 == len(await lines(office, "password.set"))


async def test_a_link_opens_once(browser: Browser, office: Office) -> None:
    path = await invited(browser, office)
    assert 303 == (await choose(browser, path)).status
    assert 410 == (await browser.get(path)).status
    assert 410 == (await choose(browser, path, f"{GOOD}2", f"{GOOD}2")).status
    assert 422 == (await enter(browser, "e.clarke", f"{GOOD}2")).status


async def test_looking_at_the_page_does_not_use_the_link_up(
    browser: Browser, office: Office
) -> None:
    path = await invited(browser, office)
    assert [200, 200] == [(await browser.get(path)).status for _ in range(2)]


async def test_a_link_lasts_a_day(browser: Browser, office: Office) -> None:
    start = datetime.now(UTC)
    at(office, start)
    path = await invited(browser, office)
    at(office, start + LASTS - timedelta(seconds=1))
    assert 200 == (await browser.get(path)).status
    at(office, start + LASTS)
    assert 410 == (await browser.get(path)).status
    assert 410 == (await choose(browser, path)).status


async def test_a_newer_letter_makes_the_link_before_worthless(
    browser: Browser, office: Office
) -> None:
    start = datetime.now(UTC)
    at(office, start)
    first = await invited(browser, office)
    at(office, start + timedelta(minutes=2))
    await ask(browser, "e.clarke")
    second = await link(office)
    assert [410, 200] == [(await browser.get(path)).status for path in (first, second)]


async def test_a_link_to_register_resets_no_password(browser: Browser, office: Office) -> None:
    path = await invited(browser, office)
    assert 410 == (await browser.get(path.replace("/register/", "/reset/"))).status


@pytest.mark.parametrize("token", ["x", "x" * 43, "..%2f..", "%D1%8F"])
async def test_a_made_up_link_opens_nothing(browser: Browser, token: str) -> None:
    assert 410 == (await browser.get(f"/register/{token}")).status
    assert 410 == (await choose(browser, f"/reset/{token}")).status


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("short", "short", "password"),
        ("1234567890", "1234567890", "password"),
        ("emmaclarke", "emmaclarke", "password"),
        ("", "", "password"),
        (GOOD, "another", "again"),
        ("x" * 201, "x" * 201, "password"),
    ],
)
async def test_a_bad_password_is_told_beside_its_field(
    browser: Browser, office: Office, password: str, again: str, field: str
) -> None:
    path = await invited(browser, office)
    answer = await choose(browser, path, password, again)
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert 200 == (await browser.get(path)).status


async def test_a_stale_form_sets_no_password(browser: Browser, office: Office) -> None:
    path = await invited(browser, office)
    assert 403 == (await browser.post(path, token="stale", password=GOOD, again=GOOD)).status
    assert 200 == (await browser.get(path)).status


@pytest.mark.parametrize(
    "login", ["a.kuznetsova", "89165550101", "anna@demo-office.example", "nobody", "+79165559999"]
)
async def test_nothing_tells_whether_there_is_such_an_account(
    browser: Browser, office: Office, login: str
) -> None:
    known = await ask(browser, login)
    unknown = await ask(browser, "surely-nobody")
    assert (200, known.text) == (unknown.status, unknown.text)


async def test_a_new_password_logs_other_devices_out_and_is_written_about(
    browser: Browser, office: Office
) -> None:
    async with browsing(office) as other:
        await enter(other, "a.kuznetsova", remember="true")
        await ask(browser, "anna@demo-office.example")
        path = await link(office)
        assert path.startswith("/reset/")
        assert 303 == (await choose(browser, path)).status
        assert not await is_in(other)
    assert 422 == (await enter(browser, "a.kuznetsova", PASSWORD)).status
    assert 303 == (await enter(browser, "a.kuznetsova", GOOD)).status
    kinds = [letter.kind for letter in await letters(office)]
    assert {"forgotten_password", "password_changed"} <= set(kinds)


async def test_letters_are_not_asked_for_twice_in_a_minute(
    browser: Browser, office: Office
) -> None:
    for _ in range(3):
        await ask(browser, "a.kuznetsova")
    assert 1 == len(await letters(office))


async def test_a_link_is_stored_encrypted_only(browser: Browser, office: Office) -> None:
    await ask(browser, "a.kuznetsova")
    token = (await link(office)).rpartition("/")[2]
    (letter,) = await letters(office)
    assert token not in str(letter)


async def test_the_pages_are_there_in_russian(browser: Browser, office: Office) -> None:
    path = await invited(browser, office)
    browser.language = "ru"
    assert "Забыли пароль?" in (await browser.get("/login")).text
    assert '<html lang="ru"' in (await browser.get(path)).text
