"""The tables of the panel, as typed rows; private to the store."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ari_app.store.rows import Row


class RoleRow(Row):
    """A role; `grants` maps a right's value to a scope's number."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ru: Mapped[str] = mapped_column(String(100), unique=True)
    name_en: Mapped[str] = mapped_column(String(100), unique=True)
    rank: Mapped[int]
    grants: Mapped[dict[str, int]] = mapped_column(JSON)
    needs_second_factor: Mapped[bool]
    preset: Mapped[str | None] = mapped_column(String(20), unique=True)


class AccountRow(Row):
    """An employee's login to the panel; the row of who has left keeps the login for ever.

    `totp` is encrypted, `recovery_hashes` are hashes. `left_with` is the status at the last
    logout: its base, and the number of an own status or none. `gone_since`: the status is
    what the silence of all sessions has made it, since then.
    """

    __tablename__ = "accounts"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"), index=True)
    totp: Mapped[str | None] = mapped_column(Text)
    totp_counter: Mapped[int]
    recovery_hashes: Mapped[list[str]]
    theme: Mapped[str] = mapped_column(String(10))
    left_with: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    gone_since: Mapped[datetime | None]
    missed_call_letters: Mapped[bool] = mapped_column(server_default=text("true"))


class SessionRow(Row):
    """A device that is logged in; `remembered_id` is the family of tokens it came from."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    remembered_id: Mapped[int | None] = mapped_column(ForeignKey("remembered.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    silent_since: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200))


class RememberedRow(Row):
    """A device that is remembered: the newest token, and the one before it."""

    __tablename__ = "remembered"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    rotated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LinkRow(Row):
    """A link in a letter that may be followed once: to register, or to set a new password."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginFailureRow(Row):
    """How often a login failed lately, by account, by address, and by both together."""

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class LetterRow(Row):
    """A letter to be sent. `secret` is encrypted: the link, which opens an account.

    `recording_id` is the caller's message that goes with it as a file.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_from_employee_id",
            "from_employee_id",
            sqlite_where=text("from_employee_id IS NOT NULL"),
            postgresql_where=text("from_employee_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"), index=True)
    to_address: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(8))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    secret: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(100), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(30), server_default="")
    said: Mapped[str] = mapped_column(String(500), server_default="")
    from_employee_id: Mapped[int | None]
    call_id: Mapped[int | None] = mapped_column(index=True)
    recording_id: Mapped[int | None]


class MailServerRow(Row):
    """A server that letters are handed to; without `employee_id` it is the company's.

    `secret` is encrypted: a password, or with `oauth` (a provider's name) a refresh token.
    """

    __tablename__ = "mail_servers"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employees.id"), unique=True)
    address: Mapped[str] = mapped_column(String(320))
    sender_name: Mapped[str] = mapped_column(String(100))
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    encryption: Mapped[str] = mapped_column(String(10))
    login: Mapped[str] = mapped_column(String(320))
    secret: Mapped[str | None] = mapped_column(Text)
    oauth: Mapped[str] = mapped_column(String(20))
    authorised_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(30))
    said: Mapped[str] = mapped_column(String(500))


class OAuthClientRow(Row):
    """What the administrator registered at an issuer of OAuth 2; `secret` is encrypted."""

    __tablename__ = "oauth_clients"

    issuer: Mapped[str] = mapped_column(String(20), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(300))
    secret: Mapped[str | None] = mapped_column(Text)


class AuditRow(Row):
    """Who changed what; the names are kept, because people and things go.

    `search` is made of the others in small letters: SQLite knows no case outside of ASCII.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[int | None] = mapped_column(index=True)
    subject_name: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    search: Mapped[str] = mapped_column(Text)


class PhotoRow(Row):
    __tablename__ = "photos"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    image: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[str] = mapped_column(String(16))


class GroupRow(Row):
    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_ru: Mapped[str] = mapped_column(String(100), unique=True)
    name_en: Mapped[str] = mapped_column(String(100), unique=True)


class GroupMemberRow(Row):
    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(
        ForeignKey("employees.id"), primary_key=True, index=True
    )
    position: Mapped[int]


class DeclaredRow(Row):
    """What was declared when, for the reports of time in each status."""

    __tablename__ = "declared"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    base: Mapped[str] = mapped_column(String(20))
    own_status_id: Mapped[int | None]
    until: Mapped[datetime | None]
    below_base: Mapped[str | None] = mapped_column(String(20))
    below_own_status_id: Mapped[int | None]


class ApiTokenRow(Row):
    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DepartureRow(Row):
    """What an employee's deletion changed elsewhere, so that it can be undone for a day."""

    __tablename__ = "departures"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), primary_key=True)
    at: Mapped[datetime]
    by_employee_id: Mapped[int | None]
    undo: Mapped[dict[str, Any]] = mapped_column(JSON)


class RemovalRow(Row):
    """What went with something of the office that was removed, so that it can be brought back."""

    __tablename__ = "removals"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    memory: Mapped[dict[str, Any]] = mapped_column(JSON)


class ImportRow(Row):
    """A file of employees that was sent and looked at, until it is applied; both are packed."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(index=True)
    applied_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    verdicts: Mapped[bytes] = mapped_column(LargeBinary)


class PasskeyRow(Row):
    """A key of a person's device; `credential` is its name in hexadecimal digits."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    credential: Mapped[str] = mapped_column(String(2046), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SightingRow(Row):
    """When a SIP device was last seen registered; one that never was, when it was missed first."""

    __tablename__ = "sightings"

    endpoint: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime]
