"""Logging in by the API: the same accounts, passwords and second factor as on the page."""

from datetime import timedelta

import pyotp
import pytest

from ari_app.store import api_tokens, audit, second_factor
from ari_app.store.audit import Wanted
from demo.office import PASSWORD
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office


@pytest.fixture
def program(browser: Browser) -> Program:
    return program_of(browser)


@pytest.mark.parametrize(
    "typed", ["a.kuznetsova", "anna@demo-office.example", "8 (916) 555-01-01", "+79165550101"]
)
async def test_each_way_to_log_in_gives_a_token(program: Program, typed: str) -> None:
    said = await program.post("/login", login=typed, password=PASSWORD)
    assert said.status == 201
    program.token = said.json["token"]
    assert "a.kuznetsova" == (await program.get("/me")).json["login"]


async def test_a_wrong_password_and_an_unknown_login_are_told_alike(program: Program) -> None:
    wrong = await program.post("/login", login="a.kuznetsova", password="wrong")
    unknown = await program.post("/login", login="nobody", password="wrong")
    assert (401, 401) == (wrong.status, unknown.status)
    assert wrong.json == unknown.json


async def test_too_many_tries_are_told_with_the_time_to_wait(program: Program) -> None:
    for _ in range(30):
        said = await program.post("/login", login="a.kuznetsova", password="wrong")
        if said.status == 429:
            break
    assert (429, True) == (said.status, int(said.headers["Retry-After"]) > 0)


async def test_a_token_ends_when_its_time_is_over(program: Program, office: Office) -> None:
    said = await program.post("/login", login="a.kuznetsova", password=PASSWORD, ttl_seconds=60)
    program.token = said.json["token"]
    assert 200 == (await program.get("/me")).status
    office.at = office.now() + timedelta(seconds=61)
    assert 401 == (await program.get("/me")).status


async def test_who_may_not_use_the_api_is_given_no_token(program: Program, office: Office) -> None:
    said = await program.post("/login", login="105", password=PASSWORD)
    assert 401 == said.status
    said = await program.post("/login", login="e.clarke", password=PASSWORD)
    assert 403 == said.status
    async with office.sessions() as session:
        assert [] == list(await api_tokens.of(session, office.who(105), office.now()))


async def test_with_a_second_factor_the_code_is_asked_for(program: Program, office: Office) -> None:
    secret = pyotp.random_base32()
    closed = office.panel().vault.close(secret)
    async with office.sessions.begin() as session:
        await second_factor.switch_on(session, office.who(101), closed, 0)
    sent = {"login": "a.kuznetsova", "password": PASSWORD}
    without = await program.post("/login", **sent)
    assert (401, ["code"]) == (without.status, list(without.errors))
    assert 401 == (await program.post("/login", **sent, code="000000")).status
    code = pyotp.TOTP(secret).at(office.now())
    assert 201 == (await program.post("/login", **sent, code=code)).status
    assert 401 == (await program.post("/login", **sent, code=code)).status


async def test_logging_out_revokes_the_token(program: Program) -> None:
    said = await program.post("/login", login="a.kuznetsova", password=PASSWORD)
    program.token = said.json["token"]
    assert 204 == (await program.post("/logout")).status
    assert 401 == (await program.get("/me")).status


async def test_the_page_has_its_own_way_out(browser: Browser, program: Program) -> None:
    await browser.log_in(101)
    token = await browser.token()
    assert 403 == (await program.call("POST", "/api/v1/logout", X_CSRF_Token=token)).status


@pytest.mark.parametrize(
    ("field", "value"),
    [("login", ""), ("password", ""), ("ttl_seconds", 5), ("ttl_seconds", 10**9), ("login", 7)],
)
async def test_what_is_wrong_is_told_beside_its_field(
    program: Program, field: str, value: object
) -> None:
    sent = {"login": "a.kuznetsova", "password": PASSWORD, field: value}
    said = await program.post("/login", **sent)
    assert (422, [field]) == (said.status, list(said.errors))


async def test_a_login_stands_in_the_audit_log_without_the_password(
    program: Program, office: Office
) -> None:
    said = await program.post("/login", login="a.kuznetsova", password=PASSWORD)
    async with office.sessions() as session:
        lines = await audit.lines(session, Wanted(action="token.made"), 5)
    assert 1 == len(lines)
    assert PASSWORD not in str(lines)
    assert said.json["token"] not in str(lines)
