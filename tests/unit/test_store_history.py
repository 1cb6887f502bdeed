"""The history: each call once, each step once, one ending, also when the journal is read twice."""

from collections.abc import Sequence
from datetime import timedelta

from ari_app.asterisk.steps import WrittenStep
from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.steps import Fact, Reason
from ari_app.store import history
from ari_app.store.past import NewCall, PastCall
from tests.unit.office import Sessions
from tests.unit.people import MONDAY_NOON

CHANNEL = "1795424400.7"
SECOND = timedelta(seconds=1)
FAR = (2**64 - 1, 2**40)
BECAUSE = (
    Reason(Fact.RULE_BY_STATUS, EmployeeId(102), RuleId(3), "break"),
    Reason(Fact.READY, EmployeeId(101), None, "online"),
    Reason(Fact.RUNG_ALREADY),
)
RING = WrittenStep("ring", "101p", 25, ("101", "+79165550105"), "x", "102", "", BECAUSE)
HANG_UP = WrittenStep("hangup", "102e", 0, (), "17", "", "autosecretary/busy", ())
CALL = NewCall(CHANNEL, CHANNEL, MONDAY_NOON, "+79165550100", "Иван", False, "102", EmployeeId(102))


async def _journal(sessions: Sessions, times: int = 1) -> None:
    """A call that rings in vain and is told so, read `times` times."""
    for _ in range(times):
        async with sessions.begin() as session:
            await history.begin_call(session, CALL)
            at = MONDAY_NOON + SECOND
            await history.add_step(session, CHANNEL, RING, by_mirror=False, at=at)
            at += 25 * SECOND
            await history.finish_step(session, CHANNEL, "101p", Outcome.NO_ANSWER, at)
            await history.add_step(session, CHANNEL, HANG_UP, by_mirror=True, at=at)
            await history.end_call(session, CHANNEL, Ending.NOT_TAKEN, at + SECOND, 0)
            await history.end_linked(session, CHANNEL, at + 2 * SECOND)
            await history.move_position(session, (0, 0), FAR)


async def _calls(sessions: Sessions) -> Sequence[PastCall]:
    async with sessions() as session:
        return await history.recent(session, 10)


async def test_a_call_is_told_with_its_steps_and_reasons(sessions: Sessions) -> None:
    await _journal(sessions)
    (call,) = await _calls(sessions)
    assert (call.caller_number, call.caller_name, call.called) == ("+79165550100", "Иван", "102")
    assert (call.ending, call.employee, call.began_at) == (
        Ending.NOT_TAKEN,
        EmployeeId(102),
        MONDAY_NOON,
    )
    ring, hang_up = call.steps
    assert (ring.addresses, ring.because) == (RING.addresses, BECAUSE)
    assert (ring.outcome, ring.by_mirror) == (Outcome.NO_ANSWER, False)
    assert (hang_up.kind, hang_up.outcome, hang_up.by_mirror) == ("hangup", Outcome.DONE, True)


async def test_a_journal_read_twice_changes_nothing(sessions: Sessions) -> None:
    await _journal(sessions)
    once = await _calls(sessions)
    await _journal(sessions, times=2)
    assert once == await _calls(sessions)


async def test_the_first_ending_is_the_only_one(sessions: Sessions) -> None:
    await _journal(sessions)
    async with sessions.begin() as session:
        later = MONDAY_NOON + timedelta(hours=1)
        await history.end_call(session, CHANNEL, Ending.LOST, later, 9)
        await history.finish_step(session, CHANNEL, "101p", Outcome.ANSWERED, later)
    (call,) = await _calls(sessions)
    assert (call.ending, call.talked_seconds) == (Ending.NOT_TAKEN, 0)
    assert call.steps[0].outcome is Outcome.NO_ANSWER


