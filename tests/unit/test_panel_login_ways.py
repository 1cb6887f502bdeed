"""Three ways to log in, and what is said to everybody else."""

from datetime import UTC, datetime

import pytest

from ari_app.domain.numbers import Extension
from ari_app.settings import Settings
from ari_app.store.card import Card
from ari_app.store.passwords import hashed, set_password
from ari_app.store.people import add_employee, leave
from demo.office import PASSWORD
from tests.unit.login import cookie, enter, is_in, lines, put_cookie, without_password
from tests.unit.panel import Browser, Office, browsing

WAYS = {
    "login": ["a.kuznetsova", " A.Kuznetsova ", "A.KUZNETSOVA"],
    "mobile": [
        "+79165550101",
        "79165550101",
        "89165550101",
        "9165550101",
        "8 (916) 555-01-01",
        "+7 916 555-01-01",
        " 8-916-555-01-01 ",
    ],
    "email": ["anna@demo-office.example", " Anna@Demo-Office.EXAMPLE "],
}
TYPED = [typed for ways in WAYS.values() for typed in ways]
UNKNOWN = ["nobody", "+79165559999", "nobody@demo-office.example", "@", "+", "8916", "x" * 320]


@pytest.mark.parametrize("typed", TYPED)
async def test_each_way_lets_in(browser: Browser, typed: str) -> None:
    answer = await enter(browser, typed, next="/me")
    assert (303, "/me") == (answer.status, answer.to)
    assert await is_in(browser)


@pytest.mark.parametrize("typed", TYPED)
async def test_a_wrong_password_is_told_without_saying_what_is_wrong(
    browser: Browser, typed: str
) -> None:
    answer = await enter(browser, typed, "wrong")
    assert 422 == answer.status
    assert "Login or password are wrong." in answer.text
    assert not await is_in(browser)


@pytest.mark.parametrize("typed", UNKNOWN)
async def test_an_unknown_login_is_told_in_the_same_words(browser: Browser, typed: str) -> None:
    answer = await enter(browser, typed)
    assert 422 == answer.status
    assert "Login or password are wrong." in answer.text
    assert not await is_in(browser)


@pytest.mark.parametrize("typed", ["a.kuznetsova", "+79165550101", "anna@demo-office.example"])
async def test_who_has_left_is_unknown(browser: Browser, office: Office, typed: str) -> None:
    async with office.sessions.begin() as session:
        await leave(session, office.who(101), datetime.now(UTC))
    answer = await enter(browser, typed)
    assert (422, True) == (answer.status, "Login or password are wrong." in answer.text)


async def test_who_has_no_password_yet_is_told_the_same(browser: Browser, office: Office) -> None:
    await without_password(office, 101)
    answer = await enter(browser, "a.kuznetsova")
    assert (422, True) == (answer.status, "Login or password are wrong." in answer.text)


async def test_what_was_typed_stays_but_for_the_password(browser: Browser) -> None:
    answer = await enter(browser, "nobody", "secret-secret", status="break", remember="true")
    page = answer.html
    login = page.select_one("[name=login]")
    password = page.select_one("[name=password]")
    assert login is not None
    assert password is not None
    assert ("nobody", None) == (login["value"], password.get("value"))
    assert page.select_one("option[value=break][selected]")
    assert page.select_one("[name=remember][checked]")
    assert "secret-secret" not in answer.text


@pytest.mark.parametrize(
    "fields", [{"login": ""}, {"password": ""}, {"login": "x" * 321}, {"password": "x" * 201}]
)
async def test_a_form_that_is_not_filled_in_lets_nobody_in(
    browser: Browser, fields: dict[str, str]
) -> None:
    typed = {"login": "a.kuznetsova", "password": PASSWORD, **fields}
    answer = await browser.post("/login", token=await browser.token("/login"), **typed)
    assert 422 == answer.status
    assert answer.html.select_one('[aria-invalid="true"]')


async def test_a_foreign_mobile_is_a_login_only_by_the_settings(office: Office) -> None:
    british = "+447400123456"
    async with office.sessions.begin() as session:
        card = Card("Zoe Hill", Extension("201"), mobile=british)
        zoe = await add_employee(session, card)
        await set_password(session, zoe, await hashed(PASSWORD), datetime.now(UTC))
    async with browsing(office) as browser:
        assert 422 == (await enter(browser, british)).status
    office.settings = Settings(_env_file=None, login_countries="RU,GB")
    async with browsing(office) as browser:
        assert 303 == (await enter(browser, "07400 123456")).status
    async with browsing(office) as browser:
        assert 303 == (await enter(browser, "8 916 555 01 01")).status


