"""The status of somebody else, as far as the right reaches."""

import pytest
from sqlalchemy import text

from ari_app.domain.directory import Declared, Status
from ari_app.store import audit, statuses
from ari_app.store.audit import Wanted
from tests.unit.panel import Browser, Office

ONLINE = Declared(Status.ONLINE)
BREAK = Declared(Status.BREAK)


@pytest.fixture(autouse=True)
async def speaking_english(office: Office) -> None:
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))


async def declared(office: Office, extension: int) -> Declared:
    async with office.sessions() as session:
        return await statuses.declared_by(session, office.who(extension))


def path(office: Office, extension: int) -> str:
    return f"/employees/{office.who(extension)}/status"


async def test_an_administrator_changes_anybodys_status(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    assert "Вера Смирнова" in (await browser.get(path(office, 103))).text
    answer = await browser.post(path(office, 103), status="online", here="/board")
    assert (answer.status, answer.to) == (303, "/board")
    assert await declared(office, 103) == ONLINE
    async with office.sessions() as session:
        (line,) = await audit.lines(session, Wanted(), 10)
    assert (line.action, line.about.name) == ("status.changed", "Вера Смирнова")
    assert (line.before, line.after) == ({"status": "do_not_disturb"}, {"status": "online"})


async def test_a_head_of_a_group_reaches_the_own_department(
    browser: Browser, office: Office
) -> None:
    await office.give(104, "group_head")
    await browser.log_in(104)
    assert (await browser.post(path(office, 103), status="online")).status == 303
    assert await declared(office, 103) == ONLINE


async def test_another_department_is_out_of_reach(browser: Browser, office: Office) -> None:
    await office.give(104, "group_head")
    await browser.log_in(104)
    before = await declared(office, 108)
    assert (await browser.get(path(office, 108))).status == 403
    assert (await browser.post(path(office, 108), status="break")).status == 403
    assert (await browser.post(f"{path(office, 108)}/end")).status == 403
    assert await declared(office, 108) == before


async def test_who_stands_above_is_out_of_reach(browser: Browser, office: Office) -> None:
    await office.give(104, "group_head")
    await browser.log_in(104)
    assert (await browser.post(path(office, 101), status="break")).status == 403
    assert await declared(office, 101) == ONLINE


async def test_an_employee_changes_nobody_elses_status(browser: Browser, office: Office) -> None:
    await browser.log_in(103)
    assert (await browser.post(path(office, 104), status="break")).status == 403


async def test_a_temporary_status_of_somebody_else_is_ended(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    await browser.post(path(office, 108), status="break", lasts="30")
    assert (await declared(office, 108)).below == ONLINE
    assert (await browser.post(f"{path(office, 108)}/end")).status == 303
    assert await declared(office, 108) == ONLINE


async def test_nobody_is_there(browser: Browser) -> None:
    await browser.log_in(101)
    assert (await browser.get("/employees/999/status")).status == 404
    assert (await browser.post("/employees/999/status", status="break")).status == 404
    assert (await browser.post("/employees/999/status/end")).status == 404


async def test_a_wrong_time_stands_beside_its_field(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    answer = await browser.post(path(office, 103), status="break", until="soon")
    assert answer.status == 422
    assert "A time, please: 13:40" in answer.text
    assert await declared(office, 103) == Declared(Status.DO_NOT_DISTURB)


async def test_a_stale_form_changes_nothing(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    assert (await browser.post(path(office, 103), token="old", status="break")).status == 403
    assert await declared(office, 103) == Declared(Status.DO_NOT_DISTURB)
