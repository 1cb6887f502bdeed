"""The servers that letters are handed to: the company's, and each employee's own."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import take_turn
from ari_app.store.panel_rows import MailServerRow, OAuthClientRow


class MailState(Enum):
    """How far a mail account has come."""

    ADDED = "added"
    """Written down, and not proved yet."""
    AUTHORISED = "authorised"
    REFUSED = "refused"
    """It worked once, and the server does not take it any more."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server and the account on it; `employee` None: the company's.

    `closed_secret` is encrypted: a password, or with `oauth` (google, microsoft, yandex) a
    refresh token. `fault` and `said` tell why it was refused, since `refused_at`.
    """

    employee: EmployeeId | None
    address: str
    host: str
    port: int
    encryption: str
    login: str
    sender_name: str = ""
    closed_secret: str | None = field(default=None, repr=False)
    oauth: str = ""
    authorised_at: datetime | None = None
    refused_at: datetime | None = None
    fault: str = ""
    said: str = ""

    @property
    def state(self) -> MailState:
        if self.refused_at is not None:
            return MailState.REFUSED
        return MailState.ADDED if self.authorised_at is None else MailState.AUTHORISED


async def mail_server(session: AsyncSession, employee: EmployeeId | None) -> MailServer | None:
    """An employee's server, or with None the company's."""
    row = await session.scalar(select(MailServerRow).where(_of(employee)))
    if row is None:
        return None
    return MailServer(
        employee=employee,
        address=row.address,
        host=row.host,
        port=row.port,
        encryption=row.encryption,
        login=row.login,
        sender_name=row.sender_name,
        closed_secret=row.secret,
        oauth=row.oauth,
        authorised_at=row.authorised_at,
        refused_at=row.refused_at,
        fault=row.fault,
        said=row.said,
    )


async def save_mail_server(session: AsyncSession, server: MailServer) -> None:
    """Write it, in place of the one before."""
    await take_turn(session)
    row = await session.scalar(select(MailServerRow).where(_of(server.employee)))
    row = row or MailServerRow(employee_id=server.employee)
    row.address, row.sender_name = server.address, server.sender_name
    row.host, row.port, row.encryption = server.host, server.port, server.encryption
    row.login, row.secret, row.oauth = server.login, server.closed_secret, server.oauth
    row.authorised_at, row.refused_at = server.authorised_at, server.refused_at
    row.fault, row.said = server.fault, server.said
    session.add(row)
    await session.flush()


async def remove_mail_server(session: AsyncSession, employee: EmployeeId | None) -> None:
    """Forget it, with its secret."""
    await session.execute(delete(MailServerRow).where(_of(employee)))


async def replace_secret(
    session: AsyncSession, employee: EmployeeId | None, closed_secret: str
) -> None:
    """Keep the token that an issuer gave in place of the one before."""
    await session.execute(update(MailServerRow).where(_of(employee)).values(secret=closed_secret))


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """What was registered at an issuer (google, microsoft, yandex); the secret is encrypted."""

    issuer: str
    client_id: str
    closed_secret: str | None = field(default=None, repr=False)


async def oauth_clients(session: AsyncSession) -> dict[str, OAuthClient]:
    """All that are registered, by their issuer."""
    rows = await session.scalars(select(OAuthClientRow))
    return {row.issuer: OAuthClient(row.issuer, row.client_id, row.secret) for row in rows}


async def save_oauth_client(session: AsyncSession, client: OAuthClient) -> None:
    """Write it; an empty client id removes it."""
    await session.execute(delete(OAuthClientRow).where(OAuthClientRow.issuer == client.issuer))
    if client.client_id:
        row = OAuthClientRow(
            issuer=client.issuer, client_id=client.client_id, secret=client.closed_secret
        )
        session.add(row)
    await session.flush()


async def note_refused(
    session: AsyncSession, employee: EmployeeId | None, fault: str, said: str, now: datetime
) -> None:
    """The server does not take the account any more; the first time counts."""
    await session.execute(
        update(MailServerRow)
        .where(_of(employee), MailServerRow.refused_at.is_(None))
        .values(refused_at=now, fault=fault, said=said[:500])
    )


async def note_accepted(session: AsyncSession, employee: EmployeeId | None, now: datetime) -> None:
    """The server takes the account (again)."""
    await session.execute(
        update(MailServerRow)
        .where(_of(employee), MailServerRow.refused_at.is_not(None))
        .values(refused_at=None, authorised_at=now, fault="", said="")
    )


def _of(employee: EmployeeId | None) -> ColumnElement[bool]:
    column = MailServerRow.employee_id
    return column.is_(None) if employee is None else column == employee
