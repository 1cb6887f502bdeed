"""The second factor: codes that work once, spare ones, and roles that need it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from ari_app.store.roles import roles, save_role
from demo.office import PASSWORD
from tests.unit.login import at, enter, is_in, lines
from tests.unit.panel import Answer, Browser, Office, browsing

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(office: Office) -> None:
    at(office, START)


async def secret_of(browser: Browser) -> str:
    shown = (await browser.get("/me/second-factor")).html.select_one("code.user-select-all")
    assert shown is not None
    return shown.get_text(strip=True)


async def set_up(browser: Browser, office: Office) -> tuple[str, list[str]]:
    """The secret, and the spare codes."""
    secret = await secret_of(browser)
    code = pyotp.TOTP(secret).at(office.now())
    answer = await browser.post("/me/second-factor", token=await browser.token("/me"), code=code)
    assert 200 == answer.status
    return secret, [found.get_text() for found in answer.html.select("#spare code")]


async def with_factor(office: Office) -> tuple[str, list[str]]:
    async with browsing(office) as browser:
        await enter(browser, "a.kuznetsova")
        made = await set_up(browser, office)
    at(office, office.now() + timedelta(minutes=1))
    return made


async def send(browser: Browser, code: str) -> Answer:
    return await browser.post("/login/code", token=await browser.token("/login/code"), code=code)


async def test_a_code_is_asked_for_after_the_password(browser: Browser, office: Office) -> None:
    secret, _ = await with_factor(office)
    answer = await enter(browser, "a.kuznetsova", next="/me/devices", status="break")
    assert (303, "/login/code") == (answer.status, answer.to)
    assert not await is_in(browser)
    answer = await send(browser, pyotp.TOTP(secret).at(office.now()))
    assert (303, "/me/devices") == (answer.status, answer.to)
    assert await is_in(browser)


async def test_a_code_works_once(browser: Browser, office: Office) -> None:
    secret, _ = await with_factor(office)
    code = pyotp.TOTP(secret).at(office.now())
    await enter(browser, "a.kuznetsova")
    assert 303 == (await send(browser, code)).status
    async with browsing(office) as other:
        await enter(other, "a.kuznetsova")
        assert 422 == (await send(other, code)).status
        assert not await is_in(other)


async def test_the_code_of_the_set_up_does_not_let_in(office: Office, browser: Browser) -> None:
    secret, _ = await with_factor(office)
    await enter(browser, "a.kuznetsova")
    assert 422 == (await send(browser, pyotp.TOTP(secret).at(START))).status


@pytest.mark.parametrize("code", ["000000", "abcdef", "", "0" * 21, "１２３４５６"])
async def test_a_wrong_code_does_not_let_in(browser: Browser, office: Office, code: str) -> None:
    await with_factor(office)
    await enter(browser, "a.kuznetsova")
    answer = await send(browser, code)
    assert 422 == answer.status
    assert answer.html.select_one("#h-code.invalid-feedback")
    assert not await is_in(browser)


async def test_after_five_wrong_codes_even_the_right_one_waits(
    browser: Browser, office: Office
) -> None:
    secret, _ = await with_factor(office)
    await enter(browser, "a.kuznetsova")
    for _ in range(5):
        await send(browser, "000000")
    right = pyotp.TOTP(secret).at(office.now())
    assert "Too many tries" in (await send(browser, right)).text
    at(office, office.now() + timedelta(minutes=5))
    await enter(browser, "a.kuznetsova")
    assert 303 == (await send(browser, pyotp.TOTP(secret).at(office.now()))).status


async def test_a_spare_code_works_once(browser: Browser, office: Office) -> None:
    _, spare = await with_factor(office)
    assert 8 == len(set(spare))
    await enter(browser, "a.kuznetsova")
    assert 303 == (await send(browser, spare[0].upper())).status
    async with browsing(office) as other:
        await enter(other, "a.kuznetsova")
        assert 422 == (await send(other, spare[0])).status
        assert 303 == (await send(other, spare[1])).status


async def test_without_the_password_no_code_lets_in(browser: Browser, office: Office) -> None:
    secret, _ = await with_factor(office)
    answer = await send(browser, pyotp.TOTP(secret).at(office.now()))
    assert (303, "/login") == (answer.status, answer.to)
    assert not await is_in(browser)


async def test_the_password_counts_for_five_minutes(browser: Browser, office: Office) -> None:
    await with_factor(office)
    browser.client.session.cookie_jar.update_cookies({"as_half": "forged.forged.forged"})
    answer = await send(browser, "000000")
    assert (303, "/login") == (answer.status, answer.to)


async def test_a_wrong_code_sets_nothing_up_and_the_secret_stays(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "a.kuznetsova")
    secret = await secret_of(browser)
    token = await browser.token("/me")
    assert 422 == (await browser.post("/me/second-factor", token=token, code="000000")).status
    assert secret == await secret_of(browser)
    assert [] == await lines(office, "second_factor.on")


async def test_another_authenticator_is_not_set_up_over_the_first(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "a.kuznetsova")
    secret, _ = await set_up(browser, office)
    at(office, office.now() + timedelta(minutes=1))
    code = pyotp.TOTP(secret).at(office.now())
    token = await browser.token("/me")
    assert 403 == (await browser.post("/me/second-factor", token=token, code=code)).status


async def test_it_is_switched_off_with_the_password_only(browser: Browser, office: Office) -> None:
    await enter(browser, "a.kuznetsova")
    await set_up(browser, office)
    token = await browser.token("/me")
    wrong = await browser.post("/me/second-factor/off", token=token, password="wrong")
    assert 422 == wrong.status
    right = await browser.post("/me/second-factor/off", token=token, password=PASSWORD)
    assert 303 == right.status
    assert 1 == len(await lines(office, "second_factor.off"))
    async with browsing(office) as other:
        assert "/" == (await enter(other, "a.kuznetsova")).to


async def test_a_role_that_needs_it_leads_to_nothing_else(browser: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        role = next(one for one in await roles(session) if one.preset == "administrator")
        await save_role(session, replace(role, needs_second_factor=True))
    answer = await enter(browser, "a.kuznetsova", next="/employees")
    assert "/me/second-factor" == answer.to
    assert "/me/second-factor" == (await browser.get("/employees")).to
    _, spare = await set_up(browser, office)
    assert spare
    assert 200 == (await browser.get("/employees")).status
    token = await browser.token("/me")
    off = await browser.post("/me/second-factor/off", token=token, password=PASSWORD)
    assert 422 == off.status


async def test_the_secret_is_stored_encrypted_and_told_to_no_log(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "a.kuznetsova")
    secret, spare = await set_up(browser, office)
    (line,) = await lines(office, "second_factor.on")
    assert secret not in str(line)
    assert not any(code in str(line) for code in spare)
    page = (await browser.get("/me/second-factor")).text
    assert secret not in page


async def test_a_stale_form_switches_nothing(browser: Browser, office: Office) -> None:
    await enter(browser, "a.kuznetsova")
    for path in ("/me/second-factor", "/me/second-factor/off"):
        assert 403 == (await browser.post(path, token="stale", code="1", password="1")).status


async def test_who_assigns_roles_switches_it_off_for_who_has_lost_it(
    browser: Browser, office: Office
) -> None:
    async with browsing(office) as emma:
        await emma.log_in(105)
        await set_up(emma, office)
        await browser.log_in(101)
        shown = await browser.get(f"/employees/{office.who(105)}/rights")
        assert "second-factor/off" in shown.text
        answer = await browser.post(f"/employees/{office.who(105)}/second-factor/off")
        assert answer.status == 303
        assert (await emma.get("/me")).status == 303
    async with browsing(office) as again:
        await enter(again, "e.clarke")
        assert await is_in(again)


async def test_nobody_else_switches_it_off(browser: Browser, office: Office) -> None:
    await with_factor(office)
    for extension in (102, 105):
        async with browsing(office) as other:
            await other.log_in(extension)
            path = f"/employees/{office.who(101)}/second-factor/off"
            assert (await other.post(path)).status == 403
