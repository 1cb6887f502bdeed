"""Messages by the API: by whose they are, and never heard or put out for somebody else."""

from datetime import timedelta

import pytest

from ari_app.domain.calls import Ending
from ari_app.store import audit
from ari_app.store.audit import Wanted
from tests.unit.api import Program, program_of
from tests.unit.call_history import Rang, note
from tests.unit.left_messages import CALLER, SAID, Left, heard, leave
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

KATE = 107
CHANGES = (("POST", "/heard"), ("POST", "/new"), ("DELETE", ""))


@pytest.fixture
async def kate(browser: Browser) -> Program:
    """A program of somebody who may use the API."""
    program = program_of(browser)
    await program.takes_token(KATE)
    return program


async def _alone(program: Program, office: Office, extension: int, **grants: int) -> None:
    """A program of somebody whose role grants little more than these."""
    await program.takes_token(101)
    grants = {"use_api": 3, "see_employees": 3, **grants}
    made = await program.post("/roles", name_ru="Я", name_en="Me", rank=5, grants=grants)
    await program.put(f"/employees/{office.who(extension)}/role", role=made.json["id"])
    await program.takes_token(extension)


async def sound(program: Program, message: int, **headers: str) -> tuple[int, str, bytes]:
    """What is answered to a request for the sound: its status, kind, and all of it."""
    told = {"Authorization": f"Bearer {program.token}", **headers}
    path = f"/api/v1/messages/{message}/audio"
    async with program.client.get(path, headers=told) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_messages_are_listed_and_read(kate: Program, office: Office) -> None:
    which = await leave(office, Left(KATE))
    told = (await kate.get("/messages")).json
    (one,) = told["messages"]
    assert (which, CALLER, "Иван", 1000, None) == (
        one["id"],
        one["caller_number"],
        one["caller_name"],
        one["milliseconds"],
        one["heard_at"],
    )
    assert (office.who(KATE), None) == (one["employee"], told["next"])
    assert one == (await kate.get(f"/messages/{which}")).json


async def test_a_long_list_goes_on_before_the_last(kate: Program, office: Office) -> None:
    for number in range(1, 53):
        await leave(office, Left(KATE, ago=timedelta(minutes=number)))
    first = (await kate.get("/messages")).json
    rest = (await kate.get(f"/messages?before={first['next']}")).json
    assert (50, 2, None) == (len(first["messages"]), len(rest["messages"]), rest["next"])


async def test_a_colleague_who_left_one_is_told_by_name(kate: Program, office: Office) -> None:
    await leave(office, Left(KATE, caller="101", name="x", is_inside=True))
    (one,) = (await kate.get("/messages")).json["messages"]
    assert ("Анна Кузнецова", True) == (one["colleague"], one["is_inside"])


async def test_a_sound_is_heard_whole_and_in_parts(kate: Program, office: Office) -> None:
    which = await leave(office, Left(KATE))
    assert (200, "audio/wav", SAID) == await sound(kate, which)
    assert (206, "audio/wav", SAID[:4]) == await sound(kate, which, Range="bytes=0-3")
    status, kind, _ = await sound(kate, which, Range="bytes=99999999-")
    assert (416, "application/problem+json") == (status, kind)


async def test_its_picture_is_drawn(kate: Program, office: Office) -> None:
    said = await kate.get(f"/messages/{await leave(office, Left(KATE))}/picture")
    assert (200, "image/svg+xml") == (said.status, said.headers["Content-Type"].split(";")[0])


async def test_a_message_is_heard_new_again_deleted_and_brought_back(
    kate: Program, office: Office
) -> None:
    which = await leave(office, Left(KATE))
    assert 204 == (await kate.post(f"/messages/{which}/heard")).status
    assert await heard(office, which)
    assert [] == (await kate.get("/messages?new=true")).json["messages"]
    assert 204 == (await kate.post(f"/messages/{which}/new")).status
    assert not await heard(office, which)
    assert 204 == (await kate.delete(f"/messages/{which}")).status
    assert 404 == (await kate.get(f"/messages/{which}")).status
    assert 404 == (await kate.delete(f"/messages/{which}")).status
    assert 204 == (await kate.post(f"/messages/{which}/restore")).status
    assert 404 == (await kate.post(f"/messages/{which}/restore")).status
    assert 200 == (await kate.get(f"/messages/{which}")).status


async def test_messages_of_others_are_not_found(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await _alone(program, office, 103, see_calls=1)
    other = await leave(office, Left(102))
    assert [] == (await program.get("/messages?whose=all")).json["messages"]
    for rest in ("", "/audio", "/picture"):
        assert 404 == (await program.get(f"/messages/{other}{rest}")).status
    for method, rest in (*CHANGES, ("POST", "/restore")):
        said = await program.call(method, f"/api/v1/messages/{other}{rest}")
        assert 404 == said.status
    assert not await heard(office, other)


async def test_who_may_see_others_calls_hears_their_messages_and_leaves_them_as_they_are(
    kate: Program, office: Office
) -> None:
    other = await leave(office, Left(102))
    assert [] == (await kate.get("/messages")).json["messages"]
    (one,) = (await kate.get("/messages?whose=all")).json["messages"]
    assert other == one["id"]
    assert (await sound(kate, other))[0] == 200
    async with office.sessions() as session:
        (line,) = await audit.lines(session, Wanted(action="message.heard"), 5)
    assert (office.who(KATE), office.who(102)) == (line.who.employee, line.about.id)
    for method, rest in CHANGES:
        assert 403 == (await kate.call(method, f"/api/v1/messages/{other}{rest}")).status
    assert not await heard(office, other)


async def test_the_call_is_told_to_those_who_may_see_calls(kate: Program, office: Office) -> None:
    office.at = office.now()
    call = await note(office, Rang(KATE, Ending.MESSAGE, Left(KATE).ago))
    which = await leave(office, Left(KATE))
    assert call == (await kate.get(f"/messages/{which}")).json["call"]
    await _alone(kate, office, KATE, see_board=1)
    assert (await kate.get(f"/messages/{which}")).json["call"] is None


@pytest.mark.parametrize(
    "asked", ["whose=theirs", "before=0", "before=x", "message=9999999999", "who=%00"]
)
async def test_what_is_wrong_in_a_filter_is_told(kate: Program, asked: str) -> None:
    assert 422 == (await kate.get(f"/messages?{asked}")).status


async def test_without_a_token_there_are_no_messages(browser: Browser, office: Office) -> None:
    which = await leave(office, Left(KATE))
    program = program_of(browser)
    assert 401 == (await program.get("/messages")).status
    assert 401 == (await program.get(f"/messages/{which}/audio")).status


async def test_a_token_for_calls_hears_no_messages(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.takes_token(KATE, {TokenScope.CALLS_READ, TokenScope.CALLS_WRITE})
    which = await leave(office, Left(KATE))
    assert 403 == (await program.get("/messages")).status
    assert 403 == (await program.get(f"/messages/{which}/audio")).status


async def test_a_token_for_reading_marks_and_deletes_nothing(
    browser: Browser, office: Office
) -> None:
    program = program_of(browser)
    await program.takes_token(KATE, {TokenScope.MESSAGES_READ})
    which = await leave(office, Left(KATE))
    for method, rest in CHANGES:
        assert 403 == (await program.call(method, f"/api/v1/messages/{which}{rest}")).status
