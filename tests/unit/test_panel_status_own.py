"""One's own status, from the top bar of every page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ari_app.domain.directory import Declared, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.store import audit, statuses
from ari_app.store.audit import Wanted
from ari_app.store.people import card_of, change_employee
from tests.unit.panel import Answer, Browser, Office

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Twelve o'clock in Moscow."""


@pytest.fixture(autouse=True)
async def speaking_english(office: Office) -> None:
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))


async def declared(office: Office, extension: int) -> Declared:
    async with office.sessions() as session:
        return await statuses.declared_by(session, office.who(extension))


async def actions(office: Office) -> list[str]:
    async with office.sessions() as session:
        return [line.action for line in await audit.lines(session, Wanted(), 10)]


def bar(answer: Answer) -> str:
    found = answer.html.select_one(".top-status")
    return " ".join(found.get_text(" ").split()) if found else ""


async def test_a_click_declares_a_status_and_leads_back_to_the_page(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    answer = await browser.post("/status", status="break", here="/office/groups?x=1")
    assert (answer.status, answer.to) == (303, "/office/groups?x=1")
    assert await declared(office, 101) == Declared(Status.BREAK)
    assert await actions(office) == ["status.changed"]


async def test_the_same_click_twice_changes_nothing_more(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    for _ in range(2):
        await browser.post("/status", status="break")
    assert await declared(office, 101) == Declared(Status.BREAK)
    assert await actions(office) == ["status.changed"]


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"lasts": "15"}, NOON + timedelta(minutes=15)),
        ({"lasts": "60"}, NOON + timedelta(hours=1)),
        ({"lasts": "lunch"}, NOON + timedelta(hours=2)),
        ({"until": "13:40"}, NOON + timedelta(minutes=100)),
        ({"until": "13:40", "lasts": "15"}, NOON + timedelta(minutes=100)),
        ({"until": "08:00"}, NOON + timedelta(hours=20)),
    ],
)
async def test_a_status_until_lies_over_the_one_before(
    browser: Browser, office: Office, fields: dict[str, str], end: datetime
) -> None:
    office.at = NOON
    await browser.log_in(101)
    answer = await browser.post("/status", status="break", **fields)
    assert answer.status == 303
    below = Declared(Status.ONLINE)
    assert await declared(office, 101) == Declared(Status.BREAK, until=end, below=below)


async def test_a_temporary_status_says_until_when_and_ends_at_a_click(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await browser.log_in(101)
    await browser.post("/status", status="break", lasts="30")
    await office.reload()
    shown = bar(await browser.get("/me/mail"))
    assert "Break" in shown
    assert "until 12:30" in shown
    assert "Back to “Online”" in shown
    await browser.post("/status/end")
    assert await declared(office, 101) == Declared(Status.ONLINE)


async def test_an_ended_temporary_status_is_over(browser: Browser, office: Office) -> None:
    office.at = NOON
    await browser.log_in(101)
    await browser.post("/status", status="break", lasts="15")
    await office.reload()
    office.at = NOON + timedelta(minutes=16)
    shown = bar(await browser.get("/me/mail"))
    assert "My status: Online" in shown
    assert "until 12" not in shown


async def test_the_end_of_lunch_is_offered_at_lunch_time_only(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await browser.log_in(101)
    assert "Lunch, until 14:00" in (await browser.get("/status")).text
    office.at = NOON + timedelta(hours=3)
    assert "Lunch, until 14:00" not in (await browser.get("/status")).text


async def test_an_own_status_is_declared_with_its_base(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    await browser.post("/status", status="own-1")
    assert await declared(office, 101) == Declared(Status.BREAK, OwnStatusId(1))
    await office.reload()
    assert "At lunch" in bar(await browser.get("/me/mail"))


async def test_an_own_status_that_the_card_does_not_allow_is_refused(
    browser: Browser, office: Office
) -> None:
    async with office.sessions.begin() as session:
        card = replace(await card_of(session, office.who(101)), own_statuses=frozenset())
        await change_employee(session, office.who(101), card)
    await browser.log_in(101)
    assert "At lunch" not in (await browser.get("/status")).text
    answer = await browser.post("/status", status="own-1")
    assert answer.status == 422
    assert "does not allow it" in answer.text
    assert await declared(office, 101) == Declared(Status.ONLINE)


@pytest.mark.parametrize("status", ["", "resting", "own-", "own-99", "own-x", "own-1234567890"])
async def test_a_status_that_there_is_not_is_refused(
    browser: Browser, office: Office, status: str
) -> None:
    await browser.log_in(101)
    answer = await browser.post("/status", status=status)
    assert answer.status == 422
    assert await declared(office, 101) == Declared(Status.ONLINE)


async def test_a_time_that_is_none_is_told_beside_its_field(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    answer = await browser.post("/status", status="break", until="25:99")
    assert answer.status == 422
    error = answer.html.select_one("#page-until-error")
    assert error is not None
    assert error.get_text() == "A time, please: 13:40"
    field = answer.html.select_one("#page-until")
    assert field is not None
    assert field["value"] == "25:99"
    assert await declared(office, 101) == Declared(Status.ONLINE)


async def test_a_script_gets_the_new_top_bar_alone(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    token = await browser.token()
    async with browser.client.post(
        "/status",
        data={"status": "break", "csrf": token},
        headers={"Panel-Part": "my_status", "Accept-Language": "en"},
        allow_redirects=False,
    ) as answer:
        told = await answer.text()
    assert answer.status == 200
    assert told.lstrip().startswith('<div class="my-status">')
    assert await declared(office, 101) == Declared(Status.BREAK)


async def test_nobody_declares_without_a_login(browser: Browser, office: Office) -> None:
    answer = await browser.post("/status", token="", status="break")
    assert answer.status in {401, 403}


async def test_a_stale_form_declares_nothing(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    assert (await browser.post("/status", token="old", status="break")).status == 403
    assert await declared(office, 101) == Declared(Status.ONLINE)


@pytest.mark.parametrize("path", ["/status/end", "/status/back", "/status/stay"])
async def test_buttons_are_pressed_and_not_fetched(browser: Browser, path: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(path)).status in {404, 405}


async def test_without_the_right_the_status_is_shown_and_not_changed(
    browser: Browser, office: Office
) -> None:
    await office.give(103, "no_access")
    await browser.log_in(103)
    shown = await browser.get("/status")
    assert "Do not disturb" in bar(shown)
    assert shown.html.select_one("button[name=status]") is None
    assert (await browser.post("/status", status="online")).status == 403
    assert await declared(office, 103) == Declared(Status.DO_NOT_DISTURB)


async def test_nobody_is_sent_to_another_site_by_a_status(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await browser.post("/status", status="break", here="https://evil.example/")
    assert answer.to == "/"


async def test_a_card_that_leaves_the_status_out_says_so(browser: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        card = replace(await card_of(session, office.who(101)), uses_status=False)
        await change_employee(session, office.who(101), card)
    await office.reload()
    await browser.log_in(101)
    assert "does not influence calls" in bar(await browser.get("/me/mail"))


async def test_the_status_speaks_russian(browser: Browser, office: Office) -> None:
    office.at = NOON
    browser.language = "ru"
    await browser.log_in(101)
    await browser.post("/status", status="break", lasts="30")
    await office.reload()
    async with office.sessions.begin() as session:
        card = replace(await card_of(session, office.who(101)), language="ru")
        await change_employee(session, office.who(101), card)
    shown = bar(await browser.get("/status"))
    assert "Перерыв" in shown
    assert "до 12:30" in shown
    assert "Вернуться на «На линии»" in shown
