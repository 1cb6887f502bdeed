"""However the journal comes, in one piece or line by line, the history is the same, and told once.

What the database is asked is counted, because a journal that is quiet must cost nothing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, event
from sqlalchemy.ext.asyncio import AsyncEngine

from ari_app.domain.directory import Directory
from ari_app.record import Recorder
from ari_app.store import history
from ari_app.store.past import PastCall
from ari_app.store.rows import CallRow, CallStepRow, JournalPositionRow
from tests.unit.office import Sessions, seeded
from tests.unit.test_record import RING, WHOLE_CALL, line


def crowd(seed: int) -> list[str]:
    """Calls one into another: out of order, doubled, cut off, and lines of calls of others."""
    chance = Random(seed)
    told: list[tuple[float, str]] = []
    for number in range(12):
        begin, channel = chance.uniform(0, 20), f"c{number % 9}"
        lines = [
            ("AS_CALL", f"{chance.choice((101, 102, 999))}|{chance.choice(('inside', 'outside'))}"),
            ("AS_STEP", RING),
            ("AS_DONE", "1p|BUSY|17"),
            ("AS_STEP", RING.replace("1p", "2p")),
            ("AS_END", f"{chance.choice(('ring|2p|ANSWER|16|7|', 'hangup|2p||19||'))}"),
            ("LINKEDID_END", ""),
        ]
        for place, (kind, extra) in enumerate(lines):
            after = begin + place * chance.choice((0.5, 3))
            text = line(kind, extra, after=after, channel=channel, number="101")
            text = text.replace('"L1"', f'"L{number % 7}"')
            told += [(after, text)] * chance.choice((0, 1, 1, 1, 1, 1, 2))
        told.append((begin, line("LINKEDID_END", "", after=begin, channel=f"x{number}")))
    told.append((5.0, "rubbish\n"))
    return [text for _, text in sorted(told)]


@pytest.fixture
async def office(sessions: Sessions) -> Directory:
    return await seeded(sessions)


def recorder(journal: Path, sessions: Sessions, office: Directory) -> Recorder:
    return Recorder(journal, sessions, lambda: office, "RU")


async def told(sessions: Sessions) -> Sequence[PastCall]:
    async with sessions() as session:
        return sorted(
            await history.recent(session, 1000), key=lambda call: (call.channel_id, call.began_at)
        )


def without_numbers(calls: Sequence[PastCall]) -> list[tuple[object, ...]]:
    return [
        tuple(getattr(call, field.name) for field in fields(call) if field.name != "id")
        for call in calls
    ]


async def in_pieces(
    journal: Path, sessions: Sessions, office: Directory, pieces: Sequence[str]
) -> list[tuple[object, ...]]:
    """What the history tells of a journal that grew piece by piece."""
    async with sessions.begin() as session:
        for rows in (CallStepRow, CallRow, JournalPositionRow):
            await session.execute(delete(rows))
    journal.write_text("")
    reader = recorder(journal, sessions, office)
    for piece in pieces:
        with journal.open("a") as file:
            file.write(piece)
        await reader.catch_up()
    return without_numbers(await told(sessions))


@pytest.mark.parametrize("seed", range(6))
async def test_a_journal_in_any_pieces_tells_the_same(
    seed: int, tmp_path: Path, sessions: Sessions, office: Directory
) -> None:
    lines, journal = crowd(seed), tmp_path / "journal.csv"
    text, chance = "".join(lines), Random(seed)
    cuts = [0, *sorted(chance.sample(range(1, len(text)), 5)), len(text)]
    anywhere = [text[a:b] for a, b in pairwise(cuts)]
    line_by_line = await in_pieces(journal, sessions, office, lines)
    assert await in_pieces(journal, sessions, office, [text]) == line_by_line
    assert await in_pieces(journal, sessions, office, anywhere) == line_by_line


async def test_a_journal_read_again_from_its_beginning_changes_nothing(
    tmp_path: Path, sessions: Sessions, office: Directory
) -> None:
    journal = tmp_path / "journal.csv"
    journal.write_text("".join(WHOLE_CALL.replace('"c1"', f'"c{n}"') for n in range(9)))
    await recorder(journal, sessions, office).catch_up()
    before = await told(sessions)
    async with sessions.begin() as session:
        await session.execute(delete(JournalPositionRow))
    await recorder(journal, sessions, office).catch_up()
    assert await told(sessions) == before


async def test_a_journal_of_many_chunks_is_read_to_its_end_at_once(
    tmp_path: Path, sessions: Sessions, office: Directory
) -> None:
    journal = tmp_path / "journal.csv"
    journal.write_text("".join(WHOLE_CALL.replace('"c1"', f'"c{n}"') for n in range(120)))
    count = await recorder(journal, sessions, office).catch_up()
    assert (count, len(await told(sessions))) == (120 * 6, 120)


async def test_two_recorders_of_one_journal_tell_each_call_once(
    tmp_path: Path, sessions: Sessions, office: Directory
) -> None:
    journal = tmp_path / "journal.csv"
    journal.write_text("")
    readers = [recorder(journal, sessions, office) for _ in range(2)]
    for text in crowd(2):
        with journal.open("a") as file:
            file.write(text)
        async with asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.catch_up())
    both = without_numbers(await told(sessions))
    assert both == await in_pieces(journal, sessions, office, crowd(2))


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Every statement that the database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_a_quiet_journal_costs_the_database_nothing(
    tmp_path: Path, engine: AsyncEngine, sessions: Sessions, office: Directory
) -> None:
    journal = tmp_path / "journal.csv"
    reader = recorder(journal, sessions, office)
    await reader.catch_up()
    with statements(engine) as while_there_is_none:
        await reader.catch_up()
    journal.write_text(WHOLE_CALL + '"AS_CALL","17')
    await reader.catch_up()
    with statements(engine) as while_half_a_line_is_there:
        await reader.catch_up()
    assert (while_there_is_none, while_half_a_line_is_there) == ([], [])


async def test_ends_of_calls_that_are_not_ours_need_no_statement_each(
    tmp_path: Path, engine: AsyncEngine, sessions: Sessions, office: Directory
) -> None:
    journal = tmp_path / "journal.csv"
    journal.write_text(WHOLE_CALL)
    reader = recorder(journal, sessions, office)
    await reader.catch_up()
    counts = []
    for strangers in (1, 100):
        with statements(engine) as sent, journal.open("a") as file:
            file.write("".join(line("LINKEDID_END", "", channel=f"x{n}") for n in range(strangers)))
            file.flush()
            await reader.catch_up()
        counts.append(len(sent))
    assert counts[0] == counts[1]