async def test_a_stale_form_lets_nobody_in(browser: Browser) -> None:
    answer = await browser.post("/login", token="stale", login="a.kuznetsova", password=PASSWORD)
    assert 403 == answer.status
    assert not await is_in(browser)


async def test_the_login_page_sends_on_who_is_logged_in(browser: Browser) -> None:
    await enter(browser, "a.kuznetsova")
    answer = await browser.get("/login?next=/me/devices")
    assert (303, "/me/devices") == (answer.status, answer.to)


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_a_login_leads_to_no_other_site(browser: Browser, to: str) -> None:
    answer = await enter(browser, "a.kuznetsova", next=to)
    assert (303, "/") == (answer.status, answer.to)


async def test_a_session_from_before_the_login_is_worth_nothing(browser: Browser) -> None:
    put_cookie(browser, "as_session", "chosen-by-somebody-else")
    await enter(browser, "a.kuznetsova")
    assert cookie(browser, "as_session") not in {"", "chosen-by-somebody-else"}


async def test_the_session_ends_with_the_browser_and_no_script_sees_it(browser: Browser) -> None:
    answer = await enter(browser, "a.kuznetsova")
    session = next(
        line for line in answer.headers.getall("Set-Cookie") if line.startswith("as_session=")
    )
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Max-Age" not in session


async def test_behind_https_cookies_belong_to_this_host_alone(office: Office) -> None:
    office.settings = Settings(_env_file=None, panel_url="https://pbx.example.com")
    async with browsing(office) as browser:
        answer = await browser.get("/login")
        (visitor,) = answer.headers.getall("Set-Cookie")
    assert visitor.startswith("__Host-as_visitor=")
    assert "Secure" in visitor


async def test_logging_out_ends_the_session_for_good(browser: Browser, office: Office) -> None:
    await enter(browser, "a.kuznetsova")
    before = cookie(browser, "as_session")
    answer = await browser.post("/logout", token=await browser.token("/me"))
    assert (303, "/login") == (answer.status, answer.to)
    put_cookie(browser, "as_session", before)
    assert not await is_in(browser)
    assert 1 == len(await lines(office, "session.ended"))


async def test_logging_out_takes_a_form_of_ours(browser: Browser) -> None:
    await enter(browser, "a.kuznetsova")
    assert 403 == (await browser.post("/logout", token="stale")).status
    assert 405 == (await browser.get("/logout")).status
    assert await is_in(browser)


async def test_somebody_elses_login_ends_the_session_before(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(102)
    before = cookie(browser, "as_session")
    fields = {"login": "a.kuznetsova", "password": PASSWORD, "status": "keep"}
    await browser.post("/login", token=await browser.token("/me"), **fields)
    put_cookie(browser, "as_session", before)
    assert not await is_in(browser)


async def test_logins_are_written_down_and_failed_ones_too(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "b.orlov", "wrong")
    await enter(browser, "my-password-typed-here", "wrong")
    await enter(browser, "a.kuznetsova")
    (began,) = await lines(office, "session.began")
    assert "Анна Кузнецова" == began.about.name
    unknown, known = await lines(office, "login.failed")
    assert ("", "Борис Орлов") == (unknown.about.name, known.about.name)
    assert [{}, {}] == [unknown.after, known.after]


async def test_the_page_speaks_russian_when_asked_to(browser: Browser) -> None:
    token = await browser.token("/login")
    answer = await browser.post("/language", token=token, language="ru", here="/login")
    assert (303, "/login") == (answer.status, answer.to)
    page = await browser.get("/login")
    assert '<html lang="ru"' in page.text
    assert "Не изменять" in page.text


@pytest.mark.parametrize("here", ["https://evil.example", "//evil.example"])
async def test_the_language_button_leads_to_no_other_site(browser: Browser, here: str) -> None:
    token = await browser.token("/login")
    answer = await browser.post("/language", token=token, language="xx", here=here)
    assert (303, "/") == (answer.status, answer.to)
    assert "" == cookie(browser, "as_language")


async def test_how_good_a_password_is_is_told_while_it_is_typed(browser: Browser) -> None:
    token = await browser.token("/login")
    bad = await browser.post("/strength", token=token, password="password1")
    good = await browser.post("/strength", token=token, password="семь зелёных слонов у моря")
    assert ("very easy to guess", "very good") == (bad.text, good.text)
