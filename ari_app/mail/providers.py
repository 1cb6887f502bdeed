"""From an address to the server that sends for it: known services, then what DNS says."""

import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

import dns.asyncresolver
from dns.exception import DNSException
from dns.resolver import Answer

_SECONDS = 5.0
_UNUSED = "."


class Encryption(Enum):
    """How a connection is protected."""

    TLS = "tls"
    """From the first byte (RFC 8314's implicit TLS)."""
    STARTTLS = "starttls"
    """Asked for after the greeting, and required."""
    NONE = "none"
    """Not at all: no password may travel then."""


class PasswordKind(Enum):
    """Which password a provider takes from programs."""

    ACCOUNT = "account"
    APP = "app"
    """One made for programs only, in the account's settings."""
    NONE = "none"
    """No password at all: OAuth 2 only."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A mail service.

    `word` is what it calls its passwords for programs, `access` what else must be allowed there
    (each in Russian and in English).
    """

    name: str
    host: str
    port: int
    domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    login_is_local: bool = False
    password: PasswordKind = PasswordKind.ACCOUNT
    oauth: str = ""
    word: tuple[str, str] = ("", "")
    access: tuple[str, str] = ("", "")

    def login_for(self, address: str) -> str:
        """What to log in with."""
        return address.rpartition("@")[0] if self.login_is_local else address


Lookup = Callable[[str, str], Awaitable[list[tuple[int, str, int]]]]
"""Name and record type (SRV, MX) → (priority, host, port or 0), the best first; none: []."""


def encryption_for(port: int) -> Encryption | None:
    """What a port means; None where it says nothing, so that a person has to choose."""
    return {465: Encryption.TLS, 587: Encryption.STARTTLS}.get(port)


@cache
def providers() -> tuple[Provider, ...]:
    """All known services, in the order of the file."""
    text = (files("ari_app") / "mail" / "providers.toml").read_text("utf-8")
    return tuple(_provider(entry) for entry in tomllib.loads(text)["provider"])


def provider_of(address: str) -> Provider | None:
    """The known service of an address, by its domain."""
    domain = domain_of(address)
    return next((one for one in providers() if domain in one.domains), None)


def domain_of(address: str) -> str:
    """The domain in small letters, as DNS asks for it; "" for what has none."""
    domain = address.rpartition("@")[2].strip().strip(".").lower()
    try:
        return domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        return ""


async def discover(address: str, look_up: Lookup | None = None) -> Provider | None:
    """The service of an address: known by its domain, told by DNS (RFC 6186), or by its MX.

    A name server that does not answer counts as one that knows nothing.
    """
    known = provider_of(address)
    domain = domain_of(address)
    if known is not None or not domain or "." not in domain:
        return known
    look_up = look_up or _look_up
    for service, port in (("_submissions", 465), ("_submission", 587)):
        for _, host, told in await look_up(f"{service}._tcp.{domain}", "SRV"):
            if host != _UNUSED:
                return Provider(domain, host.rstrip("."), told or port)
    for _, host, _ in await look_up(domain, "MX"):
        found = _hosting(host.rstrip(".").lower())
        if found is not None:
            return found
    return None


def _hosting(mx: str) -> Provider | None:
    """The service whose servers receive mail for a domain of somebody else's."""
    return next(
        (
            one
            for one in providers()
            if any(mx == host or mx.endswith(f".{host}") for host in one.hosts)
        ),
        None,
    )


async def _look_up(name: str, kind: str) -> list[tuple[int, str, int]]:
    try:
        answer = await dns.asyncresolver.resolve(name, kind, lifetime=_SECONDS)
    except (DNSException, OSError, ValueError):
        return []
    return sorted(_records(answer, kind))


def _records(answer: Answer, kind: str) -> list[tuple[int, str, int]]:
    if kind == "SRV":
        return [(record.priority, str(record.target), record.port) for record in answer]
    return [(record.preference, str(record.exchange), 0) for record in answer]


def _provider(entry: dict[str, object]) -> Provider:
    text = {key: str(value) for key, value in entry.items()}
    return Provider(
        name=text["name"],
        host=text["host"],
        port=int(text["port"]),
        domains=_names(entry.get("domains")),
        hosts=_names(entry.get("hosts")),
        login_is_local=text.get("login") == "local",
        password=PasswordKind(text.get("password", "account")),
        oauth=text.get("oauth", ""),
        word=(text.get("word_ru", ""), text.get("word_en", "")),
        access=(text.get("access_ru", ""), text.get("access_en", "")),
    )


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
