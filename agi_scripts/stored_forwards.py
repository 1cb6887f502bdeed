"""Forwardings as the feature codes change them: checked and stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from agi_scripts.forwarding import Target
from ari_app.domain.checks import Problem
from ari_app.domain.directory import Colleague, Destination, Directory, OutsideNumbers
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId
from ari_app.settings import Settings
from ari_app.store import audit, forwards
from ari_app.store.audit import About, Who
from ari_app.store.errors import RulesRefusedError
from ari_app.store.forwards import Forward


@dataclass(frozen=True, slots=True)
class StoredForwards:
    """An employee who has left in the meantime raises NotThereError."""

    sessions: async_sessionmaker[AsyncSession]
    directory: Callable[[], Directory]
    now: Callable[[], datetime]
    settings: Settings

    def target(self, number: str) -> Target | None:
        to = forwards.destination_of(number, self.directory(), self.settings)
        return None if to is None else Target(to, self._digits(to))

    async def forward(
        self, employee: EmployeeId, kind: ForwardKind, to: Destination
    ) -> Problem | None:
        wish = Forward(kind, to, forwards.codes_of(self.settings)[kind])
        try:
            async with self.sessions.begin() as session:
                country = self.settings.country
                await forwards.forward(session, employee, wish, self.now(), country)
                told = f"{wish.name} {self._digits(to)}"
                await self._note(session, employee, "forward.set", ("", told))
        except RulesRefusedError as error:
            return error.refusals[0].problem
        return None

    async def end(self, employee: EmployeeId, kind: ForwardKind) -> None:
        async with self.sessions.begin() as session:
            if await forwards.end(session, employee, kind, self.now()):
                told = forwards.codes_of(self.settings)[kind]
                await self._note(session, employee, "forward.ended", (told, ""))

    async def is_on(self, employee: EmployeeId, kind: ForwardKind) -> bool:
        async with self.sessions() as session:
            return await forwards.is_on(session, employee, kind)

    async def _note(
        self, session: AsyncSession, employee: EmployeeId, action: str, forward: tuple[str, str]
    ) -> None:
        """By whoever knows the PIN or holds the phone: that is the employee."""
        person = self.directory().employees.get(employee)
        name = "" if person is None else person.name
        who, about = Who(employee, name, "", self.now()), About(employee, name)
        change = ({"forward": forward[0]}, {"forward": forward[1]})
        await audit.note(session, who, action, about, change)

    def _digits(self, to: Destination) -> str:
        match to:
            case Colleague(employee):
                return self.directory().employees[employee].extension
            case OutsideNumbers(numbers):
                return numbers[0].e164.removeprefix("+")
            case _:
                return ""
