"""The list of employees: found, filtered, sorted, paged, and its columns on the workstation."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import event

from ari_app.domain.directory import Status
from ari_app.domain.numbers import Extension, OwnStatusId
from ari_app.domain.rights import Right, Role, Scope
from ari_app.store.card import Card
from ari_app.store.people import add_employees, card_of, change_employee
from ari_app.store.statuses import declare
from tests.unit.panel import Answer, Browser, Office
from tests.unit.panel_html import the


def names(answer: Answer) -> list[str]:
    return [name.get_text(strip=True) for name in answer.html.select(".person-name")]


def heads(answer: Answer) -> list[str]:
    return [head.get_text(strip=True) for head in answer.html.select("table.people thead th")]


@pytest.fixture
async def english(browser: Browser) -> Browser:
    await browser.log_in(105)
    return browser


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    engine = office.sessions.kw["bind"].sync_engine
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_nobody_sees_the_list_without_a_login(browser: Browser) -> None:
    answer = await browser.get("/employees")
    assert (303, True) == (answer.status, answer.to.startswith("/login"))


async def test_the_list_needs_its_right(browser: Browser, office: Office) -> None:
    await office.give(102, "no_access")
    await browser.log_in(102)
    assert 403 == (await browser.get("/employees")).status


async def test_everybody_stands_in_the_order_of_their_names(english: Browser) -> None:
    shown = names(await english.get("/employees"))
    assert ["Emma Clarke", "James Miller", "Oliver Bennett", "Анна Кузнецова"] == shown[:4]
    assert 8 == len(shown)


async def test_the_list_is_in_russian_for_who_reads_russian(admin: Browser) -> None:
    assert "Новый сотрудник" in (await admin.get("/employees")).text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("орлов", ["Борис Орлов"]),
        ("ОРЛОВ бор", ["Борис Орлов"]),
        ("102", ["Борис Орлов"]),
        ("g.lebedev", ["Григорий Лебедев"]),
        ("smith@", ["Семён Ёлкин"]),
        ("елкин", ["Семён Ёлкин"]),
        ("ёлкин семен", ["Семён Ёлкин"]),
        ("бухгалтер", ["Семён Ёлкин"]),
        ("8 (916) 777-01-99", ["Семён Ёлкин"]),
        ("+79167770199", ["Семён Ёлкин"]),
        ("8916777", ["Семён Ёлкин"]),
        ("777-01", ["Семён Ёлкин"]),
        ("100%", []),
        ("_", []),
    ],
)
async def test_people_are_found_by_all_that_stands_on_their_card(
    english: Browser, office: Office, typed: str, found: list[str]
) -> None:
    card = Card(
        "Семён Ёлкин",
        Extension("777"),
        email="smith@example.ru",
        mobile="+79167770199",
        position="Бухгалтер",
    )
    async with office.sessions.begin() as session:
        await add_employees(session, [card])
    assert found == names(await english.get(f"/employees?search={quote(typed)}"))


async def test_nobody_found_offers_to_clear_the_filters(english: Browser) -> None:
    answer = await english.get("/employees?search=zzz")
    assert "Nobody was found" in the(answer, ".empty-title").get_text()
    assert "/employees" == the(answer, ".empty a")["href"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=break", ["Борис Орлов"]),
        ("status=offline", ["James Miller"]),
        ("status=own-1", ["Ольга Соколова"]),
        ("status=nonsense", []),
        ("ready=away", ["James Miller", "Борис Орлов", "Вера Смирнова", "Ольга Соколова"]),
        ("department=2&ready=ready", ["Emma Clarke", "Oliver Bennett"]),
        ("department=0", []),
        ("department=99", []),
    ],
)
async def test_the_list_is_filtered(english: Browser, query: str, found: list[str]) -> None:
    assert found == names(await english.get(f"/employees?{query}"))


async def test_a_status_that_is_over_does_not_count(english: Browser, office: Office) -> None:
    now = office.now()
    async with office.sessions.begin() as session:
        until = now + timedelta(minutes=5)
        await declare(session, office.who(108), OwnStatusId(1), until, now)
        await declare(session, office.who(104), Status.OFFLINE, until, now)
    assert "Oliver Bennett" in names(await english.get("/employees?status=own-1"))
    office.at = now + timedelta(minutes=6)
    assert ["Ольга Соколова"] == names(await english.get("/employees?status=own-1"))
    assert ["James Miller"] == names(await english.get("/employees?status=offline"))


async def test_whose_status_does_not_count_is_ready(english: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        card = await card_of(session, office.who(102))
        await change_employee(session, office.who(102), replace(card, uses_status=False))
    assert "Борис Орлов" in names(await english.get("/employees?ready=ready"))


@pytest.mark.parametrize(
    "query",
    ["department=x", "status=%00", "ready=maybe", "sort=password", "page=0", "search=" + "x" * 101],
)
async def test_a_filter_that_makes_no_sense_shows_nobody(english: Browser, query: str) -> None:
    answer = await english.get(f"/employees?{query}")
    assert (422, []) == (answer.status, names(answer))


@pytest.mark.parametrize(
    "column",
    [
        "name",
        "extension",
        "status",
        "department",
        "position",
        "mobile",
        "email",
        "login",
        "role",
        "number",
    ],
)
async def test_each_column_sorts_both_ways(english: Browser, column: str) -> None:
    up = names(await english.get(f"/employees?sort={column}"))
    down = names(await english.get(f"/employees?sort={column}&down=1"))
    assert set(up) == set(down)
    assert 8 == len(up)


async def test_extensions_are_sorted_as_numbers(english: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        await add_employees(
            session, [Card("Last", Extension("1000")), Card("First", Extension("20"))]
        )
    shown = names(await english.get("/employees?sort=extension"))
    assert ("First", "Last") == (shown[0], shown[-1])
    assert "Last" == names(await english.get("/employees?sort=extension&down=1"))[0]


async def test_the_sorted_column_says_so_and_turns_round(english: Browser) -> None:
    answer = await english.get("/employees?sort=status")
    head = the(answer, "th.col-status")
    assert "ascending" == head["aria-sort"]
    assert "/employees?sort=status&down=1" == the(answer, "th.col-status a")["href"]


async def many(office: Office, number: int) -> None:
    cards = [Card(f"Person {i:03d}", Extension(str(1000 + i))) for i in range(number)]
    async with office.sessions.begin() as session:
        await add_employees(session, cards)


async def test_pages_follow_each_other(english: Browser, office: Office) -> None:
    await many(office, 100)
    first = await english.get("/employees?search=person")
    assert "1–50 of 100" in first.text
    link = str(the(first, "#page-next")["href"])
    assert first.html.select_one("#page-previous") is None
    second = await english.get(link)
    assert "51–100 of 100" in second.text
    assert set(names(first)).isdisjoint(names(second))
    assert second.html.select_one("#page-next") is None


async def test_a_page_after_the_last_is_the_last(english: Browser, office: Office) -> None:
    await many(office, 60)
    assert "51–68 of 68" in (await english.get("/employees?page=99")).text


async def test_more_people_take_no_more_queries(english: Browser, office: Office) -> None:
    with counted(office) as few:
        await english.get("/employees")
    await many(office, 200)
    with counted(office) as more:
        await english.get("/employees?page=2")
    assert len(few) == len(more)
    assert len(more) <= 10


async def test_who_may_see_the_department_sees_nobody_else(
    browser: Browser, office: Office
) -> None:
    await limit_to(office, 102, 2)
    await browser.log_in(102)
    found = ["Анна Кузнецова", "Борис Орлов", "Вера Смирнова", "Григорий Лебедев"]
    assert found == names(await browser.get("/employees"))
    assert [] == names(await browser.get("/employees?search=emma"))
    assert [] == names(await browser.get("/employees?department=2"))


async def test_who_may_see_only_themselves_sees_themselves(
    browser: Browser, office: Office
) -> None:
    await limit_to(office, 102, 1)
    await browser.log_in(102)
    assert ["Борис Орлов"] == names(await browser.get("/employees"))


async def limit_to(office: Office, extension: int, scope: int) -> None:
    role = Role(0, "Узкая", "Narrow", 5, {Right.SEE_EMPLOYEES: Scope(scope)})
    await office.give_role(extension, role)


async def test_columns_are_kept_on_the_workstation_for_whoever_logs_in_there(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(105)
    answer = await browser.post(
        "/employees/columns", order=["login", "extension", "status"], shown=["login", "extension"]
    )
    assert (303, "/employees") == (answer.status, answer.to)
    assert "Max-Age=31536000" in answer.headers["Set-Cookie"]
    assert ["Name", "Login", "Extension"] == heads(await browser.get("/employees"))
    await browser.log_in(106)
    assert ["Name", "Login", "Extension"] == heads(await browser.get("/employees"))


@pytest.mark.parametrize(
    ("move", "shown"),
    [
        ("up:status", ["Name", "Status", "Extension", "Department"]),
        ("down:extension", ["Name", "Status", "Extension", "Department"]),
        ("up:extension", ["Name", "Extension", "Status", "Department"]),
        ("down:department", ["Name", "Extension", "Status", "Department"]),
        ("sideways:status", ["Name", "Extension", "Status", "Department"]),
        ("up:password", ["Name", "Extension", "Status", "Department"]),
    ],
)
async def test_a_column_is_moved_without_a_mouse(
    english: Browser, move: str, shown: list[str]
) -> None:
    chosen = ["extension", "status", "department"]
    await english.post("/employees/columns", order=chosen, shown=chosen, move=move)
    assert shown == heads(await english.get("/employees"))


async def test_all_columns_can_be_hidden_and_come_back(english: Browser) -> None:
    await english.post("/employees/columns", order=["status"])
    assert ["Name"] == heads(await english.get("/employees"))
    await english.post("/employees/columns", act="usual")
    usual = ["Name", "Extension", "Status", "Department", "Position", "Mobile"]
    assert usual == heads(await english.get("/employees"))


async def test_the_choice_of_columns_keeps_what_is_asked_for(english: Browser) -> None:
    answer = await english.post("/employees/columns", shown=[], back="search=emma&sort=status")
    assert "/employees?search=emma&sort=status" == answer.to


async def test_a_form_of_another_site_keeps_no_columns(english: Browser) -> None:
    assert 403 == (await english.post("/employees/columns", token="stale", order=[])).status


async def test_a_cookie_that_makes_no_sense_is_passed_over(english: Browser) -> None:
    url = english.client.make_url("/")
    english.client.session.cookie_jar.update_cookies({"as_columns": "x-status-status-<b>"}, url)
    assert ["Name", "Status"] == heads(await english.get("/employees"))


async def test_the_part_alone_is_sent_for_a_live_refresh(english: Browser) -> None:
    answer = await english.get("/employees", **{"Panel-Part": "people"})
    assert "<html" not in answer.text
    assert 8 == len(names(answer))


async def test_a_page_of_long_names_stays_small(english: Browser, office: Office) -> None:
    cards = [
        Card(
            f"Константинопольская-Преображенская Александра Владиславовна {i}",
            Extension(f"5{i:02}"),
        )
        for i in range(60)
    ]
    async with office.sessions.begin() as session:
        await add_employees(session, cards)
    answer = await english.get("/employees")
    assert len(zlib.compress(answer.text.encode())) < 30_000
