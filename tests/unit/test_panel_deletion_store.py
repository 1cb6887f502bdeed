"""Departures, removals, groups and the log on each kind of database."""

from dataclasses import replace
from datetime import timedelta

from ari_app.domain.directory import Colleague
from ari_app.domain.numbers import OwnStatusId
from ari_app.store import audit, departures, own_statuses, removals
from ari_app.store.audit import About, Wanted, Who
from ari_app.store.finding import find_people, typed_people
from ari_app.store.groups import Group, group, groups, save_group
from ari_app.store.handover import Deed, Order
from ari_app.store.office import departments, remove_department, retire_own_status
from ari_app.store.people import card_of, change_employee
from ari_app.store.references import FINDERS
from ari_app.store.removals import RemovalKind
from ari_app.store.roles import all_holders, keepers
from tests.unit.office import Sessions, loaded, person, seeded, who
from tests.unit.people import MONDAY_NOON

LATER = MONDAY_NOON + timedelta(hours=1)


async def test_everything_is_handed_over_and_comes_back(sessions: Sessions) -> None:
    office = await seeded(sessions)
    anna, emma, vera = who(office, 101), who(office, 105), who(office, 103)
    async with sessions.begin() as session:
        card = await card_of(session, emma)
        await change_employee(session, emma, replace(card, number=None))
        number = await save_group(session, Group(0, "Группа", "Group", (vera, anna)))
    before = await loaded(sessions)
    async with sessions.begin() as session:
        orders = []
        for finder in FINDERS:
            found = await finder.find(session, anna)
            deeds = dict.fromkeys((one.id for one in found), Deed.HAND_OVER)
            orders.append((finder, Order(anna, emma, deeds, MONDAY_NOON, "RU")))
        await departures.depart(session, anna, orders, vera, MONDAY_NOON)
    after = await loaded(sessions)
    assert anna not in after.employees
    assert Colleague(emma) == person(after, 103).rules[0].then
    assert person(before, 101).number == person(after, 105).number
    async with sessions.begin() as session:
        assert (vera, emma) == (await group(session, number)).members
        (gone,) = await departures.departed(session, LATER)
        assert ("Анна Кузнецова", "Вера Смирнова", True) == (gone.name, gone.by, gone.can_undo)
        assert () == tuple(await departures.come_back(session, anna, None, LATER))
        assert (vera, anna) == (await group(session, number)).members
    assert before.employees == (await loaded(sessions)).employees


async def test_a_removed_department_comes_back_under_its_number(sessions: Sessions) -> None:
    office = await seeded(sessions)
    async with sessions.begin() as session:
        sales = next(one for one in await departments(session) if one.name_en == "Sales")
        people = await removals.department_people(session, sales.id)
        await remove_department(session, sales.id)
        memory = {"people": people}
        number = await removals.remember(session, RemovalKind.DEPARTMENT, memory, MONDAY_NOON)
    async with sessions.begin() as session:
        taken = await removals.take(session, number, list(RemovalKind), LATER)
        await removals.bring_back_department(session, sales, taken.memory["people"])
    async with sessions() as session:
        assert sales.id == (await card_of(session, who(office, 102))).department
        assert 4 == (await removals.department_sizes(session))[sales.id]


async def test_who_has_an_own_status_is_counted(sessions: Sessions) -> None:
    office = await seeded(sessions)
    (lunch,) = office.own_statuses
    async with sessions.begin() as session:
        assert {lunch: 1} == dict(await own_statuses.in_use(session))
        had = await own_statuses.havers(session, lunch)
        await retire_own_status(session, lunch, MONDAY_NOON + timedelta(days=9999))
        moment = MONDAY_NOON + timedelta(days=9999)
        await own_statuses.bring_back_own_status(session, OwnStatusId(lunch), had, moment)
    assert lunch == person(await loaded(sessions), 107).declared.own


async def test_people_are_found_in_any_letter_case(sessions: Sessions) -> None:
    office = await seeded(sessions)
    async with sessions() as session:
        found = await find_people(session, "ОРЛОВ 102", 5)
        typed = await typed_people(session, "борис орлов")
        wild = await find_people(session, "%", 5)
    assert [who(office, 102)] == [one.id for one in found] == [one.id for one in typed]
    assert [] == list(wild)


async def test_the_log_is_searched_in_any_letter_case(sessions: Sessions) -> None:
    office = await seeded(sessions)
    by = Who(who(office, 101), "Анна Кузнецова", "::1", MONDAY_NOON)
    async with sessions.begin() as session:
        about = About(who(office, 102), "Борис Орлов")
        await audit.note(session, by, "card.changed", about, ({}, {"name": "Ёж"}))
        await audit.note(session, by, "role.added", About(int(who(office, 102)), "Роль"))
    async with sessions() as session:
        assert 1 == await audit.count(session, Wanted("орлов ЕЖ"))
        assert 1 == await audit.count(session, Wanted(person=who(office, 102)))
        assert ["card.changed", "role.added"] == list(await audit.actions(session))
        newest, oldest = await audit.lines(session, Wanted(), 5)
        assert [oldest] == list(await audit.lines(session, Wanted(), 5, before=newest.id))


async def test_roles_are_counted_without_those_who_have_left(sessions: Sessions) -> None:
    office = await seeded(sessions)
    async with sessions.begin() as session:
        await departures.depart(session, who(office, 108), [], None, MONDAY_NOON)
    async with sessions() as session:
        assert {2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1} == dict(await all_holders(session))
        assert frozenset({who(office, 101)}) == await keepers(session)
        assert [] == await groups(session)
