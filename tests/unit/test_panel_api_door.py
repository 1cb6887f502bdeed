"""The API's door: tokens, the panel's own session, and what opens nothing."""

from datetime import timedelta

import pytest

from ari_app.store import api_tokens, audit
from ari_app.store.audit import Wanted
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope


@pytest.fixture
def program(browser: Browser) -> Program:
    return program_of(browser)


async def test_without_a_token_nobody_is_let_in(program: Program) -> None:
    said = await program.get("/me")
    assert said.status == 401
    assert "application/problem+json" in said.headers["Content-Type"]
    assert said.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "told", ["Bearer as_wrong", "Bearer ", "Basic YTpi", "as_wrong", f"Bearer {'x' * 5000}"]
)
async def test_what_is_no_token_lets_nobody_in(program: Program, told: str) -> None:
    assert 401 == (await program.get("/me", Authorization=told)).status


async def test_a_token_says_in_whose_name_a_program_acts(program: Program, office: Office) -> None:
    await program.takes_token(101, {TokenScope.STATUS})
    said = await program.get("/me")
    assert (200, office.who(101), ["status"]) == (said.status, said.json["id"], said.json["scopes"])


async def test_of_a_token_only_a_hash_is_stored(program: Program, office: Office) -> None:
    await program.takes_token(101)
    async with office.sessions() as session:
        (kept,) = await api_tokens.of(session, office.who(101), office.now())
    assert program.token not in str(kept)
    assert program.token.startswith("as_")


async def test_a_token_opens_only_what_it_was_made_for(program: Program) -> None:
    await program.takes_token(101, {TokenScope.STATUS})
    assert 200 == (await program.get("/me/status")).status
    said = await program.get("/audit")
    assert (403, "Этот токен выдан не для этого") == (said.status, said.json["title"])


async def test_a_token_never_does_more_than_its_owner_may_do_now(
    program: Program, office: Office
) -> None:
    await program.takes_token(107)
    assert 200 == (await program.get("/audit")).status
    await office.give(107, "employee")
    assert 403 == (await program.get("/audit")).status
    assert 403 == (await program.get("/me")).status


async def test_an_expired_token_opens_nothing(program: Program, office: Office) -> None:
    await program.takes_token(101, days=1)
    office.at = office.now() + timedelta(days=2)
    assert 401 == (await program.get("/me")).status


async def test_a_token_of_somebody_deleted_opens_nothing(program: Program, office: Office) -> None:
    await program.takes_token(107)
    mine = program.token
    await program.takes_token(101)
    said = await program.delete(
        f"/employees/{office.who(107)}", deeds={f"number:{office.who(107)}": "leave"}
    )
    assert said.status == 204
    program.token = mine
    assert 401 == (await program.get("/me")).status


async def test_when_a_token_was_used_is_known(program: Program, office: Office) -> None:
    await program.takes_token(101)
    await program.get("/me")
    async with office.sessions() as session:
        (kept,) = await api_tokens.of(session, office.who(101), office.now())
    assert kept.used_at is not None


async def test_a_token_does_not_open_pages(program: Program) -> None:
    await program.takes_token(101)
    said = await program.call("GET", "/employees")
    assert (303, True) == (said.status, said.headers["Location"].startswith("/login"))


async def test_the_panels_own_session_opens_the_api(browser: Browser, program: Program) -> None:
    await browser.log_in(103)
    said = await program.get("/me")
    assert (200, None) == (said.status, said.json["scopes"])


async def test_with_a_cookie_a_change_needs_the_forms_token(
    browser: Browser, program: Program
) -> None:
    await browser.log_in(101)
    assert 403 == (await program.put("/me/status", status="break")).status
    token = await browser.token()
    sent = {"status": "break"}
    said = await program.call("PUT", "/api/v1/me/status", sent, X_CSRF_Token=token)
    assert 200 == said.status


async def test_the_wrong_method_is_told(program: Program) -> None:
    await program.takes_token(101)
    said = await program.post("/me")
    assert (405, True) == (said.status, "GET" in said.headers["Allow"])
    assert "application/problem+json" in said.headers["Content-Type"]


async def test_an_address_that_is_none_is_told_as_a_problem(program: Program) -> None:
    said = await program.get("/nothing")
    assert (404, 404) == (said.status, said.json["status"])


async def test_a_body_that_is_no_json_is_told(program: Program) -> None:
    await program.takes_token(101)
    for raw in (b"{", b"\xff", b"NaN", b"[" * 100_000, b'{"status": NaN}'):
        said = await program.call(
            "PUT", "/api/v1/me/status", raw=raw, Content_Type="application/json"
        )
        assert 400 == said.status


async def test_a_body_that_is_no_object_is_told(program: Program) -> None:
    await program.takes_token(101)
    said = await program.call("PUT", "/api/v1/me/status", ["break"])
    assert 422 == said.status


async def test_a_body_of_another_kind_is_told(program: Program) -> None:
    await program.takes_token(101)
    said = await program.call(
        "PUT", "/api/v1/me/status", raw=b"status=break", Content_Type="text/plain"
    )
    assert 415 == said.status


async def test_a_body_that_is_too_large_is_told(program: Program) -> None:
    await program.takes_token(101)
    said = await program.call("PUT", "/api/v1/me/status", {"status": "x" * 1_100_000})
    assert 413 == said.status


async def test_control_characters_reach_no_database(program: Program) -> None:
    await program.takes_token(101)
    assert 422 == (await program.get("/audit?search=%00")).status
    assert 422 == (await program.put("/me/status", status="\0")).status


async def test_errors_are_told_by_field_in_the_askers_language(
    program: Program, office: Office
) -> None:
    await program.takes_token(101)
    said = await program.put("/me/status", ttl_seconds="soon")
    assert 422 == said.status
    assert {"status": "Заполните это поле", "ttl_seconds": "Нужно целое число"} == said.errors


async def test_where_a_role_needs_a_second_factor_a_token_is_not_enough(
    program: Program, office: Office
) -> None:
    await program.takes_token(101)
    made = await program.post(
        "/roles",
        name_ru="Строгая",
        name_en="Strict",
        rank=50,
        needs_second_factor=True,
        grants={"use_api": 3, "see_employees": 3},
    )
    given = await program.put(f"/employees/{office.who(107)}/role", role=made.json["id"])
    assert (201, 204) == (made.status, given.status)
    await program.takes_token(107)
    assert 403 == (await program.get("/employees")).status


async def test_what_a_program_does_stands_in_the_audit_log(
    program: Program, office: Office
) -> None:
    await program.takes_token(101)
    await program.put(f"/employees/{office.who(102)}/status", status="offline")
    async with office.sessions() as session:
        (line,) = await audit.lines(session, Wanted(action="status.changed"), 5)
    assert (office.who(101), office.who(102)) == (line.who.employee, line.about.id)
