"""Handing letters to a mail server (RFC 6409), one stage after another."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from typing import TypeVar

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from ari_app.mail.errors import (
    Fault,
    LaterError,
    MailError,
    RefusedError,
    answer_refused,
    login_refused,
    tls_failed,
)
from ari_app.mail.providers import Encryption

_T = TypeVar("_T")


class Stage(Enum):
    """What happens between typing a server's name and a letter that has arrived there."""

    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in, and as whom. `token` makes an OAuth 2 access token (XOAUTH2).

    `seconds` is how long each stage may take. Without `allows_private` an address of the own
    network is refused, so that nobody looks around in it through us.
    """

    host: str
    port: int
    encryption: Encryption
    login: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], Awaitable[str]] | None = None
    seconds: float = 15.0
    allows_private: bool = True
    trusted: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A stage that is over: how many seconds it took, and what was wrong (None: nothing)."""

    stage: Stage
    seconds: float
    error: MailError | None = None


async def stages(
    server: Server, sender: str, letter: EmailMessage | None = None
) -> AsyncIterator[Passed]:
    """Go through the stages, telling each; the first that fails is the last.

    Without `letter` it ends when the sender has been accepted, and nothing is sent.
    """
    way = _Way(server)
    steps: list[tuple[Stage, Callable[[], Awaitable[object]]]] = [
        (Stage.NAME, way.find),
        (Stage.CONNECTION, way.connect),
        (Stage.TLS, way.protect),
        (Stage.LOGIN, way.log_in),
        (Stage.SENDER, lambda: way.offer(sender)),
    ]
    if letter is not None:
        steps.append((Stage.LETTER, lambda: way.hand_over(sender, letter)))
    clock = asyncio.get_running_loop().time
    try:
        for stage, step in steps:
            began = clock()
            try:
                await step()
            except MailError as error:
                yield Passed(stage, clock() - began, error)
                return
            yield Passed(stage, clock() - began)
    finally:
        await way.leave()


@asynccontextmanager
async def logged_in(server: Server) -> AsyncIterator["_Way"]:
    """A connection over which letters can be handed over. Raises MailError."""
    way = _Way(server)
    try:
        await way.find()
        await way.connect()
        await way.protect()
        await way.log_in()
        yield way
    finally:
        await way.leave()


