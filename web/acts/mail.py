"""What is done to mail: servers tried and kept, letters tried again or taken out."""

from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Annotated, Literal
from uuid import uuid4

from aiohttp import web
from pydantic import Field

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.letters.contents import content
from ari_app.letters.layout import Envelope, UnwritableError, laid_out
from ari_app.mail.providers import Encryption, encryption_for
from ari_app.mail.submission import Passed, Server, stages
from ari_app.mailing import Mailing
from ari_app.store import audit, outbox
from ari_app.store.audit import About, Facts
from ari_app.store.letters import LetterKind
from ari_app.store.mail_servers import (
    MailServer,
    mail_server,
    remove_mail_server,
    save_mail_server,
)
from web.forms import EmailText, Form, Line, Refused
from web.visit import Visit
from web.words import N_

_COMPANY = About(None, "company")


class MailForm(Form):
    """A mail account; an empty password keeps the one that is stored for the same host."""

    address: EmailText
    sender_name: Line = ""
    host: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\s/@]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 465
    encryption: Literal["", "tls", "starttls", "none"] = ""
    login: Annotated[str, Field(max_length=320)] = ""
    password: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """An account after the stages: the server as it would be stored, and how it went."""

    server: MailServer
    passed: tuple[Passed, ...]

    @property
    def is_good(self) -> bool:
        return bool(self.passed) and self.passed[-1].error is None


async def try_account(
    visit: Visit, employee: EmployeeId | None, form: MailForm, test_to: str = ""
) -> Tried:
    """Log in at the server with what was typed; with `test_to` hand it a letter too.

    Nothing is stored. Raises Refused for an encryption that has to be chosen, HTTPForbidden.
    """
    _demand(visit, employee)
    server = await _server(visit, employee, form)
    letter = _test_letter(visit, server, test_to) if test_to else None
    return await tried(visit, server, letter)


async def keep_account(visit: Visit, account: Tried) -> None:
    """Store an account that was tried: authorised where it worked. Raises HTTPForbidden."""
    employee = account.server.employee
    _demand(visit, employee)
    server = replace(account.server, authorised_at=visit.now if account.is_good else None)
    async with visit.panel.sessions.begin() as session:
        before = await mail_server(session, employee)
        await save_mail_server(session, server)
        await outbox.wake(session)
        change = ({} if before is None else _facts(before), _facts(server))
        await audit.note(session, visit.who, "mail.changed", _about(visit, employee), change)


async def forget_account(visit: Visit, employee: EmployeeId | None) -> None:
    """Remove an account with its password. Raises HTTPForbidden."""
    _demand(visit, employee)
    async with visit.panel.sessions.begin() as session:
        before = await mail_server(session, employee)
        if before is not None:
            await remove_mail_server(session, employee)
            change: tuple[Facts, Facts] = (_facts(before), {})
            await audit.note(session, visit.who, "mail.removed", _about(visit, employee), change)


async def retry_letter(visit: Visit, letter: int) -> None:
    """Raises HTTPNotFound for a letter that is not there or was sent, HTTPForbidden."""
    visit.demand(Right.MANAGE_MAIL)
    async with visit.panel.sessions.begin() as session:
        if not await outbox.retry(session, letter):
            raise web.HTTPNotFound
        await audit.note(session, visit.who, "letter.retried", About(letter, ""))


async def remove_letter(visit: Visit, letter: int) -> None:
    """Raises HTTPNotFound, HTTPForbidden."""
    visit.demand(Right.MANAGE_MAIL)
    async with visit.panel.sessions.begin() as session:
        if not await outbox.remove(session, letter):
            raise web.HTTPNotFound
        await audit.note(session, visit.who, "letter.removed", About(letter, ""))


async def _server(visit: Visit, employee: EmployeeId | None, form: MailForm) -> MailServer:
    encryption = Encryption(form.encryption) if form.encryption else encryption_for(form.port)
    if encryption is None:
        raise Refused("encryption", N_("Please choose: the port does not tell"))
    async with visit.panel.sessions() as session:
        stored = await mail_server(session, employee)
    secret = visit.panel.vault.close(form.password) if form.password else None
    # A stored password goes to no other server or login than the one it was typed for.
    if secret is None and stored is not None:
        same = (stored.host, stored.port, stored.login) == (form.host, form.port, form.login)
        secret = stored.closed_secret if same else None
    if form.login and secret is None:
        raise Refused("password", N_("Please fill this in"))
    return MailServer(
        employee,
        form.address,
        form.host.lower(),
        form.port,
        encryption.value,
        form.login,
        form.sender_name,
        secret,
    )


def _test_letter(visit: Visit, server: MailServer, to: str) -> EmailMessage:
    envelope = Envelope(
        server.sender_name, server.address, to, f"{uuid4().hex}@{message_host(visit)}", visit.now
    )
    told = content(LetterKind.TEST.value, visit.words.language, {})
    try:
        return laid_out(told, envelope, visit.words.language)
    except UnwritableError as error:
        raise Refused("address", N_("This is not an e-mail address")) from error


def message_host(visit: Visit) -> str:
    """What stands behind the @ of a Message-ID."""
    return (visit.panel.settings.panel_url.rpartition("/")[2] or "autosecretary").split(":")[0]


async def tried(visit: Visit, server: MailServer, letter: EmailMessage | None = None) -> Tried:
    """Go through the stages with an account as it would be stored."""
    return await tried_by(mailing(visit).server(server), server, letter)


async def tried_by(way: Server, server: MailServer, letter: EmailMessage | None = None) -> Tried:
    """The same, reached in a way of one's own."""
    return Tried(server, tuple([one async for one in stages(way, server.address, letter)]))


def mailing(visit: Visit) -> Mailing:
    """Makes servers out of accounts."""
    panel = visit.panel
    allowed = panel.settings.mail_private_hosts
    return Mailing(panel.sessions, panel.vault, allows_private=allowed)


def _demand(visit: Visit, employee: EmployeeId | None) -> None:
    """The company's server is the administrators'; an employee's own is their own alone."""
    if employee is None:
        visit.demand(Right.MANAGE_MAIL)
    elif employee != visit.me:
        raise web.HTTPForbidden


def _about(visit: Visit, employee: EmployeeId | None) -> About:
    return _COMPANY if employee is None else About(employee, visit.signed_in.name)


def _facts(server: MailServer) -> Facts:
    """What the audit log keeps; never the password."""
    return {
        "address": server.address,
        "host": server.host,
        "port": server.port,
        "encryption": server.encryption,
        "login": server.login,
    }
