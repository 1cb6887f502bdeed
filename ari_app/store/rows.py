"""The tables, as typed rows; private to the store."""

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """An aware moment; SQLite has no zones, so it is kept there in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


class Row(DeclarativeBase):
    """Names every constraint, so that a migration can name it too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[object, object]] = {
        datetime: Moment,
        list[str]: JSON,
        list[list[str]]: JSON,
    }


class DepartmentRow(Row):
    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ru: Mapped[str] = mapped_column(String(100), unique=True)
    name_en: Mapped[str] = mapped_column(String(100), unique=True)


class EmployeeRow(Row):
    """A card. Who has left keeps the row, so that the history can name them.

    `own_status_ids` are the own statuses that may be declared (none: all of them). `search` and
    `sort_name` are made of the others, because SQLite knows no letter case outside of ASCII.
    """

    __tablename__ = "employees"
    __table_args__ = (
        *(
            Index(
                f"uq_employees_{column}",
                column,
                unique=True,
                sqlite_where=text("left_at IS NULL"),
                postgresql_where=text("left_at IS NULL"),
            )
            for column in ("extension", "number", "email", "mobile")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    extension: Mapped[str] = mapped_column(String(7))
    uses_status: Mapped[bool]
    ring_order: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    has_voicemail: Mapped[bool]
    voicemail_greeting: Mapped[str | None] = mapped_column(String(100))
    voicemail_by_mail: Mapped[bool] = mapped_column(server_default=text("true"))
    may_dial: Mapped[list[str]]
    number: Mapped[str | None] = mapped_column(String(16))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    left_at: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(String(320))
    mobile: Mapped[str | None] = mapped_column(String(16))
    position: Mapped[str] = mapped_column(String(100), server_default="")
    after_call_seconds: Mapped[int] = mapped_column(server_default="0")
    own_status_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    search: Mapped[str] = mapped_column(Text, server_default="")
    sort_name: Mapped[str] = mapped_column(String(220), server_default="", index=True)


class OwnStatusRow(Row):
    """An office's own status; a retired one keeps its name for the history."""

    __tablename__ = "own_statuses"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ru: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    base: Mapped[str] = mapped_column(String(20))
    colour: Mapped[str] = mapped_column(String(20))
    at_login: Mapped[bool] = mapped_column(server_default=text("true"))
    retired_at: Mapped[datetime | None]


class EmployeeStatusRow(Row):
    """The permanent status, and the one that lies over it until a moment, if there is one."""

    __tablename__ = "employee_status"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    base: Mapped[str] = mapped_column(String(20))
    own_status_id: Mapped[int | None] = mapped_column(ForeignKey("own_statuses.id"))
    temporary_base: Mapped[str | None] = mapped_column(String(20))
    temporary_own_status_id: Mapped[int | None] = mapped_column(ForeignKey("own_statuses.id"))
    until: Mapped[datetime | None]
    since: Mapped[datetime]


class PhoneRow(Row):
    """A phone of an employee: an endpoint, or with `number_class` a number outside."""

    __tablename__ = "phones"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    position: Mapped[int]
    address: Mapped[str] = mapped_column(String(40), index=True)
    number_class: Mapped[str | None] = mapped_column(String(20))
    seconds: Mapped[int]


class RuleRow(Row):
    """A forwarding rule; `document` is described in documents.py. A removed one keeps its name.

    A temporary one was made by a feature code: it lies above the others and is not edited.
    `broken` names the problems, divided by commas, that its owner was written about.
    """

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    is_on: Mapped[bool]
    greeting: Mapped[str | None] = mapped_column(String(100))
    is_temporary: Mapped[bool] = mapped_column(server_default=text("false"))
    notice: Mapped[str] = mapped_column(String(10), server_default="as_set")
    broken: Mapped[str] = mapped_column(String(200), server_default="")
    document: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime | None]


class TrunkRow(Row):
    __tablename__ = "trunks"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    dial: Mapped[str] = mapped_column(String(200))
    caller_id: Mapped[str] = mapped_column(String(20))
    company_number: Mapped[str] = mapped_column(String(16))
    keeps_plus: Mapped[bool]


class OfficeRow(Row):
    """The one row of the office: its country for public holidays, and its own days (ISO dates)."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    free_days: Mapped[list[str]]
    working_days: Mapped[list[str]]


class CallRow(Row):
    """A call; a channel that is transferred back to an employee has another one.

    `by_employee_id` is who called back, where the call went to a number outside; it has no
    `employee_id` then. `employee_id` is no foreign key: a line of the journal about somebody
    unknown must not stop the lines after it.
    """

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("channel_id", "began_at"),
        # Of calls back only: for all the others they would lead the planner astray.
        Index(
            "ix_calls_by_employee_id",
            "by_employee_id",
            sqlite_where=text("by_employee_id IS NOT NULL"),
            postgresql_where=text("by_employee_id IS NOT NULL"),
        ),
        Index(
            "ix_calls_called_back",
            "called",
            sqlite_where=text("by_employee_id IS NOT NULL"),
            postgresql_where=text("by_employee_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(150))
    linked_id: Mapped[str] = mapped_column(String(150), index=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    caller_number: Mapped[str] = mapped_column(String(64))
    caller_name: Mapped[str] = mapped_column(String(100))
    is_inside: Mapped[bool]
    called: Mapped[str] = mapped_column(String(64))
    employee_id: Mapped[int | None] = mapped_column(index=True)
    by_employee_id: Mapped[int | None]
    ending: Mapped[str | None] = mapped_column(String(20), index=True)
    ended_at: Mapped[datetime | None]
    talked_seconds: Mapped[int]


class CallStepRow(Row):
    __tablename__ = "call_steps"
    __table_args__ = (UniqueConstraint("call_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    key: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[int]
    addresses: Mapped[list[str]]
    target: Mapped[str] = mapped_column(Text)
    diverter: Mapped[str] = mapped_column(String(64))
    sound: Mapped[str] = mapped_column(String(100))
    because: Mapped[list[list[str]]]
    by_mirror: Mapped[bool]
    outcome: Mapped[str | None] = mapped_column(String(20))
    finished_at: Mapped[datetime | None]


class JournalPositionRow(Row):
    """The one row that says how far the journal was read; an inode may need 64 bits unsigned."""

    __tablename__ = "journal_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    inode: Mapped[str] = mapped_column(String(20))
    offset: Mapped[str] = mapped_column(String(20))


class ChangeRow(Row):
    """Something was stored; numbers are never used twice, so a reader knows what it has seen."""

    __tablename__ = "changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    employee_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(index=True)


class PinFailureRow(Row):
    """How often a PIN was wrong lately for an extension, whether anybody has it or not."""

    __tablename__ = "pin_failures"

    extension: Mapped[str] = mapped_column(String(7), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
