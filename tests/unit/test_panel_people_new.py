"""New employees: the form, namesakes, roles that may be given, and the letter to register."""

from typing import Any

import pytest
from sqlalchemy import text

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension
from ari_app.domain.rights import ADMINISTRATOR, EMPLOYEE, Right, Role, Scope
from ari_app.store import audit
from ari_app.store.accounts import account
from ari_app.store.audit import Wanted
from ari_app.store.card import Card
from ari_app.store.newcomers import next_extension
from ari_app.store.people import add_employees, card_of
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, the

NEW = {"name": "Дарья Волкова", "extension": "109", "own_phone": "true", "role": str(EMPLOYEE.id)}


async def whose(office: Office, extension: str) -> EmployeeId | None:
    async with office.sessions() as session:
        query = text("SELECT id FROM employees WHERE extension = :extension AND left_at IS NULL")
        found = await session.scalar(query, {"extension": extension})
    return None if found is None else EmployeeId(found)


async def letters(office: Office) -> int:
    async with office.sessions() as session:
        return int(await session.scalar(text("SELECT count(*) FROM letters")) or 0)


async def adding_to_the_own_department(office: Office, extension: int) -> None:
    rights = {Right.ADD_EMPLOYEES: Scope.DEPARTMENT, Right.SEE_EMPLOYEES: Scope.EVERYONE}
    role = Role(0, "Набор", "Hiring", 15, {**EMPLOYEE.grants, **rights})
    await office.give_role(extension, role)


async def test_the_form_suggests_the_next_extension(admin: Browser) -> None:
    answer = await admin.get("/employees/new")
    assert "109" == attribute(answer, "#f-extension", "value")
    assert the(answer, '[name="own_phone"]').has_attr("checked")
    assert str(EMPLOYEE.id) == attribute(answer, "#f-role option", "value")


@pytest.mark.parametrize(("last", "following"), [("0899", "0900"), ("999999", "1000000")])
async def test_the_next_extension_is_one_more(office: Office, last: str, following: str) -> None:
    async with office.sessions.begin() as session:
        await add_employees(session, [Card("Last", Extension(last))])
        assert following == await next_extension(session)


async def test_after_the_longest_extension_none_is_suggested(office: Office) -> None:
    async with office.sessions.begin() as session:
        await add_employees(session, [Card("Last", Extension("9999999"))])
        assert "" == await next_extension(session)


async def test_somebody_is_added_with_a_login_and_a_letter(admin: Browser, office: Office) -> None:
    before = await letters(office)
    more = {"email": "d@example.ru", "mobile": "89160000001", "department": "2"}
    answer = await admin.post("/employees/new", **NEW, **more)
    employee = await whose(office, "109")
    assert employee is not None
    assert (303, f"/employees/{employee}") == (answer.status, answer.to)
    async with office.sessions() as session:
        card, person = await card_of(session, employee), await account(session, employee)
        line = (await audit.lines(session, Wanted(action="employee.added"), 1))[0]
    assert ((Phone(Endpoint("109")),), 2) == (card.phones, card.department)
    assert ("d.volkova", EMPLOYEE.id) == (person.login, person.role.id)
    assert ("d.volkova", employee) == (line.after["login"], line.about.id)
    assert before + 1 == await letters(office)
    assert "d.volkova" in the(await admin.get(answer.to), ".alert-success").get_text()


async def test_without_an_address_no_letter_is_sent(admin: Browser, office: Office) -> None:
    before = await letters(office)
    assert 303 == (await admin.post("/employees/new", **NEW | {"own_phone": None})).status
    employee = await whose(office, "109")
    assert employee is not None
    async with office.sessions() as session:
        assert () == (await card_of(session, employee)).phones
    assert before == await letters(office)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "a\nb"),
        ("extension", "101"),
        ("extension", "x"),
        ("email", "nobody"),
        ("mobile", "12"),
        ("position", "x" * 101),
        ("department", "99"),
        ("role", "99"),
    ],
)
async def test_what_cannot_be_stored_is_told_beside_it(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    form = {**NEW, "position": "Менеджер", field: typed}
    answer = await admin.post("/employees/new", **form)
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert form["position"] == attribute(answer, "#f-position", "value")
    assert await whose(office, "109") is None


async def test_a_namesake_is_shown_before_another_is_added(admin: Browser, office: Office) -> None:
    form = {**NEW, "name": "борис орлов"}
    answer = await admin.post("/employees/new", **form)
    assert 422 == answer.status
    assert "/employees/2" == attribute(answer, ".namesakes a", "href")
    assert await whose(office, "109") is None
    assert 303 == (await admin.post("/employees/new", **form, same_name="true")).status
    assert await whose(office, "109") is not None


async def test_the_same_form_twice_adds_one(admin: Browser, office: Office) -> None:
    assert 303 == (await admin.post("/employees/new", **NEW)).status
    assert 422 == (await admin.post("/employees/new", **NEW)).status


@pytest.mark.parametrize("extension", [105, 104])
async def test_who_may_not_add_does_not(browser: Browser, office: Office, extension: int) -> None:
    await office.give(extension, "senior")
    await browser.log_in(extension)
    assert 403 == (await browser.get("/employees/new")).status
    assert 403 == (await browser.post("/employees/new", **NEW)).status


async def test_nobody_adds_without_a_login_nor_by_another_site(
    browser: Browser, office: Office
) -> None:
    assert 303 == (await browser.get("/employees/new")).status
    await browser.log_in(101)
    assert 403 == (await browser.post("/employees/new", token="stale", **NEW)).status
    assert await whose(office, "109") is None


@pytest.mark.parametrize("more", [{}, {"department": "2"}, {"department": "1", "role": "8"}])
async def test_with_a_right_over_the_department_others_are_refused(
    browser: Browser, office: Office, more: dict[str, Any]
) -> None:
    await adding_to_the_own_department(office, 102)
    await browser.log_in(102)
    assert 422 == (await browser.post("/employees/new", **NEW | more)).status
    assert await whose(office, "109") is None


async def test_with_a_right_over_the_department_its_people_are_added(
    browser: Browser, office: Office
) -> None:
    await adding_to_the_own_department(office, 102)
    await browser.log_in(102)
    answer = await browser.get("/employees/new")
    offered = [str(option["value"]) for option in answer.html.select("#f-role option")]
    assert str(ADMINISTRATOR.id) not in offered
    assert ["1"] == [str(option["value"]) for option in answer.html.select("#f-department option")]
    assert 303 == (await browser.post("/employees/new", **NEW, department="1")).status
