"""Letters about missed calls: one for each, after it ended, never when somebody answered."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from ari_app.domain.calls import Ending
from ari_app.domain.directory import MissedNotice
from ari_app.missed import MissedCalls
from ari_app.store import messages, outbox
from ari_app.store.outbox import Outgoing
from ari_app.store.panel_rows import AccountRow
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow, RuleRow
from tests.unit.panel import Office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def _called(
    office: Office,
    ending: Ending | None,
    number: int = 1,
    linked: str = "",
    minutes: int = 5,
    by_rule: int | None = None,
) -> None:
    because = [["ready", str(office.who(103)), "", "online"]]
    if by_rule is not None:
        because = [["rule_by_status", str(office.who(103)), str(by_rule), "break"]]
    began = NOW - timedelta(minutes=minutes)
    async with office.sessions.begin() as session:
        row = CallRow(
            channel_id=f"c{number}",
            linked_id=linked or f"c{number}",
            began_at=began,
            caller_number="+79165550199",
            caller_name="Evil\r\nBcc: x",
            is_inside=False,
            called="103",
            employee_id=office.who(103),
            ending=None if ending is None else ending.value,
            ended_at=None if ending is None else began + timedelta(seconds=30),
            talked_seconds=0,
        )
        session.add(row)
        await session.flush()
        session.add(
            CallStepRow(
                call_id=row.id,
                key="r",
                at=began,
                kind="ring",
                seconds=20,
                addresses=["103"],
                target="",
                diverter="",
                sound="",
                because=because,
                by_mirror=False,
                outcome="no_answer",
            )
        )


async def _letters(office: Office) -> list[Outgoing]:
    async with office.sessions() as session:
        return await outbox.outgoing(session, None)


async def _with_address(office: Office) -> MissedCalls:
    async with office.sessions.begin() as session:
        to = update(EmployeeRow).where(EmployeeRow.id == office.who(103))
        await session.execute(to.values(email="vera@example.com"))
    return MissedCalls(
        office.sessions, lambda: office.directory, lambda: NOW, "https://pbx.example"
    )


async def test_a_missed_call_is_written_about_once_with_path_and_reason(office: Office) -> None:
    missed = await _with_address(office)
    await _called(office, Ending.NOT_TAKEN)
    assert [await missed.write() for _ in range(3)] == [1, 0, 0]
    (letter,) = await _letters(office)
    assert (letter.to_address, letter.language) == ("vera@example.com", "ru")
    assert letter.values["caller"] == "+79165550199"
    assert "103" in letter.values["path"]
    assert "Вера" in letter.values["why"]
    assert letter.values["link"].startswith("https://pbx.example/calls/")


async def _rule_with(office: Office, notice: MissedNotice) -> int:
    """The first rule of 103, written about as it says; its number."""
    whose = RuleRow.employee_id == office.who(103)
    async with office.sessions.begin() as session:
        await session.execute(update(RuleRow).where(whose).values(notice=notice.value))
        return await session.scalar(select(func.min(RuleRow.id)).where(whose)) or 0


@pytest.mark.parametrize(
    ("notice", "by_account", "letters"),
    [
        (MissedNotice.AS_SET, True, 1),
        (MissedNotice.AS_SET, False, 0),
        (MissedNotice.LETTER, False, 1),
        (MissedNotice.NOTHING, True, 0),
    ],
)
async def test_a_rule_says_whether_its_missed_calls_are_written_about(
    office: Office, notice: MissedNotice, by_account: bool, letters: int
) -> None:
    missed = await _with_address(office)
    rule = await _rule_with(office, notice)
    whose = update(AccountRow).where(AccountRow.employee_id == office.who(103))
    async with office.sessions.begin() as session:
        await session.execute(whose.values(missed_call_letters=by_account))
    await _called(office, Ending.NOT_TAKEN, by_rule=rule)
    await missed.write()
    assert letters == len(await _letters(office))


async def test_a_page_full_of_calls_that_nobody_is_written_about_is_passed(office: Office) -> None:
    missed = await _with_address(office)
    rule = await _rule_with(office, MissedNotice.NOTHING)
    for number in range(1, 104):
        await _called(office, Ending.NOT_TAKEN, number, by_rule=rule)
    await _called(office, Ending.NOT_TAKEN, 104)
    assert 1 == sum([await missed.write() for _ in range(3)])


async def test_another_service_does_not_write_it_again(office: Office) -> None:
    await _called(office, Ending.ABANDONED)
    for _ in range(2):
        await (await _with_address(office)).write()
    assert len(await _letters(office)) == 1


async def test_a_call_that_goes_on_is_written_about_after_it_ended(office: Office) -> None:
    missed = await _with_address(office)
    await _called(office, None)
    assert await missed.write() == 0
    async with office.sessions.begin() as session:
        await session.execute(update(CallRow).values(ending="abandoned", ended_at=NOW))
    assert await missed.write() == 1


async def test_a_call_that_was_answered_or_taken_by_a_colleague_is_not_missed(
    office: Office,
) -> None:
    missed = await _with_address(office)
    await _called(office, Ending.ANSWERED)
    await _called(office, Ending.ABANDONED, 2, linked="c3")
    await _called(office, Ending.ANSWERED, 3, linked="c3")
    assert await missed.write() == 0


async def test_who_does_not_want_letters_gets_none(office: Office) -> None:
    missed = await _with_address(office)
    async with office.sessions.begin() as session:
        await session.execute(update(AccountRow).values(missed_call_letters=False))
    await _called(office, Ending.NOT_TAKEN)
    assert await missed.write() == 0


async def test_calls_of_long_ago_are_not_written_about(office: Office) -> None:
    missed = await _with_address(office)
    await _called(office, Ending.NOT_TAKEN, minutes=600)
    assert await missed.write() == 0


async def test_who_hung_up_after_the_tone_left_no_message_and_is_written_about(
    office: Office,
) -> None:
    missed = await _with_address(office)
    await _called(office, Ending.MESSAGE, minutes=0)
    assert await missed.write() == 0
    async with office.sessions.begin() as session:
        await messages.nothing_said(session, 1, "103/1.wav")
    assert await missed.write() == 1


async def test_who_left_a_message_is_not_written_about_as_missed(office: Office) -> None:
    missed = await _with_address(office)
    await _called(office, Ending.MESSAGE)
    assert [await missed.write() for _ in range(2)] == [0, 0]
