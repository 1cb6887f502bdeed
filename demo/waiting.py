"""Waiting for what other processes do: look, and look again, until a deadline."""

import asyncio
import time
from collections.abc import Callable

_STEP_SECONDS = 0.02


async def until(holds: Callable[[], object], seconds: float = 10, what: str = "") -> None:
    """Return as soon as `holds()` is true. Raises TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what or holds}")
        await asyncio.sleep(_STEP_SECONDS)
