"""How a stored mail account is reached: its secret opened, its token fetched when it is needed."""

import time
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.numbers import EmployeeId
from ari_app.mail.errors import Fault, RefusedError
from ari_app.mail.oauth import ISSUERS, Client, Tokens, refreshed
from ari_app.mail.providers import Encryption
from ari_app.mail.submission import Server
from ari_app.store.mail_servers import MailServer, oauth_clients, replace_secret
from ari_app.vault import Vault

_MARGIN = 60
"""Seconds before its end at which an access token is not used any more."""


class Mailing:
    """Makes servers out of stored accounts; access tokens are kept in memory only."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], vault: Vault, *, allows_private: bool
    ) -> None:
        self._sessions = sessions
        self._vault = vault
        self._allows_private = allows_private
        self._tokens: dict[EmployeeId | None, tuple[str, str, float]] = {}

    def server(self, stored: MailServer) -> Server:
        """How it is reached. Raises KeyUnfitError for a secret of another key."""
        secret = self._vault.open(stored.closed_secret) if stored.closed_secret else ""
        token = self._token_of(stored, secret) if stored.oauth else None
        return Server(
            stored.host,
            stored.port,
            Encryption(stored.encryption),
            stored.login,
            "" if stored.oauth else secret,
            token,
            allows_private=self._allows_private,
        )

    async def client(self, issuer: str) -> Client | None:
        """What is registered at an issuer. Raises KeyUnfitError."""
        async with self._sessions() as session:
            found = (await oauth_clients(session)).get(issuer)
        if found is None or issuer not in ISSUERS:
            return None
        secret = self._vault.open(found.closed_secret) if found.closed_secret else ""
        return Client(ISSUERS[issuer], found.client_id, secret)

    def _token_of(self, stored: MailServer, refresh: str) -> Callable[[], Awaitable[str]]:
        async def token() -> str:
            known, made_with, ends = self._tokens.get(stored.employee, ("", "", 0.0))
            if known and made_with == refresh and time.monotonic() < ends:
                return known
            client = await self.client(stored.oauth)
            if client is None:
                raise RefusedError(Fault.OAUTH_ONLY, stored.oauth)
            tokens = await refreshed(client, refresh)
            kept = await self._keep(stored.employee, tokens, refresh)
            ends = time.monotonic() + tokens.seconds - _MARGIN
            self._tokens[stored.employee] = (tokens.access, kept, ends)
            return tokens.access

        return token

    async def _keep(self, employee: EmployeeId | None, tokens: Tokens, before: str) -> str:
        """Store the token that replaces the one before, where the issuer gave one."""
        if not tokens.refresh or tokens.refresh == before:
            return before
        async with self._sessions.begin() as session:
            await replace_secret(session, employee, self._vault.close(tokens.refresh))
        return tokens.refresh
