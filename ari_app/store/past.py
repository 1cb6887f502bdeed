"""Calls and their steps as the history knows them, and how rows keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.steps import Fact, Reason
from ari_app.store.rows import CallRow, CallStepRow


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call at its beginning; `employee` is whose extension was called, if anybody's.

    `by` is who called back, where the call goes to a number outside.
    """

    channel_id: str
    linked_id: str
    began_at: datetime
    caller_number: str
    caller_name: str
    is_inside: bool
    called: str
    employee: EmployeeId | None
    by: EmployeeId | None = None


class WrittenStep(Protocol):
    """A step at its beginning, as the journal tells it."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def seconds(self) -> int: ...
    @property
    def addresses(self) -> tuple[str, ...]: ...
    @property
    def target(self) -> str: ...
    @property
    def diverter(self) -> str: ...
    @property
    def sound(self) -> str: ...
    @property
    def because(self) -> tuple[Reason, ...]: ...


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step that was begun; `outcome` is None while it goes on, and where the caller hung up."""

    key: str
    at: datetime
    kind: str
    seconds: int
    addresses: tuple[str, ...]
    target: str
    diverter: str
    sound: str
    because: tuple[Reason, ...]
    by_mirror: bool
    outcome: Outcome | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call; `ending` is None while it goes on. `by` is who called back, to a number outside."""

    id: int
    channel_id: str
    linked_id: str
    began_at: datetime
    caller_number: str
    caller_name: str
    is_inside: bool
    called: str
    employee: EmployeeId | None
    ending: Ending | None
    ended_at: datetime | None
    talked_seconds: int
    steps: tuple[PastStep, ...] = ()
    by: EmployeeId | None = None


def past_call(row: CallRow, steps: Sequence[CallStepRow] = ()) -> PastCall:
    """The call that a row keeps."""
    return PastCall(
        id=row.id,
        channel_id=row.channel_id,
        linked_id=row.linked_id,
        began_at=row.began_at,
        caller_number=row.caller_number,
        caller_name=row.caller_name,
        is_inside=row.is_inside,
        called=row.called,
        employee=None if row.employee_id is None else EmployeeId(row.employee_id),
        ending=None if row.ending is None else Ending(row.ending),
        ended_at=row.ended_at,
        talked_seconds=row.talked_seconds,
        steps=tuple(map(_past_step, steps)),
        by=None if row.by_employee_id is None else EmployeeId(row.by_employee_id),
    )


def _past_step(row: CallStepRow) -> PastStep:
    return PastStep(
        key=row.key,
        at=row.at,
        kind=row.kind,
        seconds=row.seconds,
        addresses=tuple(row.addresses),
        target=row.target,
        diverter=row.diverter,
        sound=row.sound,
        because=tuple(read_reason(*reason) for reason in row.because),
        by_mirror=row.by_mirror,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        finished_at=row.finished_at,
    )


def write_reason(reason: Reason) -> list[str]:
    """A reason as the JSON list that a row keeps: fact, employee, rule, detail."""
    whose, rule = reason.employee, reason.rule
    return [
        reason.fact.value,
        "" if whose is None else str(whose),
        "" if rule is None else str(rule),
        reason.detail,
    ]


def read_reason(fact: str, employee: str, rule: str, detail: str) -> Reason:
    """A reason as `write_reason` has kept it."""
    return Reason(
        Fact(fact),
        EmployeeId(int(employee)) if employee else None,
        RuleId(int(rule)) if rule else None,
        detail,
    )
