"""From an address to the server that sends for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_app.mail.providers import (
    Encryption,
    PasswordKind,
    Provider,
    discover,
    domain_of,
    encryption_for,
    provider_of,
    providers,
)

_DOMAINS = [(domain, one) for one in providers() for domain in one.domains]
_LOCAL = st.from_regex(r"[A-Za-z0-9._+-]{1,20}", fullmatch=True)


class Names:
    """A name server that knows what it was told."""

    def __init__(self, **records: list[tuple[int, str, int]]) -> None:
        self.records = records
        self.asked: list[str] = []

    async def __call__(self, name: str, kind: str) -> list[tuple[int, str, int]]:
        self.asked.append(f"{kind} {name}")
        return self.records.get(kind, []) if kind == "MX" or "submissions" in name else []


@given(_LOCAL, st.sampled_from(_DOMAINS), st.booleans())
def test_every_address_of_a_known_domain_finds_its_provider(
    local: str, known: tuple[str, Provider], in_capitals: bool
) -> None:
    domain, provider = known
    address = f"{local}@{domain}"
    found = provider_of(address.upper() if in_capitals else address)
    assert found == provider
    assert found.login_for(address) == (local if domain == "web.de" else address)


@given(st.text(max_size=80))
def test_whatever_is_typed_finds_a_provider_or_none(text: str) -> None:
    found = provider_of(text)
    assert found is None or domain_of(text) in found.domains


@pytest.mark.parametrize("provider", providers(), ids=lambda one: one.name)
def test_every_provider_can_be_reached_under_tls(provider: Provider) -> None:
    assert encryption_for(provider.port) in {Encryption.TLS, Encryption.STARTTLS}
    assert (provider.password is not PasswordKind.APP) or all(provider.word)


def test_no_domain_belongs_to_two_providers() -> None:
    domains = [domain for domain, _ in _DOMAINS]
    assert len(set(domains)) == len(domains)


def test_other_ports_say_nothing_about_encryption() -> None:
    assert [encryption_for(port) for port in (465, 587, 25, 2525)] == [
        Encryption.TLS,
        Encryption.STARTTLS,
        None,
        None,
    ]


async def test_dns_says_where_a_domain_of_ones_own_is_served() -> None:
    names = Names(SRV=[(0, "smtp.firma.example.", 465)])
    found = await discover("anna@firma.example", names)
    assert found is not None
    assert (found.host, found.port) == ("smtp.firma.example", 465)


@pytest.mark.parametrize(
    ("mx", "name"),
    [
        ("firma-ru.mail.protection.outlook.com.", "Microsoft 365"),
        ("aspmx.l.google.com.", "Gmail"),
        ("mx.yandex.net.", "Yandex"),
    ],
)
async def test_the_receiving_servers_tell_a_hoster(mx: str, name: str) -> None:
    found = await discover("anna@firma.example", Names(MX=[(10, mx, 0)]))
    assert found is not None
    assert found.name == name


async def test_a_lookalike_of_a_hoster_is_none() -> None:
    assert await discover("a@firma.example", Names(MX=[(10, "evilmx.yandex.net", 0)])) is None


async def test_a_service_that_a_domain_says_it_has_not_is_not_used() -> None:
    """RFC 6186, section 3.4: a target of "." means that there is none."""
    assert await discover("a@firma.example", Names(SRV=[(0, ".", 0)])) is None


async def test_a_known_domain_needs_no_name_server() -> None:
    names = Names()
    assert await discover("anna@yandex.ru", names) is not None
    assert names.asked == []


async def test_a_cyrillic_domain_is_asked_for_as_dns_knows_it() -> None:
    names = Names()
    assert await discover("анна@почта.рф", names) is None
    assert names.asked[0] == "SRV _submissions._tcp.xn--80a1acny.xn--p1ai"
