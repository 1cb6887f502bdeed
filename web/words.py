"""The panel's texts in the reader's language: catalogues, plural forms, dates and numbers."""

import gettext
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from ari_app.explain import LANGUAGES, N_, translations

__all__ = ["LANGUAGES", "N_", "Words", "best_language"]


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """What the files in ``web/locale`` say together; else what the service's own one says."""
    folder = files("web") / "locale" / language / "LC_MESSAGES"
    merged: gettext.NullTranslations = translations(language)
    if not folder.is_dir():
        return merged
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".po"):
            continue
        with file.open("rb") as opened:
            messages = read_po(opened, locale=language)
        compiled = BytesIO()
        write_mo(compiled, messages)
        compiled.seek(0)
        found = gettext.GNUTranslations(compiled)
        found.add_fallback(merged)
        merged = found
    return merged


def best_language(accepted: str, otherwise: str) -> str:
    """The language for an Accept-Language header."""
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    return negotiate_locale(wanted, LANGUAGES, sep="_") or otherwise


@dataclass(frozen=True, slots=True)
class Words:
    """How one reader is spoken to: a language of LANGUAGES, and a time zone."""

    language: str
    zone: ZoneInfo

    @property
    def locale(self) -> Locale:
        return Locale.parse("en_GB" if self.language == "en" else self.language)

    def say(self, text: str, **values: object) -> str:
        """The text in the reader's language, with `values` put in."""
        told = catalogue(self.language).gettext(text) if text else ""
        return told.format(**values) if values else told

    def say_many(self, one: str, many: str, number: int, **values: object) -> str:
        """The form of the text that goes with `number`."""
        told = catalogue(self.language).ngettext(one, many, number)
        return told.format(number=self.number(number), **values)

    def own(self, names: tuple[str, str]) -> str:
        """Of a name in Russian and one in English, the reader's."""
        return names[0] if self.language == "ru" else names[1]

    def moment(self, at: datetime) -> str:
        """A date with its time, in the reader's zone."""
        return format_datetime(at, "short", tzinfo=self.zone, locale=self.locale)

    def day(self, at: datetime) -> str:
        return format_date(at.astimezone(self.zone), "medium", locale=self.locale)

    def time(self, at: datetime) -> str:
        return format_time(at, "short", tzinfo=self.zone, locale=self.locale)

    def near(self, at: datetime, now: datetime) -> str:
        """The time alone for today, with the date for any other day."""
        same = at.astimezone(self.zone).date() == now.astimezone(self.zone).date()
        return self.time(at) if same else self.moment(at)

    def ago(self, at: datetime, now: datetime) -> str:
        return format_timedelta(at - now, add_direction=True, locale=self.locale)

    def duration(self, seconds: float) -> str:
        """Hours, minutes and seconds as digits: ``1:02:09``, ``2:09``."""
        minutes, left = divmod(int(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"

    def number(self, number: float) -> str:
        return str(format_decimal(number, locale=self.locale))

    def percent(self, part: float) -> str:
        return str(format_percent(part, locale=self.locale))

    def listed(self, names: Sequence[str]) -> str:
        return ", ".join(names)
