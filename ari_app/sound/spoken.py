"""Typed text as a speech engine can say it: festival's voices fail at characters that they lack.

Measured with festvox-ru 0.5 and festvox-kallpc16k 2.4: the Russian voice says nothing at all
when a text holds a dash, a quotation mark or a colon between digits, and leaves out zeros in
front; the English one crashes at letters that are not ASCII. Neither says a text that looks like
a command of theirs: nothing of what is left here is one.
"""

import re
import unicodedata

from anyascii import anyascii

_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 .,;:?!-+'")
_WORDS = {
    "ru": {"%": " процентов ", "№": " номер ", "@": " собака ", "&": " и ", "=": " равно "},
    "en": {"%": " percent ", "№": " number ", "@": " at ", "&": " and ", "=": " equals "},
}
_AS_PAUSE = str.maketrans({"…": ".", "—": ",", "–": ",", "(": ",", ")": ",", "/": " ", "_": " "})
_AS_NOTHING = re.compile(r"[\"«»„“”<>\[\]{}\\|*^~`#$]")
_TIME = re.compile(r"\b([01]?[0-9]|2[0-3]):([0-5][0-9])\b")
_DECIMAL = re.compile(r"(?<=[0-9])[.,](?=[0-9])")
_THOUSANDS = re.compile(r"(?<=[0-9])[ \xa0](?=000\b)")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])-(?=[0-9])")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])|(?<![0-9])0+(?![0-9])")
_PLUS = re.compile(r"\+(?=[0-9])")
_TIGHT = re.compile(r"(?<=[^0-9])[.,;:?!](?=[^\s.,;:?!])|[.,;:?!](?=[^\s0-9.,;:?!])")
_PAUSES = re.compile(r"[.,;:?!-](?:\s*[.,;:?!-])+")
_LOOSE = re.compile(r"\s+(?=[.,;:?!])")
_SPACES = re.compile(r"\s+")


def spoken(text: str, language: str) -> str:
    """The text with signs as words, numbers as they are read out, and nothing but letters."""
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    for sign, word in _WORDS[language].items():
        text = text.replace(sign, word)
    text = _AS_NOTHING.sub(" ", text.translate(_AS_PAUSE))
    text = _numbers(text, language)
    text = "".join(_letter(sign, language) for sign in text)
    text = _TIGHT.sub(r"\g<0> ", text)
    text = _PAUSES.sub(lambda found: _strongest(found[0]), text)
    text = _LOOSE.sub("", _SPACES.sub(" ", text))
    return text.lstrip(" .,;:?!-+'").rstrip(" ,;:-+'")


def _numbers(text: str, language: str) -> str:
    """Times, decimals and telephone numbers so that no digit is lost."""
    text = _THOUSANDS.sub("", text)
    if language == "en":
        return _BETWEEN_DIGITS.sub(" ", text)
    text = _TIME.sub(r" \1 \2 ", text)
    text = _DECIMAL.sub(" и ", text)
    text = _PLUS.sub(" плюс ", _BETWEEN_DIGITS.sub(" ", text))
    return _ZEROS.sub(lambda found: " ноль " * len(found[0]), text)


def _letter(sign: str, language: str) -> str:
    lower = sign.lower()
    if lower in _KEPT or (language == "ru" and lower in _RUSSIAN):
        return sign
    # Other alphabets in Latin letters; what is no letter (and no currency) is left out.
    is_word = sign.isalpha() or unicodedata.category(sign) == "Sc"
    return "".join(one for one in anyascii(sign) if one.isalnum()) if is_word else " "


def _strongest(pauses: str) -> str:
    """Of several signs in a row the one with the longest pause."""
    return next(sign for sign in ".?!;:,-" if sign in pauses)
