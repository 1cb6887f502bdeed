"""Calls that were missed and have not been written about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.directory import MissedNotice
from ari_app.domain.steps import Fact
from ari_app.store.letters import LetterKind
from ari_app.store.panel_rows import AccountRow, LetterRow
from ari_app.store.past import PastCall, past_call
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow, RuleRow

_MISSED = tuple(ending.value for ending in (Ending.NOT_TAKEN, Ending.ABANDONED, Ending.LOST))
_FOLLOWED = frozenset({Fact.RULE_BY_STATUS, Fact.RULE_BY_SITUATION})
_AT_ONCE = 100
_RECORDING_LOOKED_AT = timedelta(seconds=30)
"""Within this time after a call it is known whether anything was said."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed call, and the employee who wants to read of it."""

    call: PastCall
    name: str
    email: str
    language: str
    zone: str


async def begin_at(session: AsyncSession, since: datetime) -> int:
    """The number of the newest call that had begun before `since`."""
    return await session.scalar(select(func.max(CallRow.id)).where(CallRow.began_at < since)) or 0


async def missed_after(
    session: AsyncSession, after: int, now: datetime
) -> tuple[Sequence[Missed], int]:
    """Missed calls after the number `after`, and from where to look the next time.

    Calls that still go on are looked at again; of several calls of the same line (transfers) the
    one that was answered counts, so that nobody reads of a call that a colleague took. A call
    that ended with a message may turn out to have left none, once its recording was looked at.
    """
    going_on = await session.scalar(
        select(func.min(CallRow.id)).where(
            CallRow.id > after,
            or_(
                CallRow.ending.is_(None),
                and_(
                    CallRow.ending == Ending.MESSAGE.value,
                    CallRow.ended_at > now - _RECORDING_LOOKED_AT,
                ),
            ),
        )
    )
    newest = await session.scalar(select(func.max(CallRow.id)).where(CallRow.id > after))
    answered = select(CallRow.linked_id).where(
        CallRow.id > after, CallRow.ending == Ending.ANSWERED.value
    )
    written = select(LetterRow.call_id).where(
        LetterRow.call_id > after, LetterRow.kind != LetterKind.TO_CALLER.value
    )
    query = (
        select(CallRow, EmployeeRow, AccountRow.missed_call_letters)
        .join(EmployeeRow, EmployeeRow.id == CallRow.employee_id)
        .join(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .where(
            CallRow.id > after,
            CallRow.ending.in_(_MISSED),
            CallRow.linked_id.not_in(answered),
            CallRow.id.not_in(written),
            EmployeeRow.left_at.is_(None),
            EmployeeRow.email.is_not(None),
        )
        .order_by(CallRow.id)
        .limit(_AT_ONCE)
    )
    found = (await session.execute(query)).all()
    missed = [
        one
        for call, card, is_wanted in found
        if await _is_wanted(session, one := await _missed(session, call, card), is_wanted)
    ]
    # A full page: look behind it the next time, but not past a call that goes on.
    end = found[-1][0].id if len(found) == _AT_ONCE else newest or after
    return missed, end if going_on is None else min(end, going_on - 1)


async def _is_wanted(session: AsyncSession, missed: Missed, by_account: bool) -> bool:
    """As the last rule of the employee's own that was followed says; else as they have set it."""
    followed = [
        reason.rule
        for step in missed.call.steps
        for reason in step.because
        if reason.fact in _FOLLOWED and reason.employee == missed.call.employee
    ]
    if not followed:
        return by_account
    said = await session.scalar(select(RuleRow.notice).where(RuleRow.id == followed[-1]))
    match MissedNotice(said or MissedNotice.AS_SET.value):
        case MissedNotice.AS_SET:
            return by_account
        case MissedNotice.LETTER:
            return True
        case MissedNotice.NOTHING:
            return False


async def _missed(session: AsyncSession, call: CallRow, card: EmployeeRow) -> Missed:
    asked = select(CallStepRow).where(CallStepRow.call_id == call.id).order_by(CallStepRow.id)
    steps = list(await session.scalars(asked))
    return Missed(past_call(call, steps), card.name, card.email or "", card.language, card.zone)
