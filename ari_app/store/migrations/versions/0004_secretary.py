"""The secretary's editor: versions of rules, greetings, messages, missed calls."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _tables()
    for table, column in (
        ("rule_versions", "employee_id"),
        ("greetings", "employee_id"),
        ("messages", "employee_id"),
        ("messages", "channel_id"),
        ("messages", "at"),
        ("missed_calls", "employee_id"),
        ("missed_calls", "caller_number"),
        ("missed_calls", "at"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.add_column(
        "rules",
        sa.Column("is_temporary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "rules",
        sa.Column("notice", sa.String(length=10), server_default="as_set", nullable=False),
    )
    op.add_column(
        "rules", sa.Column("broken", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column("employees", sa.Column("voicemail_greeting", sa.String(length=100)))
    op.add_column(
        "employees",
        sa.Column(
            "voicemail_by_mail", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
    )
    op.add_column("letters", sa.Column("recording_id", sa.Integer(), nullable=True))
    op.add_column("calls", sa.Column("by_employee_id", sa.Integer(), nullable=True))
    for name, column in (
        ("ix_calls_by_employee_id", "by_employee_id"),
        ("ix_calls_called_back", "called"),
    ):
        op.create_index(
            name,
            "calls",
            [column],
            unique=False,
            sqlite_where=sa.text("by_employee_id IS NOT NULL"),
            postgresql_where=sa.text("by_employee_id IS NOT NULL"),
        )
    op.create_index(
        "ix_letters_from_employee_id",
        "letters",
        ["from_employee_id"],
        unique=False,
        sqlite_where=sa.text("from_employee_id IS NOT NULL"),
        postgresql_where=sa.text("from_employee_id IS NOT NULL"),
    )
    op.create_index(
        "ix_missed_calls_open",
        "missed_calls",
        ["employee_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _tables() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_rule_versions_employee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_versions")),
    )
    op.create_table(
        "greetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_greetings_employee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_greetings")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("channel_id", sa.String(length=150), nullable=False),
        sa.Column("caller_number", sa.String(length=64), nullable=False),
        sa.Column("caller_name", sa.String(length=100), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("audio", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_messages_employee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("file", name=op.f("uq_messages_file")),
    )
    op.create_table(
        "missed_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("caller_number", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_how", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("closing_call_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_missed_calls_call_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_calls")),
        sa.UniqueConstraint("call_id", name=op.f("uq_missed_calls_call_id")),
    )
