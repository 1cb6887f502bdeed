"""Greetings in a real browser: sent, recorded with a microphone, spoken, listened to."""

import io
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from demo.service import ServiceProcess
from tests.browser.conftest import url_of
from tests.browser.desk import FLAGS, HEIGHT, WIDTH, Desk, desk
from tests.unit.sounds import encoded, form, loudest_hertz, tone

VERA = "/employees/3/greetings"
_RATE = 48000
_HERTZ = 1100.0


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Chromium's microphone hears: a tone, again and again."""
    file = tmp_path_factory.mktemp("microphone") / "tone.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, _RATE, 0, "NONE", ""))
        sound.writeframes(tone(_HERTZ, 10, _RATE).tobytes())
    return file


@pytest_asyncio.fixture
async def with_microphone(chromium_path: str, microphone: Path) -> AsyncIterator[Browser]:
    """A browser with a microphone of its own; whether pages may use it, each context says."""
    flags = [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=[*FLAGS, *flags]
        )
        yield browser
        await browser.close()


async def sit_down(browser: Browser, service: ServiceProcess, *, may_record: bool = True) -> Desk:
    """Vera's senior rights reach her own rules; she is before her greetings."""
    context = await browser.new_context(
        locale="ru-RU",
        viewport={"width": WIDTH, "height": HEIGHT},
        permissions=["microphone"] if may_record else [],
    )
    seat = await desk(context, url_of(service))
    await seat.log_in("v.smirnova")
    await seat.open(VERA)
    return seat


async def heard(page: Page, name: str) -> bytes:
    """The WAV file that the player with this name plays."""
    player = page.locator(f'audio[aria-label="{name}"]').first
    source = await player.evaluate("player => player.currentSrc || player.src")
    numbers = await page.evaluate(
        "async (source) => [...new Uint8Array(await (await fetch(source)).arrayBuffer())]", source
    )
    return bytes(numbers)


async def seconds_of(page: Page, selector: str) -> float:
    """How long a player says that its sound is, once it has read it."""
    read = """player => new Promise((resolve, reject) => {
        player.addEventListener("loadedmetadata", () => resolve(player.duration));
        player.addEventListener("error", () => reject(new Error(player.error.message)));
        player.preload = "auto"; player.load();
    })"""
    length: float = await page.locator(selector).first.evaluate(read)
    return length


async def test_a_file_is_sent_played_renamed_deleted_and_back(
    with_microphone: Browser, service: ServiceProcess, tmp_path: Path
) -> None:
    seat = await sit_down(with_microphone, service)
    page = seat.page
    file = tmp_path / "Доброе утро.m4a"
    file.write_bytes(encoded("m4a"))
    await page.locator("#upload-file").set_input_files(file)
    await page.locator("#upload .btn-primary").click()
    await expect(page.locator(".alert-success")).to_be_visible()
    assert form(await heard(page, "Доброе утро")) == (8000, 1, 16)
    length = await seconds_of(page, 'audio[aria-label="Доброе утро"]')
    assert 1.7 < length < 2.0
    await page.locator("details.greeting-change summary").first.click()
    await page.locator("details.greeting-change [name=name]").first.fill("<b>Утро</b>")
    await page.locator("details.greeting-change form[action$='/rename'] button").first.click()
    await expect(page.locator(".greeting-name").first).to_have_text("<b>Утро</b>")
    await seat.open(VERA)
    await seat.shot("greetings-ru", whole=True)
    assert await seat.faults() == []
    assert await seat.sideways() <= 0
    await page.locator("details.greeting-change summary").first.click()
    await page.locator("details.greeting-change form[action$='/remove'] button").first.click()
    await expect(page.locator("main")).not_to_contain_text("Доброе утро")
    await page.locator("form[action$='/restore'] button").click()
    await expect(page.locator(".greeting-name").first).to_have_text("<b>Утро</b>")


async def test_what_is_no_sound_is_told_beside_the_file(
    with_microphone: Browser, service: ServiceProcess, tmp_path: Path
) -> None:
    seat = await sit_down(with_microphone, service)
    page = seat.page
    file = tmp_path / "letter.mp3"
    file.write_text("<html>not a sound</html>")
    await page.locator("#upload-file").set_input_files(file)
    await page.locator("#upload .btn-primary").click()
    await expect(page.locator("#upload-file-h")).to_contain_text("не звуковой файл")
    large = io.BytesIO(bytes(21 * 1024 * 1024)).getvalue()
    given = {"name": "large.wav", "mimeType": "audio/wav", "buffer": large}
    await page.locator("#upload-file").set_input_files(given)  # type: ignore[arg-type]
    assert not await page.locator("#upload-file").evaluate("input => input.checkValidity()")


async def test_a_greeting_is_recorded_listened_to_and_stored(
    with_microphone: Browser, service: ServiceProcess
) -> None:
    seat = await sit_down(with_microphone, service)
    page = seat.page
    await page.locator("[data-record=start]").click()
    await expect(page.locator("[data-record=stop]")).to_be_focused()
    await expect(page.locator(".recorder-time")).to_have_text("0:03", timeout=10_000)
    assert await page.locator("#recorder meter").evaluate("meter => meter.value") > 0.1
    await page.locator("[data-record=stop]").click()
    await expect(page.locator("#recorder audio")).to_be_visible()
    await page.locator("#record-name").fill("С микрофона")
    await seat.shot("greetings-recorded")
    await page.locator("#recorder .btn-primary").click()
    await expect(page.locator(".alert-success")).to_be_visible()
    wav = await heard(page, "С микрофона")
    assert form(wav) == (8000, 1, 16)
    assert np.frombuffer(wav[44:], dtype="<i2").size > 2.5 * 8000
    assert abs(loudest_hertz(wav, 1, 2) - _HERTZ) < 10


async def test_a_refused_microphone_is_told_in_words(
    with_microphone: Browser, service: ServiceProcess
) -> None:
    seat = await sit_down(with_microphone, service, may_record=False)
    await seat.page.locator("[data-record=start]").click()
    await expect(seat.page.locator(".recorder-problem")).to_contain_text("не разрешён")
    await expect(seat.page.locator("[data-record=start]")).to_be_visible()


async def test_a_typed_text_is_listened_to_and_then_stored(
    with_microphone: Browser, service: ServiceProcess
) -> None:
    seat = await sit_down(with_microphone, service)
    page = seat.page
    await page.locator("#speech-text").fill("...")
    await page.locator("[data-speak]").click()
    await expect(page.locator("#speech-text-h")).to_contain_text("ни одного слова")
    await page.locator("#speech-text").fill("Меня нет до понедельника — звоните по номеру 101.")
    await page.locator("[data-speak]").click()
    await expect(page.locator(".speech-heard")).to_be_visible(timeout=20_000)
    length = await seconds_of(page, ".speech-heard")
    assert length > 2
    await expect(page.locator("[data-speak]")).to_be_enabled()
    await page.locator("#speech-name").fill("До понедельника")
    await page.locator("#speech .btn-primary").click()
    await expect(page.locator(".alert-success")).to_be_visible(timeout=20_000)
    await expect(page.locator(".greeting-text")).to_contain_text("звоните по номеру 101")
    assert abs(await seconds_of(page, 'audio[aria-label="До понедельника"]') - length) < 0.1


async def test_a_built_in_greeting_can_be_listened_to(
    with_microphone: Browser, service: ServiceProcess
) -> None:
    seat = await sit_down(with_microphone, service)
    assert await seconds_of(seat.page, 'audio[aria-label="Меня нет на месте"]') > 1
