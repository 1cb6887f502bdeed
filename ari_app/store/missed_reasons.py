"""Missed calls with just what it takes to say why: thousands of them, without their rows whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from json import loads

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import Reason
from ari_app.store.call_list import Reach, Wanted, conditions
from ari_app.store.past import read_reason
from ari_app.store.rows import CallRow, CallStepRow

_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class BriefStep:
    kind: str
    outcome: Outcome | None
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class BriefCall:
    """A call with how it ended, and its steps with their reasons."""

    employee: EmployeeId | None
    ending: Ending | None
    steps: tuple[BriefStep, ...]


async def newest_brief(
    session: AsyncSession, reach: Reach, wanted: Wanted, most: int
) -> AsyncIterator[list[BriefCall]]:
    """The newest `most` calls, in slices that block nothing for long."""
    query = (
        select(CallRow.id, CallRow.employee_id, CallRow.ending)
        .where(*conditions(reach, wanted))
        .order_by(CallRow.began_at.desc(), CallRow.id.desc())
        .limit(most)
    )
    calls = (await session.execute(query)).all()
    # The same few reasons come again and again: each text is read once.
    read = cache(_reasons)
    for first in range(0, len(calls), _AT_ONCE):
        some = calls[first : first + _AT_ONCE]
        steps: dict[int, list[BriefStep]] = {number: [] for number, _, _ in some}
        asked = (
            select(
                CallStepRow.call_id,
                CallStepRow.kind,
                CallStepRow.outcome,
                cast(CallStepRow.because, Text),
            )
            .where(CallStepRow.call_id.in_(steps))
            .order_by(CallStepRow.id)
        )
        for number, kind, outcome, because in await session.execute(asked):
            ended = None if outcome is None else Outcome(outcome)
            steps[number].append(BriefStep(kind, ended, read(because)))
        yield [
            BriefCall(
                None if employee is None else EmployeeId(employee),
                None if ending is None else Ending(ending),
                tuple(steps[number]),
            )
            for number, employee, ending in some
        ]


def _reasons(text: str) -> tuple[Reason, ...]:
    return tuple(read_reason(*reason) for reason in loads(text))