async def test_a_caller_who_hangs_up_leaves_the_step_without_an_outcome(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await history.begin_call(session, CALL)
        await history.add_step(session, CHANNEL, RING, by_mirror=False, at=MONDAY_NOON)
        assert [CHANNEL] == [call.channel_id for call in await history.open_calls(session)]
        await history.end_linked(session, CHANNEL, MONDAY_NOON + SECOND)
        assert await history.open_calls(session) == []
    (call,) = await _calls(sessions)
    assert (call.ending, call.steps[0].outcome) == (Ending.ABANDONED, None)
    assert call.steps[0].finished_at == MONDAY_NOON + SECOND


async def test_a_channel_that_is_transferred_back_has_a_second_call(sessions: Sessions) -> None:
    again = MONDAY_NOON + timedelta(minutes=1)
    second = NewCall(CHANNEL, CHANNEL, again, "+79165550100", "", False, "103", None)
    for _ in range(2):
        async with sessions.begin() as session:
            await history.begin_call(session, CALL)
            await history.add_step(session, CHANNEL, RING, by_mirror=False, at=MONDAY_NOON)
            await history.begin_call(session, second)
            await history.add_step(session, CHANNEL, HANG_UP, by_mirror=False, at=again)
            await history.end_call(session, CHANNEL, Ending.NOT_TAKEN, again + SECOND, 0)
    newest, first = await _calls(sessions)
    assert (first.ending, first.steps[0].outcome) == (Ending.ANSWERED, Outcome.ANSWERED)
    assert (newest.called, newest.ending) == ("103", Ending.NOT_TAKEN)
    assert ["102e"] == [step.key for step in newest.steps]


async def test_a_line_about_an_unknown_call_is_passed_over(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await history.add_step(session, "1.1", RING, by_mirror=False, at=MONDAY_NOON)
        await history.finish_step(session, "1.1", "k", Outcome.BUSY, MONDAY_NOON)
        await history.end_call(session, "1.1", Ending.ANSWERED, MONDAY_NOON, 5)
    assert await _calls(sessions) == []


async def test_hostile_text_is_kept_as_text(sessions: Sessions) -> None:
    hostile = "'; DROP TABLE calls; --\0${SHELL(x)}\u202e" + "9" * 300
    async with sessions.begin() as session:
        call = NewCall(CHANNEL, hostile, MONDAY_NOON, hostile, hostile, False, hostile, None)
        await history.begin_call(session, call)
        step = WrittenStep("ring", "k" * 300, 1, (hostile,), "t", hostile, hostile, ())
        await history.add_step(session, CHANNEL, step, by_mirror=False, at=MONDAY_NOON)
    (kept,) = await _calls(sessions)
    assert kept.caller_number == hostile.replace("\0", "")[:64]


async def test_the_history_can_be_asked_by_employee_time_and_link(sessions: Sessions) -> None:
    await _journal(sessions)
    later = MONDAY_NOON + timedelta(hours=1)
    other = NewCall("2.2", "2.1", later, "101", "Анна", True, "103", EmployeeId(103))
    async with sessions.begin() as session:
        await history.begin_call(session, other)
        everything = [call.called for call in await history.recent(session, 10)]
        newest = [call.called for call in await history.recent(session, 1)]
        his = await history.recent(session, 10, employee=EmployeeId(102))
        since = await history.recent(session, 10, since=later)
        linked = await history.recent(session, 10, linked_id="2.1")
    assert (everything, newest) == (["103", "102"], ["103"])
    assert [["102"], ["103"], ["103"]] == [[c.called for c in x] for x in (his, since, linked)]


async def test_old_calls_are_forgotten_with_their_steps(sessions: Sessions) -> None:
    await _journal(sessions)
    async with sessions.begin() as session:
        await history.forget(session, MONDAY_NOON)
        assert len(await history.recent(session, 10)) == 1
        await history.forget(session, MONDAY_NOON + timedelta(days=1))
        assert await history.recent(session, 10) == []


async def test_the_position_is_kept_with_what_was_read(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        assert await history.position(session) == (0, 0)
    await _journal(sessions)
    async with sessions.begin() as session:
        assert await history.position(session) == FAR
        assert await history.move_position(session, FAR, (5, 7))
        await session.rollback()
    async with sessions.begin() as session:
        assert await history.position(session) == FAR


async def test_of_two_readers_the_slower_one_is_told_so(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        assert await history.move_position(session, (0, 0), (5, 7))
    async with sessions.begin() as session:
        assert not await history.move_position(session, (0, 0), (5, 6))
        assert not await history.move_position(session, (5, 6), (5, 9))
        assert await history.position(session) == (5, 7)
