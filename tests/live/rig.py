"""The product's own parts that decide calls, next to a real Asterisk, with the office in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from ari_app.asterisk.events import CallBroadcast, Event
from ari_app.asterisk.fallback import Mirror
from ari_app.asterisk.hints import Lamps
from ari_app.asterisk.journal import (
    CallBegan,
    CallEnded,
    Journal,
    JournalEvent,
    Position,
    StepEnded,
    StepTaken,
    parse_line,
)
from ari_app.asterisk.link import LinkState, Pace
from ari_app.asterisk.manager import Manager
from ari_app.asterisk.session import Ari
from ari_app.conduct import Conductor
from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Directory
from ari_app.domain.steps import Fact
from ari_app.metrics import Metrics
from ari_app.service import lamp_codes
from ari_app.settings import Settings
from ari_app.upkeep import Upkeep
from demo.asterisk import AsteriskInstance
from demo.ports import HOST
from demo.waiting import until

APP = "autosecretary"
_PACE = Pace(heartbeat=2.0, check=0.5, longest_pause=0.5)


@dataclass(frozen=True, slots=True)
class Tried:
    """One step of a call as the journal tells it; no outcome: the call ended within it."""

    key: str
    kind: str
    outcome: Outcome | None
    rung: tuple[str, ...]
    facts: tuple[Fact, ...]
    by_mirror: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One call as the journal tells it, and every ending that it was given."""

    caller: str
    called: str
    is_inside: bool
    tried: tuple[Tried, ...]
    endings: tuple[Ending, ...]

    @property
    def steps(self) -> list[tuple[str, str, Outcome | None]]:
        """Key, kind and outcome of each step."""
        return [(step.key, step.kind, step.outcome) for step in self.tried]

    @property
    def rung(self) -> list[tuple[str, ...]]:
        """Who was rung together, one after another."""
        return [step.rung for step in self.tried if step.kind == "ring"]

    @property
    def facts(self) -> list[Fact]:
        return [fact for step in self.tried for fact in step.facts]


