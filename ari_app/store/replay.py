"""Calls that took place to one employee, as they can be led once more by other rules."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Caller, Ending, Outcome
from ari_app.domain.directory import Declared, OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.domain.replay import Happened, Heard, Stop
from ari_app.domain.steps import Fact, Reason
from ari_app.store.call_list import Listed, Reach, Wanted, every_call
from ari_app.store.past import PastCall, PastStep
from ari_app.store.reports import Said, said_by

_OF_STATUS = frozenset(
    {
        Fact.READY,
        Fact.NOT_READY,
        Fact.STATUS_RINGS_ANYWAY,
        Fact.RULE_BY_STATUS,
        Fact.COLLEAGUE_NOT_READY,
    }
)
"""Facts whose detail is a status at the moment of the call."""


@dataclass(frozen=True, slots=True)
class Log:
    """What people declared over some time, and what own statuses stand for, also retired ones."""

    said: Mapping[EmployeeId, Sequence[Said]]
    own: Mapping[OwnStatusId, OwnStatus]

    def declared(self, employee: EmployeeId, at: datetime) -> Declared | None:
        """What somebody had declared; None where nothing is known."""
        holding = next((one for one in reversed(self.said.get(employee, ())) if one.at <= at), None)
        if holding is None:
            return None
        is_over = holding.until is not None and holding.until <= at
        return self.status(holding.below if is_over else holding.status)

    def status(self, detail: str) -> Declared | None:
        """A status as `Reason.detail` has it."""
        digits = detail.removeprefix("own-")
        if digits != detail:
            own = self.own.get(OwnStatusId(int(digits))) if digits.isdecimal() else None
            return None if own is None else Declared(own.base, own.id)
        return next((Declared(base) for base in Status if base.value == detail), None)


async def status_log(
    session: AsyncSession,
    whose: Collection[EmployeeId],
    period: tuple[datetime, datetime],
    own: Mapping[OwnStatusId, OwnStatus],
) -> Log:
    """What these people declared in a period."""
    return Log(await said_by(session, whose, *period), own)


async def calls_of(
    session: AsyncSession, reach: Reach, employee: EmployeeId, since: datetime, most: int
) -> AsyncIterator[list[Listed]]:
    """The calls to somebody since a moment, newest first, in slices: at most `most` and one more.

    Calls that go on, and those that Asterisk lost, are left out.
    """
    left = most + 1
    over = frozenset(Ending) - {Ending.LOST}
    async for some in every_call(
        session, reach, Wanted(since=since, employee=employee, endings=over)
    ):
        yield some[:left]
        left -= len(some)
        if left <= 0:
            return


def happened(call: PastCall, log: Log) -> Happened:
    """A call that has ended, as it is led once more."""
    because = [reason for step in call.steps for reason in step.because]
    return Happened(
        Caller(call.caller_number, call.is_inside),
        call.began_at,
        tuple(_stop(step) for step in call.steps if step.kind != "play"),
        _heard(call),
        call.ending or Ending.LOST,
        _declared(because, call.began_at, log),
    )


def _stop(step: PastStep) -> Stop:
    match step.kind:
        case "ring":
            return Stop("ring", frozenset(step.addresses))
        case "message":
            return Stop("message", frozenset({step.target}))
        case _:
            return Stop(step.kind)


def _heard(call: PastCall) -> dict[str, Heard]:
    """What each phone came to; the last ring of a call that was answered has no outcome."""
    rings = [step for step in call.steps if step.kind == "ring"]
    found: dict[str, Heard] = {}
    for step in rings:
        is_last = step is rings[-1] and call.ending is Ending.ANSWERED
        heard = Heard(step.outcome or Outcome.NO_ANSWER)
        if is_last and step.outcome in (None, Outcome.ANSWERED):
            heard = Heard(Outcome.ANSWERED, _waited(call, step))
        found |= dict.fromkeys(step.addresses, heard)
    return found


def _waited(call: PastCall, step: PastStep) -> float:
    """Seconds from the beginning of a ring until it was answered."""
    if call.ended_at is None:
        return 0.0
    whole = (call.ended_at - step.at).total_seconds()
    return max(0.0, whole - call.talked_seconds - 1)


def _declared(because: Sequence[Reason], at: datetime, log: Log) -> dict[EmployeeId, Declared]:
    """The log's statuses, but what the call's own reasons say is what was decided by."""
    found = {who: status for who in log.said if (status := log.declared(who, at)) is not None}
    for reason in reversed(because):
        if reason.fact in _OF_STATUS and reason.employee is not None:
            status = log.status(reason.detail)
            if status is not None:
                found[reason.employee] = status
    return found
