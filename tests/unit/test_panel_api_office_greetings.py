"""The office's greetings by the API: for those who manage the office alone."""

from ari_app.settings import Settings
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office, browsing
from tests.unit.sounds import encoded
from tests.unit.test_panel_api_greetings import heard_of, send
from tests.unit.test_panel_greetings import audited, engine, held, put
from web.api.scopes import TokenScope

__all__ = ["engine"]

PATH = "/office-greetings"


async def test_a_sound_of_the_office_is_sent_listed_heard_and_named_by_rules(
    api_admin: Program, office: Office
) -> None:
    said = await send(api_admin, "POST", f"{PATH}?name=Hello", encoded("mp3"), "mpeg")
    assert 201 == said.status
    (one,) = (await api_admin.get(PATH)).json
    assert (said.json["id"], "Hello", []) == (one["id"], one["name"], one["uses"])
    assert (200, "audio/wav", b"RIFF") == await heard_of(api_admin, one["id"])
    told = (await api_admin.get(f"/employees/{office.who(105)}/greetings")).json
    assert [] == told["greetings"]
    assert one["sound"] in [choice["sound"] for choice in told["choices"]]
    assert ["greeting.added"] == await audited(office)


async def test_what_is_no_sound_is_told(api_admin: Program, office: Office) -> None:
    said = await send(api_admin, "POST", PATH, b"just some text")
    assert (422, ["file"]) == (said.status, list(said.errors))
    assert 415 == (await api_admin.post(PATH, name="x")).status
    assert [] == await held(office, None)


async def test_one_is_renamed_replaced_deleted_and_brought_back(
    api_admin: Program, office: Office
) -> None:
    path = f"{PATH}/{await put(office, None)}"
    statuses = [
        (await api_admin.patch(path, name="Later")).status,
        (await send(api_admin, "PUT", f"{path}/audio", encoded("ogg"), "ogg")).status,
        (await api_admin.delete(path)).status,
        (await api_admin.delete(path)).status,
        (await api_admin.post(f"{path}/restore")).status,
    ]
    assert [204, 204, 204, 404, 204] == statuses
    assert ["Later"] == [one.name for one in await held(office, None)]


async def test_a_used_one_is_not_deleted(api_admin: Program, office: Office) -> None:
    which = await put(office, None)
    (one,) = (await api_admin.get(PATH)).json
    chosen = f"/employees/{office.who(105)}/greetings/voicemail"
    assert 204 == (await api_admin.put(chosen, sound=one["sound"])).status
    (one,) = (await api_admin.get(PATH)).json
    assert [{"employee": office.who(105), "name": "Emma Clarke", "rule": None}] == one["uses"]
    assert 422 == (await api_admin.delete(f"{PATH}/{which}")).status


async def test_those_of_employees_are_not_among_them(api_admin: Program, office: Office) -> None:
    which = await put(office, 105)
    assert [] == (await api_admin.get(PATH)).json
    assert 404 == (await api_admin.patch(f"{PATH}/{which}", name="x")).status
    assert 404 == (await api_admin.delete(f"{PATH}/{which}")).status


async def test_a_text_is_spoken(office: Office, engine: str) -> None:
    settings = Settings(_env_file=None, speech_ru=engine, speech_en=engine)
    async with browsing(office, office.panel(settings=settings)) as browser:
        program = program_of(browser)
        await program.takes_token(101)
        said = {"text": "Мы откроемся завтра", "language": "ru"}
        async with program.client.post(
            f"/api/v1{PATH}/preview",
            json=said,
            headers={"Authorization": f"Bearer {program.token}"},
        ) as answer:
            assert (200, "audio/wav") == (answer.status, answer.content_type)
        assert 201 == (await program.post(f"{PATH}/speech", **said)).status
    assert ["Мы откроемся завтра"] == [one.text for one in await held(office, None)]


async def test_without_the_right_nothing_is_read_or_changed(
    browser: Browser, office: Office
) -> None:
    path = f"{PATH}/{await put(office, None)}"
    await office.give(105, "senior")
    await browser.log_in(105)
    program, token = program_of(browser), await browser.token("/me")
    for method, where in (
        ("GET", PATH),
        ("POST", PATH),
        ("POST", f"{PATH}/speech"),
        ("POST", f"{PATH}/preview"),
        ("PATCH", path),
        ("PUT", f"{path}/audio"),
        ("DELETE", path),
        ("POST", f"{path}/restore"),
    ):
        said = await program.call(method, f"/api/v1{where}", X_CSRF_Token=token)
        assert 403 == said.status
    assert ["Away"] == [one.name for one in await held(office, None)]


async def test_a_token_for_reading_changes_nothing(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.OFFICE_READ})
    which = await put(office, None)
    assert 200 == (await program.get(PATH)).status
    assert 403 == (await program.delete(f"{PATH}/{which}")).status
