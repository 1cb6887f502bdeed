"""Keeps Asterisk's lamps and stored plans as the database says: on every change, reconnect, hour.

One task does all of it, one piece of work after another, so that nothing drifts and nothing has
to be locked. Whatever fails is done again, whole, as soon as Asterisk is there.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from ari_app.asterisk.fallback import Mirror
from ari_app.asterisk.hints import Lamps
from ari_app.asterisk.manager import ManagerError
from ari_app.asterisk.session import AriError
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId

log = structlog.get_logger()

_TICK = 30.0
"""Seconds between two looks at the clock: hours of rules and ends of statuses."""
_AGAIN = 1.0
"""Seconds before work that failed is tried again."""


class Upkeep:
    """The one who writes lamps and stored plans."""

    def __init__(
        self,
        mirror: Mirror,
        lamps: Lamps,
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
    ) -> None:
        self._mirror = mirror
        self._lamps = lamps
        self._directory = directory
        self._now = now
        self._kept: Directory | None = None
        self._changed: set[EmployeeId] = set()
        self._wake = asyncio.Event()
        self._all_is_due = True
        self.is_reconciled = False

    def reconcile(self) -> None:
        """Compare everything: after a start, a reconnect, or a change that concerns everybody."""
        self._all_is_due = True
        self.is_reconciled = False
        self._wake.set()

    def refresh(self, changed: Iterable[EmployeeId]) -> None:
        """Write what follows from a change of these employees."""
        self._changed.update(changed)
        self._wake.set()

    async def run(self) -> None:
        """Work for ever."""
        while True:
            was_woken = await self._wait()
            try:
                await self._work(was_woken=was_woken)
            except (AriError, ManagerError) as error:
                log.warning("upkeep.waits", reason=str(error))
                await asyncio.sleep(_AGAIN)
                self.reconcile()

    async def _wait(self) -> bool:
        try:
            async with asyncio.timeout(self._until_next_tick()):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True

    def _until_next_tick(self) -> float:
        now = self._now()
        ends = (
            (person.declared.until - now).total_seconds()
            for person in self._directory().employees.values()
            if person.declared.until is not None and person.declared.until > now
        )
        return min(_TICK, *ends, _TICK) + 0.01

    async def _work(self, *, was_woken: bool) -> None:
        directory, now = self._directory(), self._now()
        before, changed = self._kept or directory, frozenset(self._changed)
        self._changed.clear()
        if self._all_is_due:
            self._all_is_due = False
            await self._mirror.reconcile(directory, now)
            await self._lamps.reconcile(directory, now)
            self.is_reconciled = not self._all_is_due
            log.info("upkeep.reconciled", employees=len(directory.employees))
        elif was_woken:
            await self._lamps.refresh(directory, changed, now)
            await self._mirror.refresh(before, directory, changed, now)
        else:
            await self._mirror.tick(directory, now)
            await self._lamps.tick(directory, now)
        self._kept = directory
