"""The panel's door in a running process: its port, its first address, and what its pages hear."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.current import CurrentDirectory
from ari_app.lease import Lease
from ari_app.message_counts import MessageCounts
from ari_app.phone_watch import Asked, PhoneWatch
from ari_app.settings import Settings
from ari_app.store import board
from ari_app.store.changes import Changed, ChangeKind
from ari_app.vault import open_vault
from web.app import serving
from web.bundle import read_assets
from web.hub import Hub, Topic
from web.pages.first_start import first_address
from web.panel import CallBackPlaced, Panel

log = structlog.get_logger()

_STATUS = frozenset({ChangeKind.STATUS})
_ELSEWHERE = frozenset({ChangeKind.STATUS, ChangeKind.MESSAGES})
_TICK = 1.0


class PanelDoor:
    """One panel at one port."""

    def __init__(
        self,
        settings: Settings,
        sessions: async_sessionmaker[AsyncSession],
        current: CurrentDirectory,
        now: Callable[[], datetime],
        asterisk: Asked | None = None,
    ) -> None:
        """Without `asterisk` the panel is alone: nothing is known of phones."""
        self.call_back: CallBackPlaced | None = None
        self.hub = Hub()
        self.messages = MessageCounts(sessions)
        self.messages.on_counted.append(lambda: self.hub.tell(Topic.MESSAGES))
        self._watch = (
            None if asterisk is None else PhoneWatch(asterisk, lambda: self.hub.tell(Topic.DEVICES))
        )
        self._ends: dict[int, datetime] = {}
        self._settings = settings
        self._sessions = sessions
        self._current = current
        self._now = now
        current.on_change += [self._on_change, self.messages.on_change]
        self._note_ends(Changed(frozenset(), everything=True, position=0))

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Serve while the block runs; with port 0 nothing is. Raises OSError, KeyUnfitError."""
        settings = self._settings
        if not settings.panel_port:
            yield
            return
        panel = Panel(
            settings,
            self._sessions,
            lambda: self._current.directory,
            open_vault(settings.key_file, settings.key.get_secret_value()),
            self._now,
            self.hub,
            read_assets(),
            new_messages=self.messages.new_of,
        )
        if self._watch is not None:
            panel = replace(panel, phones=self._watch.phones, call_back=self.call_back)
        async with serving(panel, settings.panel_host, settings.panel_port):
            address = settings.panel_url or f"http://{settings.panel_host}:{settings.panel_port}"
            log.info("panel.opened", address=address)
            first = await first_address(panel)
            if first is not None:
                # It opens the panel to whoever has it: for the console, and not for the log.
                print(f"The first administrator begins here: {address}{first}", flush=True)  # noqa: T201
            yield

    async def run(self) -> None:
        """What the panel does by itself: for ever, or not at all when it is switched off."""
        if not self._settings.panel_port:
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(Lease(self._settings, self._sessions, self._now).run())
            tasks.create_task(self._tell_ends())
            if self._watch is None:
                tasks.create_task(self._follow_calls())
            else:
                tasks.create_task(self._watch.run())

    async def _tell_ends(self) -> None:
        """A temporary status that ends is a change that nobody stores."""
        before = self._now()
        while True:
            await asyncio.sleep(_TICK)
            now = self._now()
            if len(self.hub) and any(before < end <= now for end in self._ends.values()):
                self.hub.tell(Topic.STATUS)
            before = now

    async def _follow_calls(self) -> None:
        """Hear of calls where another process writes the history."""
        known = ("", "")
        while True:
            await asyncio.sleep(_TICK)
            if not len(self.hub):
                continue
            try:
                async with self._sessions() as session:
                    place = await board.journal_place(session)
            except (DBAPIError, OSError):
                # Whoever asks for a page is told so; here it is tried again.
                continue
            if place != known:
                known = place
                self.hub.tell(Topic.CALLS)

    def _note_ends(self, changed: Changed) -> None:
        people = self._current.directory.employees
        whose = people if changed.everything else changed.employee_ids
        if changed.everything:
            self._ends.clear()
        for employee in whose:
            person = people.get(employee)
            if person is not None and person.declared.until is not None:
                self._ends[employee] = person.declared.until
            else:
                self._ends.pop(employee, None)

    def _on_change(self, changed: Changed) -> None:
        self._note_ends(changed)
        if changed.everything or not changed.kinds:
            self.hub.tell(Topic.STATUS, Topic.PEOPLE)
            return
        if _STATUS & changed.kinds:
            self.hub.tell(Topic.STATUS)
        if changed.kinds - _ELSEWHERE:
            self.hub.tell(Topic.PEOPLE)
