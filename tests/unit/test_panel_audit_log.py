"""The audit log: searched in any letter case, filtered, paged, as a file, without secrets."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from ari_app.store import audit
from ari_app.store.audit import About, Who
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import the
from web.audit_words import ACTIONS
from web.routes import ROUTES

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "Zebra-4711-marker"


async def noted(office: Office, action: str, name: str, at: datetime = MONDAY) -> None:
    who = Who(office.who(101), "Анна Кузнецова", "192.0.2.7", at)
    change = ({"email": None, "uses_status": True}, {"email": "Ёлка@Example.org"})
    async with office.sessions.begin() as session:
        await audit.note(session, who, action, About(office.who(102), name), change)


def shown(page: str) -> bool:
    return "<strong>Борис Орлов</strong>" in page


async def test_the_log_needs_its_right(browser: Browser) -> None:
    assert 303 == (await browser.get("/audit")).status
    await browser.log_in(102)
    assert 403 == (await browser.get("/audit")).status
    assert 403 == (await browser.get("/audit/export")).status


async def test_an_empty_log_says_what_it_is_for(admin: Browser) -> None:
    assert "Ничего не найдено" in (await admin.get("/audit")).text


async def test_a_line_tells_who_did_what_before_and_after(admin: Browser, office: Office) -> None:
    await noted(office, "card.changed", "Борис Орлов")
    row = the(await admin.get("/audit"), "tbody tr").get_text(" ", strip=True)
    assert all(
        part in row
        for part in (
            "Анна Кузнецова",
            "192.0.2.7",
            "Карточка изменена",
            "Электронная почта",
            "Ёлка@",
        )
    )


@pytest.mark.parametrize("search", ["ОРЛОВ", "кузнецова", "елка@example", "192.0.2", "борис елка"])
async def test_a_search_finds_names_and_values_in_any_case(
    admin: Browser, office: Office, search: str
) -> None:
    await noted(office, "card.changed", "Борис Орлов")
    assert shown((await admin.get(f"/audit?search={search}")).text)


@pytest.mark.parametrize("search", ["%25", "_", "Соколова", "борис соколова"])
async def test_a_search_does_not_find_what_is_not_there(
    admin: Browser, office: Office, search: str
) -> None:
    await noted(office, "card.changed", "Борис Орлов")
    assert not shown((await admin.get(f"/audit?search={search}")).text)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("action=card.changed", True),
        ("action=role.added", False),
        ("person=102", True),
        ("person=101", True),
        ("person=103", False),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("until=2026-03-01", False),
    ],
)
async def test_the_log_is_filtered(
    admin: Browser, office: Office, query: str, is_found: bool
) -> None:
    await noted(office, "card.changed", "Борис Орлов")
    assert is_found == shown((await admin.get(f"/audit?{query}")).text)


@pytest.mark.parametrize("action", ["letter.retried", "missed.closed", "role.changed"])
async def test_a_thing_with_the_number_of_a_person_is_not_about_the_person(
    admin: Browser, office: Office, action: str
) -> None:
    await noted(office, action, "Борис Орлов")
    assert not shown((await admin.get("/audit?person=102")).text)
    assert shown((await admin.get("/audit?person=101")).text)


@pytest.mark.parametrize("query", ["person=nobody", "since=x", "page=x"])
async def test_a_filter_that_makes_no_sense_is_told(admin: Browser, query: str) -> None:
    assert 422 == (await admin.get(f"/audit?{query}")).status
    assert 400 == (await admin.get(f"/audit/export?{query}")).status


async def test_a_long_log_has_pages(admin: Browser, office: Office) -> None:
    for count in range(52):
        await noted(office, "card.changed", f"№{count:03}")
    first, second = await admin.get("/audit"), await admin.get("/audit?page=2")
    assert (50, 2) == (len(first.html.select("tbody tr")), len(second.html.select("tbody tr")))
    assert "№000" in second.text


async def test_an_action_without_words_is_shown_as_it_is(admin: Browser, office: Office) -> None:
    await noted(office, "robot.danced", "Борис Орлов")
    assert "robot.danced" in (await admin.get("/audit")).text


async def test_the_file_has_the_same_lines(admin: Browser, office: Office) -> None:
    await noted(office, "card.changed", "=Борис")
    answer = await admin.get("/audit/export?action=card.changed")
    assert "text/csv; charset=utf-8" == answer.headers["Content-Type"]
    assert "Карточка изменена" in answer.text
    assert ";=Борис" not in answer.text


async def test_what_people_type_is_escaped(admin: Browser, office: Office) -> None:
    await noted(office, "card.changed", "<script>alert(1)</script>")
    assert "<script>alert" not in (await admin.get("/audit")).text


def test_every_action_has_a_noun_and_a_verb() -> None:
    assert all(action.count(".") == 1 for action in ACTIONS)


async def test_no_form_leaves_a_secret_in_the_log(admin: Browser, office: Office) -> None:
    """Every form is sent with a marker in the fields that hold passwords, PINs and codes."""
    secret = dict.fromkeys(
        ("password", "again", "new_password", "old_password", "current", "pin", "code", "token"),
        SECRET,
    )
    paths = [route.path for route in ROUTES if route.method == "POST" and route.path != "/logout"]
    for path in paths:
        await admin.log_in(101)
        filled = path.replace("{id}", str(office.who(103))).replace("{employee}", "3")
        await admin.client.post(
            filled, data={"csrf": await admin.token(), **secret}, allow_redirects=False
        )
    async with office.sessions() as session:
        rows = await session.execute(text("SELECT * FROM audit"))
        written = "\n".join(str(row) for row in rows)
    assert SECRET.casefold() not in written.casefold()
