"""The list of calls: whose calls are seen, what its filters find, its pages and its export."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from ari_app.domain.calls import Ending
from tests.unit.call_history import CALLER, Rang, note
from tests.unit.panel import Answer, Browser, Office
from web.call_filter import sought

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def told(answer: Answer) -> list[str]:
    """Whose extension each line of the list is about."""
    return [
        str(row.select("td")[2].select_one(".number").text)  # type: ignore[union-attr]
        for row in answer.html.select("table.calls tbody tr")
    ]


async def test_a_visitor_is_sent_to_the_login(browser: Browser) -> None:
    assert (await browser.get("/calls")).status == 303


async def test_without_the_right_there_is_no_list(browser: Browser, office: Office) -> None:
    await office.give(103, "accountant")
    await office.give(104, "no_access")
    await browser.log_in(104)
    statuses = [
        (await browser.get(path)).status for path in ("/calls", "/calls/export", "/calls/1")
    ]
    assert statuses == [403, 403, 403]


async def test_the_newest_call_is_first(browser: Browser, office: Office) -> None:
    office.at = NOON
    await note(office, Rang(102, Ending.ANSWERED, 3 * MINUTE))
    await note(office, Rang(103, Ending.NOT_TAKEN, 2 * MINUTE))
    await note(office, Rang(105, None, MINUTE))
    await browser.log_in(101)
    answer = await browser.get("/calls")
    assert (answer.status, told(answer)) == (200, ["105", "103", "102"])
    assert "идёт" in answer.text
    assert "звонок никто не принял" in answer.text


@pytest.mark.parametrize(
    ("role", "seen"),
    [("employee", ["102"]), ("senior", ["103", "102"]), ("marketer", ["105", "103", "102"])],
)
async def test_calls_are_seen_as_far_as_the_right_reaches(
    browser: Browser, office: Office, role: str, seen: list[str]
) -> None:
    office.at = NOON
    ids = [
        await note(office, Rang(to, Ending.ANSWERED, (110 - to) * MINUTE)) for to in (102, 103, 105)
    ]
    await office.give(102, role)
    await browser.log_in(102)
    assert told(await browser.get("/calls")) == seen
    exported = (await browser.get("/calls/export")).text
    assert exported.count("\r\n") == len(seen) + 1
    opened = [(await browser.get(f"/calls/{call}")).status for call in ids]
    assert opened == [200 if str(to) in seen else 404 for to in (102, 103, 105)]


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("ending=missed", ["104", "103"]),
        ("ending=answered", ["102"]),
        ("ending=abandoned", ["104"]),
        ("ending=running", ["105"]),
        ("side=inside", ["105"]),
        ("side=outside", ["104", "103", "102"]),
        ("number=8+(916)+555-01-77", ["104", "102"]),
        ("number=%2B79165550177", ["104", "102"]),
        ("number=8916555", ["104", "103", "102"]),
        ("number=5502", ["103"]),
        ("number=105", ["105"]),
        ("who=орлов", ["102"]),
        ("who=10%25", []),
        ("period=yesterday", ["107"]),
        ("period=week", ["105", "104", "103", "102", "107"]),
        ("since=2026-11-22&until=2026-11-22", ["107"]),
        ("since=2026-11-23&until=2026-11-22&number=103", ["105", "103"]),
        ("since=2026-11-24", []),
        ("department=999", []),
    ],
)
async def test_filters_find(browser: Browser, office: Office, query: str, seen: list[str]) -> None:
    office.at = NOON
    await note(office, Rang(102, Ending.ANSWERED, 5 * MINUTE))
    await note(office, Rang(103, Ending.NOT_TAKEN, 4 * MINUTE, caller="+79165550200"))
    await note(office, Rang(104, Ending.ABANDONED, 3 * MINUTE))
    await note(office, Rang(105, None, 2 * MINUTE, caller="103", is_inside=True))
    await note(office, Rang(107, Ending.ANSWERED, 20 * 60 * MINUTE, caller="+74951112233"))
    await browser.log_in(101)
    assert told(await browser.get(f"/calls?{query}")) == seen


async def test_a_department_and_an_employee_are_filters_too(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await note(office, Rang(102, Ending.ANSWERED, 5 * MINUTE))
    await note(office, Rang(105, Ending.ANSWERED, 4 * MINUTE))
    await browser.log_in(101)
    assert told(await browser.get("/calls?department=2")) == ["105"]
    answer = await browser.get(f"/calls?employee={office.who(102)}")
    assert told(answer) == ["102"]
    assert "Борис Орлов" in answer.html.select_one("form.filters").text  # type: ignore[union-attr]


async def test_a_day_begins_when_it_does_for_the_reader(browser: Browser, office: Office) -> None:
    office.at = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)  # 00:30 in Moscow
    await note(office, Rang(102, Ending.ANSWERED, 20 * MINUTE))
    await note(office, Rang(103, Ending.ANSWERED, 40 * MINUTE))
    await browser.log_in(101)
    assert told(await browser.get("/calls")) == ["102"]


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=0001-01-01", "until=9999-12-31", "ending=x", "side=x",
              "place=x", "employee=x", "department=-1", "period=always", "number=" + "1" * 101],
)  # fmt: skip
async def test_what_is_wrong_in_a_filter_is_told(browser: Browser, query: str) -> None:
    await browser.log_in(101)
    answer = await browser.get(f"/calls?{query}")
    assert answer.status == 422
    assert (await browser.get(f"/calls/export?{query}")).status == 400
    name, value = query.split("=")
    if name in {"since", "until", "number"}:
        field = answer.html.select_one(f'form.filters [name="{name}"]')
        assert field is not None
        assert (field["value"], field["aria-invalid"]) == (value, "true")


@pytest.mark.parametrize("number", ["'", "%", "_", "<script>alert(1)</script>", "\\", "🙂"])
async def test_whatever_is_typed_is_only_text(browser: Browser, number: str) -> None:
    await browser.log_in(101)
    answer = await browser.get("/calls", **{"X-Test": "1"})
    assert answer.status == 200
    async with browser.client.get("/calls", params={"number": number, "who": number}) as got:
        text = await got.text()
    assert "<script>alert" not in text


async def test_pages_lead_to_every_call_once_and_back(browser: Browser, office: Office) -> None:
    office.at = NOON
    for count in range(60):
        await note(office, Rang(102, Ending.ANSWERED, count * timedelta(seconds=1)))
    await note(office, Rang(103, Ending.ANSWERED, 60 * timedelta(seconds=1)))
    await browser.log_in(101)
    first = await browser.get("/calls?period=week")
    older = first.html.select_one('a[rel="next"]')
    assert older is not None
    assert first.html.select_one('a[rel="prev"]') is None
    second = await browser.get(str(older["href"]))
    assert (len(told(first)), len(told(second)), told(second)[-1]) == (50, 11, "103")
    newer = second.html.select_one('a[rel="prev"]')
    assert newer is not None
    assert second.html.select_one('a[rel="next"]') is None
    again = await browser.get(str(newer["href"]))
    assert again.html.select("table.calls a") == first.html.select("table.calls a")


async def test_an_empty_list_says_what_to_do(browser: Browser) -> None:
    await browser.log_in(101)
    assert "выберите период подлиннее" in (await browser.get("/calls")).text
    assert "ничего не подходит" in (await browser.get("/calls?number=123")).text


async def test_todays_list_refreshes_itself(browser: Browser, office: Office) -> None:
    office.at = NOON
    await browser.log_in(101)
    page = await browser.get("/calls")
    assert page.html.select_one('[data-live="calls"][data-part="list"]') is not None
    await note(office, Rang(104, None))
    part = await browser.get("/calls", **{"Panel-Part": "list"})
    assert told(part) == ["104"]
    assert "<html" not in part.text
    old = await browser.get("/calls?period=yesterday")
    assert old.html.select_one('[data-part="list"]') is None


async def test_the_export_opens_in_excel_and_runs_no_formula(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await note(office, Rang(103, Ending.NOT_TAKEN, name='=cmd|"/c calc"!A1'))
    await browser.log_in(101)
    async with browser.client.get("/calls/export") as got:
        raw = await got.read()
        disposition = got.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="calls-2026-11-23.csv"'
    assert raw.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert header[:2] == ["Начало", "Кто звонил"]
    assert line[:3] == ["2026-11-23 11:59:00", f"'{CALLER}", '\'=cmd|"/c calc"!A1']
    assert line[-1].startswith("Анна Кузнецова, +79165550105 → ")


async def test_the_list_is_told_in_russian(browser: Browser, office: Office) -> None:
    office.at = NOON
    await note(office, Rang(103, Ending.ABANDONED))
    await browser.log_in(101)
    text = (await browser.get("/calls")).text
    assert "звонивший положил трубку" in text
    assert "Чем закончился" in text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("+7 916 555-01-77", (CALLER, "")),
        ("89165550177", (CALLER, "")),
        ("9165550177", (CALLER, "")),
        ("101", ("", "101")),
        ("8 916", ("", "8916")),
        ("8 916 5", ("", "79165")),
        ("anna", ("anna", "")),
        ("", ("", "")),
    ],
)
def test_a_number_is_sought_as_it_is_typed(typed: str, expected: tuple[str, str]) -> None:
    assert sought(typed, "RU") == expected
