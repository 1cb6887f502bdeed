"""The tables of the secretary's editor: versions of rules, greetings, messages, missed calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ari_app.store.rows import Row


class RuleVersionRow(Row):
    """An employee's whole secretary as it was saved once, and who saved it."""

    __tablename__ = "rule_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(Text)


class GreetingRow(Row):
    """A recorded sentence; without `employee_id` it is the office's. A removed one keeps its name.

    `audio` is a WAV file as Asterisk plays it best (8 kHz, mono, 16 bit); `fingerprint` its
    SHA-256. `text` is what a speech engine was given to say.
    """

    __tablename__ = "greetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    origin: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, server_default="")
    language: Mapped[str] = mapped_column(String(8), server_default="")
    milliseconds: Mapped[int]
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class MessageRow(Row):
    """A message that a caller left for an employee; `channel_id` names the call's channel.

    `file` says which file of Asterisk's it came from, so that none is taken twice.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    file: Mapped[str] = mapped_column(String(200), unique=True)
    channel_id: Mapped[str] = mapped_column(String(150), index=True)
    caller_number: Mapped[str] = mapped_column(String(64))
    caller_name: Mapped[str] = mapped_column(String(100))
    is_inside: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
    milliseconds: Mapped[int]
    audio: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    heard_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class MissedCallRow(Row):
    """A call that an employee missed, until somebody has reached the caller.

    `closed_how` is "reached" (a later call talked), "called_back" or "by_hand". An entry that
    was opened again keeps its `closing_call_id`, so that this call does not close it once more.
    """

    __tablename__ = "missed_calls"
    __table_args__ = (
        Index(
            "ix_missed_calls_open",
            "employee_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), unique=True)
    employee_id: Mapped[int] = mapped_column(index=True)
    caller_number: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None]
    closed_how: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    closing_call_id: Mapped[int | None]
