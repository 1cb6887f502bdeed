"""Missed calls in the panel: who sees which, what stands there, closing, calling back."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.calls import Ending
from ari_app.missed import MissedEntries
from ari_app.store import audit, history
from ari_app.store.past import NewCall
from ari_app.store.rows import CallRow
from ari_app.store.secretary_rows import MissedCallRow
from tests.unit.call_history import CALLER, Rang, note
from tests.unit.panel import Answer, Browser, Office

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def miss(office: Office, *rang: Rang) -> list[int]:
    """Missed calls with their entries; the entries' ids."""
    office.at = office.at or NOON
    for one in rang:
        await note(office, one)
    await MissedEntries(office.sessions, office.now).write()
    return list(range(1, len(rang) + 1))


def whose(answer: Answer) -> list[str]:
    return [
        str(row.select("td")[2].select_one(".number").text)  # type: ignore[union-attr]
        for row in answer.html.select("table.missed tbody tr")
    ]


def text_of(answer: Answer, place: str) -> str:
    return " ".join(" ".join(one.text.split()) for one in answer.html.select(place))


async def test_a_visitor_is_sent_to_the_login(browser: Browser) -> None:
    assert (await browser.get("/missed")).status == 303


async def test_without_the_right_there_is_no_list(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(102, Ending.NOT_TAKEN))
    await office.give(104, "no_access")
    await browser.log_in(104)
    answers = [
        await browser.get("/missed"),
        await browser.post(f"/missed/{entry}/close"),
        await browser.post(f"/missed/{entry}/open"),
    ]
    assert [answer.status for answer in answers] == [403, 403, 403]


async def test_an_office_that_missed_nothing_is_told_what_comes_here(browser: Browser) -> None:
    await browser.log_in(105)
    answer = await browser.get("/missed")
    assert "Nobody waits to be called back" in answer.text


@pytest.mark.parametrize(
    ("role", "seen"),
    [("employee", ["102"]), ("senior", ["103", "102"]), ("marketer", ["105", "103", "102"])],
)
async def test_entries_are_seen_as_far_as_the_right_reaches(
    browser: Browser, office: Office, role: str, seen: list[str]
) -> None:
    entries = await miss(
        office, *(Rang(to, Ending.NOT_TAKEN, (110 - to) * MINUTE) for to in (102, 103, 105))
    )
    await office.give(102, role)
    await browser.log_in(102)
    assert whose(await browser.get("/missed")) == seen
    closed = [(await browser.post(f"/missed/{entry}/close")).status for entry in entries]
    assert closed == [303 if str(to) in seen else 404 for to in (102, 103, 105)]


async def test_an_entry_tells_who_when_and_why(browser: Browser, office: Office) -> None:
    await miss(
        office, Rang(105, Ending.MESSAGE, 3 * MINUTE), Rang(105, Ending.NOT_TAKEN, 2 * MINUTE)
    )
    await browser.log_in(105)
    answer = await browser.get("/missed")
    row = text_of(answer, "table.missed tbody tr:last-child")
    for part in (CALLER, "Иван", "left a message", "voicemail", "2 tries", "Break"):
        assert part in row
    assert "2 open" in text_of(answer, ".missed-open")


@pytest.mark.parametrize(
    ("ending", "told"), [(Ending.NOT_TAKEN, "nobody took the call"), (None, "going on")]
)
async def test_what_came_of_calling_back_stands_there(
    browser: Browser, office: Office, ending: Ending | None, told: str
) -> None:
    await miss(office, Rang(105, Ending.ABANDONED, 5 * MINUTE))
    at = NOON - MINUTE
    new = NewCall("back", "back", at, "106", "", True, CALLER, None, office.who(106))
    async with office.sessions.begin() as session:
        await history.begin_call(session, new)
        if ending is not None:
            await history.end_call(session, "back", ending, NOON, 0)
    await browser.log_in(105)
    row = text_of(await browser.get("/missed"), "table.missed tbody tr")
    assert f"called back, James Miller, 08:59: {told}" in row


async def test_a_colleague_is_called_by_name(browser: Browser, office: Office) -> None:
    await miss(office, Rang(105, Ending.ABANDONED, caller="106", name="", is_inside=True))
    await browser.log_in(105)
    assert "James Miller" in text_of(await browser.get("/missed"), "table.missed")


