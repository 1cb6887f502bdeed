"""Other programs, a few at a time, with a time limit and without our secrets."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import ari_app
from ari_app.sound.errors import Fault, SoundError

_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


def own(module: str, *arguments: str) -> list[str]:
    """The words that run one of our modules as a program."""
    return [sys.executable, "-s", "-P", "-m", module, *arguments]


def environment() -> Mapping[str, str]:
    """What others are told of ours: the settings with their passwords are not among it."""
    told = {name: os.environ[name] for name in _KEPT if name in os.environ}
    folder = Path(ari_app.__file__).parent.parent
    return {"LANG": "C.UTF-8", **told, "PYTHONPATH": str(folder)}


async def run(
    words: Sequence[str], given: bytes, seconds: float, output: IO[bytes] | int = PIPE
) -> tuple[int, bytes]:
    """Run a program with `given` as its input; its exit status and what it wrote.

    Whatever happens, it and what it started have ended afterwards. Raises SoundError (BUSY) when
    it takes longer, OSError when it cannot be started.
    """
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=PIPE,
        stdout=output,
        stderr=DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            wrote, _ = await process.communicate(given)
            return await process.wait(), wrote or b""
    except TimeoutError as error:
        raise SoundError(Fault.BUSY, words[0]) from error
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
