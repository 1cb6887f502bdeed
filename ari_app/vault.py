"""Secrets at rest: encrypted with a key that lies in a file of its own, or in the environment."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeyUnfitError(Exception):
    """A secret cannot be read: it was encrypted with another key, or the key is none."""


class Vault:
    """Encrypts and decrypts short texts (Fernet: AES-128-CBC with HMAC-SHA256).

    The first key encrypts; the others still decrypt, so that keys can be changed.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._box = MultiFernet([Fernet(key) for key in keys])
        except (ValueError, TypeError) as error:
            raise KeyUnfitError("the key is not 32 bytes in base64: see README, Keys") from error
        self._sign_key = hashlib.sha256(b"autosecretary.sign" + keys[0].encode()).digest()

    def close(self, secret: str) -> str:
        """Encrypt."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, closed: str) -> str:
        """Decrypt. Raises KeyUnfitError."""
        try:
            return self._box.decrypt(closed.encode()).decode()
        except (InvalidToken, UnicodeEncodeError) as error:
            raise KeyUnfitError("this was encrypted with another key") from error

    def anew(self, closed: str) -> str:
        """The same secret, encrypted with the newest key. Raises KeyUnfitError."""
        return self.close(self.open(closed))

    @property
    def sign_key(self) -> bytes:
        """A key for signing what goes out and comes back, made of the newest key."""
        return self._sign_key


def begin_rotation(file: Path) -> Vault:
    """Put a new key before those in `file`, so that what they closed can still be opened.

    Raises OSError for a file that cannot be read or written.
    """
    keys = (Fernet.generate_key().decode(), *file.read_text().split())
    _write(file, keys)
    return Vault(keys)


def end_rotation(file: Path) -> None:
    """Forget all keys but the newest: nothing is closed by the others any more."""
    _write(file, file.read_text().split()[:1])


def _write(file: Path, keys: Iterable[str]) -> None:
    """In one step, so that a power cut leaves the old file or the new one."""
    partial = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write("".join(f"{key}\n" for key in keys))
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(file)


def open_vault(file: Path, from_environment: str = "") -> Vault:
    """The vault whose key is in the environment, or in `file`; made there when there is none.

    Several keys (newest first) are separated by white space. Raises KeyUnfitError for what is
    no key, OSError for a file that cannot be read or made.
    """
    if from_environment:
        return Vault(tuple(from_environment.split()))
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Vault(tuple(file.read_text().split()))
    with os.fdopen(made, "w") as opened:
        key = Fernet.generate_key().decode()
        opened.write(f"{key}\n")
    return Vault((key,))
