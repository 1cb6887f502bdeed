"""The pages of greetings: who sees, hears and changes them, and what is refused."""

import io
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from ari_app.domain.greetings import BUILT_IN, Origin, Sound, sound_of
from ari_app.settings import Settings
from ari_app.store import greetings
from ari_app.store.greetings import Greeting, NewGreeting
from tests.unit.panel import Answer, Browser, Office, browsing
from tests.unit.people import MONDAY_NOON
from tests.unit.sounds import encoded, endless_flac, tone
from web.app import MOST_BYTES

SENIOR, EMPLOYEE, ADMINISTRATOR, RUSSIAN = 105, 106, 101, 104
FORMS = ("", "/speak", "/preview", "/voicemail")
OF_ONE = ("rename", "replace", "remove", "restore")


async def put(office: Office, extension: int | None, name: str = "Away") -> int:
    """A greeting of somebody's, or (None) of the office's."""
    owner = None if extension is None else office.who(extension)
    new = NewGreeting(name, Origin.UPLOADED, Sound(encoded("wav"), 1800, "f" * 64))
    async with office.sessions.begin() as session:
        return await greetings.add(session, owner, new, MONDAY_NOON)


async def held(office: Office, extension: int | None) -> list[Greeting]:
    owner = None if extension is None else office.who(extension)
    async with office.sessions() as session:
        return await greetings.of_employee(session, owner)


async def send(
    browser: Browser, path: str, raw: bytes, file_name: str = "hello.wav", **fields: Any
) -> Answer:
    form = aiohttp.FormData({"csrf": await browser.token(), **fields}, quote_fields=False)
    form.add_field("file", io.BytesIO(raw), filename=file_name, content_type="audio/wav")
    headers = {"Accept-Language": browser.language}
    async with browser.client.post(
        path, data=form, headers=headers, allow_redirects=False
    ) as answer:
        return Answer(answer.status, await answer.text(), answer.headers)


async def audited(office: Office) -> list[str]:
    async with office.sessions() as session:
        query = text("SELECT action FROM audit WHERE action LIKE '%greeting%' ORDER BY id")
        return list((await session.scalars(query)).all())


def page_of(office: Office, extension: int | None) -> str:
    if extension is None:
        return "/office/greetings"
    return f"/employees/{office.who(extension)}/greetings"


@pytest.fixture
async def senior(browser: Browser, office: Office) -> Browser:
    """Emma, who may change her own rules and nobody else's."""
    await office.give(SENIOR, "senior")
    await browser.log_in(SENIOR)
    return browser


@pytest.fixture
def engine(tmp_path: Path) -> str:
    """A speech engine that says three tones whatever the text."""
    (tmp_path / "tones.wav").write_bytes(encoded("wav"))
    program = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
    return f'{sys.executable} -c "{program}" {tmp_path / "tones.wav"}'


@pytest.fixture
async def speaking(office: Office, engine: str) -> Any:
    """A browser before a panel whose service has the engine."""
    await office.give(SENIOR, "senior")
    settings = Settings(_env_file=None, speech_ru=engine, speech_en=engine)
    async with browsing(office, office.panel(settings=settings)) as opened:
        await opened.log_in(SENIOR)
        yield opened


async def test_a_file_is_stored_under_its_name_and_can_be_heard(
    senior: Browser, office: Office
) -> None:
    path = page_of(office, SENIOR)
    answer = await send(senior, path, encoded("mp3"), "../../etc/Доброе утро.mp3")
    assert (303, path) == (answer.status, answer.to)
    (one,) = await held(office, SENIOR)
    assert (one.name, one.origin) == ("Доброе утро", Origin.UPLOADED)
    player = (await senior.get(path)).html.select_one(f'audio[src^="/greetings/{one.id}/audio"]')
    assert player is not None
    async with senior.client.get(str(player["src"])) as heard:
        assert heard.headers["Content-Type"] == "audio/wav"
        assert (await heard.read())[:4] == b"RIFF"
        assert "immutable" in heard.headers["Cache-Control"]
    assert ["greeting.added"] == await audited(office)


