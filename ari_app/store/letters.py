"""The outbox: letters written in the transaction of what causes them, sent by the mail room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.panel_rows import LetterRow


class LetterKind(Enum):
    """What a letter is about."""

    REGISTRATION = "registration"
    FORGOTTEN_PASSWORD = "forgotten_password"  # noqa: S105  the name of a letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ADDRESS_CHANGED = "address_changed"
    """Goes to the address that was left."""
    NEW_DEVICE = "new_device"
    MISSED_CALL = "missed_call"
    RULE_BROKEN = "rule_broken"
    VOICEMAIL = "voicemail"
    TEST = "test"
    TO_CALLER = "to_caller"
    """Written by an employee to somebody who had called."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write: `values` fill its template, `closed_secret` is encrypted (a link).

    `recording` is the message that goes with it as a file.
    """

    kind: LetterKind
    employee: EmployeeId | None
    to_address: str
    language: str
    values: Mapping[str, str]
    closed_secret: str | None = None
    recording: int | None = None


async def queue(session: AsyncSession, letter: Letter, now: datetime) -> int:
    """Put a letter into the outbox, and return its id."""
    row = LetterRow(**_columns(letter, now))
    session.add(row)
    await session.flush()
    return row.id


async def queue_many(session: AsyncSession, letters: Sequence[Letter], now: datetime) -> None:
    """Put several letters into the outbox at once."""
    if letters:
        rows = [_columns(letter, now) for letter in letters]
        await session.execute(insert(LetterRow), rows, execution_options={"render_nulls": True})


async def queue_about(session: AsyncSession, letter: Letter, call_id: int, now: datetime) -> int:
    """The same for a letter about a call, which shows in the call's history."""
    number = await queue(session, letter, now)
    row = await session.get_one(LetterRow, number)
    row.call_id = call_id
    await session.flush()
    return number


def _columns(letter: Letter, now: datetime) -> dict[str, object]:
    return {
        "kind": letter.kind.value,
        "employee_id": letter.employee,
        "to_address": letter.to_address,
        "language": letter.language,
        "values": dict(letter.values),
        "secret": letter.closed_secret,
        "recording_id": letter.recording,
        "message_id": uuid4().hex,
        "state": "waiting",
        "made_at": now,
    }
