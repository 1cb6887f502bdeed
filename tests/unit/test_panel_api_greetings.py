"""Greetings by the API: with the rights, the limits and the refusals of the page."""

from typing import Any

import pytest
from sqlalchemy import text

from ari_app.domain.greetings import BUILT_IN, Origin, sound_of
from ari_app.settings import Settings
from tests.unit.api import Program, Said, program_of
from tests.unit.panel import Browser, Office, browsing
from tests.unit.sounds import encoded, endless_flac, tone
from tests.unit.test_panel_greetings import audited, engine, held, put
from web.app import MOST_BYTES

__all__ = ["engine"]

EMMA = 105


def path_of(office: Office, extension: int) -> str:
    return f"/employees/{office.who(extension)}/greetings"


async def send(program: Program, method: str, path: str, raw: bytes, kind: str = "wav") -> Said:
    """Send a sound."""
    return await program.call(method, f"/api/v1{path}", raw=raw, Content_Type=f"audio/{kind}")


@pytest.fixture
async def emma(browser: Browser, office: Office) -> Program:
    """A program of somebody who may change her own rules, and nobody else's."""
    program = program_of(browser)
    made = await role_of(program, configure_rules=1, see_rules=1)
    await program.put(f"/employees/{office.who(EMMA)}/role", role=made)
    await program.takes_token(EMMA)
    return program


async def role_of(program: Program, **grants: int) -> int:
    """A role that may use the API, and these."""
    await program.takes_token(101)
    grants = {"use_api": 3, "see_employees": 3, **grants}
    said = await program.post("/roles", name_ru="Роль", name_en="Role", rank=20, grants=grants)
    made: int = said.json["id"]
    return made


async def test_a_sound_is_sent_listed_and_heard(emma: Program, office: Office) -> None:
    path = path_of(office, EMMA)
    said = await send(emma, "POST", f"{path}?name=Hello", encoded("mp3"), "mpeg")
    assert 201 == said.status
    told = (await emma.get(path)).json
    (one,) = told["greetings"]
    assert (said.json["id"], "Hello", "uploaded", []) == (
        one["id"],
        one["name"],
        one["origin"],
        one["uses"],
    )
    assert one["sound"] in [choice["sound"] for choice in told["choices"]]
    heard = await heard_of(emma, one["id"])
    assert (200, "audio/wav", b"RIFF") == heard
    assert ["greeting.added"] == await audited(office)


async def heard_of(program: Program, greeting: int) -> tuple[int, str, bytes]:
    """What is answered to a request for a sound: its status, kind, and first bytes."""
    headers = {"Authorization": f"Bearer {program.token}"}
    path = f"/api/v1/greetings/{greeting}/audio"
    async with program.client.get(path, headers=headers) as answer:
        return answer.status, answer.content_type, (await answer.read())[:4]


async def test_without_a_name_it_is_called_by_its_moment(emma: Program, office: Office) -> None:
    path = path_of(office, EMMA)
    said = await send(emma, "POST", f"{path}?origin=microphone", encoded("webm"), "webm")
    (one,) = await held(office, EMMA)
    assert (201, Origin.MICROPHONE, True) == (said.status, one.origin, bool(one.name))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"just some text", "This is not a sound file"),
        (b"", "This is not a sound file"),
        (encoded("wav", tone(500, 2, 48000, 0.0)), "Nothing can be heard"),
        (endless_flac(121 / 3600), "120 seconds at most"),
        (bytes(21 * 1024 * 1024), "at most 20 MB"),
    ],
    ids=["text", "empty", "silence", "too long", "too large"],
)
async def test_what_is_no_greeting_is_told_by_field(
    emma: Program, office: Office, raw: bytes, told: str
) -> None:
    said = await send(emma, "POST", path_of(office, EMMA), raw)
    assert (422, ["file"]) == (said.status, list(said.errors))
    assert told in said.errors["file"]
    assert [] == await held(office, EMMA)


async def test_a_body_larger_than_the_panel_reads_is_refused(emma: Program, office: Office) -> None:
    said = await send(emma, "POST", path_of(office, EMMA), bytes(MOST_BYTES + 1))
    assert 413 == said.status


async def test_a_body_that_is_no_sound_by_its_type_is_refused(
    emma: Program, office: Office
) -> None:
    said = await emma.post(path_of(office, EMMA), name="x")
    assert 415 == said.status