async def test_a_recording_of_the_browser_is_named_by_its_moment(
    senior: Browser, office: Office
) -> None:
    raw = encoded("webm")
    answer = await send(senior, page_of(office, SENIOR), raw, "recording", origin="microphone")
    assert answer.status == 303
    (one,) = await held(office, SENIOR)
    assert one.origin is Origin.MICROPHONE
    assert one.name != "recording"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"just some text", "This is not a sound file"),
        (b"<html><script>alert(1)</script></html>", "This is not a sound file"),
        (b"", "This is not a sound file"),
        (encoded("wav", tone(500, 2, 48000, 0.0)), "Nothing can be heard"),
        (endless_flac(121 / 3600), "120 seconds at most"),
        (bytes(21 * 1024 * 1024), "at most 20 MB"),
    ],
    ids=["text", "html", "empty", "silence", "too long", "too large"],
)
async def test_what_cannot_be_stored_is_told_beside_the_file_and_the_name_stays(
    senior: Browser, office: Office, raw: bytes, told: str
) -> None:
    answer = await send(senior, page_of(office, SENIOR), raw, name="My name")
    assert answer.status == 422
    error = answer.html.select_one("#upload-file-h")
    assert error is not None
    assert told in error.text
    assert answer.html.select_one("#upload-name")["value"] == "My name"  # type: ignore[index]
    assert [] == await held(office, SENIOR)


async def test_without_a_file_it_is_asked_for(senior: Browser, office: Office) -> None:
    answer = await senior.post(page_of(office, SENIOR), name="x")
    assert (422, True) == (answer.status, "Choose a file first" in answer.text)


async def test_a_request_of_a_gigabyte_is_not_read_to_its_end(
    senior: Browser, office: Office
) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        while sent < 1024**3:
            sent += 2**16
            yield bytes(2**16)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    path = senior.client.make_url(page_of(office, SENIOR))
    try:
        async with senior.client.session.post(path, data=endless(), headers=headers) as answer:
            assert answer.status == 413
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        pass
    assert sent < 4 * MOST_BYTES


@pytest.mark.parametrize("name", ["x" * 101, "two\nlines", "bell\a"])
async def test_a_name_that_cannot_be_shown_is_told_beside_it(
    senior: Browser, office: Office, name: str
) -> None:
    which = await put(office, SENIOR)
    answer = await senior.post(f"{page_of(office, SENIOR)}/{which}/rename", name=name)
    assert answer.status == 422
    assert answer.html.select_one(f"#rename-{which}-h") is not None
    assert [one.name for one in await held(office, SENIOR)] == ["Away"]


async def test_hostile_names_and_texts_are_shown_as_they_are(
    senior: Browser, office: Office
) -> None:
    hostile = '<svg onload="alert(1)">"\'{{ 7*7 }}'
    which = await put(office, SENIOR)
    await senior.post(f"{page_of(office, SENIOR)}/{which}/rename", name=hostile)
    answer = await senior.get(page_of(office, SENIOR))
    assert answer.html.select_one("svg[onload]") is None
    assert answer.html.select_one(".greeting-name").text == hostile  # type: ignore[union-attr]


async def test_another_sound_keeps_the_greeting(senior: Browser, office: Office) -> None:
    which = await put(office, SENIOR)
    path = f"{page_of(office, SENIOR)}/{which}/replace"
    assert (await send(senior, path, b"no sound")).status == 422
    assert (await send(senior, path, encoded("ogg"))).status == 303
    (one,) = await held(office, SENIOR)
    assert (one.id, one.name) == (which, "Away")
    assert one.fingerprint != "f" * 64
    assert ["greeting.replaced"] == await audited(office)


async def test_a_deleted_greeting_comes_back_by_undo(senior: Browser, office: Office) -> None:
    which, path = await put(office, SENIOR), page_of(office, SENIOR)
    answer = await senior.post(f"{path}/{which}/remove")
    assert answer.status == 303
    shown = await senior.get(path)
    undo = shown.html.select_one(f'form[action="{path}/{which}/restore"]')
    assert undo is not None
    assert [] == await held(office, SENIOR)
    assert (await senior.post(f"{path}/{which}/remove")).status == 404
    assert (await senior.post(f"{path}/{which}/restore")).status == 303
    assert [which] == [one.id for one in await held(office, SENIOR)]
    assert ["greeting.removed", "greeting.brought_back"] == await audited(office)


