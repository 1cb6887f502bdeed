"""The call service: everything that runs in it, wired together in one task group."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from math import nan

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from agi_scripts.codes import Office, OtherCode, feature_code
from agi_scripts.dialled import Codes
from agi_scripts.forwarding import forwarding_codes
from agi_scripts.messages import listen
from agi_scripts.office import DirectoryOffice
from agi_scripts.recording import record_greeting
from agi_scripts.server import listening
from agi_scripts.stored_forwards import StoredForwards
from agi_scripts.stored_messages import StoredMessages
from ari_app.asterisk.call_back import CallsBack
from ari_app.asterisk.events import Event
from ari_app.asterisk.fallback import Mirror
from ari_app.asterisk.hints import Lamps
from ari_app.asterisk.link import LinkState
from ari_app.asterisk.mailboxes import Mailboxes
from ari_app.asterisk.manager import Manager
from ari_app.asterisk.rest import AriError
from ari_app.asterisk.session import Ari
from ari_app.conduct import Conductor
from ari_app.current import CurrentDirectory, limits, now
from ari_app.domain.directory import Declared, Directory, Status, StatusChoice
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.greetings import LONGEST_SECONDS
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.forgetting import forget_for_ever
from ari_app.greetings import GreetingFiles, Recordings
from ari_app.mailroom import run_mail
from ari_app.message_lamps import MessageLamps
from ari_app.metrics import CALLS, Metrics, published
from ari_app.missed import MissedEntries
from ari_app.panel import PanelDoor
from ari_app.record import Alive, Recorder
from ari_app.settings import Settings
from ari_app.sightings import look_for_ever
from ari_app.store import outbox, pins, statuses
from ari_app.store.changes import Changed, ChangeKind
from ari_app.store.database import newest_version, open_engine, schema_version, sessions_on
from ari_app.store.errors import StoreOutdatedError
from ari_app.store.forwards import codes_of
from ari_app.upkeep import Upkeep
from ari_app.voicemail import Voicemail
from web.hub import Topic

__all__ = ["Service", "lamp_codes", "limits", "now", "serve", "serve_panel"]

log = structlog.get_logger()


def lamp_codes(settings: Settings) -> Mapping[Status | ForwardKind, str]:
    """The digits of each status's and each forwarding's feature code, as lamps use them."""
    codes = Codes.of(settings).statuses
    statuses: list[tuple[Status | ForwardKind, str]] = [(key, code) for code, key in codes.items()]
    return {key: code.removeprefix("*") for key, code in (*statuses, *codes_of(settings).items())}


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM.

    Raises StoreOutdatedError, OSError (a port), DBAPIError, KeyUnfitError.
    """
    async with _engine(settings) as engine:
        current = await CurrentDirectory.begin(settings, engine)
        await Service(settings, engine, current).run()


async def serve_panel(settings: Settings) -> None:
    """Run the panel alone, without Asterisk, until SIGINT or SIGTERM. Raises as `serve`."""
    async with _engine(settings) as engine:
        current = await CurrentDirectory.begin(settings, engine)
        door = PanelDoor(settings, sessions_on(engine), current, now)
        async with door.opened(), asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(current.run()),
                tasks.create_task(door.run()),
                tasks.create_task(door.messages.run()),
            ]
            await _asked_to_stop()
            for task in running:
                task.cancel()


@asynccontextmanager
async def _engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(settings.database_url)
    try:
        found = await schema_version(engine)
        if found != newest_version():
            raise StoreOutdatedError(found, newest_version())
        yield engine
    finally:
        await engine.dispose()


