"""Messages in the store, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.asterisk.recordings import wav
from ari_app.domain.directory import Directory
from ari_app.store import message_list, messages
from ari_app.store.call_list import Reach
from ari_app.store.message_list import MessagesWanted
from ari_app.store.messages import NewMessage
from tests.unit.office import seeded, who

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Sessions = async_sessionmaker[AsyncSession]


async def _left(sessions: Sessions, office: Directory, to: int, number: int) -> int | None:
    new = NewMessage(
        employee=who(office, to),
        file=f"{to}/{number}.wav",
        channel_id=str(number),
        caller_number="101" if number % 2 else "+79165550199",
        caller_name="Ёлкина",
        is_inside=bool(number % 2),
        at=NOW - timedelta(minutes=number),
        milliseconds=1500,
        audio=wav(bytes(range(256)) * 100),
    )
    async with sessions.begin() as session:
        return await messages.keep(session, new)


async def test_a_file_is_taken_over_once_and_its_sound_is_kept_as_it_is(sessions: Sessions) -> None:
    office = await seeded(sessions)
    first = await _left(sessions, office, 103, 1)
    assert first is not None
    assert await _left(sessions, office, 103, 1) is None
    async with sessions() as session:
        assert await messages.audio(session, first) == wav(bytes(range(256)) * 100)
        assert await messages.audio(session, first + 999) is None


async def test_lists_end_at_somebodys_reach_and_name_colleagues(sessions: Sessions) -> None:
    office = await seeded(sessions)
    for number, to in enumerate((102, 103, 105)):
        await _left(sessions, office, to, number)
    sales = Reach(who(office, 102), 1)
    async with sessions() as session:
        everything = MessagesWanted()
        of_sales, _ = await message_list.page_of_messages(session, sales, everything, 10)
        mine, _ = await message_list.page_of_messages(
            session, Reach(who(office, 105)), everything, 10
        )
        found, _ = await message_list.page_of_messages(
            session, Reach(who(office, 101), everyone=True), MessagesWanted(who="ВЕРА"), 10
        )
        seen = await message_list.seen_message(session, sales, mine[0].id)
    assert [one.employee for one in of_sales] == [who(office, 103), who(office, 102)]
    assert [(one.colleague, one.is_inside) for one in mine] == [("", False)]
    anna = office.employees[who(office, 101)].name
    assert [(one.employee, one.colleague) for one in found] == [(who(office, 103), anna)]
    assert seen is None


async def test_pages_follow_one_another_and_new_ones_can_be_asked_for_alone(
    sessions: Sessions,
) -> None:
    office = await seeded(sessions)
    made = [await _left(sessions, office, 103, number) for number in range(5)]
    vera = who(office, 103)
    async with sessions.begin() as session:
        assert await messages.mark(session, vera, made[4] or 0, NOW)
        assert not await messages.mark(session, vera, made[4] or 0, NOW)
        assert not await messages.mark(session, who(office, 102), made[3] or 0, NOW)
        assert await messages.counts(session) == {vera: (4, 1)}
    reach = Reach(vera)
    async with sessions() as session:
        first, older = await message_list.page_of_messages(session, reach, MessagesWanted(), 3)
        second, none = await message_list.page_of_messages(
            session, reach, MessagesWanted(before=older), 3
        )
        new, _ = await message_list.page_of_messages(session, reach, MessagesWanted(is_new=True), 9)
    assert [one.id for one in [*first, *second]] == made[::-1]
    assert none is None
    assert [one.id for one in new] == made[3::-1]


async def test_what_was_forgotten_is_gone(sessions: Sessions) -> None:
    office = await seeded(sessions)
    made = [await _left(sessions, office, 103, number) for number in (1, 2)]
    vera = who(office, 103)
    async with sessions.begin() as session:
        await messages.remove(session, vera, made[0] or 0, NOW)
        await messages.forget(session, NOW + timedelta(hours=23), 0)
        assert await messages.bring_back(session, vera, made[0] or 0)
        await messages.remove(session, vera, made[0] or 0, NOW)
        await messages.forget(session, NOW + timedelta(hours=25), 0)
        assert not await messages.bring_back(session, vera, made[0] or 0)
        await messages.forget(session, NOW + timedelta(days=91), 90)
        assert await messages.counts(session) == {}