class Rig:
    """Session, manager, conductor and upkeep, wired as the service wires them.

    `directory` may be set at any time, as the store does it; `now` is the clock.
    """

    def __init__(self, asterisk: AsteriskInstance, directory: Directory) -> None:
        self.asterisk = asterisk
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._directory = directory
        ports, secrets = asterisk.ports, asterisk.secrets
        url = f"http://{HOST}:{ports.http}"
        self.ari = Ari(
            url,
            APP,
            secrets["ari"],
            APP,
            on_event=self._on_event,
            on_connected=self._on_connected,
            pace=_PACE,
        )
        self.manager = Manager(
            HOST,
            ports.ami,
            APP,
            secrets["manager"],
            on_connected=self._on_connected,
            pace=_PACE,
        )
        self.hears = asyncio.Event()
        """While it is not set, calls are not claimed."""
        self.answers = asyncio.Event()
        """While it is not set, calls that were claimed get no answer."""
        self.hears.set()
        self.answers.set()
        self._conductor = Conductor(
            self.ari, lambda: self._directory, self._moment, "RU", Metrics()
        )
        self.upkeep = Upkeep(
            Mirror(self.manager),
            Lamps(self.ari, self.manager, lamp_codes(Settings(_env_file=None))),
            lambda: self._directory,
            self._moment,
        )
        self._journal = Journal(asterisk.directory / "log/cel-custom/autosecretary.csv")
        self._position = Position()
        self._events: list[JournalEvent] = []
        self._read()
        self._events.clear()

    def _moment(self) -> datetime:
        return self.now()

    async def _on_event(self, event: Event) -> None:
        gate = self.hears if isinstance(event, CallBroadcast) else self.answers
        await gate.wait()
        await self._conductor.on_event(event)

    async def _on_connected(self) -> None:
        self.upkeep.reconcile()

    @property
    def directory(self) -> Directory:
        return self._directory

    @directory.setter
    def directory(self, directory: Directory) -> None:
        before, self._directory = self._directory, directory
        if _but_employees(before) != _but_employees(directory):
            self.upkeep.reconcile()
            return
        people = before.employees.keys() | directory.employees.keys()
        self.upkeep.refresh(
            i for i in people if before.employees.get(i) != directory.employees.get(i)
        )

    @property
    def is_settled(self) -> bool:
        """Whether calls are answered here, and lamps and stored plans are right."""
        links = (self.ari.state, self.manager.state)
        return self.upkeep.is_reconciled and set(links) == {LinkState.CONNECTED}

    async def ways(self, count: int, seconds: float = 20) -> list[Way]:
        """All calls since the rig began, as soon as there are `count` and all have ended."""
        found: list[Way] = []

        def enough() -> bool:
            found[:] = self._ways()
            return len(found) >= count and all(way.endings for way in found)

        await until(enough, seconds, f"{count} calls that have ended")
        return found

    async def way(self, caller: str = "", called: str = "", seconds: float = 20) -> Way:
        """The only call by `caller` to `called`, as soon as it has ended."""
        found: list[Way] = []

        def ended() -> bool:
            found[:] = [
                way
                for way in self._ways()
                if caller in ("", way.caller) and called in ("", way.called)
            ]
            return any(way.endings for way in found)

        await until(ended, seconds, f"the end of the call {caller} to {called}: {self._ways()}")
        (way,) = found
        return way

    def under_way(self) -> list[Way]:
        """Calls that have not ended."""
        return [way for way in self._ways() if not way.endings]

    async def is_quiet(self, seconds: float = 15) -> None:
        """Wait until no channel is left; those that are left after all are ended."""
        try:
            await until(lambda: not self.channels(), seconds)
        except TimeoutError:
            left = self.channels()
            self.asterisk.cli("channel request hangup all")
            raise AssertionError(f"channels are left: {left}") from None

    def channels(self) -> list[str]:
        """The channels of this moment, as Asterisk's console shows them."""
        return self.asterisk.cli("core show channels concise").splitlines()

    def _read(self) -> None:
        lines, self._position = self._journal.read_on(self._position)
        while lines:
            self._events += [event for line in lines if (event := parse_line(line)) is not None]
            lines, self._position = self._journal.read_on(self._position)

    def _ways(self) -> list[Way]:
        self._read()
        ways: list[Way] = []
        for call_id in dict.fromkeys(event.call_id for event in self._events):
            ways += _ways_of([event for event in self._events if event.call_id == call_id])
        return ways


def _ways_of(events: list[JournalEvent]) -> list[Way]:
    """The calls of one channel: it may be transferred, and call again."""
    starts = [place for place, event in enumerate(events) if isinstance(event, CallBegan)]
    return [
        _way(began, events[start + 1 : end], is_last=end == len(events))
        for start, end in pairwise([*starts, len(events)])
        if isinstance(began := events[start], CallBegan)
    ]


def _way(began: CallBegan, events: Iterable[JournalEvent], *, is_last: bool) -> Way:
    # A call that was transferred had been answered, as the history says too.
    outcomes: dict[str, Outcome] = {}
    taken: list[StepTaken] = []
    endings: list[Ending] = [] if is_last else [Ending.ANSWERED]
    for event in events:
        match event:
            case StepTaken():
                taken.append(event)
            case StepEnded():
                outcomes[event.key] = event.outcome
            case CallEnded():
                endings.append(event.ending)
            case _:
                continue
    tried = tuple(
        Tried(
            one.step.key,
            one.step.kind,
            outcomes.get(one.step.key),
            one.step.addresses,
            tuple(reason.fact for reason in one.step.because),
            one.by_mirror,
        )
        for one in taken
    )
    return Way(began.caller_number, began.called, began.is_inside, tried, tuple(endings))


def _but_employees(directory: Directory) -> tuple[object, ...]:
    return (directory.own_statuses, directory.trunks, directory.limits, directory.free_days)


@asynccontextmanager
async def running(asterisk: AsteriskInstance, directory: Directory) -> AsyncIterator[Rig]:
    """A rig that answers calls while the block runs."""
    rig = Rig(asterisk, directory)
    async with asyncio.TaskGroup() as tasks:
        work = [tasks.create_task(part.run()) for part in (rig.ari, rig.manager, rig.upkeep)]
        await until(lambda: rig.is_settled, 15, "the rig has settled")
        try:
            yield rig
        finally:
            for task in work:
                task.cancel()
