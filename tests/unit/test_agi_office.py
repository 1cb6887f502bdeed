"""What feature codes read of the directory."""

from datetime import datetime

import pytest

from agi_scripts.codes import Office
from agi_scripts.office import DirectoryOffice
from ari_app.domain.directory import Declared, Directory, Phone, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension
from tests.unit.people import MOBILE, MONDAY_NOON, directory, employee

ANNA, BORIS, VERA = EmployeeId(101), EmployeeId(102), EmployeeId(103)
SHARED = Phone(Endpoint("hall"))


class FakeStore:
    """Knows one PIN, and remembers what was stored."""

    def __init__(self) -> None:
        self.stored: list[tuple[EmployeeId, StatusChoice, datetime | None]] = []

    async def pin_owner(self, extension: Extension, pin: str) -> EmployeeId | None:
        return ANNA if (extension, pin) == ("101", "1111") else None

    async def declare(
        self, who: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        self.stored.append((who, choice, until))
        return Declared(Status.BREAK, None, until, Declared(Status.ONLINE))


def office(snapshot: Directory, store: FakeStore) -> Office:
    return DirectoryOffice(lambda: snapshot, store.pin_owner, store.declare)


PEOPLE = directory(
    employee(101, Status.BREAK, phones=(Phone(MOBILE), Phone(Endpoint("anna-desk")))),
    employee(102, phones=(Phone(Endpoint("102")), SHARED)),
    employee(103, phones=(SHARED,)),
)


@pytest.mark.parametrize(
    ("endpoint", "owner"),
    [("anna-desk", ANNA), ("102", BORIS), ("101", None), ("outside", None), ("hall", None)],
)
async def test_phone_belongs_to_the_one_employee_who_has_it(
    endpoint: str, owner: EmployeeId | None
) -> None:
    assert owner == await office(PEOPLE, FakeStore()).employee_of_endpoint(Endpoint(endpoint))


async def test_status_and_zone_are_those_of_the_newest_directory() -> None:
    asked = office(PEOPLE, FakeStore())
    assert Declared(Status.BREAK) == await asked.declared(ANNA)
    assert PEOPLE.employees[ANNA].zone == await asked.zone(ANNA)
    assert await asked.employee_of_extension(Extension("101")) == ANNA
    assert await asked.employee_of_extension(Extension("999")) is None
    assert asked.now().tzinfo is not None


async def test_pin_and_new_status_are_the_stores_matter() -> None:
    store = FakeStore()
    asked = office(PEOPLE, store)
    assert await asked.check_pin(Extension("101"), "1111") == ANNA
    stored = await asked.declare(ANNA, Status.BREAK, MONDAY_NOON)
    assert stored == Declared(Status.BREAK, None, MONDAY_NOON, Declared(Status.ONLINE))
    assert store.stored == [(ANNA, Status.BREAK, MONDAY_NOON)]
