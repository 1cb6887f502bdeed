"""Mail by OAuth 2: permission at an issuer, then letters with tokens that are renewed."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ari_app.mail import oauth, providers
from ari_app.mail.errors import RefusedError
from ari_app.mail.submission import logged_in
from ari_app.mailing import Mailing
from ari_app.store.mail_servers import MailState, mail_server
from tests.mail.certificates import Authority
from tests.mail.moody import Moods, moody
from tests.mail.test_submission import letter
from tests.unit.panel import Browser, Office


@dataclass
class Issuer:
    """Gives tokens as RFC 6749 and RFC 7636 say; each refresh token works once."""

    moods: Moods
    challenges: dict[str, str] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    given: int = 0
    is_withdrawn: bool = False

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form.get("client_id"), form.get("client_secret")) != ("panel", "hush"):
            return web.json_response({"error": "invalid_client"}, status=401)
        if not self._is_due(form):
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.given += 1
        self.moods.token = f"access-{self.given}"
        refresh = f"refresh-{self.given}"
        self.refresh.add(refresh)
        return web.json_response(
            {"access_token": self.moods.token, "expires_in": 61, "refresh_token": refresh}
        )

    def _is_due(self, form: Any) -> bool:
        if form["grant_type"] == "refresh_token":
            if self.is_withdrawn or form["refresh_token"] not in self.refresh:
                return False
            self.refresh.discard(str(form["refresh_token"]))
            return True
        hashed = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        proof = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        return self.challenges.pop(str(form["code"]), None) == proof


@pytest.fixture
def moods(known: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moods]:
    """A mail server that takes tokens, where everybody believes Google's to be."""
    monkeypatch.setenv("SSL_CERT_FILE", str(known.file(tmp_path)))
    made = Moods()
    with moody(known.server(tmp_path / "certificate"), made) as port:
        real = providers.provider_of("a@gmail.com")
        assert real is not None
        near = replace(real, host="localhost", port=port)
        monkeypatch.setattr("web.acts.mail_oauth.provider_of", lambda _: near)
        monkeypatch.setattr(
            "web.acts.mail_oauth.encryption_for", lambda _: providers.Encryption.STARTTLS
        )
        yield made


@pytest.fixture
async def issuer(moods: Moods, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    made = Issuer(moods)
    app = web.Application()
    app.router.add_post("/token", made.token)
    async with TestServer(app) as server:
        near = replace(oauth.ISSUERS["google"], token=str(server.make_url("/token")))
        monkeypatch.setattr(oauth, "ISSUERS", {**oauth.ISSUERS, "google": near})
        monkeypatch.setattr("ari_app.mailing.ISSUERS", {"google": near})
        yield made


async def _permitted(browser: Browser, issuer: Issuer, state: str | None = None) -> Any:
    """Go to the issuer's page, agree there, and come back."""
    await browser.post("/mail/oauth/google", client_id="panel", client_secret="hush")
    asked = await browser.get("/me/mail/oauth/google?address=anna@gmail.com")
    assert asked.to.startswith("https://accounts.google.com/")
    query = {key: value[0] for key, value in parse_qs(urlsplit(asked.to).query).items()}
    issuer.challenges["the-code"] = query["code_challenge"]
    back = state or query["state"]
    return await browser.get(f"/me/mail/oauth/google/back?code=the-code&state={back}")


@pytest.fixture
async def administrator(browser: Browser, office: Office) -> Browser:
    await office.give(105, "administrator")
    await browser.log_in(105)
    return browser


async def test_one_permits_at_the_issuer_and_is_authorised(
    administrator: Browser, office: Office, issuer: Issuer
) -> None:
    answer = await _permitted(administrator, issuer)
    assert (answer.status, answer.to) == (303, "/me/mail")
    async with office.sessions() as session:
        stored = await mail_server(session, office.who(105))
    assert stored is not None
    assert (stored.state, stored.oauth) == (MailState.AUTHORISED, "google")
    assert "refresh" not in (stored.closed_secret or "")


async def test_letters_leave_with_tokens_that_are_renewed(
    administrator: Browser, office: Office, issuer: Issuer
) -> None:
    await _permitted(administrator, issuer)
    panel = office.panel()
    for _ in range(3):
        async with office.sessions() as session:
            stored = await mail_server(session, office.who(105))
        assert stored is not None
        mailing = Mailing(office.sessions, panel.vault, allows_private=True)
        async with logged_in(mailing.server(stored)) as way:
            await way.hand_over("anna@gmail.com", letter())
    assert len(issuer.moods.letters) == 3
    assert issuer.given >= 4


async def test_a_permission_that_was_withdrawn_is_told(
    administrator: Browser, office: Office, issuer: Issuer
) -> None:
    await _permitted(administrator, issuer)
    issuer.is_withdrawn = True
    async with office.sessions() as session:
        stored = await mail_server(session, office.who(105))
    assert stored is not None
    mailing = Mailing(office.sessions, office.panel().vault, allows_private=True)
    with pytest.raises(RefusedError, match="invalid_grant"):
        async with logged_in(mailing.server(stored)):
            pass


@pytest.mark.parametrize("state", ["forged", "%00"])
async def test_an_answer_that_nobody_asked_for_is_refused(
    administrator: Browser, issuer: Issuer, state: str
) -> None:
    answer = await _permitted(administrator, issuer, state)
    assert answer.status == 400
    assert issuer.given == 0


async def test_without_a_registration_there_is_nothing_to_permit(administrator: Browser) -> None:
    assert (await administrator.get("/me/mail/oauth/google?address=a@gmail.com")).status == 404
    assert (await administrator.get("/me/mail/oauth/evil?address=a@gmail.com")).status == 404


async def test_a_refusal_at_the_issuer_is_told(administrator: Browser) -> None:
    answer = await administrator.get("/me/mail/oauth/google/back?error=access_denied")
    assert (answer.status, answer.to) == (303, "/me/mail")
