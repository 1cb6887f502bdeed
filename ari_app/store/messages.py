"""Messages that callers left: taken over once, heard, removed, forgotten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.rows import CallRow, CallStepRow, EmployeeRow
from ari_app.store.secretary_rows import MessageRow

_NUMBER = re.compile(r"[0-9]{1,9}(?=[rv])")
_UNDO = timedelta(days=1)
"""How long a removed message can be brought back."""
_UNSYNCHRONIZED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Origin:
    """The call in which a message was left; `employee` is whose mailbox its step named."""

    call: int
    employee: EmployeeId | None
    caller_number: str
    caller_name: str
    is_inside: bool
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose messages these are; `email` is None where none are sent by mail."""

    employee: EmployeeId
    name: str
    email: str | None
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to keep; `audio` is a WAV file, and `file` the name of the one it came from."""

    employee: EmployeeId
    file: str
    channel_id: str
    caller_number: str
    caller_name: str
    is_inside: bool
    at: datetime
    milliseconds: int
    audio: bytes


async def origin(session: AsyncSession, channel_id: str, mailbox: str) -> Origin | None:
    """The channel's newest call that took a message for this mailbox, or its newest call."""
    took = and_(
        CallStepRow.call_id == CallRow.id,
        CallStepRow.kind == "message",
        CallStepRow.target == mailbox,
    )
    query = (
        select(CallRow, CallStepRow.key)
        .outerjoin(CallStepRow, took)
        .where(CallRow.channel_id == channel_id)
        .order_by(CallStepRow.id.is_(None), CallRow.id.desc(), CallStepRow.id.desc())
        .limit(1)
    )
    found = (await session.execute(query)).first()
    if found is None:
        return None
    call, key = found
    return Origin(
        call.id,
        _owner(key),
        call.caller_number,
        call.caller_name,
        call.is_inside,
        call.ended_at is not None,
    )


async def mailbox_of(
    session: AsyncSession, employee: EmployeeId | None, extension: str
) -> Mailbox | None:
    """The mailbox of an employee, else of whoever has the extension now."""
    row = None if employee is None else await session.get(EmployeeRow, employee)
    if row is None:
        living = (EmployeeRow.extension == extension) & EmployeeRow.left_at.is_(None)
        row = await session.scalar(select(EmployeeRow).where(living))
    if row is None:
        return None
    is_mailed = row.voicemail_by_mail and row.left_at is None
    email = (row.email or None) if is_mailed else None
    return Mailbox(EmployeeId(row.id), row.name, email, row.language, row.zone)


async def keep(session: AsyncSession, message: NewMessage) -> int | None:
    """Store a message, and return its id; None where one from this file is stored already."""
    await take_turn(session)
    if await is_kept(session, message.file):
        return None
    row = MessageRow(
        employee_id=message.employee,
        file=message.file,
        channel_id=message.channel_id,
        caller_number=message.caller_number,
        caller_name=message.caller_name,
        is_inside=message.is_inside,
        at=message.at,
        milliseconds=message.milliseconds,
        audio=message.audio,
    )
    session.add(row)
    await session.flush()
    await announce(session, ChangeKind.MESSAGES, (message.employee,))
    return row.id


async def is_kept(session: AsyncSession, file: str) -> bool:
    """Whether the message of this file was taken over."""
    return await session.scalar(select(MessageRow.id).where(MessageRow.file == file)) is not None


async def nothing_said(session: AsyncSession, call: int, file: str) -> None:
    """A call whose recording holds nothing was hung up, and has left no message."""
    await take_turn(session)
    if await is_kept(session, file):
        return
    await session.execute(
        update(CallRow)
        .where(CallRow.id == call, CallRow.ending == Ending.MESSAGE.value)
        .values(ending=Ending.ABANDONED.value),
        execution_options=_UNSYNCHRONIZED,
    )


async def audio(session: AsyncSession, message: int) -> bytes | None:
    """The WAV file of a message, also of one that was removed a moment ago."""
    return await session.scalar(select(MessageRow.audio).where(MessageRow.id == message))


async def mark(
    session: AsyncSession, employee: EmployeeId, message: int, heard_at: datetime | None
) -> bool:
    """Heard at a moment, or (None) new again; False where it is not there or is so already."""
    is_other = MessageRow.heard_at.is_(None) if heard_at else MessageRow.heard_at.is_not(None)
    return await _put(session, employee, message, is_other, heard_at=heard_at)


async def remove(session: AsyncSession, employee: EmployeeId, message: int, now: datetime) -> bool:
    """Remove a message; it can be brought back for a day. Whether it was there."""
    is_there = MessageRow.removed_at.is_(None)
    return await _put(session, employee, message, is_there, removed_at=now)


async def bring_back(session: AsyncSession, employee: EmployeeId, message: int) -> bool:
    """Bring a removed message back; whether it could be."""
    is_removed = MessageRow.removed_at.is_not(None)
    return await _put(session, employee, message, is_removed, removed_at=None)


async def counts(session: AsyncSession) -> Mapping[EmployeeId, tuple[int, int]]:
    """How many new messages and how many heard ones everybody has who has any."""
    new = func.sum(case((MessageRow.heard_at.is_(None), 1), else_=0))
    query = (
        select(MessageRow.employee_id, new, func.count())
        .where(MessageRow.removed_at.is_(None))
        .group_by(MessageRow.employee_id)
    )
    found = await session.execute(query)
    return {EmployeeId(who): (fresh, whole - fresh) for who, fresh, whole in found}


async def forget(session: AsyncSession, now: datetime, days: int) -> None:
    """Delete what was removed for good, and messages older than `days` (0: none)."""
    await take_turn(session)
    is_old = MessageRow.removed_at < now - _UNDO
    if days:
        is_old = or_(is_old, MessageRow.at < now - timedelta(days=days))
    gone = await session.scalars(select(MessageRow.employee_id).where(is_old).distinct())
    whose = [EmployeeId(one) for one in gone]
    if whose:
        await announce(session, ChangeKind.MESSAGES, whose)
        await session.execute(delete(MessageRow).where(is_old), execution_options=_UNSYNCHRONIZED)


async def _put(
    session: AsyncSession,
    employee: EmployeeId,
    message: int,
    is_so: ColumnElement[bool],
    **values: object,
) -> bool:
    await take_turn(session)
    which = and_(MessageRow.id == message, MessageRow.employee_id == employee, is_so)
    changed = update(MessageRow).where(which).values(**values).returning(MessageRow.id)
    found = (await session.execute(changed)).first()
    if found is not None:
        await announce(session, ChangeKind.MESSAGES, (employee,))
    return found is not None


def _owner(key: str | None) -> EmployeeId | None:
    """Whose mailbox a step names: its key begins with the employee's number."""
    found = _NUMBER.match(key or "")
    return None if found is None else EmployeeId(int(found[0]))
