"""The directory: what was stored is what is loaded, and a refresh touches what changed only."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from ari_app.domain.directory import Directory, Limits, Phone, RingOrder, Status
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension
from ari_app.store.calendars import public_calendar
from ari_app.store.card import Card
from ari_app.store.directory import load, refresh
from ari_app.store.office import Days, days, set_days, set_trunks
from ari_app.store.people import add_employees, card_of, change_employee, leave
from ari_app.store.statuses import declare
from demo.office import TRUNK, mobile
from tests.unit.office import Sessions, loaded, person, seeded, who
from tests.unit.people import MONDAY_NOON


async def _refreshed(sessions: Sessions, before: Directory, *people: EmployeeId) -> Directory:
    async with sessions() as session:
        return await refresh(session, before, people)


async def test_a_card_is_loaded_as_it_was_written(sessions: Sessions) -> None:
    emma = person(await seeded(sessions), 105)
    assert emma.name == "Emma Clarke"
    assert emma.phones == (Phone(Endpoint("105"), 15), Phone(mobile("05"), 25))
    assert (emma.ring_order, emma.language) == (RingOrder.IN_TURN, "en")
    assert (emma.zone.key, emma.number) == ("Europe/London", "+74951234505")


async def test_limits_and_trunks_belong_to_the_directory(sessions: Sessions) -> None:
    await seeded(sessions)
    async with sessions() as session:
        office = await load(session, Limits(steps=3))
    assert (office.limits, office.trunks) == (Limits(steps=3), (TRUNK,))


async def test_a_refresh_gives_what_a_load_gives(sessions: Sessions) -> None:
    before = await seeded(sessions)
    anna, boris = who(before, 101), who(before, 102)
    async with sessions.begin() as session:
        await declare(session, anna, Status.BREAK, None, MONDAY_NOON)
        await leave(session, boris, MONDAY_NOON)
    after = await _refreshed(sessions, before, anna, boris)
    assert after == await loaded(sessions)
    assert Extension("102") not in after.extensions
    assert person(after, 103) is person(before, 103)


async def test_two_who_swap_extensions_keep_them_after_a_refresh(sessions: Sessions) -> None:
    before = await seeded(sessions)
    anna, boris = who(before, 101), who(before, 102)
    async with sessions.begin() as session:
        annas, boriss = await card_of(session, anna), await card_of(session, boris)
        spare = replace(annas, extension=Extension("199"), number=None)
        await change_employee(session, anna, spare)
        to_boris = replace(boriss, extension=annas.extension, number=annas.number)
        await change_employee(session, boris, to_boris)
        to_anna = replace(annas, extension=boriss.extension, number=boriss.number)
        await change_employee(session, anna, to_anna)
    after = await _refreshed(sessions, before, boris, anna)
    assert after == await loaded(sessions)
    assert (who(after, 101), who(after, 102)) == (boris, anna)


async def test_somebody_new_appears_by_a_refresh(sessions: Sessions) -> None:
    before = await seeded(sessions)
    async with sessions.begin() as session:
        (new,) = await add_employees(session, [Card("New", Extension("110"))])
    assert who(await _refreshed(sessions, before, new), 110) == new


async def test_a_refresh_of_many_asks_in_batches(sessions: Sessions) -> None:
    cards = [Card(f"Employee {n}", Extension(str(n))) for n in range(10_000, 11_200)]
    async with sessions.begin() as session:
        ids = await add_employees(session, cards)
        empty = await load(session)
        blank = replace(empty, employees={}, extensions={}, numbers={})
        assert await refresh(session, blank, ids) == empty


async def test_public_holidays_and_the_offices_own_days_are_free(sessions: Sessions) -> None:
    own = Days("RU", frozenset({date(2026, 11, 25)}), frozenset({date(2026, 12, 31)}))
    async with sessions.begin() as session:
        await set_days(session, own)
        office = await load(session, today=date(2026, 11, 23))
        assert await days(session) == own
    assert {date(2026, 1, 7), date(2026, 11, 25), date(2031, 1, 1)} <= office.free_days
    assert date(2026, 12, 31) not in office.free_days
    assert date(2026, 12, 31) in office.working_days


async def test_the_settings_country_counts_until_the_office_has_its_own(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        british = await load(session, today=date(2026, 11, 23), country="GB")
        await set_days(session, Days("RU"))
        russian = await load(session, today=date(2026, 11, 23), country="GB")
    assert date(2026, 12, 25) in british.free_days
    assert date(2026, 12, 25) not in russian.free_days


def test_an_unknown_country_has_no_holidays() -> None:
    assert public_calendar("XX", 2026) == (frozenset(), frozenset())


@pytest.mark.parametrize("document", ["", "{}", "[1]", '{"version":2}', "\\"])
async def test_a_rule_that_cannot_be_read_is_passed_over(sessions: Sessions, document: str) -> None:
    before = await seeded(sessions)
    broken = person(before, 106).rules[0]
    async with sessions.begin() as session:
        query = text("UPDATE rules SET document = :document WHERE id = :id")
        await session.execute(query, {"document": document, "id": broken.id})
    assert person(await loaded(sessions), 106).rules == person(before, 106).rules[1:]


async def test_a_zone_that_this_machine_lacks_is_no_obstacle(sessions: Sessions) -> None:
    await seeded(sessions)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE employees SET zone = 'Mars/Olympus'"))
    assert person(await loaded(sessions), 101).zone.key == "UTC"


async def test_an_office_without_trunks_has_none(sessions: Sessions) -> None:
    await seeded(sessions)
    async with sessions.begin() as session:
        await set_trunks(session, ())
    assert (await loaded(sessions)).trunks == ()
