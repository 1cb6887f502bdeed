"""What was sent to the panel, or recorded by phone, is what the next caller hears."""

import wave
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from ari_app.domain.directory import Status, Voicemail
from ari_app.domain.greetings import Origin
from ari_app.domain.numbers import Extension
from ari_app.store import greetings
from ari_app.store.database import opened
from ari_app.store.greetings import Greeting
from ari_app.store.rules import save_rules
from demo.office import COUNTRY
from tests.live.greetings.desk import logged_in
from tests.live.phones import Phones, until
from tests.live.service.office import Office
from tests.live.sound import likeness, samples
from tests.unit.sounds import KINDS, PATTERN, encoded, pattern

VERA = "103"
ADMINISTRATOR = "a.kuznetsova"
OUTSIDER = "+79165550142"


async def stored(office: Office) -> Sequence[Greeting]:
    """Vera's greetings."""
    directory = await office.directory()
    async with opened(office.database) as sessions, sessions() as session:
        vera = directory.extensions[Extension(VERA)]
        return sorted(await greetings.of_employee(session, vera), key=lambda one: one.id)


async def say_first(office: Office, sound: str) -> None:
    """Send Vera on a break, and make her rule for that, which leads to Anna, say a sound first."""
    await office.declare(VERA, Status.BREAK)
    directory = await office.directory()
    vera = directory.extensions[Extension(VERA)]
    first, *others = directory.employees[vera].rules
    async with opened(office.database) as sessions, sessions.begin() as session:
        rules = (replace(first, greeting=sound), *others)
        await save_rules(session, vera, rules, datetime.now(UTC), COUNTRY)


def file_of(office: Office, one: Greeting) -> Path:
    return Path(office.service.environment["AUTOSECRETARY_GREETINGS"]) / f"{one.id}.wav"


async def heard_by_a_caller(office: Office, phones: Phones, one: Greeting) -> Path:
    """Have a greeting said by Vera's rule to somebody who calls her until Anna's phone rings."""
    await until(file_of(office, one).exists, 10, f"greeting {one.id} where Asterisk plays it")
    await say_first(office, one.sound)
    anna, caller = await phones.employee("101"), await phones.outside(OUTSIDER)
    await until(lambda: _is_planned(office, one.sound), 10, f"{one.sound} in the stored plan")
    await caller.dial(VERA)
    await anna.until("ringing", 20)
    caller.hang_up()
    await caller.until("idle")
    return caller.recorded()


def _is_planned(office: Office, sound: str) -> bool:
    """The plans in AstDB are written after the directory was read anew."""
    return sound in office.asterisk.cli("database show autosecretary")


def tones(file: Path) -> list[float]:
    """The tones that were heard one after another, each as the nearest of PATTERN."""
    heard = samples(file)
    step = 800
    found: list[float] = []
    for start in range(0, len(heard) - step, step):
        part = heard[start : start + step]
        if np.sqrt((part**2).mean()) < 1000:
            continue
        hertz = float(np.argmax(np.abs(np.fft.rfft(part * np.hanning(step))))) * 8000 / step
        found += [tone for tone in PATTERN if abs(tone - hertz) < 25]
    lengths = [(tone, len(list(run))) for tone, run in groupby(found)]
    return [tone for tone, length in lengths if length >= 3]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_file_of_each_kind_is_heard_by_the_next_caller(
    office: Office, phones: Phones, kind: str
) -> None:
    known = len(await stored(office))
    async with logged_in(office, ADMINISTRATOR) as desk:
        directory = await office.directory()
        page = f"/employees/{directory.extensions[Extension(VERA)]}/greetings"
        assert await desk.post(page, page, file=encoded(kind), name=kind) == 303
    one = (await stored(office))[known]
    assert list(PATTERN) == tones(await heard_by_a_caller(office, phones, one))


