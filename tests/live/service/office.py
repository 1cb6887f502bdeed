"""The demo office seen from outside: its database, its history, what Asterisk knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ari_app.domain.availability import holding
from ari_app.domain.directory import Declared, Directory, Limits, Status
from ari_app.domain.numbers import Extension
from ari_app.store import history
from ari_app.store.database import opened
from ari_app.store.directory import load
from ari_app.store.past import PastCall
from ari_app.store.statuses import declare
from demo.asterisk import AsteriskInstance
from demo.office import COUNTRY, statuses
from demo.service import ServiceProcess, autosecretary
from demo.sipp import Call
from demo.waiting import until


@dataclass
class Office:
    """The demo office in one service process next to one Asterisk, since `began`."""

    asterisk: AsteriskInstance
    service: ServiceProcess
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def database(self) -> str:
        return self.service.environment["AUTOSECRETARY_DATABASE_URL"]

    def command(self, *words: str) -> str:
        """What the command line says, run as a process of its own."""
        return autosecretary(self.service.environment, *words)

    async def directory(self) -> Directory:
        async with opened(self.database) as sessions, sessions() as session:
            return await load(session, Limits(), country=COUNTRY)

    async def status(self, extension: str) -> Declared:
        """The status that holds, as it is stored."""
        directory = await self.directory()
        employee = directory.employees[directory.extensions[Extension(extension)]]
        return holding(employee.declared, datetime.now(UTC))

    async def declare(self, extension: str, status: Status) -> None:
        """Store a status as another process does, and wait until its lamp shows it."""
        directory = await self.directory()
        async with opened(self.database) as sessions, sessions.begin() as session:
            employee = directory.extensions[Extension(extension)]
            await declare(session, employee, status, None, datetime.now(UTC))
        code = {Status.ONLINE: "31", Status.DO_NOT_DISTURB: "32", Status.BREAK: "33"}[status]
        await until(lambda: self.device_states().get(f"as-{extension}-{code}") == "INUSE")

    async def as_seeded(self) -> None:
        """Give everybody the status of the demo office again."""
        directory = await self.directory()
        (lunch,) = directory.own_statuses
        async with opened(self.database) as sessions, sessions.begin() as session:
            for extension, choice in statuses(lunch).items():
                employee = directory.extensions[Extension(extension)]
                declared = directory.employees[employee].declared
                held = declared.base if declared.own is None else declared.own
                if held != choice or declared.until is not None:
                    await declare(session, employee, choice, None, datetime.now(UTC))

    async def calls(self, count: int = 1, seconds: float = 10) -> Sequence[PastCall]:
        """The calls since `began`, oldest first: as soon as there are `count`, all with an end."""
        found: Sequence[PastCall] = ()
        async with opened(self.database) as sessions:

            async def look() -> bool:
                nonlocal found
                async with sessions() as session:
                    newest = await history.recent(session, 500, since=self.began)
                found = list(reversed(newest))
                return len(found) >= count and all(call.ending for call in found)

            deadline = datetime.now(UTC).timestamp() + seconds
            while not await look():
                if datetime.now(UTC).timestamp() > deadline:
                    raise TimeoutError(f"not {count} calls that have ended: {found}")
        return found

    def device_states(self) -> dict[str, str]:
        """The device states that are the product's, by name: ``as-101``, ``as-101-33``."""
        return self._kept("StasisDeviceState", "")

    def stored_plans(self) -> dict[str, str]:
        """What AstDB keeps for the time when nobody answers a question."""
        return self._kept("autosecretary", "")

    def _kept(self, family: str, prefix: str) -> dict[str, str]:
        start = f"/{family}/{prefix}"
        rows = self.asterisk.cli(f"database show {family}").splitlines()
        pairs = (row.partition(": ") for row in rows if row.startswith(start))
        return {key.strip().removeprefix(start): value.strip() for key, _, value in pairs}

    def channels(self) -> int:
        """How many channels Asterisk has now."""
        lines = self.asterisk.cli("core show channels count").splitlines()
        return int(lines[0].split()[0]) if lines else -1

    def doing(self) -> list[str]:
        """What each channel does now, such as ``Playback autosecretary/unavailable,noanswer``."""
        rows = self.asterisk.cli("core show channels concise").splitlines()
        columns = [row.split("!") for row in rows if row.count("!") > 6]
        return [f"{column[5]} {column[6]}" for column in columns]

    async def take_place(self, *calls: Call, seconds: float = 20) -> None:
        """Wait until these calls of SIPp are over."""
        await until(lambda: all(call.is_over for call in calls), seconds, "the calls are over")

    async def is_quiet(self) -> None:
        """Wait until no call goes on."""
        await until(lambda: self.channels() == 0, 15, "no channel is left behind")
