"""The demo office's folder: one office at a time lives in it, and others can find it there."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.asterisk import kept_secrets
from demo.configuration import REPOSITORY
from demo.ports import Ports
from demo.problem import Problem

FOLDER = REPOSITORY / "var/demo"


@contextmanager
def only_one(folder: Path = FOLDER) -> Iterator[None]:
    """Hold the folder. Raises Problem when another `make run` has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Problem(
                f"The demo office runs already (process {lock.read().strip()}): "
                "end it there with Ctrl-C first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_running(folder: Path = FOLDER) -> bool:
    """Whether a `make run` has the folder."""
    if not (folder / "lock").exists():
        return False
    with (folder / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def running_ports(folder: Path = FOLDER) -> Ports:
    """The ports of the office that runs. Raises Problem when none does."""
    if not is_running(folder):
        raise Problem("The demo office is not running: start it with `make run` first.")
    return Ports(**json.loads((folder / "ports.json").read_text()))


def password(extension: str, folder: Path = FOLDER) -> str:
    """The SIP password of an extension, empty for a number that is none of the office's."""
    return kept_secrets(folder / "secrets.json", ()).get(extension, "")