async def test_a_used_greeting_says_where_and_is_not_deleted(
    senior: Browser, office: Office
) -> None:
    which, path = await put(office, SENIOR), page_of(office, SENIOR)
    async with office.sessions.begin() as session:
        values = {"sound": sound_of(which), "emma": office.who(SENIOR)}
        change = text("UPDATE rules SET greeting = :sound WHERE employee_id = :emma")
        await session.execute(change, values)
    page = await senior.get(path)
    assert "On a break" in page.html.select_one(".greeting-about").text  # type: ignore[union-attr]
    assert page.html.select_one(f'form[action="{path}/{which}/remove"] button') is None
    answer = await senior.post(f"{path}/{which}/remove")
    assert (422, True) == (answer.status, "choose another greeting there first" in answer.text)
    assert [which] == [one.id for one in await held(office, SENIOR)]


async def test_what_is_said_before_messages_is_chosen_and_taken_back(
    senior: Browser, office: Office
) -> None:
    path, emma = page_of(office, SENIOR), office.who(SENIOR)
    own = sound_of(await put(office, SENIOR))
    others = sound_of(await put(office, EMPLOYEE))
    for sound in (own, BUILT_IN[0].sound):
        assert (await senior.post(f"{path}/voicemail", sound=sound)).status == 303
        await office.reload()
        assert sound == office.directory.employees[emma].voicemail_greeting
        chosen = (await senior.get(path)).html.select_one("#voicemail-sound option[selected]")
        assert chosen is not None
        assert sound == chosen["value"]
    assert (await senior.post(f"{path}/voicemail", sound=others)).status == 422
    assert (await senior.post(f"{path}/voicemail", sound="")).status == 303
    await office.reload()
    assert office.directory.employees[emma].voicemail_greeting is None
    assert ["voicemail_greeting.changed"] * 3 == await audited(office)


async def test_a_text_is_spoken_heard_and_stored_with_its_text(
    speaking: Browser, office: Office
) -> None:
    path = page_of(office, SENIOR)
    form = {"text": "Меня нет до понедельника, звоните Борису Орлову", "language": "ru"}
    async with speaking.client.post(
        f"{path}/preview", data=form, headers={"X-CSRF-Token": await speaking.token()}
    ) as heard:
        assert (heard.status, heard.headers["Content-Type"]) == (200, "audio/wav")
        assert (await heard.read())[:4] == b"RIFF"
    assert [] == await held(office, SENIOR)
    assert (await speaking.post(f"{path}/speak", **form)).status == 303
    (one,) = await held(office, SENIOR)
    assert (one.origin, one.text, one.language) == (Origin.SPOKEN, form["text"], "ru")
    assert one.name == "Меня нет до понедельника, звоните…"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Please fill this in"),
        ("…", "There is no word"),
        ("а" * 1001, "At most 1000 characters"),
        ("а" * 100_000, "At most 1000 characters"),
    ],
    ids=["nothing", "no word", "long", "very long"],
)
async def test_a_text_that_cannot_be_spoken_is_told_beside_it(
    speaking: Browser, office: Office, typed: str, told: str
) -> None:
    form = {"text": typed, "language": "ru"}
    answer = await speaking.post(f"{page_of(office, SENIOR)}/speak", **form)
    assert answer.status == 422
    assert told in answer.html.select_one("#speech-text-h").text  # type: ignore[union-attr]
    preview = await speaking.post(f"{page_of(office, SENIOR)}/preview", **form)
    assert (422, True) == (preview.status, told in preview.text)


async def test_without_an_engine_the_page_says_what_to_install(
    office: Office,
) -> None:
    await office.give(SENIOR, "senior")
    settings = Settings(_env_file=None, speech_ru="no-such-engine", speech_en="")
    async with browsing(office, office.panel(settings=settings)) as opened:
        await opened.log_in(SENIOR)
        page = await opened.get(page_of(office, SENIOR))
        assert "apt install festival festvox-ru festvox-kallpc16k" in page.text
        form = {"text": "hello", "language": "en"}
        answer = await opened.post(f"{page_of(office, SENIOR)}/speak", **form)
        assert answer.status == 422


