"""Mail by the API, in front of a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ari_app.store import outbox
from ari_app.store.letters import Letter, LetterKind, queue
from tests.mail.certificates import Authority
from tests.mail.moody import PASSWORD, Moods, moody
from tests.mail.test_mail_pages import Served
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope


@pytest.fixture
def served(known: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose certificate this machine knows."""
    monkeypatch.setenv("SSL_CERT_FILE", str(known.file(tmp_path)))
    moods = Moods()
    with moody(known.server(tmp_path / "certificate"), moods) as port:
        yield Served(moods, port)


@pytest.fixture
async def admin(browser: Browser, office: Office) -> Program:
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))
    program = program_of(browser)
    await program.takes_token(101)
    return program


async def queued(office: Office) -> int:
    async with office.sessions.begin() as session:
        letter = Letter(LetterKind.TEST, None, "a@example.com", "en", {}, "sealed")
        number = await queue(session, letter, office.now())
        await outbox.given_up(session, number, office.now(), "mailbox_full", "552 full")
    return number


async def test_ones_own_address_is_authorised_read_and_forgotten(
    admin: Program, served: Served
) -> None:
    assert (await admin.get("/me/mail")).status == 404
    wrong = await admin.post("/me/mail/authorise", **served.typed(password="wrong"))
    assert (wrong.json["is_good"], wrong.json["is_stored"]) == (False, False)
    assert wrong.json["stages"][-1]["why"] == "The login or the password is wrong."
    assert (await admin.get("/me/mail")).status == 404
    good = await admin.post("/me/mail/authorise", **served.typed())
    assert (good.json["is_good"], good.json["is_stored"]) == (True, True)
    stored = await admin.get("/me/mail")
    assert (stored.json["state"], stored.json["has_password"]) == ("authorised", True)
    assert PASSWORD not in stored.text
    assert (await admin.delete("/me/mail")).status == 204
    assert (await admin.get("/me/mail")).status == 404


async def test_the_companys_server_is_tested_and_then_kept(admin: Program, served: Served) -> None:
    tested = await admin.post("/mail/server/test", **served.typed(test_to="a@example.com"))
    assert (tested.json["is_good"], tested.json["is_stored"]) == (True, False)
    assert [stage["stage"] for stage in tested.json["stages"]][-1] == "letter"
    assert len(served.moods.letters) == 1
    assert (await admin.get("/mail/server")).status == 404
    kept = await admin.put("/mail/server", **served.typed(sender_name="Office"))
    assert kept.json["is_stored"] is True
    assert (await admin.get("/mail/server")).json["sender_name"] == "Office"
    assert (await admin.delete("/mail/server")).status == 204


async def test_letters_are_listed_tried_again_and_removed(admin: Program, office: Office) -> None:
    number = await queued(office)
    listed = await admin.get("/mail/letters?state=failed")
    (letter,) = listed.json["letters"]
    assert (letter["id"], letter["why"]) == (number, "The recipient's mailbox is full.")
    assert listed.json["counts"]["failed"] == 1
    assert "sealed" not in listed.text
    assert (await admin.post(f"/mail/letters/{number}/retry")).status == 204
    assert (await admin.get("/mail/letters")).json["letters"][0]["state"] == "waiting"
    assert (await admin.delete(f"/mail/letters/{number}")).status == 204
    assert (await admin.delete(f"/mail/letters/{number}")).status == 404
    assert (await admin.post(f"/mail/letters/{number}/retry")).status == 404


async def test_mail_takes_the_right_and_the_scope(admin: Program) -> None:
    await admin.takes_token(101, [TokenScope.MAIL_READ])
    assert (await admin.get("/mail/letters")).status == 200
    assert (await admin.delete("/mail/server")).status == 403
    await admin.office.give(105, "group_head")
    await admin.takes_token(105)
    for path in ("/mail/letters", "/mail/server"):
        assert (await admin.get(path)).status == 403
