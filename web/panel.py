"""What every page rests on: settings, store, directory, keys, and who follows live."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.call_back import CallBackAnswer
from ari_app.domain.directory import Directory
from ari_app.domain.numbers import EmployeeId, Extension, OutsideNumber
from ari_app.domain.presence import Phones
from ari_app.settings import Settings
from ari_app.sound.studio import Studio
from ari_app.vault import Vault
from web.hub import Hub

CallBackPlaced = Callable[[EmployeeId, OutsideNumber | Extension], Awaitable[CallBackAnswer]]


async def _no_phones() -> Phones | None:
    return None


@dataclass(frozen=True, slots=True)
class Panel:
    """Given to the panel by whoever starts it; nothing else is shared between two requests."""

    settings: Settings
    sessions: async_sessionmaker[AsyncSession]
    directory: Callable[[], Directory]
    vault: Vault
    now: Callable[[], datetime]
    hub: Hub = field(default_factory=Hub)
    assets: Mapping[str, str] = field(default_factory=dict)
    """The address of each bundled file by its plain name (``panel.css``)."""
    call_back: CallBackPlaced | None = None
    """Rings an employee's phones, and connects them with a number; None without Asterisk."""
    new_messages: Callable[[EmployeeId], int] = lambda _: 0
    """How many messages an employee has not heard."""
    phones: Callable[[], Awaitable[Phones | None]] = _no_phones
    """What SIP phones do, None where nobody knows; asking keeps a watch on them going."""
    studio: Studio = field(default_factory=Studio)
    start_token: str = field(default_factory=lambda: token_hex(16), repr=False)
    """Opens the page for the first administrator, until the process ends."""

    def own_url(self, request: web.Request) -> str:
        """The same for links that strangers have sent to others.

        The name in their request is whatever they like: a link to it would hand them the account.
        Without the setting it is the address that they really reached.
        """
        transport = request.transport
        socket = None if transport is None else transport.get_extra_info("sockname")
        if self.settings.panel_url or not isinstance(socket, tuple):
            return self.settings.panel_url
        host = f"[{socket[0]}]" if ":" in socket[0] else socket[0]
        return f"{request.scheme}://{host}:{socket[1]}"

    def public_url(self, request: web.Request) -> str:
        """The address that people type, for links in letters."""
        return self.settings.panel_url or f"{request.scheme}://{request.host}"


PANEL: web.AppKey[Panel] = web.AppKey("panel", Panel)