async def test_a_greeting_chosen_for_messages_is_heard_before_the_tone(
    office: Office, phones: Phones
) -> None:
    known = len(await stored(office))
    directory = await office.directory()
    vera = directory.extensions[Extension(VERA)]
    page = f"/employees/{vera}/greetings"
    async with logged_in(office, ADMINISTRATOR) as desk:
        assert await desk.post(page, page, file=encoded("ogg"), name="Messages") == 303
        one = (await stored(office))[known]
        assert await desk.post(f"{page}/voicemail", page, sound=one.sound) == 303
    await until(file_of(office, one).exists, 10, f"greeting {one.id} where Asterisk plays it")
    await office.declare(VERA, Status.BREAK)
    first, *_ = directory.employees[vera].rules
    async with opened(office.database) as sessions, sessions.begin() as session:
        rules = (replace(first, then=Voicemail(), greeting=None),)
        await save_rules(session, vera, rules, datetime.now(UTC), COUNTRY)
    caller = await phones.outside(OUTSIDER)
    await until(lambda: _is_planned(office, one.sound), 10, f"{one.sound} in the stored plan")
    await caller.dial(VERA)
    await until(lambda: caller.ended, 30, "the silence after the tone ends the message")
    assert list(PATTERN) == tones(caller.recorded())[: len(PATTERN)]
    async with opened(office.database) as sessions, sessions.begin() as session:
        await save_rules(session, vera, (first,), datetime.now(UTC), COUNTRY)


async def test_a_typed_text_is_heard_by_the_next_caller(office: Office, phones: Phones) -> None:
    known = len(await stored(office))
    async with logged_in(office, ADMINISTRATOR) as desk:
        directory = await office.directory()
        page = f"/employees/{directory.extensions[Extension(VERA)]}/greetings"
        text = "Меня нет до 18:30 — звоните по номеру 101."
        assert await desk.post(f"{page}/speak", page, text=text, language="ru") == 303
    one = (await stored(office))[known]
    heard = samples(await heard_by_a_caller(office, phones, one))
    assert likeness(heard, samples(file_of(office, one))) > 0.8


async def test_a_greeting_recorded_by_phone_is_heard_by_the_next_caller(
    office: Office, phones: Phones, tmp_path: Path
) -> None:
    known = len(await stored(office))
    vera = await phones.employee(VERA, says=_tones_of_a_minute(tmp_path))
    folder = Path(office.service.environment["AUTOSECRETARY_MESSAGES"]).parent / "recordings"
    await vera.dial("*77")
    await until(lambda: _recorded_seconds(folder) > 4, 30, "four seconds are recorded")
    await vera.send_dtmf("#")
    for _ in range(5):
        if vera.ended:
            break
        await vera.send_dtmf("1")
        await _ended(vera.ended)
    assert vera.ended, "Asterisk has hung up after the recording was saved"
    (one,) = (await stored(office))[known:]
    assert one.origin is Origin.PHONE
    assert [] == list(folder.iterdir())
    saved = office.asterisk.prompts / "ru/autosecretary/record-saved.wav"
    assert likeness(samples(vera.recorded()), samples(saved)) > 0.8
    await vera.stop()
    heard = tones(await heard_by_a_caller(office, phones, one))
    assert set(PATTERN) == set(heard)
    assert "".join(_letters(PATTERN)) in "".join(_letters(heard))


def _letters(found: Sequence[float]) -> list[str]:
    return [chr(ord("a") + PATTERN.index(tone)) for tone in found]


def _recorded_seconds(folder: Path) -> float:
    files = list(folder.glob("*.wav")) if folder.is_dir() else []
    return max((file.stat().st_size for file in files), default=0) / 16000


async def _ended(ended: list[str]) -> None:
    try:
        await until(lambda: ended, 4)
    except TimeoutError:
        return


def _tones_of_a_minute(folder: Path) -> Path:
    file = folder / "tones.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(np.tile(pattern(8000), 34).tobytes())
    return file
