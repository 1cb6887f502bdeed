"""Messages as the telephone plays them: read from the store, and changed there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from agi_scripts.messages import Waiting
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.store import message_list, messages, pins


@dataclass(frozen=True, slots=True)
class StoredMessages:
    """The mailboxes of everybody."""

    sessions: async_sessionmaker[AsyncSession]
    now: Callable[[], datetime]

    async def extension_with_pin(self, employee: EmployeeId) -> Extension | None:
        async with self.sessions() as session:
            return await pins.extension_with_pin(session, employee)

    async def waiting(self, employee: EmployeeId) -> Sequence[Waiting]:
        """New ones first, the oldest of them first; then those that were heard."""
        async with self.sessions() as session:
            found = await message_list.newest_first(session, employee)
        return [Waiting(one.id, one.at, one.is_new) for one in found]

    async def sound(self, message: int) -> bytes | None:
        async with self.sessions() as session:
            return await messages.audio(session, message)

    async def heard(self, employee: EmployeeId, message: int) -> None:
        async with self.sessions.begin() as session:
            await messages.mark(session, employee, message, self.now())

    async def remove(self, employee: EmployeeId, message: int) -> None:
        async with self.sessions.begin() as session:
            await messages.remove(session, employee, message, self.now())
