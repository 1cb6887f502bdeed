"""Statuses that are declared, for good or for a while, over one another."""

from datetime import timedelta

import pytest

from ari_app.domain.availability import holding
from ari_app.domain.directory import Declared, OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.office import change_own_status, retire_own_status
from ari_app.store.people import leave
from ari_app.store.statuses import declare, declared_by
from tests.unit.office import Sessions, loaded, person, seeded, who
from tests.unit.people import MONDAY_NOON

SOON, LATER = MONDAY_NOON + timedelta(hours=1), MONDAY_NOON + timedelta(hours=2)


async def test_a_temporary_status_uncovers_the_permanent_one(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        stored = await declare(session, anna, Status.BREAK, SOON, MONDAY_NOON)
    assert Declared(Status.BREAK, None, SOON, Declared(Status.ONLINE)) == stored
    assert stored == person(await loaded(sessions), 101).declared
    assert Declared(Status.ONLINE) == holding(stored, SOON)


async def test_a_second_temporary_status_keeps_the_permanent_one_below(sessions: Sessions) -> None:
    vera = who(await seeded(sessions), 103)
    async with sessions.begin() as session:
        await declare(session, vera, Status.BREAK, SOON, MONDAY_NOON)
        stored = await declare(session, vera, Status.OFFLINE, LATER, MONDAY_NOON)
    below = Declared(Status.DO_NOT_DISTURB)
    assert Declared(Status.OFFLINE, None, LATER, below) == stored


async def test_a_permanent_status_ends_a_temporary_one(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        await declare(session, anna, Status.BREAK, SOON, MONDAY_NOON)
        stored = await declare(session, anna, Status.ALL_CALLS, None, MONDAY_NOON)
        assert Declared(Status.ALL_CALLS) == stored == await declared_by(session, anna)


async def test_an_own_status_behaves_as_its_base_also_when_that_changes(
    sessions: Sessions,
) -> None:
    office = await seeded(sessions)
    lunch = next(iter(office.own_statuses))
    assert Declared(Status.BREAK, lunch) == person(office, 107).declared
    async with sessions.begin() as session:
        await change_own_status(session, OwnStatus(lunch, "Обед", "Lunch", Status.OFFLINE, "red"))
    assert Declared(Status.OFFLINE, lunch) == person(await loaded(sessions), 107).declared


async def test_a_retired_status_leaves_its_base_behind(sessions: Sessions) -> None:
    office = await seeded(sessions)
    lunch = next(iter(office.own_statuses))
    async with sessions.begin() as session:
        await retire_own_status(session, lunch, MONDAY_NOON)
        with pytest.raises(NotThereError):
            await declare(session, who(office, 101), lunch, None, MONDAY_NOON)
    after = await loaded(sessions)
    assert ({}, Declared(Status.BREAK)) == (after.own_statuses, person(after, 107).declared)


async def test_an_end_that_has_passed_is_refused(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        with pytest.raises(InvalidError):
            await declare(session, anna, Status.BREAK, MONDAY_NOON, MONDAY_NOON)


async def test_who_is_not_there_cannot_declare_anything(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        await leave(session, anna, MONDAY_NOON)
    for employee in (anna, EmployeeId(999)):
        async with sessions() as session:
            with pytest.raises(NotThereError):
                await declare(session, employee, Status.BREAK, None, MONDAY_NOON)
    async with sessions() as session:
        with pytest.raises(NotThereError):
            await declare(session, employee, OwnStatusId(99), None, MONDAY_NOON)
