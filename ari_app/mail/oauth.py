"""OAuth 2 for mail (authorisation-code flow with PKCE, RFC 6749 and RFC 7636)."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from ari_app.mail.errors import Fault, LaterError, RefusedError

_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives tokens: the pages that its documentation names."""

    name: str
    authorise: str
    token: str
    scope: str
    more: Mapping[str, str] = field(default_factory=dict)


ISSUERS: Mapping[str, Issuer] = {
    # https://developers.google.com/identity/protocols/oauth2/web-server
    "google": Issuer(
        "Google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        {"access_type": "offline", "prompt": "consent"},
    ),
    # https://learn.microsoft.com/exchange/client-developer/legacy-protocols/
    # how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
    "microsoft": Issuer(
        "Microsoft",
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/SMTP.Send offline_access",
        {"prompt": "consent"},
    ),
    # https://yandex.ru/dev/id/doc/ru/codes/code-url
    "yandex": Issuer(
        "Yandex",
        "https://oauth.yandex.ru/authorize",
        "https://oauth.yandex.ru/token",
        "mail:smtp",
        {"force_confirm": "yes"},
    ),
}


@dataclass(frozen=True, slots=True)
class Client:
    """What the administrator registered at an issuer for this panel."""

    issuer: Issuer
    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, its seconds to live, and the token for the next one ("": as before)."""

    access: str = field(repr=False)
    seconds: int
    refresh: str = field(default="", repr=False)


def new_verifier() -> str:
    """A secret that proves later that it was we who asked (RFC 7636, section 4.1)."""
    return secrets.token_urlsafe(48)


def authorisation_url(
    client: Client, redirect: str, state: str, verifier: str, hint: str = ""
) -> str:
    """The issuer's page where somebody allows us to send mail in their name."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": redirect,
        "scope": client.issuer.scope,
        "state": state,
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": hint,
        **client.issuer.more,
    }
    return f"{client.issuer.authorise}?{urlencode(asked)}"


async def first_tokens(client: Client, redirect: str, code: str, verifier: str) -> Tokens:
    """Tokens for the code that the issuer's page sent back. Raises MailError."""
    return await _tokens(
        client,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        },
    )


async def refreshed(client: Client, refresh: str) -> Tokens:
    """A new access token. Raises RefusedError when the permission was withdrawn, LaterError."""
    return await _tokens(client, {"grant_type": "refresh_token", "refresh_token": refresh})


async def _tokens(client: Client, asked: Mapping[str, str]) -> Tokens:
    form = {**asked, "client_id": client.client_id}
    if client.client_secret:
        form["client_secret"] = client.client_secret
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_SECONDS)) as session,
            session.post(client.issuer.token, data=form) as answer,
        ):
            told = await answer.json(content_type=None)
            status = answer.status
    except (ClientError, TimeoutError, ValueError) as error:
        raise LaterError(Fault.BUSY, f"{client.issuer.name}: {error}") from error
    if not isinstance(told, dict):
        raise LaterError(Fault.BUSY, client.issuer.name)
    if status >= 500:
        raise LaterError(Fault.BUSY, f"{client.issuer.name}: {status}", status)
    access = told.get("access_token")
    if not isinstance(access, str):
        why = str(told.get("error_description") or told.get("error") or status)
        raise RefusedError(Fault.WRONG_PASSWORD, f"{client.issuer.name}: {why}", status)
    seconds = told.get("expires_in")
    return Tokens(
        access,
        int(seconds) if isinstance(seconds, int | str) and str(seconds).isdigit() else 3600,
        str(told.get("refresh_token") or ""),
    )
