"""Entries of missed calls: one for each, closed as soon as somebody has reached the caller."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.missed import MissedEntries
from ari_app.store import history, missed_calls
from ari_app.store.past import NewCall
from ari_app.store.rows import CallRow
from ari_app.store.secretary_rows import MissedCallRow

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALLER = "+79165550177"
Sessions = async_sessionmaker[AsyncSession]


@dataclass
class Office:
    """A history that calls are written into, and what keeps its missed calls."""

    sessions: Sessions
    minutes: int = 0

    async def call(
        self,
        to: str,
        ending: Ending | None,
        by: str = CALLER,
        linked: str = "",
        back_by: int | None = None,
    ) -> str:
        """A call a minute after the one before; its channel."""
        self.minutes += 1
        at = NOON + self.minutes * MINUTE
        channel = f"c{self.minutes}"
        is_inside = by.isdigit()
        whose = EmployeeId(int(to)) if to.isdigit() else None
        whose_back = None if back_by is None else EmployeeId(back_by)
        new = NewCall(channel, linked or channel, at, by, "", is_inside, to, whose, whose_back)
        async with self.sessions.begin() as session:
            await history.begin_call(session, new)
            await history.move_position(session, (0, 0), (1, self.minutes))
        if ending is not None:
            await self.end(channel, ending)
        return channel

    async def end(self, channel: str, ending: Ending) -> None:
        async with self.sessions.begin() as session:
            at = NOON + self.minutes * MINUTE + MINUTE / 2
            await history.end_call(session, channel, ending, at, 5)

    def keeper(self) -> MissedEntries:
        return MissedEntries(self.sessions, lambda: NOON + self.minutes * MINUTE)

    async def look(self) -> int:
        return await self.keeper().write()

    async def entries(self) -> list[tuple[int, str, str]]:
        """Whose, which number's, and how it was closed."""
        async with self.sessions() as session:
            rows = await session.scalars(select(MissedCallRow).order_by(MissedCallRow.id))
            return [(row.employee_id, row.caller_number, row.closed_how) for row in rows]


@pytest.fixture
def past(sessions: Sessions) -> Office:
    return Office(sessions)


@pytest.mark.parametrize(
    "ending", [Ending.NOT_TAKEN, Ending.ABANDONED, Ending.MESSAGE, Ending.LOST]
)
async def test_a_call_that_nobody_answered_has_one_entry(past: Office, ending: Ending) -> None:
    await past.call("103", ending)
    assert [await past.look() for _ in range(3)] == [1, 0, 0]
    assert await past.entries() == [(103, CALLER, "")]


async def test_two_services_at_once_write_one_entry(past: Office) -> None:
    await past.call("103", Ending.NOT_TAKEN)
    await asyncio.gather(*(past.look() for _ in range(4)))
    assert await past.entries() == [(103, CALLER, "")]


async def test_a_call_of_a_colleague_has_one_too(past: Office) -> None:
    await past.call("103", Ending.ABANDONED, by="105")
    await past.look()
    assert await past.entries() == [(103, "105", "")]


async def test_an_answered_call_or_one_that_goes_on_has_none(past: Office) -> None:
    await past.call("103", Ending.ANSWERED)
    await past.call("104", None, by="+79165550100")
    assert await past.look() == 0


async def test_a_call_that_a_colleague_took_on_another_line_has_none(past: Office) -> None:
    await past.call("103", Ending.ABANDONED, linked="line")
    await past.call("104", Ending.ANSWERED, linked="line")
    assert await past.look() == 0


async def test_a_call_that_still_rings_elsewhere_is_waited_for(past: Office) -> None:
    keeper = past.keeper()
    await past.call("103", Ending.ABANDONED, linked="line")
    channel = await past.call("104", None, linked="line")
    assert await keeper.write() == 0
    await past.end(channel, Ending.NOT_TAKEN)
    await past.call("101", Ending.ANSWERED, by="+79165550100")
    assert await keeper.write() == 2


