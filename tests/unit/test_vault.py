"""Secrets at rest: the key's file, another key, and a new key for everything."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.store.mail_servers import MailServer, mail_server, save_mail_server
from ari_app.store.sealed import reseal
from ari_app.vault import KeyUnfitError, Vault, begin_rotation, end_rotation, open_vault


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "key"
    closed = open_vault(file).close("пароль")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert open_vault(file).open(closed) == "пароль"
    assert "пароль" not in closed


def test_a_key_from_the_environment_counts_before_the_file(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    vault = open_vault(tmp_path / "key", key)
    assert not (tmp_path / "key").exists()
    assert Vault((key,)).open(vault.close("x")) == "x"


def test_another_key_says_that_it_does_not_fit(tmp_path: Path) -> None:
    closed = open_vault(tmp_path / "one").close("x")
    with pytest.raises(KeyUnfitError, match="another key"):
        open_vault(tmp_path / "two").open(closed)


@pytest.mark.parametrize("text", ["not-a-key", "", "short="])
def test_what_is_no_key_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(KeyUnfitError, match="README"):
        open_vault(tmp_path / "key")


async def test_everything_is_closed_with_a_new_key(
    tmp_path: Path, panel_sessions: async_sessionmaker[AsyncSession]
) -> None:
    file = tmp_path / "key"
    old = open_vault(file)
    server = MailServer(None, "a@b.example", "h", 465, "tls", "a", closed_secret=old.close("x"))
    async with panel_sessions.begin() as session:
        await save_mail_server(session, server)
    async with panel_sessions.begin() as session:
        assert await reseal(session, begin_rotation(file).anew) == 1
    end_rotation(file)
    async with panel_sessions() as session:
        kept = await mail_server(session, None)
    assert kept is not None
    assert open_vault(file).open(kept.closed_secret or "") == "x"
    with pytest.raises(KeyUnfitError):
        old.open(kept.closed_secret or "")
    assert len(file.read_text().split()) == 1
