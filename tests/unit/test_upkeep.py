"""One who keeps lamps and stored plans, whatever happens to Asterisk meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ari_app.asterisk.fallback import FAMILY, Mirror
from ari_app.asterisk.hints import Lamps
from ari_app.asterisk.rest import AriGone
from ari_app.domain.directory import Declared, Directory, Status
from ari_app.domain.numbers import EmployeeId
from ari_app.upkeep import Upkeep
from demo.waiting import until
from tests.unit.fake_asterisk import FakeAstDB, FakeDeviceStates
from tests.unit.people import MONDAY_NOON, directory, employee


@dataclass
class FlakyDeviceStates(FakeDeviceStates):
    """Fails the first times that it is asked, as while Asterisk restarts."""

    failures: int = 1

    async def device_states(self) -> dict[str, str]:
        if self.failures:
            self.failures -= 1
            raise AriGone("not connected")
        return await super().device_states()


@dataclass
class Office:
    """A directory and a clock that a test sets."""

    directory: Directory
    now: datetime = MONDAY_NOON
    states: FakeDeviceStates = field(default_factory=FakeDeviceStates)
    database: FakeAstDB = field(default_factory=FakeAstDB)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Upkeep]:
        lamps = Lamps(self.states, self.database, {})
        upkeep = Upkeep(Mirror(self.database), lamps, lambda: self.directory, lambda: self.now)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(upkeep.run())
            upkeep.reconcile()
            await until(lambda: upkeep.is_reconciled)
            yield upkeep
            running.cancel()


async def test_a_change_reaches_lamp_and_stored_plan() -> None:
    office = Office(directory(employee(101)))
    async with office.kept() as upkeep:
        office.directory = directory(employee(101, Status.OFFLINE))
        upkeep.refresh([EmployeeId(101)])
        await until(lambda: office.states.states.get("Stasis:as-101") == "BUSY")
        await until(lambda: "hangup" in office.database.families[FAMILY]["outside-101-1"])


async def test_work_that_failed_is_done_again_whole() -> None:
    office = Office(directory(employee(101, Status.OFFLINE)), states=FlakyDeviceStates())
    async with office.kept():
        assert office.states.states == {"Stasis:as-101": "BUSY"}


async def test_what_drifted_is_put_right_after_a_reconnect() -> None:
    office = Office(directory(employee(101, Status.OFFLINE)))
    async with office.kept() as upkeep:
        del office.states.states["Stasis:as-101"]
        office.database.families[FAMILY].pop("outside-101-1")
        upkeep.reconcile()
        await until(lambda: upkeep.is_reconciled)
        assert office.states.states["Stasis:as-101"] == "BUSY"
        assert "outside-101-1" in office.database.families[FAMILY]


async def test_the_lamp_goes_out_when_a_temporary_status_ends() -> None:
    end = MONDAY_NOON + timedelta(seconds=0.05)
    declared = Declared(Status.BREAK, None, end, Declared(Status.ONLINE))
    office = Office(directory(employee(101, declared=declared)))
    async with office.kept():
        assert office.states.states["Stasis:as-101"] == "BUSY"
        office.now = end
        await until(lambda: "Stasis:as-101" not in office.states.states)