class Service:
    """One running call service, and the directory of the moment."""

    def __init__(self, settings: Settings, engine: AsyncEngine, current: CurrentDirectory) -> None:
        self._settings = settings
        self._current = current
        self._sessions = sessions_on(engine)
        self._metrics = Metrics()
        self._ari = Ari(
            settings.ari_url,
            settings.ari_user,
            settings.ari_password.get_secret_value(),
            settings.ari_app,
            on_event=self._on_event,
            on_connected=self._on_ari_connected,
        )
        self._manager = Manager(
            settings.ami_host,
            settings.ami_port,
            settings.ami_user,
            settings.ami_password.get_secret_value(),
            on_connected=self._on_connected,
        )
        self._conductor = Conductor(
            self._ari, lambda: self.directory, now, settings.country, self._metrics
        )
        self._upkeep = Upkeep(
            Mirror(self._manager),
            Lamps(self._ari, self._manager, lamp_codes(settings)),
            lambda: self.directory,
            now,
        )
        self._recorder = Recorder(
            settings.journal,
            self._sessions,
            lambda: self.directory,
            settings.country,
            lambda: self._panel.hub.tell(Topic.CALLS),
        )
        self._panel = PanelDoor(settings, self._sessions, current, now, self._ari)
        self._panel.call_back = CallsBack(self._ari, lambda: self.directory).place
        self._missed = MissedEntries(self._sessions, now, lambda: self._panel.hub.tell(Topic.CALLS))
        self._greetings = GreetingFiles(self._sessions, settings.greetings)
        mailboxes = Mailboxes(settings.mailboxes, self._manager, self._ari)
        self._message_lamps = MessageLamps(mailboxes, self._panel.messages, lambda: self.directory)
        self._voicemail = Voicemail(
            self._sessions, settings.messages, lambda: self.directory, now, settings.panel_url
        )
        current.on_change += [self._on_change, self._greetings.on_change]

    @property
    def directory(self) -> Directory:
        return self._current.directory

    async def run(self) -> None:
        """Serve calls, feature codes, lamps, history and metrics until asked to stop."""
        async with self._doors(), asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(self._ari.run()),
                tasks.create_task(self._manager.run()),
                tasks.create_task(self._upkeep.run()),
                tasks.create_task(self._recorder.run()),
                tasks.create_task(self._missed.run()),
                tasks.create_task(self._current.run()),
                tasks.create_task(self._panel.run()),
                tasks.create_task(self._greetings.run()),
                tasks.create_task(
                    forget_for_ever(
                        self._sessions,
                        now,
                        self._settings.history_days,
                        self._settings.messages_days,
                    )
                ),
                tasks.create_task(self._voicemail.run()),
                tasks.create_task(self._message_lamps.run()),
                tasks.create_task(look_for_ever(self._ari, self._sessions, now)),
                tasks.create_task(self._panel.messages.run()),
                tasks.create_task(run_mail(self._settings, self._sessions, self._current, now)),
            ]
            # What was loaded stays: the collector need not look through it while calls wait.
            gc.collect()
            gc.freeze()
            log.info("service.started", employees=len(self.directory.employees))
            await _asked_to_stop()
            for task in running:
                task.cancel()
        log.info("service.stopped")

    @asynccontextmanager
    async def _doors(self) -> AsyncIterator[None]:
        """The ports that others connect to: feature codes, metrics, the panel."""
        settings = self._settings
        office = DirectoryOffice(lambda: self.directory, self._check_pin, self._declare)
        codes = feature_code(office, Codes.of(settings), self._other_codes(office))
        scripts = {"code": codes}
        async with (
            listening(scripts, settings.agi_host, settings.agi_port),
            published(
                self._metrics,
                self._parts,
                settings.metrics_host,
                settings.metrics_port,
                count=self._count_letters,
            ),
            self._panel.opened(),
        ):
            yield

    def _other_codes(self, office: Office) -> Mapping[str, OtherCode]:
        """What codes do that are not about statuses."""
        settings = self._settings
        recordings = Recordings(self._sessions, lambda: self.directory, now)
        folder = settings.messages.parent / "recordings"
        forwards = StoredForwards(self._sessions, lambda: self.directory, now, settings)
        return {
            **forwarding_codes(office, forwards, settings),
            settings.code_record: record_greeting(office, folder, LONGEST_SECONDS, recordings.keep),
            settings.code_messages: listen(
                office, StoredMessages(self._sessions, now), settings.messages.parent / "listening"
            ),
        }

    def _parts(self) -> Mapping[str, bool]:
        self._metrics.employees.set(len(self.directory.employees))
        self._metrics.messages.set(self._panel.messages.not_heard)
        return {
            CALLS: self._ari.state is LinkState.CONNECTED,
            "ami": self._manager.state is LinkState.CONNECTED,
            "reconciled": self._upkeep.is_reconciled,
        }

    async def _count_letters(self) -> None:
        """While the database does not answer, the number of letters is not known."""
        try:
            async with self._sessions() as session:
                found = await outbox.backlog(session)
            waiting, failed = float(found.waiting), float(found.failed)
        except (DBAPIError, OSError):
            waiting = failed = nan
        self._metrics.letters.labels("waiting").set(waiting)
        self._metrics.letters.labels("failed").set(failed)

    async def _on_event(self, event: Event) -> None:
        await self._conductor.on_event(event)

    async def _on_connected(self) -> None:
        """Put lamps and stored plans right once, by whichever link is the later one."""
        if {self._ari.state, self._manager.state} == {LinkState.CONNECTED}:
            self._upkeep.reconcile()
            self._message_lamps.reconcile()

    async def _on_ari_connected(self) -> None:
        """After a start or a restart of Asterisk: also close the calls that it took down."""
        await self._on_connected()
        asked_at = now()
        try:
            channels = frozenset(channel.id for channel in await self._ari.channels())
        except AriError as error:
            log.warning("history.not_compared", reason=str(error))
            return
        self._recorder.compare(Alive(channels, asked_at))

    def _on_change(self, changed: Changed) -> None:
        if changed.everything or ChangeKind.EMPLOYEE in changed.kinds:
            self._message_lamps.refresh()
        if changed.everything:
            self._upkeep.reconcile()
        else:
            self._upkeep.refresh(changed.employee_ids)

    async def _check_pin(self, extension: Extension, pin: str) -> EmployeeId | None:
        async with self._sessions.begin() as session:
            return await pins.check_pin(session, extension, pin, now())

    async def _declare(
        self, employee: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        async with self._sessions.begin() as session:
            return await statuses.declare(session, employee, choice, until, now())


async def _asked_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
