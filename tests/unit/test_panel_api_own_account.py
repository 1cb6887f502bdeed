"""One's own password, PIN and second factor, by the API."""

import pyotp
import pytest
from sqlalchemy import text

from ari_app.store import passwords
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

OLD, NEW = "correct horse battery", "purple monkey dishwasher"


@pytest.fixture
async def mine(browser: Browser, office: Office) -> Program:
    """A program of 101, who has a password."""
    made = await passwords.hashed(OLD)
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))
        await passwords.set_password(session, office.who(101), made, office.now())
    program = program_of(browser)
    await program.takes_token(101)
    return program


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/me/password"),
        ("PUT", "/me/pin"),
        ("GET", "/me/second-factor"),
        ("POST", "/me/second-factor/setup"),
        ("PUT", "/me/second-factor"),
        ("POST", "/me/second-factor/off"),
    ],
)
async def test_nobody_and_other_tokens_are_refused(mine: Program, method: str, path: str) -> None:
    await mine.takes_token(101, [TokenScope.STATUS])
    sent = {"old": OLD, "password": NEW, "again": NEW, "pin": "7401", "setup": "x", "code": "1"}
    assert (await mine.call(method, f"/api/v1{path}", sent)).status == 403
    mine.token = ""
    assert (await mine.call(method, f"/api/v1{path}", sent)).status == 401


async def test_a_new_password_takes_the_old_one_and_ends_all_tokens(
    mine: Program, office: Office
) -> None:
    wrong = await mine.put("/me/password", old="nonsense", password=NEW, again=NEW)
    assert (wrong.status, set(wrong.errors)) == (422, {"old"})
    weak = await mine.put("/me/password", old=OLD, password="password1", again="password1")
    assert (weak.status, set(weak.errors)) == (422, {"password"})
    assert (await mine.put("/me/password", old=OLD, password=NEW, again=NEW)).status == 204
    assert (await mine.get("/me")).status == 401
    async with office.sessions() as session:
        stored = await passwords.stored_hash(session, office.who(101))
    assert await passwords.fits(stored, NEW)


async def test_a_pin_is_set(mine: Program) -> None:
    assert (await mine.put("/me/pin", pin="1111")).status == 422
    assert (await mine.put("/me/pin", pin="7401")).status == 204


async def test_a_second_factor_is_switched_on_by_its_code_and_off_by_the_password(
    mine: Program,
) -> None:
    assert (await mine.get("/me/second-factor")).json == {"is_on": False, "is_needed": False}
    begun = (await mine.post("/me/second-factor/setup")).json
    assert begun["address"].startswith("otpauth://totp/Autosecretary")
    totp = pyotp.TOTP(begun["secret"])
    wrong = await mine.put("/me/second-factor", setup=begun["setup"], code="000000")
    assert (wrong.status, set(wrong.errors)) == (422, {"code"})
    code = totp.at(mine.office.now())
    on = await mine.put("/me/second-factor", setup=begun["setup"], code=code)
    assert on.status == 200
    assert len(on.json["spare"]) == 8
    again = await mine.put("/me/second-factor", setup=begun["setup"], code=code)
    assert again.status == 403
    assert (await mine.get("/me/second-factor")).json["is_on"] is True
    refused = await mine.post("/me/second-factor/off", password="wrong")
    assert (refused.status, set(refused.errors)) == (422, {"password"})
    assert (await mine.post("/me/second-factor/off", password=OLD)).status == 204
    assert (await mine.get("/me/second-factor")).json["is_on"] is False


async def test_what_was_given_to_somebody_else_sets_nothing_up(mine: Program) -> None:
    begun = (await mine.post("/me/second-factor/setup")).json
    await mine.office.give(105, "administrator")
    await mine.takes_token(105)
    code = pyotp.TOTP(begun["secret"]).at(mine.office.now())
    for setup in (begun["setup"], "nonsense"):
        answer = await mine.put("/me/second-factor", setup=setup, code=code)
        assert (answer.status, set(answer.errors)) == (422, {"setup"})
