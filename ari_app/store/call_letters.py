"""Letters about a call: which were written, to whom, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.letters import LetterKind
from ari_app.store.outbox import LetterState
from ari_app.store.panel_rows import LetterRow
from ari_app.store.past import PastCall
from ari_app.store.rows import CallRow, EmployeeRow

_TO_CALLER = LetterKind.TO_CALLER.value
_WRITTEN = (LetterRow.from_employee_id.is_not(None), LetterRow.kind == _TO_CALLER)


@dataclass(frozen=True, slots=True)
class CallLetter:
    """A letter about a call; `writer` is who wrote it by hand, if anybody did."""

    id: int
    kind: str
    to_address: str
    state: LetterState
    made_at: datetime
    ended_at: datetime | None
    fault: str
    said: str
    writer: EmployeeId | None
    writer_name: str
    subject: str
    text: str


async def letters_about(session: AsyncSession, call: int) -> Sequence[CallLetter]:
    """The letters about a call, the first one first; texts only of those written by hand."""
    query = (
        select(LetterRow, EmployeeRow.name)
        .outerjoin(EmployeeRow, EmployeeRow.id == LetterRow.from_employee_id)
        .where(LetterRow.call_id == call)
        .order_by(LetterRow.id)
    )
    return [_letter(row, name) for row, name in await session.execute(query)]


async def known_address(session: AsyncSession, call: PastCall) -> str:
    """Where the caller can be written to: a colleague's address, or the one used last; or ""."""
    if not call.caller_number:
        return ""
    has_it = (
        EmployeeRow.extension == call.caller_number
        if call.is_inside
        else (EmployeeRow.number == call.caller_number) | (EmployeeRow.mobile == call.caller_number)
    )
    colleague = select(EmployeeRow.email).where(
        has_it, EmployeeRow.left_at.is_(None), EmployeeRow.email.is_not(None)
    )
    found = await session.scalar(colleague.limit(1))
    if found is None and not call.is_inside:
        used = (
            select(LetterRow.to_address)
            .join(CallRow, CallRow.id == LetterRow.call_id)
            .where(*_WRITTEN, CallRow.caller_number == call.caller_number)
            .order_by(LetterRow.id.desc())
            .limit(1)
        )
        found = await session.scalar(used)
    return found or ""


async def written_since(session: AsyncSession, writer: EmployeeId, since: datetime) -> int:
    """How many letters to callers somebody has written."""
    query = select(func.count()).select_from(LetterRow)
    query = query.where(
        LetterRow.from_employee_id == writer,
        LetterRow.kind == _TO_CALLER,
        LetterRow.made_at >= since,
    )
    return await session.scalar(query) or 0


def _letter(row: LetterRow, name: str | None) -> CallLetter:
    by_hand = row.kind == _TO_CALLER
    return CallLetter(
        id=row.id,
        kind=row.kind,
        to_address=row.to_address,
        state=LetterState(row.state),
        made_at=row.made_at,
        ended_at=row.ended_at,
        fault=row.fault,
        said=row.said,
        writer=None if row.from_employee_id is None else EmployeeId(row.from_employee_id),
        writer_name=name or "",
        subject=row.values.get("subject", "") if by_hand else "",
        text=row.values.get("text", "") if by_hand else "",
    )
