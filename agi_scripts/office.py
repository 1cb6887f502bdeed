"""The office as feature codes see it: read from the directory, changed through the store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ari_app.domain.directory import Declared, Directory, StatusChoice
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension

CheckPin = Callable[[Extension, str], Awaitable[EmployeeId | None]]
Declare = Callable[[EmployeeId, StatusChoice, datetime | None], Awaitable[Declared]]


@dataclass(frozen=True, slots=True)
class DirectoryOffice:
    """`directory` gives the newest snapshot; `pin_owner` and `store_status` ask the store.

    An employee who has left in the meantime raises KeyError.
    """

    directory: Callable[[], Directory]
    pin_owner: CheckPin
    store_status: Declare

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def employee_of_endpoint(self, endpoint: Endpoint) -> EmployeeId | None:
        """Whose phone this is: nobody's, too, where several employees share it."""
        owners = [
            person.id
            for person in self.directory().employees.values()
            if any(phone.address == endpoint for phone in person.phones)
        ]
        return owners[0] if len(owners) == 1 else None

    async def employee_of_extension(self, extension: Extension) -> EmployeeId | None:
        return self.directory().extensions.get(extension)

    async def check_pin(self, extension: Extension, pin: str) -> EmployeeId | None:
        return await self.pin_owner(extension, pin)

    async def declare(
        self, employee: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        return await self.store_status(employee, choice, until)

    async def declared(self, employee: EmployeeId) -> Declared:
        return self.directory().employees[employee].declared

    async def zone(self, employee: EmployeeId) -> ZoneInfo:
        return self.directory().employees[employee].zone
