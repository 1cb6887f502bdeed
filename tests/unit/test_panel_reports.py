"""Reports: missed calls by hour, person and reason; time in each status; charts and tables."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Status
from ari_app.store import reports
from ari_app.store.call_list import Reach, Wanted
from ari_app.store.reports import Said, Stretch
from ari_app.store.statuses import declare
from tests.unit.call_history import Rang, note
from tests.unit.panel import Browser, Office
from web.charts import Bar, Part, columns, line

NOON = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""Before the demo office declares its own statuses."""
HOUR = timedelta(hours=1)
PATHS = ("/reports", "/reports/missed", "/reports/missed/export", "/reports/times",
         "/reports/times/export")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_reports_need_a_login_and_the_right(
    browser: Browser, office: Office, path: str
) -> None:
    assert (await browser.get(path)).status == 303
    await browser.log_in(105)
    assert (await browser.get(path)).status == 403
    await office.give(105, "accountant")
    assert (await browser.get(path)).status == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", ["since=x", "page=0", "department=x", "period=x"])
async def test_what_is_wrong_in_a_filter_is_told(browser: Browser, path: str, query: str) -> None:
    await browser.log_in(101)
    expected = 400 if path.endswith("export") else 422
    assert (await browser.get(f"{path}?{query}")).status == expected


async def test_missed_calls_are_counted_with_reasons(browser: Browser, office: Office) -> None:
    office.at = NOON
    await note(office, Rang(102, Ending.ANSWERED))
    await note(office, Rang(102, Ending.NOT_TAKEN, 2 * HOUR))
    await note(office, Rang(105, Ending.ABANDONED, 26 * HOUR))
    await browser.log_in(101)
    html = (await browser.get("/reports")).html
    assert [tile.text for tile in html.select(".tile-number")] == ["3", "2", "67\xa0%"]
    assert "статус «Перерыв»" in html.text
    assert html.select_one('svg.chart[role="img"]') is not None
    names = [row.text.strip() for row in html.select('[aria-labelledby="people-title"] tbody th')]
    assert names == ["Борис Орлов (102)", "Emma Clarke (105)"]
    regions = html.select("section[aria-labelledby], section[aria-label], [role=region]")
    labels = [region.get("aria-labelledby") or region.get("aria-label") for region in regions]
    assert sorted(set(map(str, labels))) == sorted(map(str, labels))


async def test_a_department_head_sees_the_department_only(browser: Browser, office: Office) -> None:
    await note(office, Rang(102, Ending.NOT_TAKEN))
    await note(office, Rang(105, Ending.NOT_TAKEN))
    await office.give(103, "senior")
    await browser.log_in(103)
    text = (await browser.get("/reports/missed")).text
    assert "Борис Орлов" in text
    assert "Emma Clarke" not in text
    exported = (await browser.get("/reports/missed/export")).text
    assert ("Борис" in exported, "Emma" in exported) == (True, False)
    times = (await browser.get("/reports/times")).text
    assert ("Борис" in times, "Emma" in times) == (True, False)


async def test_somebody_elses_days_are_not_shown(browser: Browser, office: Office) -> None:
    await office.give(103, "senior")
    await browser.log_in(103)
    answer = await browser.get(f"/reports/times?employee={office.who(105)}")
    assert "Emma" not in answer.text


async def test_times_are_shown_by_person_and_by_day(browser: Browser, office: Office) -> None:
    office.at = NOON
    async with office.sessions.begin() as session:
        who = office.who(104)
        await declare(session, who, Status.ONLINE, None, NOON - 27 * HOUR)
        await declare(session, who, Status.BREAK, NOON - 2 * HOUR, NOON - 3 * HOUR)
    await browser.log_in(101)
    html = (await browser.get("/reports/times?period=yesterday&who=лебедев")).html
    assert "15:00:00" in html.text
    html = (await browser.get(f"/reports/times?period=week&employee={office.who(104)}")).html
    rows = [" ".join(row.text.split()) for row in html.select("tbody tr")]
    assert len(rows) == 7
    assert "11:00:001:00:00" in rows[-1]


