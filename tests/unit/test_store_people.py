"""Cards, departments, own statuses and trunks: what may be stored, and what is refused."""

from dataclasses import replace

import pytest

from ari_app.domain.directory import CallerIdPolicy, OwnStatus, Phone, Status, Trunk
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, OwnStatusId
from ari_app.store.card import Card, DepartmentId
from ari_app.store.errors import InvalidError, NotThereError, TakenError
from ari_app.store.history import names
from ari_app.store.office import (
    Days,
    Department,
    add_department,
    add_own_status,
    change_own_status,
    departments,
    remove_department,
    rename_department,
    set_days,
    set_trunks,
)
from ari_app.store.people import add_employee, add_employees, card_of, change_employee, leave
from demo.office import TRUNK, mobile
from tests.unit.office import Sessions, loaded, person, seeded, who
from tests.unit.people import MONDAY_NOON

NEW = Card("Новый", Extension("110"), (Phone(Endpoint("110")), Phone(mobile("10"), 30)))


async def test_a_card_is_read_as_it_was_written(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        sales = await add_department(session, "Продажи", "Sales")
        card = replace(NEW, department=sales, number="+74951234510", zone="Asia/Tokyo")
        new = await add_employee(session, card)
        assert await card_of(session, new) == card


async def test_a_changed_card_keeps_status_and_rules(sessions: Sessions) -> None:
    before = person(await seeded(sessions), 102)
    async with sessions.begin() as session:
        card = await card_of(session, before.id)
        changed = replace(card, name="Борис Соколов", phones=(), extension=Extension("120"))
        await change_employee(session, before.id, changed)
    after = person(await loaded(sessions), 120)
    assert (after.name, after.phones) == ("Борис Соколов", ())
    assert (after.declared, after.rules) == (before.declared, before.rules)


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (replace(NEW, extension=Extension("101")), "extension"),
        (replace(NEW, number="+74951234501"), "number"),
    ],
)
async def test_what_somebody_has_is_taken(sessions: Sessions, card: Card, field: str) -> None:
    boris = who(await seeded(sessions), 102)
    for change in (lambda s: add_employee(s, card), lambda s: change_employee(s, boris, card)):
        async with sessions() as session:
            with pytest.raises(TakenError) as taken:
                await change(session)
        assert taken.value.field == field


async def test_what_somebody_had_who_left_is_free(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        card = await card_of(session, anna)
        await leave(session, anna, MONDAY_NOON)
        heir = await add_employee(session, replace(card, name="Heir"))
        people, _ = await names(session)
    assert who(await loaded(sessions), 101) == heir
    assert people[anna] == "Анна Кузнецова"


async def test_two_new_ones_cannot_have_one_extension(sessions: Sessions) -> None:
    async with sessions() as session:
        with pytest.raises(TakenError):
            await add_employees(session, [NEW, replace(NEW, name="Другой")])


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (replace(NEW, name="  "), "name"),
        (replace(NEW, name="x" * 201), "name"),
        (replace(NEW, name="two\nlines"), "name"),
        (replace(NEW, name="zero\0"), "name"),
        (replace(NEW, extension=Extension("1")), "extension"),
        (replace(NEW, extension=Extension("12345678")), "extension"),
        (replace(NEW, extension=Extension("1' OR 1=1")), "extension"),
        (replace(NEW, number="89165550110"), "number"),
        (replace(NEW, zone="Nowhere/Land"), "zone"),
        (replace(NEW, zone="../../etc/passwd"), "zone"),
        (replace(NEW, zone=""), "zone"),
        (replace(NEW, language="xx"), "language"),
        (replace(NEW, phones=(Phone(Endpoint("a&b")),)), "phones"),
        (replace(NEW, phones=(Phone(Endpoint("110"), 121),)), "phones"),
    ],
)
async def test_a_card_that_cannot_be_is_refused(sessions: Sessions, card: Card, field: str) -> None:
    async with sessions() as session:
        with pytest.raises(InvalidError) as invalid:
            await add_employee(session, card)
    assert invalid.value.field == field


async def test_nobody_can_be_changed_or_leave_twice(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        await leave(session, anna, MONDAY_NOON)
    for employee in (anna, EmployeeId(999)):
        async with sessions() as session:
            with pytest.raises(NotThereError):
                await leave(session, employee, MONDAY_NOON)
        async with sessions() as session:
            with pytest.raises(NotThereError):
                await change_employee(session, employee, NEW)


async def test_ten_thousand_are_added_with_ids_in_their_order(sessions: Sessions) -> None:
    cards = [
        Card(f"Employee {n}", Extension(str(n)), (Phone(Endpoint(str(n))),))
        for n in range(10_000, 20_000)
    ]
    async with sessions.begin() as session:
        ids = await add_employees(session, cards)
    office = await loaded(sessions)
    assert [office.employees[each].extension for each in ids] == [c.extension for c in cards]


async def test_departments_are_named_once_and_can_go(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        sales, support = await departments(session)
        assert (sales.name_en, support.name_ru) == ("Sales", "Поддержка")
        with pytest.raises(TakenError):
            await rename_department(session, replace(sales, name_ru="Поддержка"))
        await rename_department(session, replace(sales, name_en="Shop"))
        await remove_department(session, sales.id)
        assert await departments(session) == [support]
        assert (await card_of(session, anna)).department is None
        with pytest.raises(NotThereError):
            await rename_department(session, Department(DepartmentId(99), "a", "b"))
        with pytest.raises(NotThereError):
            await add_employee(session, replace(NEW, department=sales.id))


@pytest.mark.parametrize(
    "dial", ["PJSIP/outside", "PJSIP/{number}@a&PJSIP/b", "PJSIP/{number}@${X}", "", "{number},s"]
)
async def test_a_dial_string_that_is_not_safe_is_refused(sessions: Sessions, dial: str) -> None:
    async with sessions() as session:
        with pytest.raises(InvalidError):
            await set_trunks(session, [replace(TRUNK, dial=dial)])


async def test_trunks_keep_their_order(sessions: Sessions) -> None:
    second = Trunk("second", "PJSIP/{number}@b", CallerIdPolicy.COMPANY, "+74951234500", False)
    async with sessions.begin() as session:
        await set_trunks(session, [TRUNK])
        await set_trunks(session, [second, TRUNK])
    assert (await loaded(sessions)).trunks == (second, TRUNK)


async def test_bad_names_colours_and_countries_are_refused(sessions: Sessions) -> None:
    async with sessions() as session:
        with pytest.raises(InvalidError):
            await add_own_status(session, "", "Lunch", Status.BREAK)
        with pytest.raises(InvalidError):
            await add_own_status(session, "Обед", "Lunch", Status.BREAK, "url(x)")
        with pytest.raises(InvalidError):
            await set_days(session, Days("Russia"))
        nothing = OwnStatus(OwnStatusId(99), "Обед", "Lunch", Status.BREAK)
        with pytest.raises(NotThereError):
            await change_own_status(session, nothing)