async def test_built_in_greetings_are_heard_where_the_sounds_are(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "ru/autosecretary").mkdir(parents=True)
    (tmp_path / "ru/autosecretary/away.wav").write_bytes(encoded("wav"))
    (tmp_path / "secret.wav").write_bytes(b"secret")
    settings = Settings(_env_file=None, greetings=tmp_path / "autosecretary-own")
    async with browsing(office, office.panel(settings=settings)) as opened:
        await opened.log_in(SENIOR)
        async with opened.client.get("/greetings/built-in/away") as heard:
            assert (await heard.read())[:4] == b"RIFF"
        for name in ("holiday", "secret", "..%2F..%2Fsecret", "away?language=en", "unavailable"):
            assert (await opened.get(f"/greetings/built-in/{name}")).status == 404


async def test_the_office_has_greetings_that_everybody_hears_and_can_choose(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(ADMINISTRATOR)
    assert (await send(browser, "/office/greetings", encoded("wav"), "All.wav")).status == 303
    (one,) = await held(office, None)
    assert "All" in (await browser.get("/office/greetings")).text
    await office.give(SENIOR, "senior")
    await browser.log_in(SENIOR)
    page = await browser.get(page_of(office, SENIOR))
    assert page.html.select_one(f'audio[src^="/greetings/{one.id}/audio"]') is not None
    assert page.html.select_one(f'#voicemail-sound option[value="{one.sound}"]') is not None
    async with browser.client.get(f"/greetings/{one.id}/audio") as heard:
        assert heard.status == 200


@pytest.mark.parametrize("extension", [EMPLOYEE, ADMINISTRATOR, None])
async def test_who_may_not_change_them_changes_nothing(
    senior: Browser, office: Office, extension: int | None
) -> None:
    """Emma's right reaches her own rules, not others' and not the office's."""
    which, path = await put(office, extension), page_of(office, extension)
    for form in FORMS if extension else FORMS[:3]:
        assert (await senior.post(path + form, text="x", language="ru")).status == 403
    for form in OF_ONE:
        assert (await senior.post(f"{path}/{which}/{form}", name="x")).status == 403
    assert (await send(senior, path, encoded("wav"))).status == 403
    assert ["Away"] == [one.name for one in await held(office, extension)]


async def test_somebody_elses_greeting_is_not_there_under_ones_own_address(
    senior: Browser, office: Office
) -> None:
    theirs = await put(office, RUSSIAN)
    for form in OF_ONE[:1] + OF_ONE[2:]:
        path = f"{page_of(office, SENIOR)}/{theirs}/{form}"
        assert (await senior.post(path, name="x")).status == 404
    assert (await send(senior, f"{page_of(office, SENIOR)}/{theirs}/replace", b"x")).status == 404
    assert (await senior.get(f"/greetings/{theirs}/audio")).status == 404
    assert (await senior.get("/greetings/999/audio")).status == 404
    assert ["Away"] == [one.name for one in await held(office, RUSSIAN)]


async def test_who_only_sees_the_rules_hears_greetings_and_has_no_forms(
    browser: Browser, office: Office
) -> None:
    which = await put(office, EMPLOYEE)
    await browser.log_in(EMPLOYEE)
    page = await browser.get(page_of(office, EMPLOYEE))
    assert page.status == 200
    assert page.html.select("main form") == []
    async with browser.client.get(f"/greetings/{which}/audio") as heard:
        assert heard.status == 200


@pytest.mark.parametrize("form", [*FORMS, *(f"/1/{form}" for form in OF_ONE)])
async def test_a_stale_form_changes_nothing(senior: Browser, office: Office, form: str) -> None:
    await put(office, SENIOR)
    answer = await senior.post(page_of(office, SENIOR) + form, token="stale", name="x")
    assert answer.status == 403
    assert ["Away"] == [one.name for one in await held(office, SENIOR)]


async def test_no_more_than_the_most_are_stored(
    senior: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(greetings, "MOST", 0)
    answer = await send(senior, page_of(office, SENIOR), encoded("wav"))
    assert (422, True) == (answer.status, "delete one first" in answer.text)


async def test_the_page_is_in_russian_for_those_who_read_it(
    browser: Browser, office: Office
) -> None:
    await office.give(RUSSIAN, "senior")
    await browser.log_in(RUSSIAN)
    await put(office, RUSSIAN)
    page = (await browser.get(page_of(office, RUSSIAN))).text
    for told in ("Свои приветствия", "Записать с микрофона", "Перед записью сообщения"):
        assert told in page