async def test_a_name_is_shown_as_text(browser: Browser, office: Office) -> None:
    await miss(office, Rang(105, Ending.ABANDONED, name="<script>alert(1)</script>"))
    await browser.log_in(105)
    answer = await browser.get("/missed")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_filters_find_what_they_say(browser: Browser, office: Office) -> None:
    entries = await miss(
        office,
        Rang(102, Ending.NOT_TAKEN, 3 * MINUTE, caller="+79165550100"),
        Rang(103, Ending.NOT_TAKEN, timedelta(hours=13)),
        Rang(105, Ending.ABANDONED, MINUTE),
    )
    await browser.log_in(101)
    await browser.post(f"/missed/{entries[2]}/close")
    found = {
        query: whose(await browser.get(f"/missed?{query}"))
        for query in (
            "",
            "state=closed",
            "state=all",
            "number=8+916+555-01-00",
            "who=орлов",
            "period=today",
            "period=dates",
            "since=2026-11-22&until=2026-11-22",
            "department=1",
        )
    }
    assert found == {
        "": ["102", "103"],
        "state=closed": ["105"],
        "state=all": ["105", "102", "103"],
        "number=8+916+555-01-00": ["102"],
        "who=орлов": ["102"],
        "period=today": ["102"],
        "period=dates": ["102", "103"],
        "since=2026-11-22&until=2026-11-22": ["103"],
        "department=1": ["102", "103"],
    }


@pytest.mark.parametrize(
    "query", ["state=x", "since=yesterday", "place=1;DROP", f"number={'1' * 101}", "department=0"]
)
async def test_a_filter_that_is_wrong_says_so(browser: Browser, query: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(f"/missed?{query}")).status == 422


async def test_ten_thousand_entries_come_a_page_at_a_time(browser: Browser, office: Office) -> None:
    office.at = NOON
    async with office.sessions.begin() as session:
        for number in range(10_000):
            at = NOON - number * MINUTE
            session.add(
                CallRow(
                    id=number + 1,
                    channel_id=f"c{number}",
                    linked_id=f"c{number}",
                    began_at=at,
                    caller_number=CALLER,
                    caller_name="",
                    is_inside=False,
                    called="102",
                    employee_id=office.who(102),
                    ending="not_taken",
                    ended_at=at,
                    talked_seconds=0,
                )
            )
        await session.flush()
        for number in range(10_000):
            at = NOON - number * MINUTE
            session.add(
                MissedCallRow(
                    call_id=number + 1,
                    employee_id=office.who(102),
                    caller_number=CALLER,
                    at=at,
                    closed_how="",
                )
            )
    await browser.log_in(101)
    first = await browser.get("/missed")
    older = first.html.select_one('.pager a[rel="next"]')
    assert older is not None
    second = await browser.get(str(older["href"]))
    newer = second.html.select_one('.pager a[rel="prev"]')
    assert newer is not None
    again = await browser.get(str(newer["href"]))
    assert (len(whose(first)), len(whose(second))) == (50, 50)
    links = [[str(a["href"]) for a in answer.html.select("td.when a")] for answer in (first, again)]
    assert links[0] == links[1]
    assert not set(links[0]) & {str(a["href"]) for a in second.html.select("td.when a")}
    assert "10 000" in text_of(first, ".missed-open")


async def test_closing_is_noted_and_undone(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(105)
    closed = await browser.post(f"/missed/{entry}/close", back="/missed?state=all")
    assert (closed.status, closed.to) == (303, "/missed?state=all")
    answer = await browser.get("/missed?state=all")
    assert "The missed call was closed" in answer.text
    assert "closed by hand, Emma Clarke" in text_of(answer, "tr.is-closed")
    undo = answer.html.select_one('.alert form[action$="/open"]')
    assert undo is not None
    await browser.post(str(undo["action"]))
    assert whose(await browser.get("/missed")) == ["105"]
    async with office.sessions() as session:
        lines = await audit.lines(session, audit.Wanted(), 10)
    assert {line.action for line in lines} >= {"missed.closed", "missed.opened"}


async def test_closing_twice_changes_nothing(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(105)
    statuses = [(await browser.post(f"/missed/{entry}/close")).status for _ in range(2)]
    assert statuses == [303, 303]


async def test_a_stale_form_and_a_wrong_method_are_refused(
    browser: Browser, office: Office
) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(105)
    stale = [
        (await browser.post(path, token="x")).status
        for path in (f"/missed/{entry}/close", f"/missed/{entry}/open", "/call-back")
    ]
    wrong = [(await browser.get(path)).status for path in (f"/missed/{entry}/close", "/call-back")]
    assert (stale, wrong) == ([403, 403, 403], [405, 405])
    assert whose(await browser.get("/missed")) == ["105"]


async def test_back_leads_nowhere_else(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(105)
    closed = await browser.post(f"/missed/{entry}/close", back="https://evil.example/")
    assert closed.to == "/"


async def test_in_russian(browser: Browser, office: Office) -> None:
    await miss(office, Rang(102, Ending.NOT_TAKEN))
    await browser.log_in(102)
    answer = await browser.get("/missed")
    for text in ("Пропущенные звонки", "Что произошло", "Закрыть", "1 открытый", "Написать"):
        assert text in answer.text
