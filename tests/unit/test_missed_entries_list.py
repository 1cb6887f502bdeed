"""The list of missed calls in the store, on each kind of database."""

from datetime import timedelta

import pytest

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.store import call_letters, call_list, missed_calls, missed_list, outbox
from ari_app.store.call_list import Reach
from ari_app.store.letters import Letter, LetterKind, queue_about
from ari_app.store.missed_list import MissedWanted
from tests.unit.office import Sessions, seeded, who
from tests.unit.test_missed_entries import CALLER, NOON, Office

OTHER = "+79165550100"


@pytest.fixture
async def past(sessions: Sessions) -> Office:
    """Four missed calls of two numbers and a colleague, in the office of the tests."""
    people = await seeded(sessions)
    office = Office(sessions)
    ids = [str(who(people, extension)) for extension in (101, 102)]
    await office.call(ids[0], Ending.NOT_TAKEN)
    await office.call(ids[1], Ending.MESSAGE, by=OTHER)
    await office.call(ids[0], Ending.ABANDONED, by="102")
    await office.call(ids[0], Ending.LOST)
    await office.look()
    return office


async def test_a_page_goes_on_and_back_at_its_place(past: Office) -> None:
    everyone = Reach(EmployeeId(0), everyone=True)
    async with past.sessions() as session:
        newest = await missed_list.page_of_entries(session, everyone, MissedWanted(), 3)
        older = await missed_list.page_of_entries(
            session, everyone, MissedWanted(), 3, newest.older
        )
        again = await missed_list.page_of_entries(session, everyone, MissedWanted(), 3, older.newer)
    assert [one.id for one in newest.entries] == [4, 3, 2]
    assert [one.id for one in older.entries] == [1]
    assert again.entries == newest.entries
    assert (newest.newer, older.older) == (None, None)


async def test_filters_reach_and_counts(past: Office) -> None:
    everyone = Reach(EmployeeId(0), everyone=True)
    async with past.sessions() as session:
        entry = await missed_list.seen_entry(session, everyone, 1)
        assert entry is not None
        me = Reach(entry.listed.call.employee or EmployeeId(0))
        found = {
            name: [
                one.id
                for one in (await missed_list.page_of_entries(session, reach, wanted, 10)).entries
            ]
            for name, reach, wanted in (
                ("mine", me, MissedWanted()),
                ("number", everyone, MissedWanted(number=OTHER)),
                ("digits", everyone, MissedWanted(digits="0177")),
                ("since", everyone, MissedWanted(since=NOON + timedelta(minutes=3))),
                ("closed", everyone, MissedWanted(is_open=False)),
            )
        }
        counts = [await missed_list.how_many_open(session, reach) for reach in (me, everyone)]
        tried = [
            await missed_list.has_tried(session, reach, number)
            for reach, number in ((me, CALLER), (me, OTHER), (everyone, OTHER), (everyone, "112"))
        ]
        tries = await missed_list.tries(session, [CALLER, OTHER, ""], NOON)
    assert found == {
        "mine": [4, 3, 1],
        "number": [2],
        "digits": [4, 1],
        "since": [4, 3],
        "closed": [],
    }
    assert counts == [3, 4]
    assert tried == [True, False, True, False]
    assert tries == {CALLER: 2, OTHER: 1}


async def test_who_closed_it_and_what_was_tried(past: Office) -> None:
    everyone = Reach(EmployeeId(0), everyone=True)
    async with past.sessions() as session:
        entry = await missed_list.entry_of_call(session, everyone, 1)
        assert entry is not None
        whose = entry.listed.call.employee
    assert whose is not None
    await past.call(CALLER, Ending.NOT_TAKEN, by="101", back_by=whose)
    async with past.sessions.begin() as session:
        assert await missed_calls.close(session, 1, whose, NOON)
        closed = await missed_list.seen_entry(session, everyone, 1)
        last = await missed_list.last_tries(session, [CALLER, OTHER])
    assert closed is not None
    assert (closed.is_open, closed.closed_how, closed.closed_by) == (
        False,
        "by_hand",
        closed.listed.name,
    )
    assert [(number, one.ending) for number, one in last.items()] == [(CALLER, Ending.NOT_TAKEN)]


async def test_letters_about_a_call(past: Office) -> None:
    everyone = Reach(EmployeeId(0), everyone=True)
    async with past.sessions.begin() as session:
        listed = await call_list.seen_call(session, everyone, 1)
        assert listed is not None
        writer = listed.call.employee
        assert writer is not None
        letter = Letter(
            LetterKind.TO_CALLER, None, "client@example.com", "ru", {"subject": "s", "text": "t"}
        )
        assert await call_letters.known_address(session, listed.call) == ""
        number = await queue_about(session, letter, 1, NOON)
        await outbox.send_as(session, number, writer)
        again = await call_list.seen_call(session, everyone, 4)
        assert again is not None
        address = await call_letters.known_address(session, again.call)
        (about,) = await call_letters.letters_about(session, 1)
        counts = [
            await call_letters.written_since(session, writer, since)
            for since in (NOON, NOON + timedelta(seconds=1))
        ]
    assert address == "client@example.com"
    assert (about.writer, about.writer_name, about.text) == (writer, listed.name, "t")
    assert counts == [1, 0]
