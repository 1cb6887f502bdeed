"""How many messages everybody has, counted anew whenever one comes, is heard or is removed."""

import asyncio
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.numbers import EmployeeId
from ari_app.store import messages
from ari_app.store.changes import Changed, ChangeKind

log = structlog.get_logger()

_AGAIN = 2.0
Counts = Mapping[EmployeeId, tuple[int, int]]
Told = Callable[[], None]


class MessageCounts:
    """The counts of the moment; whoever wants to hear of new ones appends to `on_counted`."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.is_counted = False
        self.counts: Counts = {}
        """New and heard messages of everybody who has any."""
        self.on_counted: list[Told] = []
        self._sessions = sessions
        self._due = asyncio.Event()
        self._due.set()

    def new_of(self, employee: EmployeeId) -> int:
        """How many messages somebody has not heard."""
        return self.counts.get(employee, (0, 0))[0]

    @property
    def not_heard(self) -> int:
        """How many messages nobody has heard."""
        return sum(new for new, _ in self.counts.values())

    def on_change(self, changed: Changed) -> None:
        """Count again when messages may have changed."""
        if not changed.kinds or ChangeKind.MESSAGES in changed.kinds:
            self._due.set()

    async def run(self) -> None:
        """For ever; a database that does not answer is waited for."""
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self.count()
            except (DBAPIError, OSError) as error:
                log.warning("messages.not_counted", reason=type(error).__name__)
                await asyncio.sleep(_AGAIN)
                self._due.set()

    async def count(self) -> None:
        """Count once. Raises DBAPIError, OSError."""
        async with self._sessions() as session:
            self.counts = await messages.counts(session)
        self.is_counted = True
        for tell in self.on_counted:
            tell()
