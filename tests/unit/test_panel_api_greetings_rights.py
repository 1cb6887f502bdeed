"""Greetings by the API are changed and heard by exactly those who may do so on the page."""

from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from tests.unit.sounds import encoded
from tests.unit.test_panel_api_greetings import EMMA, emma, heard_of, path_of, role_of, send
from tests.unit.test_panel_greetings import held, put
from web.api.scopes import TokenScope

__all__ = ["emma"]

OTHER = 101
ONE = ("PATCH", ""), ("PUT", "/audio"), ("DELETE", ""), ("POST", "/restore")


async def test_greetings_of_others_are_neither_changed_nor_heard(
    emma: Program, office: Office
) -> None:
    which, path = await put(office, OTHER), path_of(office, OTHER)
    assert 403 == (await emma.get(path)).status
    assert 404 == (await heard_of(emma, which))[0]
    statuses = [
        (await send(emma, "POST", path, encoded("wav"))).status,
        (await emma.post(f"{path}/speech", text="x", language="ru")).status,
        (await emma.post(f"{path}/preview", text="x", language="ru")).status,
        (await emma.put(f"{path}/voicemail", sound=None)).status,
        (await emma.patch(f"{path}/{which}", name="x")).status,
        (await send(emma, "PUT", f"{path}/{which}/audio", encoded("wav"))).status,
        (await emma.delete(f"{path}/{which}")).status,
        (await emma.post(f"{path}/{which}/restore")).status,
    ]
    assert [403] * 8 == statuses
    assert ["Away"] == [one.name for one in await held(office, OTHER)]


async def test_a_greeting_is_not_found_under_somebody_elses_name(
    emma: Program, office: Office
) -> None:
    theirs = await put(office, OTHER)
    of_office = await put(office, None)
    path = path_of(office, EMMA)
    for which in (theirs, of_office, 999_999):
        statuses = [
            (await emma.patch(f"{path}/{which}", name="x")).status,
            (await send(emma, "PUT", f"{path}/{which}/audio", encoded("wav"))).status,
            (await emma.delete(f"{path}/{which}")).status,
            (await emma.post(f"{path}/{which}/restore")).status,
        ]
        assert [404] * 4 == statuses


async def test_of_nobody_there_are_no_greetings(browser: Browser) -> None:
    program = program_of(browser)
    await program.takes_token(101)
    path = "/employees/999999/greetings"
    assert 404 == (await program.get(path)).status
    assert 404 == (await send(program, "POST", path, encoded("wav"))).status


async def test_without_the_right_nothing_is_changed(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.put(
        f"/employees/{office.who(EMMA)}/role", role=await role_of(program, see_rules=1)
    )
    which, path = await put(office, EMMA), path_of(office, EMMA)
    await program.takes_token(EMMA)
    assert 200 == (await program.get(path)).status
    assert 200 == (await heard_of(program, which))[0]
    for method, rest in ONE:
        said = await program.call(method, f"/api/v1{path}/{which}{rest}")
        assert 403 == said.status


async def test_a_token_for_reading_changes_nothing(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.RULES_READ})
    which, path = await put(office, EMMA), path_of(office, EMMA)
    assert 200 == (await program.get(path)).status
    assert 403 == (await program.delete(f"{path}/{which}")).status