@pytest.mark.parametrize("asked", [f"name={'x' * 101}", "name=a%0Ab", "name=%00", "origin=phone"])
async def test_what_is_wrong_beside_a_sound_is_told(
    emma: Program, office: Office, asked: str
) -> None:
    said = await send(emma, "POST", f"{path_of(office, EMMA)}?{asked}", encoded("wav"))
    assert 422 == said.status
    assert [] == await held(office, EMMA)


async def test_a_greeting_is_renamed_replaced_deleted_and_brought_back(
    emma: Program, office: Office
) -> None:
    which = await put(office, EMMA)
    path = f"{path_of(office, EMMA)}/{which}"
    statuses = [
        (await emma.patch(path, name="")).status,
        (await emma.patch(path, name="Later")).status,
        (await send(emma, "PUT", f"{path}/audio", b"no sound")).status,
        (await send(emma, "PUT", f"{path}/audio", encoded("ogg"), "ogg")).status,
        (await emma.delete(path)).status,
        (await emma.delete(path)).status,
        (await heard_of(emma, which))[0],
        (await emma.post(f"{path}/restore")).status,
    ]
    assert [422, 204, 422, 204, 204, 404, 404, 204] == statuses
    (one,) = await held(office, EMMA)
    assert (which, "Later") == (one.id, one.name)
    assert one.fingerprint != "f" * 64


async def test_a_used_greeting_says_where_and_is_not_deleted(emma: Program, office: Office) -> None:
    which = await put(office, EMMA)
    async with office.sessions.begin() as session:
        values = {"sound": sound_of(which), "emma": office.who(EMMA)}
        change = text("UPDATE rules SET greeting = :sound WHERE employee_id = :emma")
        await session.execute(change, values)
    (one,) = (await emma.get(path_of(office, EMMA))).json["greetings"]
    (use,) = one["uses"]
    assert (office.who(EMMA), True) == (use["employee"], use["rule"].startswith("On a break"))
    said = await emma.delete(f"{path_of(office, EMMA)}/{which}")
    assert (422, [""]) == (said.status, list(said.errors))
    assert [which] == [one.id for one in await held(office, EMMA)]


async def test_what_is_said_before_messages_is_chosen(emma: Program, office: Office) -> None:
    path = path_of(office, EMMA)
    others = sound_of(await put(office, 106))
    chosen = BUILT_IN[0].sound
    assert 422 == (await emma.put(f"{path}/voicemail", sound=others)).status
    assert 204 == (await emma.put(f"{path}/voicemail", sound=chosen)).status
    assert chosen == (await emma.get(path)).json["voicemail"]
    assert 204 == (await emma.put(f"{path}/voicemail", sound=None)).status
    assert (await emma.get(path)).json["voicemail"] is None


async def test_a_text_is_spoken(office: Office, engine: str) -> None:
    settings = Settings(_env_file=None, speech_ru=engine, speech_en=engine)
    async with browsing(office, office.panel(settings=settings)) as browser:
        program = program_of(browser)
        await program.takes_token(101)
        path, said = path_of(office, EMMA), {"text": "Буду завтра", "language": "ru"}
        async with program.client.post(
            f"/api/v1{path}/preview",
            json=said,
            headers={"Authorization": f"Bearer {program.token}"},
        ) as answer:
            heard = answer.status, answer.content_type
        assert (200, "audio/wav") == heard
        assert [] == await held(office, EMMA)
        assert 201 == (await program.post(f"{path}/speech", **said)).status
        (one,) = (await program.get(path)).json["greetings"]
    assert ("Буду завтра", "ru", "spoken") == (one["text"], one["language"], one["origin"])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "Hello", "language": "en"}, "text"),
        ({"text": "", "language": "en"}, "text"),
        ({"text": "Hello", "language": "de"}, "language"),
    ],
    ids=["no engine", "no text", "no language"],
)
async def test_what_cannot_be_spoken_is_told(
    office: Office, sent: dict[str, Any], field: str
) -> None:
    settings = Settings(_env_file=None, speech_ru="no-such-engine", speech_en="no-such-engine")
    async with browsing(office, office.panel(settings=settings)) as browser:
        program = program_of(browser)
        await program.takes_token(101)
        for what in ("speech", "preview"):
            said = await program.post(f"{path_of(office, EMMA)}/{what}", **sent)
            assert (422, [field]) == (said.status, list(said.errors))
