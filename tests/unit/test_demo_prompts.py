"""Every sentence that the product says is written down in every language."""

import wave
from pathlib import Path

import pytest

from agi_scripts.codes import SOUNDS
from demo.configuration import REPOSITORY
from demo.problem import Problem
from demo.prompts import check, speeches

LANGUAGES = {speech.language: speech for speech in speeches()}
SAID_BY_THE_DIAL_PLAN = ("press-one", "too-late", "not-understood", "unavailable", "goodbye")


def _sound(file: Path, samples: bytes, rate: int = 8000) -> Path:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples)
    return file


def test_both_languages_have_the_same_sentences() -> None:
    assert LANGUAGES["ru"].texts.keys() == LANGUAGES["en"].texts.keys()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_sound_of_the_feature_codes_is_a_sentence(language: str) -> None:
    names = {f"autosecretary/{name}" for name in LANGUAGES[language].texts}

    assert SOUNDS - names == set()


@pytest.mark.parametrize("name", SAID_BY_THE_DIAL_PLAN)
def test_what_the_dial_plan_says_is_a_sentence(name: str) -> None:
    dial_plan = REPOSITORY / "asterisk-config/autosecretary/extensions.conf"

    assert f"autosecretary/{name}" in dial_plan.read_text()
    assert name in LANGUAGES["ru"].texts


def test_thirteen_forty_is_said_as_people_say_it() -> None:
    russian, english = LANGUAGES["ru"].texts, LANGUAGES["en"].texts
    words = ("until", "hour-13", "minute-40")

    assert " ".join(russian[w] for w in words) == "до тринадцати часов сорока минут"
    assert " ".join(english[w] for w in words) == "until thirteen forty"


def test_a_silent_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="silent"):
        check(_sound(tmp_path / "a.wav", bytes(16000)))


def test_a_sound_at_another_rate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="8 kHz"):
        check(_sound(tmp_path / "a.wav", b"\x00\x40" * 16000, rate=16000))
