"""What goes wrong between us and a mail server, sorted by what somebody can do about it.

MailError
├── RefusedError     the server has answered, and will not change its mind: 5xx, a wrong password
└── LaterError       not now: 4xx, no connection, a time-out; trying again may work
"""

import re
import ssl
from enum import Enum

_OAUTH_ONLY = re.compile(
    r"5\.7\.30|5\.7\.139|basic authentication is (disabled|not supported)|"
    r"SmtpClientAuthentication is disabled|oauth|modern authentication",
    re.IGNORECASE,
)
_APP_PASSWORD = re.compile(
    r"5\.7\.9|application-specific|app(lication)? password|пароль приложения|"
    r"InvalidSecondFactor|passwords? for external",
    re.IGNORECASE,
)
_SWITCHED_OFF = re.compile(
    r"does not have access rights to this service|imap.*(disabled|not enabled)|"
    r"(smtp|pop3?|mail client).*(disabled|not allowed|switched off)|5\.7\.60",
    re.IGNORECASE,
)


class Fault(Enum):
    """What is wrong; each has a sentence that says what to do."""

    NAME_UNKNOWN = "name_unknown"
    FORBIDDEN_HOST = "forbidden_host"
    PORT_CLOSED = "port_closed"
    """Nothing listens there, or a firewall is in between."""
    SILENT = "silent"
    """Connected, and no word in time: often implicit TLS where none is spoken, or the reverse."""
    NO_MAIL_SERVER = "no_mail_server"
    TLS_NOT_OFFERED = "tls_not_offered"
    TLS_FAILED = "tls_failed"
    CERTIFICATE_UNKNOWN = "certificate_unknown"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NAME = "certificate_name"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    APP_PASSWORD = "app_password"  # noqa: S105
    SWITCHED_OFF = "switched_off"
    OAUTH_ONLY = "oauth_only"
    NO_LOGIN = "no_login"
    """The server knows no way to log in that we know."""
    LOGIN_NEEDED = "login_needed"
    SENDER_REFUSED = "sender_refused"
    RECIPIENT_REFUSED = "recipient_refused"
    MAILBOX_FULL = "mailbox_full"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    """Too many letters or connections: slower."""
    LETTER_REFUSED = "letter_refused"
    BUSY = "busy"
    """The server said “later” without saying why."""
    CUT_OFF = "cut_off"


class MailError(Exception):
    """`fault` says what kind it is, `said` what the server said, in its own words."""

    def __init__(self, fault: Fault, said: str = "", code: int = 0) -> None:
        super().__init__(f"{fault.value}: {code or ''} {said}".strip())
        self.fault = fault
        self.said = said[:500]
        self.code = code


class RefusedError(MailError):
    """Trying again would bring the same answer."""


class LaterError(MailError):
    """Trying again may work."""


def login_refused(code: int, said: str) -> MailError:
    """What a refused login means (RFC 4954; the rest are words of large providers)."""
    if code // 100 == 4:
        return LaterError(Fault.TOO_MANY if code in {421, 450, 454} else Fault.BUSY, said, code)
    for pattern, fault in (
        (_OAUTH_ONLY, Fault.OAUTH_ONLY),
        (_APP_PASSWORD, Fault.APP_PASSWORD),
        (_SWITCHED_OFF, Fault.SWITCHED_OFF),
    ):
        if pattern.search(said):
            return RefusedError(fault, said, code)
    if code == 534:
        return RefusedError(Fault.APP_PASSWORD, said, code)
    return RefusedError(Fault.WRONG_PASSWORD if code == 535 else Fault.NO_LOGIN, said, code)


def answer_refused(fault: Fault, code: int, said: str) -> MailError:
    """What a refused sender, recipient or letter means (RFC 5321, RFC 3463)."""
    if code // 100 == 4:
        is_pace = code == 421 or "4.7." in said or "4.3.2" in said or "rate" in said.lower()
        return LaterError(Fault.TOO_MANY if is_pace else Fault.BUSY, said, code)
    if code == 530:
        return RefusedError(Fault.LOGIN_NEEDED, said, code)
    if _OAUTH_ONLY.search(said):
        return RefusedError(Fault.OAUTH_ONLY, said, code)
    if code == 552 or "5.2.2" in said:
        is_size = "5.3.4" in said or "size" in said.lower()
        return RefusedError(Fault.TOO_LARGE if is_size else Fault.MAILBOX_FULL, said, code)
    return RefusedError(fault, said, code)


def tls_failed(error: ssl.SSLError) -> MailError:
    """What a failed handshake means."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return RefusedError(Fault.TLS_FAILED, error.reason or str(error))
    # https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/: 10 expired, 9 not yet
    # valid, 62 another host's name.
    fault = {
        9: Fault.CERTIFICATE_EXPIRED,
        10: Fault.CERTIFICATE_EXPIRED,
        62: Fault.CERTIFICATE_NAME,
        64: Fault.CERTIFICATE_NAME,
    }.get(error.verify_code, Fault.CERTIFICATE_UNKNOWN)
    return RefusedError(fault, error.verify_message or str(error))
