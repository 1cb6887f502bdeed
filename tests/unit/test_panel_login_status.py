"""The status chosen while logging in, and the one that comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.directory import Declared, Status
from ari_app.store import lease
from ari_app.store.directory import read_own_statuses
from ari_app.store.office import add_own_status
from ari_app.store.statuses import declare
from tests.unit.login import at, cookie, declared, enter, put_cookie
from tests.unit.panel import Browser, Office, browsing


async def out(browser: Browser) -> None:
    await browser.post("/logout", token=await browser.token("/me"))


async def label(browser: Browser) -> str:
    """What stands at “do not change”."""
    option = (await browser.get("/login")).html.select_one('option[value="keep"]')
    assert option is not None
    return option.get_text(strip=True)


@pytest.mark.parametrize("status", list(Status))
async def test_a_chosen_status_is_declared(
    browser: Browser, office: Office, status: Status
) -> None:
    await enter(browser, "b.orlov", status=status.value)
    assert Declared(status) == await declared(office, 102)


async def test_an_own_status_is_offered_only_if_it_is_for_the_login(
    browser: Browser, office: Office
) -> None:
    async with office.sessions.begin() as session:
        shown = await add_own_status(session, "Совещание", "Meeting", Status.BREAK, "blue")
        known = await read_own_statuses(session)
    await office.reload()
    page = (await browser.get("/login")).html
    offered = {str(option["value"]) for option in page.select("[name=status] option")}
    at_login = {f"own-{one.id}" for one in known.values() if one.at_login}
    assert at_login == {value for value in offered if value.startswith("own-")}
    await enter(browser, "b.orlov", status=f"own-{shown}")
    assert Declared(Status.BREAK, shown) == await declared(office, 102)


async def test_the_last_logout_makes_offline_and_do_not_change_restores(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "b.orlov", status="break")
    await out(browser)
    assert Declared(Status.OFFLINE) == await declared(office, 102)
    assert "Do not change (Break)" == await label(browser)
    await enter(browser, "b.orlov", status="keep")
    assert Declared(Status.BREAK) == await declared(office, 102)


async def test_with_another_device_the_status_stays(browser: Browser, office: Office) -> None:
    async with browsing(office) as other:
        await enter(other, "b.orlov", status="outbound_calls")
        await enter(browser, "b.orlov")
        assert Declared(Status.OUTBOUND_CALLS) == await declared(office, 102)
        await out(browser)
        assert Declared(Status.OUTBOUND_CALLS) == await declared(office, 102)


async def test_a_status_by_phone_after_the_logout_is_not_undone(
    browser: Browser, office: Office
) -> None:
    await enter(browser, "b.orlov", status="break")
    await out(browser)
    async with office.sessions.begin() as session:
        await declare(session, office.who(102), Status.ALL_CALLS, None, office.now())
    assert "Do not change (All calls)" == await label(browser)
    await enter(browser, "b.orlov")
    assert Declared(Status.ALL_CALLS) == await declared(office, 102)


async def test_a_status_that_silence_has_taken_comes_back(office: Office) -> None:
    start = datetime.now(UTC)
    at(office, start)
    async with browsing(office) as browser:
        await enter(browser, "b.orlov", status="outbound_calls")
    later = start + timedelta(minutes=20)
    at(office, later)
    async with office.sessions.begin() as session:
        longest = timedelta(minutes=10)
        assert await lease.silence(session, later, longest, Status.BREAK) == [office.who(102)]
    async with browsing(office) as browser:
        await enter(browser, "b.orlov")
    assert Declared(Status.OUTBOUND_CALLS) == await declared(office, 102)


async def test_the_status_of_who_was_here_is_named_for_nobody_else(
    browser: Browser, office: Office
) -> None:
    assert "Do not change" == await label(browser)
    await enter(browser, "b.orlov", status="break")
    await out(browser)
    failed = await enter(browser, "a.kuznetsova", "wrong")
    option = failed.html.select_one('option[value="keep"]')
    assert option is not None
    assert "Do not change" == option.get_text(strip=True)


async def test_a_forged_word_of_who_was_here_names_nothing(browser: Browser) -> None:
    put_cookie(browser, "as_workstation", "[2, 'b.orlov'].x.y")
    assert "Do not change" == await label(browser)


async def test_who_may_not_change_the_status_does_not_at_the_login(
    browser: Browser, office: Office
) -> None:
    before = await declared(office, 108)
    await enter(browser, "o.bennett", status="break")
    assert before == await declared(office, 108)


@pytest.mark.parametrize("status", ["own-999", "own-x", "asleep", ""])
async def test_a_status_that_is_none_changes_nothing(
    browser: Browser, office: Office, status: str
) -> None:
    before = await declared(office, 102)
    answer = await enter(browser, "b.orlov", status=status)
    assert 303 == answer.status
    assert before == await declared(office, 102)
    assert cookie(browser, "as_session")
