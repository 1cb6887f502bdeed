"""Mail: servers to send through, and what becomes of each letter."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "mail_servers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("sender_name", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("encryption", sa.String(length=10), nullable=False),
        sa.Column("login", sa.String(length=320), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("oauth", sa.String(length=20), nullable=False),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=30), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employees.id"], name=op.f("fk_mail_servers_employee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_servers")),
        sa.UniqueConstraint("employee_id", name=op.f("uq_mail_servers_employee_id")),
    )
    op.create_table(
        "oauth_clients",
        sa.Column("issuer", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("issuer", name=op.f("pk_oauth_clients")),
    )
    for column in (
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=30), server_default="", nullable=False),
        sa.Column("said", sa.String(length=500), server_default="", nullable=False),
        sa.Column("from_employee_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
    ):
        op.add_column("letters", column)
    op.add_column(
        "accounts",
        sa.Column(
            "missed_call_letters", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
    )
    op.create_index(op.f("ix_letters_next_at"), "letters", ["next_at"], unique=False)
    op.create_index(op.f("ix_letters_call_id"), "letters", ["call_id"], unique=False)
