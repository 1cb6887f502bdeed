"""Mail by OAuth 2: what is registered at an issuer, and permission given by an employee."""

import json
import secrets
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import quote

from aiohttp import web
from pydantic import Field

from ari_app.domain.rights import Right
from ari_app.mail.oauth import (
    ISSUERS,
    Client,
    Tokens,
    authorisation_url,
    first_tokens,
    new_verifier,
)
from ari_app.mail.providers import Provider, encryption_for, provider_of, providers
from ari_app.store import audit
from ari_app.store.audit import About
from ari_app.store.mail_servers import MailServer, OAuthClient, oauth_clients, save_oauth_client
from ari_app.vault import KeyUnfitError
from web.acts.mail import Tried, keep_account, mailing, tried_by
from web.forms import Form
from web.visit import Visit

COOKIE = "as_oauth"


class ClientForm(Form):
    """What the administrator registered; an empty secret keeps the one that is stored."""

    client_id: Annotated[str, Field(max_length=300)] = ""
    client_secret: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for before the issuer's page was shown."""

    issuer: str
    address: str
    state: str
    verifier: str


async def save_client(visit: Visit, issuer: str, form: ClientForm) -> None:
    """Raises HTTPNotFound for an issuer that is not known, HTTPForbidden."""
    visit.demand(Right.MANAGE_MAIL)
    if issuer not in ISSUERS:
        raise web.HTTPNotFound
    async with visit.panel.sessions.begin() as session:
        before = (await oauth_clients(session)).get(issuer)
        closed = visit.panel.vault.close(form.client_secret) if form.client_secret else None
        if closed is None and before is not None and before.client_id == form.client_id:
            closed = before.closed_secret
        await save_oauth_client(session, OAuthClient(issuer, form.client_id, closed))
        change = (
            {"client_id": before.client_id if before else ""},
            {"client_id": form.client_id},
        )
        await audit.note(session, visit.who, "oauth.changed", About(None, issuer), change)


def redirect_of(visit: Visit, issuer: str) -> str:
    """Where the issuer's page sends people back to; registered there by the administrator."""
    return f"{visit.panel.public_url(visit.request)}/me/mail/oauth/{quote(issuer)}/back"


async def ask(visit: Visit, issuer: str, address: str) -> str:
    """The issuer's page for an employee. Raises HTTPNotFound where nothing is registered."""
    client = await _client(visit, issuer)
    asked = Asked(issuer, address, secrets.token_urlsafe(24), new_verifier())
    told = json.dumps([asked.issuer, asked.address, asked.state, asked.verifier, visit.me])
    visit.cookies[COOKIE] = visit.panel.vault.close(told)
    return authorisation_url(
        client, redirect_of(visit, issuer), asked.state, asked.verifier, address
    )


async def take_over(visit: Visit, issuer: str, state: str, code: str) -> Tried:
    """What the issuer's page sent back: tokens, a login with them, and the account kept.

    Raises HTTPBadRequest for an answer that nobody here asked for, MailError.
    """
    asked = _asked(visit)
    visit.cookies[COOKIE] = None
    is_ours = asked is not None and asked.issuer == issuer
    if asked is None or not is_ours or not secrets.compare_digest(asked.state, state):
        raise web.HTTPBadRequest
    client = await _client(visit, issuer)
    tokens = await first_tokens(client, redirect_of(visit, issuer), code, asked.verifier)
    service = _service(asked.address, issuer)
    encryption = encryption_for(service.port)
    if encryption is None or not tokens.refresh:
        raise web.HTTPBadRequest
    secret = visit.panel.vault.close(tokens.refresh)
    stored = MailServer(
        visit.me,
        asked.address,
        service.host,
        service.port,
        encryption.value,
        asked.address,
        closed_secret=secret,
        oauth=issuer,
    )
    # The token at hand is used: asking for the next one would use up what is to be stored.
    way = replace(mailing(visit).server(stored), token=lambda: _at_hand(tokens))
    account = await tried_by(way, stored)
    if account.is_good:
        await keep_account(visit, account)
    return account


async def _at_hand(tokens: Tokens) -> str:
    return tokens.access


def _service(address: str, issuer: str) -> Provider:
    """The address's own service, or the issuer's for domains of others (Microsoft 365)."""
    found = provider_of(address)
    if found is not None and found.oauth == issuer:
        return found
    return [one for one in providers() if one.oauth == issuer][-1]


async def _client(visit: Visit, issuer: str) -> Client:
    client = await mailing(visit).client(issuer)
    if client is None:
        raise web.HTTPNotFound
    return client


def _asked(visit: Visit) -> Asked | None:
    try:
        told = json.loads(visit.panel.vault.open(visit.request.cookies.get(COOKIE, "")))
        issuer, address, state, verifier, who = told
    except (KeyUnfitError, ValueError, TypeError):
        return None
    return Asked(issuer, address, state, verifier) if who == visit.me else None
