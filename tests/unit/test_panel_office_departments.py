"""Departments: added, renamed, removed with what that does said before, and brought back."""

import pytest

from ari_app.store import audit
from ari_app.store import office as store
from ari_app.store.audit import Wanted
from ari_app.store.people import card_of
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, undo_address

NEW = {"name_ru": "Склад", "name_en": "Warehouse"}


async def the_names(office: Office) -> set[str]:
    async with office.sessions() as session:
        return {one.name_en for one in await store.departments(session)}


async def the_actions(office: Office) -> list[str]:
    async with office.sessions() as session:
        return [line.action for line in await audit.lines(session, Wanted(), 50)]


async def sales(office: Office) -> int:
    async with office.sessions() as session:
        found = await store.departments(session)
    return next(one.id for one in found if one.name_en == "Sales")


async def test_the_list_names_departments_with_their_people(admin: Browser, office: Office) -> None:
    answer = await admin.get("/office")
    rows = [row.get_text(" ", strip=True) for row in answer.html.select("tbody tr")]
    assert "Продажи 4" in rows


async def test_the_list_is_in_russian_for_who_reads_russian(admin: Browser) -> None:
    text = (await admin.get("/office")).text
    assert "Добавить отдел" in text


@pytest.mark.parametrize(
    "path",
    ["/office", "/office/groups", "/office/statuses", "/office/departments/1", "/office/groups/1"],
)
async def test_nobody_sees_the_office_without_a_login(browser: Browser, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status, answer.to.startswith("/login")) == (303, True)


@pytest.mark.parametrize("path", ["/office", "/office/groups", "/office/statuses"])
async def test_the_office_needs_its_right(browser: Browser, path: str) -> None:
    await browser.log_in(102)
    assert 403 == (await browser.get(path)).status
    assert 403 == (await browser.post(path if path != "/office" else "/office/departments")).status


async def test_a_department_is_added_and_noted(admin: Browser, office: Office) -> None:
    answer = await admin.post("/office/departments", **NEW)
    assert (303, "/office") == (answer.status, answer.to)
    assert {"Sales", "Support", "Warehouse"} == await the_names(office)
    assert "department.added" in await the_actions(office)


async def test_the_same_department_twice_is_refused_beside_the_field(admin: Browser) -> None:
    await admin.post("/office/departments", **NEW)
    answer = await admin.post("/office/departments", **NEW)
    assert 422 == answer.status
    assert "Склад" == attribute(answer, "#f-name_ru", "value")
    assert answer.html.select_one("#h-name_ru.invalid-feedback")


@pytest.mark.parametrize("field", ["name_ru", "name_en"])
@pytest.mark.parametrize("typed", ["", "a\tb", "x" * 101])
async def test_a_bad_name_is_told_beside_it_and_the_rest_stays(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    other = "name_en" if field == "name_ru" else "name_ru"
    answer = await admin.post("/office/departments", **{**NEW, field: typed})
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert NEW[other] == attribute(answer, f"#f-{other}", "value")
    assert {"Sales", "Support"} == await the_names(office)


async def test_a_form_of_another_site_changes_nothing(admin: Browser, office: Office) -> None:
    answer = await admin.post("/office/departments", token="stale", **NEW)
    assert 403 == answer.status
    assert {"Sales", "Support"} == await the_names(office)


async def test_a_department_is_renamed(admin: Browser, office: Office) -> None:
    path = f"/office/departments/{await sales(office)}"
    assert 303 == (await admin.post(path, **NEW)).status
    assert {"Warehouse", "Support"} == await the_names(office)


async def test_a_department_that_is_not_there_is_not_found(admin: Browser) -> None:
    assert 404 == (await admin.get("/office/departments/99")).status
    assert 404 == (await admin.post("/office/departments/99", **NEW)).status
    assert 404 == (await admin.post("/office/departments/99/remove")).status
    assert 404 == (await admin.get("/office/departments/x")).status


async def test_removing_says_before_what_it_does(admin: Browser, office: Office) -> None:
    text = (await admin.get(f"/office/departments/{await sales(office)}")).text
    assert "4 сотрудника останутся без отдела" in text


async def test_a_removed_department_comes_back_with_its_people(
    admin: Browser, office: Office
) -> None:
    number = await sales(office)
    await admin.post(f"/office/departments/{number}/remove")
    assert {"Support"} == await the_names(office)
    async with office.sessions() as session:
        assert (await card_of(session, office.who(102))).department is None
    undo = undo_address(await admin.get("/office"))
    assert "/office" == (await admin.post(undo)).to
    async with office.sessions() as session:
        assert number == (await card_of(session, office.who(102))).department
    assert "department.brought_back" in await the_actions(office)


async def test_the_same_removal_is_not_undone_twice(admin: Browser, office: Office) -> None:
    await admin.post(f"/office/departments/{await sales(office)}/remove")
    undo = undo_address(await admin.get("/office"))
    await admin.post(undo)
    await admin.post(undo)
    assert (await admin.get("/office")).html.select_one(".alert-danger")


async def test_people_are_found_while_one_types(admin: Browser) -> None:
    found = (await admin.get("/find/people?search=борис")).text
    assert '["102 Борис Орлов"]' == found


async def test_nobody_finds_people_without_the_right_to_see_them(
    browser: Browser, office: Office
) -> None:
    await office.give(102, "no_access")
    await browser.log_in(102)
    assert 403 == (await browser.get("/find/people?search=a")).status