class _Way:
    """One connection, as far as it has come."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._addresses: list[tuple[socket.AddressFamily, str]] = []
        self._socket: socket.socket | None = None
        self._smtp: SMTP | None = None

    async def find(self) -> None:
        """Look the host's name up."""
        loop = asyncio.get_running_loop()
        asked = loop.getaddrinfo(self._server.host, self._server.port, type=socket.SOCK_STREAM)
        try:
            found = await self._in_time(asked, Fault.NAME_UNKNOWN)
        except (OSError, UnicodeError) as error:
            raise LaterError(Fault.NAME_UNKNOWN, str(error)) from error
        self._addresses = [(family, str(address[0])) for family, _, _, _, address in found]
        if not self._server.allows_private and any(
            not ipaddress.ip_address(address).is_global for _, address in self._addresses
        ):
            raise RefusedError(Fault.FORBIDDEN_HOST, self._server.host)

    async def connect(self) -> None:
        """Open a connection to the very address that was looked at."""
        loop = asyncio.get_running_loop()
        failed: OSError | None = None
        for family, address in self._addresses[:4]:
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setblocking(False)
            try:
                reached = loop.sock_connect(opened, (address, self._server.port))
                await self._in_time(reached, Fault.PORT_CLOSED)
            except OSError as error:
                opened.close()
                failed = error
                continue
            except BaseException:
                opened.close()
                raise
            self._socket = opened
            return
        raise LaterError(Fault.PORT_CLOSED, str(failed or "")) from failed

    async def protect(self) -> None:
        """Greet, under TLS where it is wanted; required means required."""
        server = self._server
        is_tls = server.encryption is Encryption.TLS
        self._smtp = SMTP(
            hostname=server.host,
            port=None,
            timeout=server.seconds,
            use_tls=is_tls,
            start_tls=False,
            tls_context=server.trusted or ssl.create_default_context(),
            sock=self._socket,
        )
        self._socket = None
        try:
            await self._in_time(self._smtp.connect(), Fault.SILENT)
            await self._in_time(self._smtp.ehlo(), Fault.SILENT)
            if server.encryption is Encryption.STARTTLS:
                await self._start_tls(self._smtp)
        except ssl.SSLError as error:
            raise tls_failed(error) from error
        except SMTPTimeoutError as error:
            raise LaterError(Fault.SILENT, str(error)) from error
        except SMTPResponseException as error:
            raise _not_greeted(error) from error
        except (SMTPException, OSError, ValueError) as error:
            raise _not_protected(error) from error

    async def _start_tls(self, smtp: SMTP) -> None:
        if not smtp.supports_extension("starttls"):
            raise RefusedError(Fault.TLS_NOT_OFFERED)
        context = self._server.trusted or ssl.create_default_context()
        await self._in_time(
            smtp.starttls(server_hostname=self._server.host, tls_context=context), Fault.SILENT
        )
        await self._in_time(smtp.ehlo(), Fault.SILENT)

    async def log_in(self) -> None:
        """Log in where there is a login; never without TLS."""
        server, smtp = self._server, self._open
        if not server.login:
            return
        if server.encryption is Encryption.NONE:
            raise RefusedError(Fault.TLS_NOT_OFFERED)
        if not smtp.supports_extension("auth") and not smtp.server_auth_methods:
            raise RefusedError(Fault.NO_LOGIN)
        try:
            await self._in_time(self._authenticate(smtp), Fault.SILENT)
        except (SMTPAuthenticationError, SMTPResponseException) as error:
            raise login_refused(error.code, _words(error.message)) from error
        except SMTPTimeoutError as error:
            raise LaterError(Fault.SILENT, str(error)) from error
        except SMTPServerDisconnected as error:
            raise LaterError(Fault.CUT_OFF, str(error)) from error
        except (SMTPException, UnicodeError) as error:
            raise RefusedError(Fault.NO_LOGIN, str(error)) from error

    async def _authenticate(self, smtp: SMTP) -> None:
        server = self._server
        if server.token is None:
            await smtp.login(server.login, server.password)
        else:
            await smtp.auth_xoauth2(server.login, await server.token())

    async def offer(self, sender: str) -> None:
        """Ask whether the server takes letters of this sender."""
        await self._asked(self._open.mail(sender), Fault.SENDER_REFUSED)
        await self._asked(self._open.rset(), Fault.BUSY)

    async def hand_over(self, sender: str, letter: EmailMessage) -> str:
        """Give one letter to the server, and return what it said. Raises MailError."""
        handed = self._open.send_message(letter, sender=sender)
        _, said = await self._asked(handed, Fault.LETTER_REFUSED)
        return str(said)

    async def leave(self) -> None:
        """Say goodbye, or just hang up."""
        if self._socket is not None:
            self._socket.close()
        if self._smtp is None:
            return
        if self._smtp.is_connected:
            try:
                async with asyncio.timeout(2):
                    await self._smtp.quit()
            except (SMTPException, OSError, TimeoutError):
                self._smtp.close()
        else:
            self._smtp.close()

    @property
    def _open(self) -> SMTP:
        if self._smtp is None:
            raise LaterError(Fault.CUT_OFF)
        return self._smtp

    async def _asked(self, asked: Awaitable[_T], fault: Fault) -> _T:
        try:
            return await self._in_time(asked, Fault.SILENT)
        except SMTPRecipientsRefused as error:
            first = error.recipients[0]
            refused = answer_refused(Fault.RECIPIENT_REFUSED, first.code, _words(first.message))
            raise refused from error
        except (SMTPSenderRefused, SMTPRecipientRefused) as error:
            is_sender = isinstance(error, SMTPSenderRefused)
            kind = Fault.SENDER_REFUSED if is_sender else Fault.RECIPIENT_REFUSED
            raise answer_refused(kind, error.code, _words(error.message)) from error
        except SMTPResponseException as error:
            raise answer_refused(fault, error.code, _words(error.message)) from error
        except SMTPTimeoutError as error:
            raise LaterError(Fault.SILENT, str(error)) from error
        except (SMTPException, OSError) as error:
            raise LaterError(Fault.CUT_OFF, str(error)) from error

    async def _in_time(self, asked: Awaitable[_T], fault: Fault) -> _T:
        try:
            async with asyncio.timeout(self._server.seconds):
                return await asked
        except TimeoutError as error:
            raise LaterError(fault, f"no answer in {self._server.seconds:g} s") from error


def _not_greeted(error: SMTPResponseException) -> MailError:
    if error.code // 100 == 4:
        return LaterError(Fault.TOO_MANY, _words(error.message), error.code)
    if error.code < 0:
        return RefusedError(Fault.NO_MAIL_SERVER, _words(error.message), error.code)
    return RefusedError(Fault.TLS_FAILED, _words(error.message), error.code)


def _not_protected(error: Exception) -> MailError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return tls_failed(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, SMTPServerDisconnected | OSError):
        return LaterError(Fault.CUT_OFF, str(error))
    return RefusedError(Fault.NO_MAIL_SERVER, str(error))


def _words(message: object) -> str:
    """What the server said, as one printable line."""
    text = message.decode(errors="replace") if isinstance(message, bytes) else str(message)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]
