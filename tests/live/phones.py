"""Phones of the live tests: real ones, nobody's fakes."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from demo import sipp
from demo.asterisk import AsteriskInstance
from demo.baresip import Line
from demo.softphone import Phone
from demo.waiting import until

__all__ = ["Phone", "Phones", "until"]


@dataclass
class Phones:
    """Gives out phones on one Asterisk, and ends them all."""

    asterisk: AsteriskInstance
    directory: Path
    says: Path
    """What every phone speaks into its calls."""
    _opened: AsyncExitStack = field(default_factory=AsyncExitStack)
    _outside: int = 0
    _calls: list[sipp.Call | sipp.Watch] = field(default_factory=list)

    async def employee(self, extension: str, *, says: Path | None = None) -> Phone:
        """A registered phone of this extension, which only rings until it is told otherwise."""
        password = self.asterisk.secrets[extension]
        return await self._open(Line(extension, password, self.asterisk.ports.sip), says)

    async def outside(self, number: str = "outside", *, says: Path | None = None) -> Phone:
        """A phone in the outside world, with this number.

        The first one gets all calls that go out over the trunk, whatever their number.
        """
        ports = self.asterisk.ports
        port = ports.outside[self._outside]
        self._outside += 1
        return await self._open(Line(number, "", ports.sip, port), says)

    def sipp_call(
        self, number: str, to: str, *, talk_seconds: float = 1, password: str = ""
    ) -> sipp.Call:
        """A call placed by SIPp: from outside with any text as its number, or with a password."""
        caller = sipp.Caller(number, password)
        call = sipp.place(self._booth(), caller, to, talk_seconds=talk_seconds)
        self._calls.append(call)
        return call

    def watch(self, lamp: str, by: str) -> sipp.Watch:
        """A desk phone of extension `by` that watches a lamp, ``103`` or ``*33*103``."""
        watcher = sipp.Caller(by, self.asterisk.secrets[by])
        watch = sipp.watch(self._booth(), watcher, lamp)
        self._calls.append(watch)
        return watch

    def watch_messages(self, by: str) -> sipp.Watch:
        """A desk phone of extension `by` with a lamp for messages."""
        watch = sipp.watch_messages(self._booth(), sipp.Caller(by, self.asterisk.secrets[by]))
        self._calls.append(watch)
        return watch

    def register(self, extension: str) -> sipp.Watch:
        """A desk phone that subscribes to nothing, and is told of messages all the same."""
        watch = sipp.register(
            self._booth(), sipp.Caller(extension, self.asterisk.secrets[extension])
        )
        self._calls.append(watch)
        return watch

    async def close(self) -> None:
        for call in self._calls:
            call.stop()
        await self._opened.aclose()

    def _booth(self) -> sipp.Booth:
        directory = self.directory / f"sipp{len(self._calls)}"
        return sipp.Booth(self.asterisk.root, directory, self.asterisk.ports.sip)

    async def _open(self, line: Line, says: Path | None) -> Phone:
        directory = self.directory / f"{line.name}-{line.own_port}"
        phone = Phone(line, self.asterisk.root, directory, says or self.says)
        return await self._opened.enter_async_context(phone)