async def test_a_call_that_ends_after_later_ones_is_not_forgotten(past: Office) -> None:
    keeper = past.keeper()
    long = await past.call("103", None)
    await past.call("104", Ending.ABANDONED, by="+79165550100")
    assert await keeper.write() == 1
    await past.end(long, Ending.MESSAGE)
    assert await past.look() == 1


async def test_the_caller_is_reached_when_anybody_in_the_office_answers(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.call("104", Ending.NOT_TAKEN)
    await past.look()
    await past.call("101", Ending.ANSWERED)
    assert await past.look() == 2
    assert await past.entries() == [(103, CALLER, "reached"), (104, CALLER, "reached")]


async def test_another_number_closes_nothing(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.call("103", Ending.ANSWERED, by="+79165550100")
    await past.look()
    assert await past.entries() == [(103, CALLER, "")]


async def test_an_earlier_talk_closes_nothing(past: Office) -> None:
    await past.call("103", Ending.ANSWERED)
    await past.call("103", Ending.ABANDONED)
    await past.look()
    assert await past.entries() == [(103, CALLER, "")]


async def test_a_call_back_that_was_answered_closes_it(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.call(CALLER, Ending.NOT_TAKEN, by="103", back_by=103)
    await past.look()
    assert await past.entries() == [(103, CALLER, "")]
    await past.call(CALLER, Ending.ANSWERED, by="103", back_by=103)
    await past.look()
    assert await past.entries() == [(103, CALLER, "called_back")]


async def test_a_call_back_in_vain_is_nobodys_missed_call(past: Office) -> None:
    await past.call(CALLER, Ending.NOT_TAKEN, by="103", back_by=103)
    assert await past.look() == 0


async def test_a_colleague_is_reached_only_by_whom_they_called(past: Office) -> None:
    await past.call("103", Ending.ABANDONED, by="105")
    await past.call("101", Ending.ANSWERED, by="105")
    await past.look()
    assert await past.entries() == [(103, "105", "")]
    await past.call("105", Ending.ANSWERED, by="103")
    await past.look()
    assert await past.entries() == [(103, "105", "called_back")]


async def test_a_withheld_number_is_closed_by_no_other(past: Office) -> None:
    await past.call("103", Ending.ABANDONED, by="")
    await past.call("103", Ending.ANSWERED, by="")
    await past.look()
    assert await past.entries() == [(103, "", "")]


async def test_by_hand_it_is_closed_once_and_opened_again(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.look()
    async with past.sessions.begin() as session:
        assert await missed_calls.close(session, 1, EmployeeId(103), NOON)
        assert not await missed_calls.close(session, 1, EmployeeId(103), NOON)
        assert await missed_calls.reopen(session, 1)
        assert not await missed_calls.reopen(session, 1)
    assert await past.entries() == [(103, CALLER, "")]


async def test_the_call_that_closed_an_entry_does_not_close_it_again(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.call("103", Ending.ANSWERED)
    await past.look()
    async with past.sessions.begin() as session:
        assert await missed_calls.reopen(session, 1)
    assert await past.look() == 0
    await past.call("101", Ending.ANSWERED)
    assert await past.look() == 1


async def test_a_history_of_long_ago_makes_no_entries(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    past.minutes = 60 * 48
    assert await past.look() == 0


async def test_a_service_that_was_away_for_days_notes_what_it_missed(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.look()
    past.minutes = 60 * 24 * 5
    await past.call("104", Ending.ABANDONED, by="+79165550100")
    past.minutes = 60 * 24 * 8
    assert await past.look() == 1


async def test_nothing_is_asked_while_the_history_does_not_grow(past: Office) -> None:
    keeper = past.keeper()
    await past.call("103", Ending.ABANDONED)
    await keeper.write()
    async with past.sessions.begin() as session:
        await session.execute(update(CallRow).values(ending="answered"))
    assert await keeper.write() == 0


async def test_an_entry_goes_with_its_call(past: Office) -> None:
    await past.call("103", Ending.ABANDONED)
    await past.look()
    async with past.sessions.begin() as session:
        await history.forget(session, NOON + timedelta(days=1))
    assert await past.entries() == []
