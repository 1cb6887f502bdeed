"""Everything that is said to callers and employees is a sentence in each language."""

import re

import pytest

from agi_scripts import codes, recording
from ari_app.domain.directory import Farewell
from ari_app.domain.endings import farewell
from ari_app.domain.greetings import BUILT_IN
from demo.configuration import REPOSITORY
from demo.prompts import speeches

LANGUAGES = {speech.language: speech.texts for speech in speeches()}
_NAMED = re.compile(r"[\"'(,]autosecretary/([a-z0-9_-]+)[\"'),]")
_NO_SOUNDS = {"messages"}


def _named() -> set[str]:
    """Every sound that stands in the program or in the dial plan."""
    files = [REPOSITORY / "asterisk-config/autosecretary/extensions.conf"]
    for folder in ("ari_app", "agi_scripts"):
        files += (REPOSITORY / folder).rglob("*.py")
    return {name for file in files for name in _NAMED.findall(file.read_text())} - _NO_SOUNDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sound_that_is_named_anywhere_is_a_sentence(language: str) -> None:
    named = _named()
    assert {"away", "leave-message", "press-one", "record-choose", "unavailable"} <= named
    assert set() == named - LANGUAGES[language].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sound_that_is_put_together_is_a_sentence(language: str) -> None:
    sounds = codes.SOUNDS | recording.SOUNDS | {choice.sound for choice in BUILT_IN}
    sounds |= {farewell("x", kind).sound or "" for kind in Farewell}
    said = {f"autosecretary/{name}" for name in LANGUAGES[language]}
    assert set() == sounds - said


def test_every_hour_and_every_minute_is_a_sentence() -> None:
    for texts in LANGUAGES.values():
        assert [f"hour-{n}" for n in range(24)] == [n for n in texts if n.startswith("hour-")]
        assert [f"minute-{n}" for n in range(60)] == [n for n in texts if n.startswith("minute-")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_holds_a_sign_that_a_voice_fails_at(language: str) -> None:
    """Festival's Russian voice says nothing at all of a text with a dash or quotation marks."""
    letters = "а-яёА-ЯЁ" if language == "ru" else "a-zA-Z"
    for text in LANGUAGES[language].values():
        assert re.fullmatch(rf"[{letters} .,:;?!'+]+", text), text
