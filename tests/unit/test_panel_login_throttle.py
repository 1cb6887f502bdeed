"""Who guesses has to wait, and nobody else does."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.numbers import EmployeeId
from ari_app.settings import Settings
from ari_app.store import throttle
from ari_app.store.accounts import login_typed
from tests.unit.login import enter, is_in
from tests.unit.panel import Answer, Browser, Office, Sessions, browsing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME, AWAY = "192.0.2.1", "198.51.100.9"
WAIT = "Too many tries"


async def tried(sessions: Sessions, login: str, address: str, now: datetime = NOW) -> float:
    async with sessions.begin() as session:
        return await throttle.count(session, throttle.keys_of(login, address), now)


async def test_five_failures_are_free_and_then_the_wait_doubles(sessions: Sessions) -> None:
    free = [await tried(sessions, "a", HOME) for _ in range(5)]
    assert [0.0] * 5 == free
    now, waits = NOW, []
    for _ in range(8):
        waits.append(await tried(sessions, "a", HOME, now))
        now += timedelta(seconds=waits[-1])
        assert 0.0 == await tried(sessions, "a", HOME, now)
    assert [30, 60, 120, 240, 480, 900, 900, 900] == waits


async def test_tries_while_waiting_do_not_prolong_it(sessions: Sessions) -> None:
    for _ in range(5):
        await tried(sessions, "a", HOME)
    later = NOW + timedelta(seconds=10)
    assert [20.0] * 3 == [await tried(sessions, "a", HOME, later) for _ in range(3)]


async def test_another_address_and_another_login_go_on(sessions: Sessions) -> None:
    for _ in range(6):
        await tried(sessions, "a", AWAY)
    assert 0.0 == await tried(sessions, "a", HOME)
    assert 0.0 == await tried(sessions, "b", AWAY)


async def test_one_address_may_fail_fifty_times_with_whatever_logins(sessions: Sessions) -> None:
    free = [await tried(sessions, f"login{number}", AWAY) for number in range(50)]
    assert [0.0] * 50 == free
    assert 30.0 == await tried(sessions, "one-more", AWAY)
    assert 0.0 == await tried(sessions, "one-more", HOME)


async def test_an_hour_forgets(sessions: Sessions) -> None:
    for _ in range(5):
        await tried(sessions, "a", HOME)
    assert 0.0 == await tried(sessions, "a", HOME, NOW + timedelta(hours=1))


async def test_a_success_begins_anew_and_counts_for_nothing(sessions: Sessions) -> None:
    for _ in range(49):
        keys = throttle.keys_of("a", HOME)
        async with sessions.begin() as session:
            assert 0.0 == await throttle.count(session, keys, NOW)
            await throttle.succeeded(session, keys)
    assert [0.0] * 5 == [await tried(sessions, "a", HOME) for _ in range(5)]


async def test_many_tries_at_once_do_not_get_round_it(sessions: Sessions) -> None:
    waits = await asyncio.gather(*(tried(sessions, "a", HOME) for _ in range(12)))
    assert 5 == waits.count(0.0)


async def test_after_five_wrong_codes_it_is_five_minutes(sessions: Sessions) -> None:
    keys = throttle.keys_of_code(EmployeeId(1))
    async with sessions.begin() as session:
        free = [await throttle.count(session, keys, NOW) for _ in range(5)]
        assert ([0.0] * 5, 300.0) == (free, await throttle.count(session, keys, NOW))


@pytest.mark.parametrize(
    "typed", ["+79165550101", "8 (916) 555-01-01", "8 9 1 6 5550101", "79165550101", "9165550101"]
)
def test_a_number_counts_as_one_however_it_is_written(typed: str) -> None:
    assert "+79165550101" == login_typed(typed, ("RU",))


async def failed(browser: Browser, login: str, times: int) -> list[Answer]:
    return [await enter(browser, login, "wrong") for _ in range(times)]


@pytest.mark.parametrize("login", ["a.kuznetsova", "nobody", "+79165550101", "+79165559999"])
async def test_known_and_unknown_logins_wait_alike(browser: Browser, login: str) -> None:
    answers = await failed(browser, login, 6)
    assert [False] * 5 + [True] == [WAIT in answer.text for answer in answers]
    assert [422] * 6 == [answer.status for answer in answers]


async def test_the_right_password_waits_too(browser: Browser, office: Office) -> None:
    office.at = datetime.now(UTC)
    await failed(browser, "a.kuznetsova", 5)
    assert 422 == (await enter(browser, "a.kuznetsova")).status
    office.at += timedelta(seconds=31)
    assert 303 == (await enter(browser, "a.kuznetsova")).status


async def test_writing_the_number_differently_does_not_get_round_it(browser: Browser) -> None:
    ways = ["+79165550101", "89165550101", "8 916 555-01-01", "8(916)5550101", "9165550101"]
    for typed in ways:
        assert WAIT not in (await enter(browser, typed, "wrong")).text
    assert WAIT in (await enter(browser, "8-916-555-01-01", "wrong")).text


async def test_somebody_elses_guesses_do_not_lock_who_has_logged_in_here(office: Office) -> None:
    """The same address: an office behind one router."""
    async with browsing(office) as own, browsing(office) as guesser:
        await enter(own, "a.kuznetsova")
        await own.post("/logout", token=await own.token("/me"))
        await failed(guesser, "a.kuznetsova", 6)
        for number in range(50):
            await enter(guesser, f"nobody{number}", "wrong")
        assert WAIT in (await enter(guesser, "o.sokolova")).text
        assert 303 == (await enter(own, "a.kuznetsova")).status
        assert await is_in(own)


async def test_a_forged_word_of_having_been_here_helps_nobody(browser: Browser) -> None:
    from tests.unit.login import put_cookie

    put_cookie(browser, "as_workstation", '[1, "a.kuznetsova"].forged.forged')
    assert WAIT in (await failed(browser, "a.kuznetsova", 6))[-1].text


async def test_the_address_behind_a_proxy_is_believed_only_by_the_settings(office: Office) -> None:
    office.settings = Settings(_env_file=None, panel_behind_proxy=True)
    async with browsing(office) as browser:
        await failed(browser, "a.kuznetsova", 5)
        headers = {"X-Forwarded-For": f"{HOME}, {AWAY}"}
        token = await browser.token("/login")
        fields = {"csrf": token, "login": "a.kuznetsova", "password": "wrong"}
        async with browser.client.post("/login", data=fields, headers=headers) as answer:
            assert WAIT not in await answer.text()
