"""The chains that Asterisk follows while the service is away."""

from datetime import time, timedelta

from ari_app.asterisk.fallback import FAMILY, Mirror, leading_to
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Declared,
    Hours,
    OutsideNumbers,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId
from tests.unit.fake_asterisk import FakeAstDB
from tests.unit.people import MOBILE, MONDAY_NOON, directory, employee, rule

ALL_OF_101 = {"inside-101-1", "inside-101-2", "outside-101-1", "outside-101-2"}


def _rewritten(database: FakeAstDB) -> set[str]:
    return {key.split("-")[1] for _, key in database.writes}


async def test_reconcile_writes_a_chain_for_callers_from_inside_and_from_outside() -> None:
    database = FakeAstDB()
    await Mirror(database).reconcile(directory(employee(101)), MONDAY_NOON)
    assert set(database.families[FAMILY]) == ALL_OF_101


async def test_the_chain_of_somebody_on_a_break_begins_at_the_deputy() -> None:
    database = FakeAstDB()
    office = directory(
        employee(101), employee(102, Status.BREAK, rule(1, Colleague(EmployeeId(101))))
    )
    await Mirror(database).reconcile(office, MONDAY_NOON)
    stored = database.families[FAMILY]
    chain = [stored["outside-102-1"], stored["outside-102-2"]]
    assert [step.split("|")[4] for step in chain] == ["${PJSIP_DIAL_CONTACTS(101)}", "19"]


async def test_reconcile_removes_the_chains_of_people_who_are_gone() -> None:
    database = FakeAstDB(
        {FAMILY: {"inside-999-1": "ring|x", "outside-999-2": "ring|x", "old": "x"}}
    )
    await Mirror(database).reconcile(directory(employee(101)), MONDAY_NOON)
    assert set(database.families[FAMILY]) == ALL_OF_101


async def test_reconcile_a_second_time_writes_nothing() -> None:
    database = FakeAstDB()
    office = directory(employee(101), employee(102))
    await Mirror(database).reconcile(office, MONDAY_NOON)
    database.writes.clear()
    await Mirror(database).reconcile(office, MONDAY_NOON)
    assert database.writes == []


async def test_a_deputy_who_goes_offline_changes_the_chain_of_whoever_forwards_there() -> None:
    database, away = FakeAstDB(), employee(102, Status.BREAK, rule(1, Colleague(EmployeeId(101))))
    before = directory(employee(101), away, employee(103))
    mirror = Mirror(database)
    await mirror.reconcile(before, MONDAY_NOON)
    database.writes.clear()
    after = directory(employee(101, Status.OFFLINE), away, employee(103))
    await mirror.refresh(before, after, {EmployeeId(101)}, MONDAY_NOON)
    assert _rewritten(database) == {"101", "102"}


async def test_an_extension_that_is_given_up_loses_its_chain() -> None:
    database = FakeAstDB()
    before = directory(employee(101), employee(102))
    mirror = Mirror(database)
    await mirror.reconcile(before, MONDAY_NOON)
    await mirror.refresh(before, directory(employee(101)), {EmployeeId(102)}, MONDAY_NOON)
    assert set(database.families[FAMILY]) == ALL_OF_101


async def test_the_clock_changes_chains_whose_rules_have_hours() -> None:
    evening = When(hours=(Hours(time(18), time(23)),))
    person = employee(102, Status.OFFLINE, rule(1, Voicemail(), evening))
    office, database = directory(person, employee(103)), FakeAstDB()
    mirror = Mirror(database)
    await mirror.reconcile(office, MONDAY_NOON)
    database.writes.clear()
    await mirror.tick(office, MONDAY_NOON + timedelta(hours=7))
    assert _rewritten(database) == {"102"}


async def test_the_end_of_a_temporary_status_changes_the_chain() -> None:
    until = MONDAY_NOON + timedelta(minutes=5)
    declared = Declared(Status.OFFLINE, None, until, Declared(Status.ONLINE))
    office, database = directory(employee(102, declared=declared)), FakeAstDB()
    mirror = Mirror(database)
    await mirror.reconcile(office, MONDAY_NOON)
    database.writes.clear()
    await mirror.tick(office, until)
    assert _rewritten(database) == {"102"}


def test_whoever_leads_to_somebody_is_found_over_any_number_of_colleagues() -> None:
    office = directory(
        employee(101, number=MOBILE.e164),
        employee(102, Status.BREAK, rule(1, OutsideNumbers((MOBILE,)))),
        employee(103, Status.BREAK, rule(2, Voicemail(), otherwise=Colleague(EmployeeId(102)))),
        employee(104, Status.BREAK, rule(3, Colleagues((EmployeeId(103),)))),
        employee(105),
    )
    assert leading_to(office, [EmployeeId(101)]) == {101, 102, 103, 104}


async def test_a_chain_that_gets_shorter_leaves_no_old_steps_behind() -> None:
    database, to_101 = FakeAstDB(), rule(1, Colleague(EmployeeId(101)))
    before = directory(employee(101), employee(102, Status.BREAK, to_101))
    after = directory(employee(101), employee(102, Status.OFFLINE))
    mirror = Mirror(database)
    await mirror.reconcile(before, MONDAY_NOON)
    await mirror.refresh(before, after, {EmployeeId(102)}, MONDAY_NOON)
    kept = {key for key in database.families[FAMILY] if "102" in key}
    assert kept == {"inside-102-1", "outside-102-1"}


async def test_a_step_that_is_too_long_for_asterisk_keeps_as_many_phones_as_fit() -> None:
    many = [employee(n) for n in range(200, 260)]
    to_all = rule(1, Colleagues(tuple(person.id for person in many)))
    database = FakeAstDB()
    office = directory(employee(102, Status.OFFLINE, to_all), *many)
    await Mirror(database).reconcile(office, MONDAY_NOON)
    line = database.families[FAMILY]["outside-102-1"]
    assert len(line) <= 1000
    assert line.split("|")[3].startswith("200&201&202&")
