"""A mail server in a mood: aiosmtpd, told what to answer to which letter."""

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from demo.ports import HOST, free_port

OK = "250 2.0.0 taken"
LOGIN, PASSWORD = "robot@example.com", "s3cret"


@dataclass
class Moods:
    """The answers to come, one for each letter; then every letter is taken.

    "drop" takes the letter and hangs up without a word, as a broken network does.
    """

    answers: list[str] = field(default_factory=list)
    greeting_refusals: int = 0
    password: str = PASSWORD
    refusal: str = ""
    token: str = "nobody's"
    letters: list[EmailMessage] = field(default_factory=list)
    logins: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else OK
        if answer in {OK, "drop"}:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.letters.append(message_from_bytes(content, policy=default))
        if answer == "drop":
            assert server.transport is not None
            server.transport.close()
            return OK
        return answer

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """https://developers.google.com/workspace/gmail/imap/xoauth2-protocol"""
        self.logins += 1
        told = base64.b64decode(args[1]).decode()
        if f"auth=Bearer {self.token}\x01" in told:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False)

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, kind: str, given: object
    ) -> AuthResult:
        self.logins += 1
        assert isinstance(given, LoginPassword)
        is_right = given.login == LOGIN.encode() and given.password == self.password.encode()
        if is_right and not self.refusal:
            return AuthResult(success=True)
        if self.refusal:
            return AuthResult(success=False, handled=False, message=self.refusal)
        return AuthResult(success=False, handled=False)


class _Server(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.SMTP_kwargs)


@contextmanager
def moody(certificate: tuple[Path, Path], moods: Moods, port: int | None = None) -> Iterator[int]:
    """Run it while the block runs, with STARTTLS, on the port that it yields."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    chosen = port or free_port()
    server = _Server(
        moods,
        hostname=HOST,
        port=chosen,
        tls_context=context,
        authenticator=moods.authenticator,
        auth_require_tls=True,
        enable_SMTPUTF8=True,
        data_size_limit=20_000_000,
    )
    server.start()
    try:
        yield chosen
    finally:
        server.stop()
