"""Empties the outbox: each letter at least once, through the right server, at its pace."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.numbers import EmployeeId
from ari_app.letters.attached import attached
from ari_app.letters.contents import content
from ari_app.letters.layout import Envelope, UnwritableError, laid_out
from ari_app.mail.errors import Fault, MailError, RefusedError
from ari_app.mail.submission import Server, logged_in
from ari_app.store import mail_servers, outbox
from ari_app.store.letters import LetterKind
from ari_app.store.mail_servers import MailServer, MailState
from ari_app.store.outbox import Outgoing
from ari_app.vault import KeyUnfitError, Vault

log = structlog.get_logger()

_PAUSE = 1.0
_AT_ONCE = 50
_LONGEST = timedelta(days=2)
"""A letter that could not be sent for so long is given up."""
_AGAIN = (30, 60, 300, 900, 1800, 3600, 3 * 3600)
"""Seconds before the next try, by the tries so far."""
_OF_THE_ACCOUNT = frozenset(
    {
        Fault.WRONG_PASSWORD,
        Fault.APP_PASSWORD,
        Fault.SWITCHED_OFF,
        Fault.OAUTH_ONLY,
        Fault.NO_LOGIN,
        Fault.LOGIN_NEEDED,
    }
)
"""Not a letter's fault: the account has to be put right, and letters wait for that."""


@dataclass(frozen=True, slots=True)
class PostSettings:
    """How letters are sent; `host` stands in their Message-IDs.

    With `falls_back`, what an employee's own server does not take goes through the company's,
    with Reply-To.
    """

    host: str
    falls_back: bool = True


ServerOf = Callable[[MailServer], Server]
"""How a stored server is reached: its secret opened, its settings applied."""


