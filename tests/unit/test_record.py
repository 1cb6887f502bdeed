"""From the journal to the history: nothing twice, nothing lost, one ending for every call."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Directory
from ari_app.domain.steps import Cause, Fact
from ari_app.record import Alive, Recorder
from ari_app.store import history
from ari_app.store.past import PastCall
from tests.unit.office import Sessions, seeded, who

BEGAN = 1_795_401_090.5


def line(
    kind: str, extra: str, *, after: float = 0.0, channel: str = "c1", number: str = ""
) -> str:
    told = f'{{""extra"":""{extra}""}}' if extra else ""
    return f'"{kind}","{BEGAN + after}","{channel}","L1","{number}","","PJSIP/x-1","{told}"\n'


RING = "service|ring|1p|25|101|${PJSIP_DIAL_CONTACTS(101)}|||||25|ready^1^^online"
WHOLE_CALL = (
    line("AS_CALL", "101|outside", number="89165550100")
    + line("AS_STEP", RING, after=0.1)
    + line("AS_DONE", "1p|NOANSWER|19", after=25)
    + line(
        "AS_STEP",
        "mirror|hangup|1e|0||19||||autosecretary/unavailable||no_voicemail^1^^",
        after=25.1,
    )
    + line("AS_END", "hangup|1e|NOANSWER|19||", after=28)
    + line("LINKEDID_END", "", after=28)
)


@pytest.fixture
async def office(sessions: Sessions) -> Directory:
    return await seeded(sessions)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "autosecretary.csv"


def recorder(journal: Path, sessions: Sessions, office: Directory) -> Recorder:
    return Recorder(journal, sessions, lambda: office, "RU")


async def calls(sessions: Sessions) -> Sequence[PastCall]:
    async with sessions() as session:
        return await history.recent(session, 100)


async def test_a_call_is_told_with_its_steps_reasons_and_one_ending(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    journal.write_text(WHOLE_CALL)
    await recorder(journal, sessions, office).catch_up()
    (call,) = await calls(sessions)
    assert (call.caller_number, call.employee, call.ending) == (
        "+79165550100",
        who(office, 101),
        Ending.NOT_TAKEN,
    )
    assert [(step.kind, step.outcome, step.by_mirror) for step in call.steps] == [
        ("ring", Outcome.NO_ANSWER, False),
        ("hangup", Outcome.DONE, True),
    ]
    assert call.steps[0].because[0].fact is Fact.READY
    assert call.steps[1].target == Cause.UNAVAILABLE.value


async def test_a_recorder_that_was_killed_at_any_line_goes_on_without_a_gap_or_a_repeat(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    lines = WHOLE_CALL.splitlines(keepends=True)
    for number in range(1, len(lines) + 1):
        journal.write_text("".join(lines[:number]))
        await recorder(journal, sessions, office).catch_up()
    (call,) = await calls(sessions)
    assert (len(call.steps), call.ending) == (2, Ending.NOT_TAKEN)


async def test_a_line_that_is_only_half_written_waits_for_its_end(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    journal.write_text(WHOLE_CALL[:200])
    await recorder(journal, sessions, office).catch_up()
    journal.write_text(WHOLE_CALL)
    await recorder(journal, sessions, office).catch_up()
    (call,) = await calls(sessions)
    assert len(call.steps) == 2


async def test_a_callers_name_is_kept_without_signs_that_turn_what_stands_beside_it(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    journal.write_text(WHOLE_CALL.replace('"89165550100",""', '"89165550100","An\u202ena\u2028"'))
    await recorder(journal, sessions, office).catch_up()
    assert ["Anna"] == [call.caller_name for call in await calls(sessions)]


async def test_a_journal_whose_head_is_gone_stops_nothing(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    headless = "".join(WHOLE_CALL.splitlines(keepends=True)[2:])
    other = line("AS_CALL", "102|inside", channel="c2", number="101", after=60)
    journal.write_text(headless + "rubbish\n" + other)
    await recorder(journal, sessions, office).catch_up()
    (call,) = await calls(sessions)
    assert (call.called, call.is_inside, call.ending) == ("102", True, None)


async def test_a_call_transferred_back_is_a_second_call_and_the_first_was_answered(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    journal.write_text(
        line("AS_CALL", "101|outside")
        + line("AS_STEP", RING, after=1)
        + line("AS_CALL", "102|outside", after=9)
        + line("AS_END", "ring|2p|CANCEL|0||", after=12)
    )
    await recorder(journal, sessions, office).catch_up()
    assert [(call.called, call.ending) for call in await calls(sessions)] == [
        ("102", Ending.ABANDONED),
        ("101", Ending.ANSWERED),
    ]


async def test_a_call_that_asterisk_took_down_with_itself_is_lost(
    journal: Path, sessions: Sessions, office: Directory
) -> None:
    journal.write_text(
        line("AS_CALL", "101|outside") + line("AS_CALL", "102|outside", channel="alive")
    )
    later = datetime.fromtimestamp(BEGAN, UTC) + timedelta(minutes=1)
    reader = recorder(journal, sessions, office)
    await reader.catch_up()
    await reader.close_lost(Alive(frozenset({"alive"}), later))
    assert {call.called: call.ending for call in await calls(sessions)} == {
        "101": Ending.LOST,
        "102": None,
    }
