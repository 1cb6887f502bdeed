"""The panel's pages of mail, in front of a real server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ari_app.store import outbox
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.mail_servers import MailState, mail_server
from demo.ports import free_port
from tests.mail.certificates import Authority
from tests.mail.moody import LOGIN, PASSWORD, Moods, moody
from tests.unit.panel import Browser, Office


@dataclass
class Served:
    moods: Moods
    port: int

    def typed(self, **changed: Any) -> dict[str, Any]:
        return {
            "address": LOGIN,
            "login": LOGIN,
            "password": PASSWORD,
            "host": "localhost",
            "port": self.port,
            "encryption": "starttls",
            **changed,
        }


@pytest.fixture
def served(known: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose certificate this machine knows."""
    monkeypatch.setenv("SSL_CERT_FILE", str(known.file(tmp_path)))
    moods = Moods()
    with moody(known.server(tmp_path / "certificate"), moods) as port:
        yield Served(moods, port)


async def _as_administrator(browser: Browser) -> None:
    """As Emma, who reads English."""
    await browser.office.give(105, "administrator")
    await browser.log_in(105)


async def test_one_authorises_ones_own_address_by_logging_in(
    browser: Browser, office: Office, served: Served
) -> None:
    await browser.log_in(105)
    answer = await browser.post("/me/mail", **served.typed())
    assert answer.status == 200
    assert "Login accepted" in answer.text
    async with office.sessions() as session:
        stored = await mail_server(session, office.who(105))
    assert stored is not None
    assert stored.state is MailState.AUTHORISED
    assert PASSWORD not in (stored.closed_secret or "")
    assert PASSWORD not in (await browser.get("/me/mail")).text


async def test_a_wrong_password_says_what_to_do_and_stores_nothing(
    browser: Browser, office: Office, served: Served
) -> None:
    await browser.log_in(105)
    answer = await browser.post("/me/mail", **served.typed(password="wrong"))
    assert answer.status == 422
    assert "The login or the password is wrong." in answer.text
    assert f'value="{served.port}"' in answer.text
    async with office.sessions() as session:
        assert await mail_server(session, office.who(105)) is None


async def test_a_provider_with_app_passwords_is_named_with_its_own_word(
    browser: Browser, served: Served
) -> None:
    await browser.log_in(105)
    served.moods.refusal = "534 5.7.9 Application-specific password required"
    answer = await browser.post("/me/mail", **served.typed(address="a@gmail.com"))
    assert "apppasswords" in answer.text


async def test_a_service_that_takes_only_oauth_says_so(browser: Browser, served: Served) -> None:
    await browser.log_in(105)
    served.moods.refusal = (
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled"
    )
    answer = await browser.post("/me/mail", **served.typed())
    assert "only OAuth 2" in answer.text


async def test_a_stored_password_goes_to_no_other_server(
    browser: Browser, office: Office, served: Served
) -> None:
    await browser.log_in(105)
    await browser.post("/me/mail", **served.typed())
    before = served.moods.logins
    kept = await browser.post("/me/mail", **served.typed(password=""))
    assert (kept.status, served.moods.logins) == (200, before + 1)
    moved = await browser.post("/me/mail", **served.typed(password="", host="127.0.0.1"))
    assert moved.status == 422
    assert "Please fill this in" in moved.text
    assert served.moods.logins == before + 1


async def test_an_odd_port_asks_for_the_encryption(browser: Browser, served: Served) -> None:
    await browser.log_in(105)
    answer = await browser.post("/me/mail", **served.typed(encryption=""))
    assert answer.status == 422
    assert "the port does not tell" in answer.text


async def test_the_company_server_is_tested_with_a_letter_and_takes_effect_at_once(
    browser: Browser, office: Office, served: Served
) -> None:
    async with office.sessions.begin() as session:
        letter = Letter(LetterKind.TEST, None, "b@example.com", "ru", {})
        await queue(session, letter, office.now())
        (taken,) = await outbox.take(session, office.now(), 1)
        await outbox.later(session, taken.id, office.now().replace(year=2100), "no_server", "")
    await _as_administrator(browser)
    answer = await browser.post("/mail/server", **served.typed(test_to="own"))
    assert "Test letter handed over" in answer.text
    assert len(served.moods.letters) == 1
    async with office.sessions() as session:
        due = await outbox.next_due(session, office.now())
    assert due is not None
    assert due <= office.now()


async def test_the_company_server_can_be_kept_although_it_is_away(
    browser: Browser, office: Office, served: Served
) -> None:
    await _as_administrator(browser)
    answer = await browser.post("/mail/server", **served.typed(port=free_port(), keep="true"))
    assert "Nobody answers at this port" in answer.text
    async with office.sessions() as session:
        stored = await mail_server(session, None)
    assert stored is not None
    assert stored.state is MailState.ADDED


@pytest.mark.parametrize("path", ["/mail", "/mail/server", "/mail/letters"])
async def test_only_who_manages_mail_sees_the_companys(browser: Browser, path: str) -> None:
    await browser.log_in(105)
    assert (await browser.get(path)).status == 403


async def test_the_audit_log_never_holds_the_password(
    browser: Browser, office: Office, served: Served
) -> None:
    await _as_administrator(browser)
    await browser.post("/mail/server", **served.typed())
    async with office.sessions() as session:
        rows = (await session.execute(text("SELECT * FROM audit"))).all()
    assert any("mail.changed" in row for row in rows)
    assert all(PASSWORD not in str(row) for row in rows)


async def test_a_letter_that_failed_is_tried_again_or_deleted(
    browser: Browser, office: Office
) -> None:
    async with office.sessions.begin() as session:
        letter = Letter(LetterKind.TEST, None, "b@example.com", "ru", {})
        number = await queue(session, letter, office.now())
        await outbox.given_up(session, number, office.now(), "mailbox_full", "552 full <b>")
    await _as_administrator(browser)
    shown = await browser.get("/mail?state=failed")
    assert "mailbox is full" in shown.text
    assert "<b>" not in shown.text
    assert (await browser.post(f"/mail/{number}/retry")).status == 303
    async with office.sessions() as session:
        assert (await outbox.outgoing(session, None))[0].state is outbox.LetterState.WAITING
    assert (await browser.post(f"/mail/{number}/remove")).status == 303
    assert (await browser.post(f"/mail/{number}/remove")).status == 404


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", [kind.value for kind in LetterKind])
async def test_every_letter_can_be_looked_at(browser: Browser, kind: str, language: str) -> None:
    await _as_administrator(browser)
    answer = await browser.get(f"/mail/letters/{kind}?language={language}")
    assert answer.status == 200
    assert "<script" not in answer.text
    assert "src=" not in answer.text
    plain = await browser.get(f"/mail/letters/{kind}?language={language}&as=text")
    assert plain.status == 200


async def test_typing_an_address_finds_its_provider(browser: Browser) -> None:
    await browser.log_in(105)
    answer = await browser.get("/mail/provider?address=anna@yandex.ru")
    assert '"smtp.yandex.ru"' in answer.text
    assert (await browser.get("/mail/provider?address=")).text == "{}"
