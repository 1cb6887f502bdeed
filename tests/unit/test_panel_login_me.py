"""One's own account: language and look, password, PIN, devices."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.store.accounts import account
from ari_app.store.pins import check_pin
from demo.office import PASSWORD
from tests.unit.login import (
    GOOD,
    at,
    cookie,
    enter,
    is_in,
    letters,
    lines,
    put_cookie,
)
from tests.unit.panel import Answer, Browser, Office, browsing

PAGES = ("/me", "/me/devices", "/me/second-factor")
FORMS = ("/me", "/me/password", "/me/pin", "/me/devices/others", "/me/devices/1/end")
LOOK = {"language": "en", "theme": "dark", "zone": "Europe/London"}


@pytest.fixture
async def boris(browser: Browser) -> Browser:
    await enter(browser, "b.orlov")
    return browser


async def send(browser: Browser, path: str, **fields: str) -> Answer:
    return await browser.post(path, token=await browser.token("/me"), **fields)


@pytest.mark.parametrize("path", PAGES)
async def test_own_pages_need_a_login(browser: Browser, path: str) -> None:
    answer = await browser.get(path)
    assert 303 == answer.status
    assert answer.to.startswith("/login?next=")


@pytest.mark.parametrize("path", PAGES)
async def test_who_has_no_rights_has_an_account_all_the_same(browser: Browser, path: str) -> None:
    await enter(browser, "o.bennett")
    assert 200 == (await browser.get(path)).status


@pytest.mark.parametrize("path", FORMS)
async def test_forms_need_a_login_and_a_token_of_ours(boris: Browser, path: str) -> None:
    assert 403 == (await boris.post(path, token="stale")).status
    token = await boris.token("/me")
    boris.client.session.cookie_jar.clear()
    assert (await boris.post(path, token=token)).status in {401, 403}


async def test_language_look_and_zone_are_stored(boris: Browser, office: Office) -> None:
    assert 303 == (await send(boris, "/me", **LOOK)).status
    async with office.sessions() as session:
        stored = await account(session, office.who(102))
    assert ("en", "dark", "Europe/London") == (stored.language, stored.theme, stored.zone)
    page = await boris.get("/me")
    assert 'data-bs-theme="dark"' in page.text
    assert 1 == len(await lines(office, "account.changed"))


@pytest.mark.parametrize(
    ("field", "typed"), [("language", "xx"), ("theme", "pink"), ("zone", "Moon/Base"), ("zone", "")]
)
async def test_a_bad_preference_is_told_beside_its_field(
    boris: Browser, field: str, typed: str
) -> None:
    answer = await send(boris, "/me", **{**LOOK, field: typed})
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")


async def test_a_new_password_takes_the_old_one(boris: Browser, office: Office) -> None:
    fields = {"old": "wrong", "password": GOOD, "again": GOOD}
    wrong = await send(boris, "/me/password", **fields)
    assert (422, True) == (wrong.status, wrong.html.select_one("#h-old") is not None)
    async with browsing(office) as other:
        await enter(other, "b.orlov", remember="true")
        assert 303 == (await send(boris, "/me/password", **{**fields, "old": PASSWORD})).status
        assert not await is_in(other)
    assert await is_in(boris)
    assert "password_changed" == (await letters(office))[0].kind
    async with browsing(office) as other:
        assert 422 == (await enter(other, "b.orlov", PASSWORD)).status
        assert 303 == (await enter(other, "b.orlov", GOOD)).status


async def test_the_device_that_changes_the_password_stays_remembered(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "b.orlov", remember="true")
    await send(browser, "/me/password", old=PASSWORD, password=GOOD, again=GOOD)
    kept = cookie(browser, "as_remember")
    browser.client.session.cookie_jar.clear()
    put_cookie(browser, "as_remember", kept)
    assert await is_in(browser)


async def test_the_old_password_is_not_guessed_at_an_open_computer(boris: Browser) -> None:
    fields = {"password": GOOD, "again": GOOD}
    for number in range(5):
        await send(boris, "/me/password", old=f"guess{number}", **fields)
    answer = await send(boris, "/me/password", old=PASSWORD, **fields)
    assert (422, True) == (answer.status, "Слишком много попыток" in answer.text)


async def test_a_pin_is_stored(boris: Browser, office: Office) -> None:
    assert 303 == (await send(boris, "/me/pin", pin="80261")).status
    extension = office.directory.employees[office.who(102)].extension
    async with office.sessions.begin() as session:
        assert office.who(102) == await check_pin(session, extension, "80261", office.now())
    (line,) = await lines(office, "pin.set")
    assert "80261" not in str(line)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "abcd", "1111", "12345", "１２３９"])
async def test_a_pin_that_is_none_or_is_guessed_first_is_refused(boris: Browser, pin: str) -> None:
    answer = await send(boris, "/me/pin", pin=pin)
    assert 422 == answer.status
    assert answer.html.select_one("#h-pin.invalid-feedback")


async def device_ids(browser: Browser) -> list[str]:
    forms = (await browser.get("/me/devices")).html.select("form[action$='/end']")
    return [str(form["action"]).split("/")[3] for form in forms]


async def test_own_devices_are_listed_and_ended(boris: Browser, office: Office) -> None:
    (mine,) = await device_ids(boris)
    async with browsing(office) as other:
        await enter(other, "b.orlov", remember="true")
        (theirs,) = set(await device_ids(boris)) - {mine}
        assert 303 == (await send(boris, f"/me/devices/{theirs}/end")).status
        assert not await is_in(other)
    assert [mine] == await device_ids(boris)
    assert 404 == (await send(boris, f"/me/devices/{theirs}/end")).status


async def test_nobody_ends_somebody_elses_device(boris: Browser, office: Office) -> None:
    async with browsing(office) as other:
        await enter(other, "a.kuznetsova")
        (hers,) = await device_ids(other)
        assert 404 == (await send(boris, f"/me/devices/{hers}/end")).status
        assert await is_in(other)


async def test_all_other_devices_are_ended_but_this_one(browser: Browser, office: Office) -> None:
    await enter(browser, "b.orlov", remember="true")
    async with browsing(office) as other, browsing(office) as third:
        await enter(other, "b.orlov", remember="true")
        await enter(third, "b.orlov")
        assert 303 == (await send(browser, "/me/devices/others")).status
        assert [False, False] == [await is_in(one) for one in (other, third)]
    assert await is_in(browser)
    kept = cookie(browser, "as_remember")
    browser.client.session.cookie_jar.clear()
    put_cookie(browser, "as_remember", kept)
    assert await is_in(browser)


async def test_a_device_that_was_not_used_before_is_written_about(
    boris: Browser, office: Office
) -> None:
    assert [] == await letters(office)
    async with browsing(office) as other:
        token = await other.token("/login")
        fields = {"csrf": token, "login": "b.orlov", "password": PASSWORD}
        agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
        async with other.client.post("/login", data=fields, headers=agent, allow_redirects=False):
            pass
    (letter,) = await letters(office)
    assert ("new_device", "Firefox, Linux") == (letter.kind, letter.values["device"])


async def test_a_session_that_was_not_used_for_long_is_over(office: Office) -> None:
    start = datetime.now(UTC)
    at(office, start)
    async with browsing(office) as browser:
        await enter(browser, "b.orlov")
        at(office, start + timedelta(hours=12, seconds=1))
        assert not await is_in(browser)
