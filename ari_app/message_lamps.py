"""Keeps the message lamps of phones as the messages are: lit while there is a new one."""

import asyncio
from collections.abc import Callable

import structlog

from ari_app.asterisk.mailboxes import Lit, Mailboxes
from ari_app.asterisk.manager import ManagerError
from ari_app.asterisk.rest import AriError
from ari_app.domain.directory import Directory
from ari_app.message_counts import MessageCounts

log = structlog.get_logger()

_AGAIN = 5.0


class MessageLamps:
    """One task writes them all; whatever fails is done again, whole."""

    def __init__(
        self, mailboxes: Mailboxes, counts: MessageCounts, directory: Callable[[], Directory]
    ) -> None:
        self._mailboxes = mailboxes
        self._counts = counts
        self._directory = directory
        self._wake = asyncio.Event()
        self._all_is_due = True
        self._is_connected = False
        counts.on_counted.append(self.refresh)

    def reconcile(self) -> None:
        """Compare everything: Asterisk is there, or there again."""
        self._all_is_due = self._is_connected = True
        self._wake.set()

    def refresh(self) -> None:
        """Show what has changed: messages, or who has which extension."""
        self._wake.set()

    async def run(self) -> None:
        """Work for ever."""
        reason = ""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not self._is_connected or not self._counts.is_counted:
                continue
            try:
                await self._work()
                reason = ""
            except (AriError, ManagerError, OSError) as error:
                if str(error) != reason:
                    log.warning("message_lamps.wait", reason=str(error))
                reason = str(error)
                await asyncio.sleep(_AGAIN)
                self.reconcile()

    async def _work(self) -> None:
        if self._all_is_due:
            await self._mailboxes.reconcile(self._wanted())
            self._all_is_due = False
        else:
            await self._mailboxes.show(self._wanted())

    def _wanted(self) -> dict[str, Lit]:
        people = self._directory().employees
        counts = self._counts.counts
        return {people[who].extension: lit for who, lit in counts.items() if who in people}
