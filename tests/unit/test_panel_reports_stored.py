"""What lists and reports ask of the database, on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Status
from ari_app.domain.numbers import Extension
from ari_app.store import call_list, reports, transfer
from ari_app.store.accounts import account
from ari_app.store.audit import Who
from ari_app.store.call_list import Reach, Wanted
from ari_app.store.card import Card
from ari_app.store.missed_reasons import newest_brief
from ari_app.store.people import add_employees
from ari_app.store.statuses import declare
from ari_app.store.transfer import Noted
from tests.unit.call_history import Rang, note
from tests.unit.office import Sessions
from tests.unit.panel import demo_office
from web.why_missed import why_missed

NOON = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Kathmandu"])
async def test_calls_are_listed_and_counted(sessions: Sessions, zone: str) -> None:
    office = await demo_office(sessions, NOON)
    for minute in range(5):
        await note(office, Rang(102, Ending.NOT_TAKEN, timedelta(minutes=1 + minute)))
    reach = Reach(office.who(103), 1)
    wanted = Wanted(since=NOON - timedelta(hours=1), until=NOON, endings=frozenset(Ending))
    async with sessions() as session:
        first = await call_list.page_of_calls(session, reach, wanted, 3)
        second = await call_list.page_of_calls(session, reach, wanted, 3, first.older)
        hours = await reports.by_hour(session, reach, wanted, ZoneInfo(zone))
        people = await reports.by_person(session, reach, wanted, 0, 5)
        counts = await reports.in_all(session, reach, wanted)
    assert (len(first.calls), len(second.calls)) == (3, 2)
    expected = (NOON - timedelta(minutes=5)).astimezone(ZoneInfo(zone)).hour
    assert hours[expected][Ending.NOT_TAKEN] == 5
    assert people[0].counts[Ending.NOT_TAKEN] == 5
    assert counts == {Ending.NOT_TAKEN: 5}


async def test_statuses_and_cards_are_read_and_written_in_bulk(sessions: Sessions) -> None:
    office = await demo_office(sessions, NOON)
    who = office.who(104)
    async with sessions.begin() as session:
        await declare(session, who, Status.BREAK, None, NOON)
        everybody = [one async for some in transfer.everybody(session) for one in some]
        await transfer.change_many(session, everybody)
        await transfer.give_roles(session, {who: 3})
        noted = Noted("card.changed", who, "x", {"a": "b"}, {"a": "c"})
        await transfer.note_many(session, Who(who, "x", "", NOON), [noted])
    async with sessions() as session:
        again = [one async for some in transfer.everybody(session) for one in some]
        said = await reports.said_by(session, [who], NOON, NOON + timedelta(hours=1))
    assert [one.entry.role for one in again if one.id == who] == [3]
    unchanged = [one for one in everybody if one.id != who]
    assert [one for one in again if one.id != who] == unchanged
    assert [one.status for one in said[who]] == ["break"]


async def test_reasons_are_read_without_the_rows_whole(sessions: Sessions) -> None:
    office = await demo_office(sessions, NOON)
    for minute in range(3):
        await note(office, Rang(102, Ending.NOT_TAKEN, timedelta(minutes=1 + minute)))
    reach, wanted = Reach(office.who(103), 1), Wanted(endings=frozenset({Ending.NOT_TAKEN}))
    async with sessions() as session:
        brief = [one async for some in newest_brief(session, reach, wanted, 2) for one in some]
        whole = [one async for some in call_list.every_call(session, reach, wanted) for one in some]
    assert [why_missed(one) for one in brief] == [why_missed(one.call) for one in whole[:2]]
    assert [len(one.steps) for one in brief] == [len(one.call.steps) for one in whole[:2]]


async def test_namesakes_of_those_before_get_logins_of_their_own(sessions: Sessions) -> None:
    names = ["Anna Bo", "Bo", "A 2", "A", "A 2", "Anna Bo", "A. Bo2"]
    logins = []
    for number, name in enumerate(names):
        async with sessions.begin() as session:
            (who,) = await add_employees(session, [Card(name, Extension(str(300 + number)))])
            logins.append((await account(session, who)).login)
    assert logins == ["a.bo", "bo", "a.2", "a", "a.22", "a.bo2", "a.bo22"]
