"""The list of messages: a page at a time, within somebody's reach."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ari_app.domain.numbers import EmployeeId
from ari_app.store.call_list import Reach, within
from ari_app.store.rows import CallRow, EmployeeRow
from ari_app.store.secretary_rows import MessageRow

_colleague = aliased(EmployeeRow)


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `owner` is whose it is by name, `colleague` the caller's name inside ("": none).

    `call` is the call in the history, None where it is not there (any more).
    """

    id: int
    employee: EmployeeId
    owner: str
    caller_number: str
    caller_name: str
    colleague: str
    is_inside: bool
    at: datetime
    milliseconds: int
    heard_at: datetime | None
    call: int | None

    @property
    def is_new(self) -> bool:
        return self.heard_at is None


@dataclass(frozen=True, slots=True)
class MessagesWanted:
    """Which messages: of one employee, or of those whom a search finds; before a number."""

    employee: EmployeeId | None = None
    who: str = ""
    is_new: bool = False
    before: int | None = None


async def page_of_messages(
    session: AsyncSession, reach: Reach, wanted: MessagesWanted, size: int
) -> tuple[list[Message], int | None]:
    """At most `size` messages, the newest first, and before which number the next page is."""
    query = _asked(reach).order_by(MessageRow.id.desc()).limit(size + 1)
    if wanted.employee is not None:
        query = query.where(MessageRow.employee_id == wanted.employee)
    if wanted.who:
        typed = wanted.who.casefold().replace("ё", "е")
        query = query.where(EmployeeRow.search.contains(typed, autoescape=True))
    if wanted.is_new:
        query = query.where(MessageRow.heard_at.is_(None))
    if wanted.before is not None:
        query = query.where(MessageRow.id < wanted.before)
    found = [_message(row) for row in (await session.execute(query)).all()]
    return found[:size], found[size - 1].id if len(found) > size else None


async def seen_message(session: AsyncSession, reach: Reach, message: int) -> Message | None:
    """One message; None where it is not there, or out of reach."""
    query = _asked(reach).where(MessageRow.id == message)
    row = (await session.execute(query)).first()
    return None if row is None else _message(row)


async def newest_first(session: AsyncSession, employee: EmployeeId) -> list[Message]:
    """An employee's messages as a telephone reads them out: new ones first, oldest of them first.

    At most fifty new ones, and then as many of those that were heard, the newest first.
    """
    mine = _asked(Reach(employee)).where(MessageRow.employee_id == employee)
    new = mine.where(MessageRow.heard_at.is_(None)).order_by(MessageRow.id).limit(50)
    heard = mine.where(MessageRow.heard_at.is_not(None)).order_by(MessageRow.id.desc()).limit(50)
    found = [*(await session.execute(new)).all(), *(await session.execute(heard)).all()]
    return [_message(row) for row in found]


def _asked(reach: Reach) -> Select[MessageRow, str, str | None, int | None]:
    calls = select(func.max(CallRow.id)).where(CallRow.channel_id == MessageRow.channel_id)
    inside = and_(
        MessageRow.is_inside.is_(True),
        _colleague.extension == MessageRow.caller_number,
        _colleague.left_at.is_(None),
    )
    query = (
        select(MessageRow, EmployeeRow.name, _colleague.name, calls.scalar_subquery())
        .join(EmployeeRow, EmployeeRow.id == MessageRow.employee_id)
        .outerjoin(_colleague, inside)
        .where(MessageRow.removed_at.is_(None))
    )
    seen = within(reach)
    return query if seen is None else query.where(seen)


def _message(row: Row[MessageRow, str, str | None, int | None]) -> Message:
    message, owner, colleague, call = row
    return Message(
        message.id,
        EmployeeId(message.employee_id),
        owner,
        message.caller_number,
        message.caller_name,
        colleague or "",
        message.is_inside,
        message.at,
        message.milliseconds,
        message.heard_at,
        call,
    )