class Post:
    """Sends what is due, for ever; several services may do so side by side."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        server_of: ServerOf,
        now: Callable[[], datetime],
        settings: PostSettings,
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._server_of = server_of
        self._now = now
        self._settings = settings
        self._slowed: dict[EmployeeId | None, tuple[datetime, int]] = {}

    async def run(self) -> None:
        """Send for ever; a database that does not answer is waited for."""
        while True:
            try:
                busy = await self.send_due()
            except (DBAPIError, OSError) as error:
                log.warning("post.waits", reason=type(error).__name__)
                busy = False
            if not busy:
                await asyncio.sleep(_PAUSE)

    async def send_due(self) -> bool:
        """Send what is due now; whether there was anything."""
        now = self._now()
        async with self._sessions() as session:
            due = await outbox.next_due(session, now)
            company = await mail_servers.mail_server(session, None)
        if due is None or due > now:
            return False
        async with self._sessions.begin() as session:
            letters = await outbox.take(session, now, _AT_ONCE)
            own = {
                letter.sender: await mail_servers.mail_server(session, letter.sender)
                for letter in letters
                if letter.sender is not None
            }
        for server, through in self._sorted(letters, own, company).items():
            await self._send(server, through)
        return bool(letters)

    def _sorted(
        self,
        letters: Sequence[Outgoing],
        own: Mapping[EmployeeId, MailServer | None],
        company: MailServer | None,
    ) -> dict[MailServer | None, list[Outgoing]]:
        """Which letter goes through which server; None: there is none."""
        found: dict[MailServer | None, list[Outgoing]] = defaultdict(list)
        for letter in letters:
            server = own.get(letter.sender) if letter.sender is not None else None
            if server is None or server.state is not MailState.AUTHORISED:
                server = company
            found[server].append(letter)
        return found

    async def _send(self, server: MailServer | None, letters: list[Outgoing]) -> None:
        """Hand letters over on one connection; what was not tried is put back."""
        if server is None:
            await self._wait(letters, "no_server", _AGAIN[1])
            return
        slowed_for = (self._slowed_until(server) - self._now()).total_seconds()
        if slowed_for > 0:
            await self._wait(letters, Fault.TOO_MANY.value, slowed_for)
            return
        left = list(letters)
        try:
            async with logged_in(self._server_of(server)) as way:
                while left:
                    letter = left[0]
                    message = await self._written(letter, server)
                    left.pop(0)
                    if message is not None:
                        said = await way.hand_over(server.address, message)
                        await self._sent(letter, server, said)
        except MailError as error:
            tried = letters[len(letters) - len(left) - 1] if len(left) < len(letters) else None
            await self._failed(server, tried, left, error)
        except KeyUnfitError:
            log.error("post.key_unfit", todo="see README, Keys")  # noqa: TRY400
            await self._wait(left, "key_unfit", _AGAIN[1])

    async def _written(self, letter: Outgoing, server: MailServer) -> EmailMessage | None:
        """The message, or None for a letter that cannot be written (and is given up)."""
        try:
            values = dict(letter.values)
            if letter.closed_secret is not None:
                values["link"] = self._vault.open(letter.closed_secret)
            told = content(letter.kind, letter.language, values)
            is_own = letter.sender is not None and server.employee == letter.sender
            envelope = Envelope(
                sender_name=values.get("from_name", "") if letter.sender else server.sender_name,
                sender=server.address,
                to=letter.to_address,
                message_id=f"{letter.message_id}@{self._settings.host}",
                at=letter.made_at,
                reply_to="" if is_own else values.get("reply_to", ""),
                is_automatic=letter.kind != LetterKind.TO_CALLER.value,
            )
            file = await attached(self._sessions, letter.recording, values.get("file", ""))
            return laid_out(told, envelope, letter.language, file)
        except (UnwritableError, ValueError, KeyError) as error:
            await self._give_up(letter, "unwritable", str(error))
            return None

    async def _sent(self, letter: Outgoing, server: MailServer, said: str) -> None:
        async with self._sessions.begin() as session:
            await outbox.sent(session, letter.id, self._now(), said)
            await mail_servers.note_accepted(session, server.employee, self._now())
        self._slowed.pop(server.employee, None)
        log.info("post.sent", letter=letter.id, kind=letter.kind)

    async def _failed(
        self,
        server: MailServer,
        tried: Outgoing | None,
        left: Sequence[Outgoing],
        error: MailError,
    ) -> None:
        """A letter, or the server as a whole, was not taken."""
        log.warning("post.failed", fault=error.fault.value, code=error.code)
        if error.fault in _OF_THE_ACCOUNT:
            await self._account_refused(server, [*filter(None, [tried]), *left], error)
            return
        if error.fault is Fault.TOO_MANY:
            self._slow_down(server)
        if tried is not None:
            if isinstance(error, RefusedError):
                await self._give_up(tried, error.fault.value, error.said)
            else:
                await self._try_later(tried, error)
            async with self._sessions.begin() as session:
                await outbox.put_back(session, [letter.id for letter in left])
            return
        for letter in left:
            await self._try_later(letter, error)

    async def _account_refused(
        self, server: MailServer, letters: Sequence[Outgoing], error: MailError
    ) -> None:
        now = self._now()
        async with self._sessions.begin() as session:
            await mail_servers.note_refused(
                session, server.employee, error.fault.value, error.said, now
            )
            falls_back = server.employee is not None and self._settings.falls_back
            when = now if falls_back else now + timedelta(seconds=_AGAIN[3])
            for letter in letters:
                await outbox.later(session, letter.id, when, error.fault.value, error.said)

    async def _try_later(self, letter: Outgoing, error: MailError) -> None:
        now = self._now()
        if now - letter.made_at > _LONGEST:
            await self._give_up(letter, error.fault.value, error.said)
            return
        seconds = _AGAIN[min(letter.tries, len(_AGAIN)) - 1]
        async with self._sessions.begin() as session:
            when = now + timedelta(seconds=seconds)
            await outbox.later(session, letter.id, when, error.fault.value, error.said)

    async def _wait(self, letters: Sequence[Outgoing], fault: str, seconds: float) -> None:
        when = self._now() + timedelta(seconds=seconds)
        async with self._sessions.begin() as session:
            for letter in letters:
                await outbox.later(session, letter.id, when, fault, "")

    async def _give_up(self, letter: Outgoing, fault: str, said: str) -> None:
        async with self._sessions.begin() as session:
            await outbox.given_up(session, letter.id, self._now(), fault, said)
        log.warning("post.given_up", letter=letter.id, kind=letter.kind, fault=fault)

    def _slowed_until(self, server: MailServer) -> datetime:
        until, _ = self._slowed.get(server.employee, (self._now(), 0))
        return until

    def _slow_down(self, server: MailServer) -> None:
        _, before = self._slowed.get(server.employee, (self._now(), 0))
        seconds = _AGAIN[min(before, len(_AGAIN) - 1)]
        self._slowed[server.employee] = (self._now() + timedelta(seconds=seconds), before + 1)
