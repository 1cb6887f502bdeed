"""Mail servers that nobody here wrote."""

import os
from collections.abc import Iterator

import pytest

from ari_app.mail.providers import Encryption
from ari_app.mail.submission import Server
from tests.mail.certificates import Authority, authority
from tests.mail.exim import LOGIN, PASSWORD, Exim, exim, is_installed
from tests.unit.conftest import browser, demo_file, migrated_file, office, panel_sessions

__all__ = ["browser", "demo_file", "migrated_file", "office", "panel_sessions"]


@pytest.fixture(scope="session")
def known() -> Authority:
    """The authority that clients of the tests trust."""
    return authority()


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory, known: Authority) -> Iterator[Exim]:
    if not is_installed() or os.geteuid() != 0:
        reason = "exim4 is not installed, or this is not root: `make test` installs it"
        if os.environ.get("AUTOSECRETARY_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("exim")
    with exim(folder, known.server(folder / "certificate")) as server:
        yield server


@pytest.fixture
def over_tls(mail_server: Exim, known: Authority) -> Server:
    return Server(
        "localhost",
        mail_server.tls,
        Encryption.TLS,
        LOGIN,
        PASSWORD,
        trusted=known.context(),
        seconds=5,
    )


@pytest.fixture
def over_starttls(mail_server: Exim, known: Authority) -> Server:
    return Server(
        "localhost",
        mail_server.starttls,
        Encryption.STARTTLS,
        LOGIN,
        PASSWORD,
        trusted=known.context(),
        seconds=5,
    )