async def test_times_are_exported_by_person_and_day(browser: Browser, office: Office) -> None:
    office.at = NOON
    async with office.sessions.begin() as session:
        await declare(session, office.who(104), Status.ONLINE, None, NOON - 27 * HOUR)
    await browser.log_in(101)
    text = (await browser.get("/reports/times/export?period=week&who=лебедев")).text
    header, *lines = csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert header[:4] == ["День", "Сотрудник", "Внутренний номер", "На линии"]
    told = [(row[0], row[2], row[3]) for row in lines if row[3] != "0:00:00"]
    assert told == [("2026-03-09", "104", "15:00:00"), ("2026-03-10", "104", "12:00:00")]


async def test_nothing_to_report_says_what_to_do(browser: Browser) -> None:
    await browser.log_in(101)
    assert "период подлиннее" in (await browser.get("/reports")).text
    assert "статусы не менялись" in (await browser.get("/reports/times?period=yesterday")).text
    assert "Никого не нашлось" in (await browser.get("/reports/times?who=nobody")).text


async def test_people_come_in_pages(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    assert (await browser.get("/reports/times?page=5")).status == 200
    async with office.sessions() as session:
        found = await reports.people(
            session, reports.Chosen(Reach(office.who(101), everyone=True)), 2, 3
        )
    assert len(found) == 4


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Kathmandu", "Europe/London"])
async def test_hours_are_the_readers(office: Office, zone: str) -> None:
    office.at = NOON
    await note(office, Rang(102, Ending.ANSWERED, timedelta(minutes=10)))
    reader = ZoneInfo(zone)
    wanted = Wanted(since=NOON - HOUR, until=NOON)
    async with office.sessions() as session:
        reach = Reach(office.who(101), everyone=True)
        hours = await reports.by_hour(session, reach, wanted, reader)
    expected = (NOON - timedelta(minutes=10)).astimezone(reader).hour
    assert [hour for hour, counts in enumerate(hours) if counts] == [expected]


def test_a_temporary_status_gives_way_to_what_lay_below() -> None:
    said = [Said(NOON, "break", NOON + HOUR, "online"), Said(NOON + 3 * HOUR, "offline")]
    assert reports.stretches(said, NOON - HOUR, NOON + 4 * HOUR) == [
        Stretch(NOON - HOUR, NOON, ""),
        Stretch(NOON, NOON + HOUR, "break"),
        Stretch(NOON + HOUR, NOON + 3 * HOUR, "online"),
        Stretch(NOON + 3 * HOUR, NOON + 4 * HOUR, "offline"),
    ]


def test_a_temporary_status_may_have_ended_before_the_period() -> None:
    said = [Said(NOON - 5 * HOUR, "break", NOON - 4 * HOUR, "online")]
    assert reports.stretches(said, NOON, NOON + HOUR) == [Stretch(NOON, NOON + HOUR, "online")]


def test_a_temporary_status_is_cut_short_by_the_next() -> None:
    said = [Said(NOON, "break", NOON + 9 * HOUR, "online"), Said(NOON + HOUR, "offline")]
    found = reports.stretches(said, NOON, NOON + 2 * HOUR)
    assert [(one.status, one.seconds) for one in found] == [("break", 3600), ("offline", 3600)]


def test_charts_escape_what_people_are_called() -> None:
    bar = Bar("<b>", [Part("green", 2, "<script>"), Part("red", 0, "nothing")])
    for drawn in (line(bar, 4), columns([bar], "<i>")):
        assert "<script>" not in drawn
        assert "<b>" not in drawn
        assert drawn.count("<rect") == 1
    assert 'width="500.0"' in line(bar, 4)


def test_charts_of_nothing_are_drawn_too() -> None:
    assert "<rect" not in line(Bar("", []), 0)
    assert "<rect" not in columns([], "")
