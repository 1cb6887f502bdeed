"""The panel's door in a running process: its port, its first address, and what its pages hear."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.current import CurrentDirectory
from ari_app.lease import Lease
from ari_app.settings import Settings
from ari_app.store.changes import Changed, ChangeKind
from ari_app.vault import open_vault
from web.app import serving
from web.bundle import read_assets
from web.hub import Hub, Topic
from web.panel import Panel

log = structlog.get_logger()

_STATUS = frozenset({ChangeKind.STATUS})


class PanelDoor:
    """One panel at one port."""

    def __init__(
        self,
        settings: Settings,
        sessions: async_sessionmaker[AsyncSession],
        current: CurrentDirectory,
        now: Callable[[], datetime],
    ) -> None:
        self.hub = Hub()
        self._settings = settings
        self._sessions = sessions
        self._current = current
        self._now = now
        current.on_change.append(self._on_change)

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
        )
        async with serving(panel, settings.panel_host, settings.panel_port):
            address = settings.panel_url or f"http://{settings.panel_host}:{settings.panel_port}"
            log.info("panel.opened", address=address)
            yield

    async def run(self) -> None:
        """What the panel does by itself: for ever, or not at all when it is switched off."""
        if self._settings.panel_port:
            await Lease(self._settings, self._sessions, self._now).run()

    def _on_change(self, changed: Changed) -> None:
        if changed.everything or not changed.kinds:
            self.hub.tell(Topic.STATUS, Topic.PEOPLE)
            return
        if _STATUS & changed.kinds:
            self.hub.tell(Topic.STATUS)
        if changed.kinds - _STATUS:
            self.hub.tell(Topic.PEOPLE)
