"""Long work in slices: calls are decided in the same process, and must not wait for a page."""

import asyncio

_LONGEST = 0.004
"""Seconds without a rest."""


class Slices:
    """To be asked again and again during the work; every few milliseconds it lets others run."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()

    async def rest(self) -> None:
        if self._loop.time() - self._since > _LONGEST:
            await asyncio.sleep(0)
            self._since = self._loop.time()
