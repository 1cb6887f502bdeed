"""Remember me: the next visit skips the login page, and a stolen token betrays its thief."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.store import remembered
from ari_app.store.remembered import LASTS, Revived, Stolen
from tests.unit.login import close, cookie, enter, is_in, lines, put_cookie
from tests.unit.panel import Browser, Office, browsing


async def remembered_in(browser: Browser) -> str:
    await enter(browser, "a.kuznetsova", remember="true")
    return cookie(browser, "as_remember")


async def test_a_closed_browser_is_let_in_without_the_login_page(browser: Browser) -> None:
    first = await remembered_in(browser)
    close(browser)
    assert await is_in(browser)
    assert cookie(browser, "as_remember") not in {"", first}


async def test_without_the_tick_a_closed_browser_is_forgotten(browser: Browser) -> None:
    await enter(browser, "a.kuznetsova")
    close(browser)
    assert not await is_in(browser)


async def test_a_token_that_was_used_ends_the_family(browser: Browser, office: Office) -> None:
    office.at = datetime.now(UTC)
    stolen = await remembered_in(browser)
    close(browser)
    assert await is_in(browser)
    office.at += timedelta(minutes=1)
    async with browsing(office) as thief:
        put_cookie(thief, "as_remember", stolen)
        assert not await is_in(thief)
    assert not await is_in(browser)
    close(browser)
    assert not await is_in(browser)
    assert 1 == len(await lines(office, "device.stolen"))


async def test_a_token_older_than_the_one_before_is_stolen_at_once(
    browser: Browser, office: Office
) -> None:
    oldest = await remembered_in(browser)
    for _ in range(2):
        close(browser)
        assert await is_in(browser)
    async with browsing(office) as thief:
        put_cookie(thief, "as_remember", oldest)
        assert not await is_in(thief)
    assert not await is_in(browser)


async def test_requests_under_way_while_the_token_changes_are_let_in(
    browser: Browser, office: Office
) -> None:
    office.at = datetime.now(UTC)
    before = await remembered_in(browser)
    close(browser)
    assert await is_in(browser)
    after = cookie(browser, "as_remember")
    office.at += timedelta(seconds=29)
    put_cookie(browser, "as_session", "")
    put_cookie(browser, "as_remember", before)
    assert await is_in(browser)
    assert before == cookie(browser, "as_remember")
    close(browser)
    put_cookie(browser, "as_remember", after)
    assert await is_in(browser)


@pytest.mark.parametrize("made_up", ["1.guess", "1.guess.guess", "1", "x" * 3000, "1..", ".."])
async def test_a_made_up_token_ends_nobodys_family(
    browser: Browser, office: Office, made_up: str
) -> None:
    await remembered_in(browser)
    async with browsing(office) as stranger:
        put_cookie(stranger, "as_remember", made_up)
        assert not await is_in(stranger)
        assert "" == cookie(stranger, "as_remember")
    assert await is_in(browser)


async def test_logging_out_forgets_the_device(browser: Browser) -> None:
    token = await remembered_in(browser)
    await browser.post("/logout", token=await browser.token("/me"))
    assert "" == cookie(browser, "as_remember")
    put_cookie(browser, "as_remember", token)
    assert not await is_in(browser)


async def test_a_login_without_the_tick_forgets_who_was_remembered(
    browser: Browser, office: Office
) -> None:
    await remembered_in(browser)
    fields = {"login": "b.orlov", "password": "demo-office-1", "status": "keep"}
    await browser.post("/login", token=await browser.token("/me"), **fields)
    assert "" == cookie(browser, "as_remember")
    close(browser)
    assert not await is_in(browser)


async def test_after_two_months_without_a_visit_it_is_forgotten(
    browser: Browser, office: Office
) -> None:
    office.at = datetime.now(UTC)
    await remembered_in(browser)
    close(browser)
    office.at += LASTS
    assert not await is_in(browser)


async def test_who_has_left_is_not_let_in(browser: Browser, office: Office) -> None:
    from ari_app.store.people import leave

    await remembered_in(browser)
    close(browser)
    async with office.sessions.begin() as session:
        await leave(session, office.who(101), datetime.now(UTC))
    assert not await is_in(browser)


async def test_the_store_tells_a_thief_from_a_stranger(office: Office) -> None:
    now = datetime.now(UTC)
    async with office.sessions.begin() as session:
        family, first = await remembered.remember(session, office.who(101), now)
        revived = await remembered.revive(session, first, now)
        assert isinstance(revived, Revived)
        assert (family, True) == (revived.family, revived.token is not None)
        late = now + timedelta(seconds=31)
        assert Stolen(office.who(101)) == await remembered.revive(session, first, late)
        assert await remembered.revive(session, str(revived.token), late) is None
        assert await remembered.revive(session, "999.unknown", late) is None
