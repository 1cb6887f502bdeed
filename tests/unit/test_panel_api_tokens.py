"""Tokens: made on the page or by another token, shown once, revoked."""

from typing import Any

import pytest

from ari_app.store import api_tokens, audit
from ari_app.store.audit import Wanted
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TEXTS, TokenScope

FORM: dict[str, Any] = {"name": "Wallboard", "scopes": ["board:read", "status"], "days": "30"}


async def secrets(office: Office) -> list[str]:
    async with office.sessions() as session:
        return [one.name for one in await api_tokens.of(session, office.who(101), office.now())]


def test_every_scope_is_told_in_words() -> None:
    assert set(TokenScope) == set(TEXTS)


async def test_tokens_need_the_right_to_use_the_api(browser: Browser) -> None:
    assert 303 == (await browser.get("/me/tokens")).status
    await browser.log_in(102)
    assert 403 == (await browser.get("/me/tokens")).status
    assert 403 == (await browser.post("/me/tokens", **FORM)).status


async def test_a_token_is_shown_once(admin: Browser, office: Office) -> None:
    answer = await admin.post("/me/tokens", **FORM)
    field = answer.html.select_one("#secret")
    assert field is not None
    program = program_of(admin)
    program.token = str(field["value"])
    assert 200 == (await program.get("/board")).status
    assert 403 == (await program.get("/audit")).status
    again = await admin.get("/me/tokens")
    assert program.token not in again.text
    assert "Wallboard" in again.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 101), ("scopes", None), ("scopes", "fly"), ("days", "0")],
)
async def test_what_is_wrong_is_told_and_what_was_typed_stays(
    admin: Browser, office: Office, field: str, value: str | None
) -> None:
    answer = await admin.post("/me/tokens", **{**FORM, field: value})
    assert answer.status == 422
    assert answer.html.select_one(f"#h-{field}.invalid-feedback") is not None
    if field != "scopes":
        assert 2 == len(answer.html.select('[name="scopes"][checked]'))
    assert [] == await secrets(office)


async def test_a_stale_form_makes_no_token(admin: Browser, office: Office) -> None:
    assert 403 == (await admin.post("/me/tokens", token="stale", **FORM)).status
    assert [] == await secrets(office)


async def test_a_token_is_revoked_once(admin: Browser, office: Office) -> None:
    await admin.post("/me/tokens", **FORM)
    answer = await admin.post("/me/tokens/1/revoke")
    assert (303, "/me/tokens") == (answer.status, answer.to)
    assert [] == await secrets(office)
    assert 404 == (await admin.post("/me/tokens/1/revoke")).status


async def test_a_token_of_somebody_else_is_not_found(admin: Browser, office: Office) -> None:
    program = program_of(admin)
    await program.takes_token(107)
    assert 404 == (await admin.post("/me/tokens/1/revoke")).status
    program.token = ""
    token = await admin.token()
    said = await program.call("DELETE", "/api/v1/tokens/1", X_CSRF_Token=token)
    assert 404 == said.status


async def test_making_and_revoking_stand_in_the_audit_log(admin: Browser, office: Office) -> None:
    await admin.post("/me/tokens", **FORM)
    await admin.post("/me/tokens/1/revoke")
    async with office.sessions() as session:
        found = await audit.lines(session, Wanted(text="Wallboard"), 5)
    assert ["token.revoked", "token.made"] == [line.action for line in found]
    assert "as_" not in str(found)


async def test_the_page_is_there_in_russian(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await browser.get("/me/tokens")
    assert "У вас пока нет токенов" in answer.text


async def test_a_token_makes_none_that_opens_or_lasts_more_than_itself(browser: Browser) -> None:
    program: Program = program_of(browser)
    await program.takes_token(101, {TokenScope.ACCOUNT, TokenScope.STATUS}, days=5)
    sent = {"name": "Child", "scopes": ["status"], "days": 4}
    assert 201 == (await program.post("/tokens", **sent)).status
    wider = await program.post("/tokens", **{**sent, "scopes": ["audit:read"]})
    longer = await program.post("/tokens", **{**sent, "days": 6})
    endless = await program.post("/tokens", **{**sent, "days": None})
    assert [422, 422, 422] == [wider.status, longer.status, endless.status]
    assert [["scopes"], ["days"], ["days"]] == [list(s.errors) for s in (wider, longer, endless)]


async def test_tokens_have_a_limit(browser: Browser, office: Office) -> None:
    program: Program = program_of(browser)
    for _ in range(50):
        await program.takes_token(101)
    said = await program.post("/tokens", name="One more", scopes=["status"])
    assert (422, ["name"]) == (said.status, list(said.errors))
