"""Keeps the office's own greetings where Asterisk plays sounds from: one file for each."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.directory import Directory
from ari_app.domain.greetings import Origin
from ari_app.domain.numbers import EmployeeId
from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.studio import Studio
from ari_app.store import audit, greetings
from ari_app.store.audit import About, Who
from ari_app.store.changes import Changed, ChangeKind
from ari_app.store.errors import StoreError
from ari_app.store.greetings import NewGreeting

log = structlog.get_logger()

_SUFFIX = ".wav"
_PARTIAL = ".partial-"
_NAMES = ("By phone, %Y-%m-%d %H:%M", "По телефону, %d.%m.%Y %H:%M")
"""What a recording is called, in English and in Russian."""
_AGAIN = 60.0
"""Seconds after which the folder is looked at without a reason, as after a failure."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A file that was right when it was looked at: it is, while its size and time stay."""

    fingerprint: str
    size: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Recordings:
    """Keeps what employees record by phone as greetings of their own."""

    sessions: async_sessionmaker[AsyncSession]
    directory: Callable[[], Directory]
    now: Callable[[], datetime]
    studio: Studio = field(default_factory=Studio)

    async def keep(self, employee: EmployeeId, raw: bytes) -> bool | None:
        """Store a recording, named by its moment: None for silence, False when it cannot be."""
        person = self.directory().employees.get(employee)
        if person is None:
            return False
        try:
            sound = await self.studio.convert(raw)
        except SoundError as error:
            return None if error.fault is Fault.SILENT else False
        now = self.now()
        name = f"{now.astimezone(person.zone):{_NAMES[person.language == 'ru']}}"
        try:
            async with self.sessions.begin() as session:
                new = NewGreeting(name, Origin.PHONE, sound)
                which = await greetings.add(session, employee, new, now)
                about = About(employee, person.name)
                change = ({"greeting": ""}, {"greeting": name})
                who = Who(employee, person.name, "", now)
                await audit.note(session, who, "greeting.added", about, change)
        except (StoreError, DBAPIError, OSError) as error:
            log.warning("greetings.not_kept", employee=employee, reason=str(error)[:200])
            return False
        log.info("greetings.recorded", employee=employee, greeting=which)
        return True


class GreetingFiles:
    """One folder of sounds. Several hosts do so side by side, each with a folder of its own."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], folder: Path) -> None:
        self._sessions = sessions
        self._folder = folder
        self._known: dict[int, _Known] = {}
        self._wanted = asyncio.Event()
        self._failed = ""

    def on_change(self, changed: Changed) -> None:
        """Look again when greetings may have changed."""
        if not changed.kinds or ChangeKind.GREETINGS in changed.kinds:
            self._wanted.set()

    async def run(self) -> None:
        """Keep the folder right for ever; what cannot be read or written is tried again."""
        while True:
            self._wanted.clear()
            try:
                await self.put_right()
            except (DBAPIError, OSError) as error:
                self._tell(str(error))
            else:
                self._tell("")
            try:
                async with asyncio.timeout(_AGAIN):
                    await self._wanted.wait()
            except TimeoutError:
                continue

    async def put_right(self) -> None:
        """Make the folder hold what the database holds. Raises DBAPIError, OSError."""
        async with self._sessions() as session:
            wanted = await greetings.fingerprints(session)
        if not wanted and not self._folder.is_dir():
            return
        missing = await asyncio.to_thread(self._tidied, wanted)
        for which in missing:
            async with self._sessions() as session:
                wav = await greetings.audio(session, which)
            if wav is not None:
                await asyncio.to_thread(self._write, which, wav)
                log.info("greetings.written", greeting=which)

    def _tidied(self, wanted: Mapping[int, str]) -> list[int]:
        """Remove what is not wanted any more, and name what is missing or different."""
        self._folder.mkdir(parents=True, exist_ok=True)
        here = {file.name: file for file in self._folder.iterdir() if _is_ours(file)}
        for name, file in here.items():
            if file.suffix != _SUFFIX or int(file.stem) not in wanted:
                file.unlink(missing_ok=True)
                log.info("greetings.removed", file=name)
        return [
            which for which, fingerprint in wanted.items() if not self._is_right(which, fingerprint)
        ]

    def _is_right(self, which: int, fingerprint: str) -> bool:
        file = self._file(which)
        try:
            seen = file.stat()
            known = self._known.get(which)
            if known != _Known(fingerprint, seen.st_size, seen.st_mtime_ns):
                found = sha256(file.read_bytes()).hexdigest()
                self._known[which] = _Known(found, seen.st_size, seen.st_mtime_ns)
        except FileNotFoundError:
            return False
        return self._known[which].fingerprint == fingerprint

    def _write(self, which: int, wav: bytes) -> None:
        """Asterisk sees the old file or the new one, and never half of one."""
        partial = self._folder / f"{which}{_PARTIAL}{os.getpid()}"
        try:
            partial.write_bytes(wav)
            partial.chmod(0o644)
            partial.replace(self._file(which))
        finally:
            partial.unlink(missing_ok=True)

    def _file(self, which: int) -> Path:
        return self._folder / f"{which}{_SUFFIX}"

    def _tell(self, failure: str) -> None:
        """Log what is wrong once, and once that it is right again."""
        if failure and failure != self._failed:
            log.error(
                "greetings.not_written", reason=failure[:300], todo="see autosecretary doctor"
            )
        if self._failed and not failure:
            log.info("greetings.written_again")
        self._failed = failure


def _is_ours(file: Path) -> bool:
    """Files that are called as ours are; others in the folder are left alone."""
    stem = file.name.removesuffix(_SUFFIX).partition(_PARTIAL)[0]
    return stem.isascii() and stem.isdigit() and stem != file.name
