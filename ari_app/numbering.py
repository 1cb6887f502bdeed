"""Numbers as people type them and trunks send them, in E.164 form (phonenumbers)."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from ari_app.domain.numbers import NumberClass, OutsideNumber, is_e164

_TYPED = re.compile(r"\+?[0-9(][0-9 ()./-]{2,38}", re.ASCII)
_SPACES_AND_DASHES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2010": "-", "\u2011": "-", "\u2013": "-"}
)
_WITHHELD = frozenset({"", "anonymous", "unknown", "restricted", "private", "unavailable"})
_LONGEST_RAW = 64


def outside_number(text: str, country: str, area_code: str = "") -> OutsideNumber | None:
    """The number outside that `text` is when dialled in `country` (ISO 3166), or None.

    Short numbers are completed by `area_code`. In Russia ``+79…``, ``79…``, ``89…`` and ``9…``
    are the same mobile. Emergency and other short codes are none: they have no E.164 form.
    """
    text = text.strip().translate(_SPACES_AND_DASHES)
    if not _TYPED.fullmatch(text):
        return None
    found = _valid(text, country)
    if found is None and area_code and not text.startswith("+"):
        found = _valid(f"{area_code}{text}", country)
    if found is None:
        return None
    e164 = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    return OutsideNumber(e164, _class(found, country, area_code)) if is_e164(e164) else None


@lru_cache(maxsize=4096)
def caller_number(text: str, country: str) -> str:
    """What a trunk sent, in E.164 form where it is a number, else as it came ("": withheld).

    What is left as it came holds only printable characters, at most 64 of them.
    """
    text = "".join(character for character in text if character.isprintable()).strip()
    if text.casefold() in _WITHHELD:
        return ""
    if is_e164(text):
        return text
    found = _valid(text, country) if _TYPED.fullmatch(text) else None
    if found is None:
        return text[:_LONGEST_RAW]
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def _valid(text: str, country: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _class(number: PhoneNumber, country: str, area_code: str) -> NumberClass:
    # Countries share codes (Russia and Kazakhstan +7, North America +1): the code is not enough.
    if phonenumbers.region_code_for_number(number) != country:
        return NumberClass.INTERNATIONAL
    if phonenumbers.number_type(number) == PhoneNumberType.MOBILE:
        return NumberClass.MOBILE
    national = phonenumbers.national_significant_number(number)
    is_local = bool(area_code) and national.startswith(area_code)
    return NumberClass.LOCAL if is_local else NumberClass.NATIONAL
