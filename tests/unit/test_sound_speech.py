"""Typed text as speech engines can say it, and engines that do not."""

import sys
from pathlib import Path

import pytest

from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.limits import LONGEST_TEXT
from ari_app.sound.spoken import spoken
from ari_app.sound.studio import Studio, has_engine
from tests.unit.sounds import encoded


@pytest.fixture
def engine(tmp_path: Path) -> str:
    """An engine that says three tones, and writes down what it was told to say."""
    (tmp_path / "tones.wav").write_bytes(encoded("wav"))
    script = tmp_path / "engine.py"
    script.write_text(
        "import pathlib, sys\n"
        "here = pathlib.Path(__file__).parent\n"
        "(here / 'said').write_bytes(sys.stdin.buffer.read())\n"
        "sys.stdout.buffer.write((here / 'tones.wav').read_bytes())\n"
    )
    return f"{sys.executable} '{script}' -eval (voice)"


async def _fault(text: str, command: str) -> Fault:
    with pytest.raises(SoundError) as refused:
        await Studio().speak(text, "ru", command)
    return refused.value.fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Звоните с 9:00 до 18:30.", "Звоните с 9 ноль 0 до 18 30."),
        ("+7 (495) 123-45-07", "плюс 7, 495, 123 45 ноль 7"),
        ("100 000 р., скидка 5,5 %", "100000 р. скидка 5 и 5 процентов"),
        ("«Ромашка» — это мы…", "Ромашка, это мы."),
        ("дом № 7/2", "дом номер 7 2"),
        ("т.д. и д.5", "т. д. и д. 5"),
        ("Отель Çeşme 😀", "Отель Cesme"),
        ("прив+ет", "прив+ет"),
        ("да ?!", "да?"),
    ],
)
def test_russian_is_written_out_as_the_voice_can_say_it(text: str, said: str) -> None:
    assert said == spoken(text, "ru")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call 8 495 123-45-67 from 9:00 to 18:30", "Call 8 495 123 45 67 from 9:00 to 18:30"),
        ("Привет — “world” & more", "Privet, world and more"),
        ("50% off!", "50 percent off!"),
    ],
)
def test_english_is_left_in_latin_letters(text: str, said: str) -> None:
    assert said == spoken(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        '(system "touch /tmp/x")',
        "<SABLE><AUDIO SRC='file:/etc/passwd'/></SABLE>",
        "привет\n(quit)\n",
        "`id` $(id) ; rm -rf /",
        "\x00\x1b[2J\u202eabc",
    ],
)
def test_nothing_is_left_that_an_engine_could_take_for_a_command(text: str) -> None:
    for language in ("ru", "en"):
        left = spoken(text, language)
        assert not set(left) & set('()<>[]{}"`$\\|*/=\n\0\x1b\u202e'), left


async def test_the_engine_is_told_the_text_and_its_sound_is_taken(
    engine: str, tmp_path: Path
) -> None:
    made = await Studio().speak("Меня нет — до 18:30!", "ru", engine)
    assert (tmp_path / "said").read_text() == "Меня нет, до 18 30!"
    assert 1700 < made.milliseconds < 1900


async def test_a_long_text_is_refused_before_anything_is_started() -> None:
    assert Fault.LONG_TEXT is await _fault("а" * (LONGEST_TEXT + 1), "false")
    assert Fault.LONG_TEXT is await _fault("а" * 100_000, "false")


@pytest.mark.parametrize("text", ["", " ", "...", "😀", "()", "\0"])
async def test_a_text_without_a_word_is_refused(text: str) -> None:
    assert Fault.NOTHING_TO_SAY is await _fault(text, "false")


@pytest.mark.parametrize("command", ["", "no-such-program-anywhere", "'unclosed"])
async def test_an_engine_that_is_not_installed_is_said_so(command: str) -> None:
    assert not has_engine(command)
    assert Fault.NO_ENGINE is await _fault("привет", command)


@pytest.mark.parametrize("command", ["false", "true"])
async def test_an_engine_that_says_nothing_has_failed(command: str) -> None:
    assert Fault.ENGINE_FAILED is await _fault("привет", command)


async def test_an_engine_that_writes_something_else_is_refused() -> None:
    assert Fault.NOT_AUDIO is await _fault("привет", "echo hello")


async def test_an_engine_that_writes_for_ever_is_stopped() -> None:
    assert await _fault("привет", "yes") in {Fault.ENGINE_FAILED, Fault.NOT_AUDIO}
