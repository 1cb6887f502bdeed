"""Columns of a file of employees: what they are called, and what their cells mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import OutsideNumber, parse_endpoint, parse_extension
from ari_app.numbering import outside_number
from ari_app.store.accounts import normal_email
from ari_app.store.card import LANGUAGES, MOST_SECONDS
from ari_app.store.transfer import Entry
from ari_app.transfer import Fault, Line, UnreadableError
from web.forms import Wrong, zones
from web.words import N_, catalogue


class Column(Enum):
    """A column of the file; the value is the field of `Entry`."""

    NAME = "name"
    EXTENSION = "extension"
    EMAIL = "email"
    MOBILE = "mobile"
    POSITION = "position"
    DEPARTMENT = "department"
    LANGUAGE = "language"
    ZONE = "zone"
    PHONES = "phones"
    USES_STATUS = "uses_status"
    ROLE = "role"


TEXTS: Mapping[Column, str] = {
    Column.NAME: N_("Full name"),
    Column.EXTENSION: N_("Extension"),
    Column.EMAIL: N_("E-mail"),
    Column.MOBILE: N_("Mobile"),
    Column.POSITION: N_("Position"),
    Column.DEPARTMENT: N_("Department"),
    Column.LANGUAGE: N_("Language"),
    Column.ZONE: N_("Time zone"),
    Column.PHONES: N_("Phones"),
    Column.USES_STATUS: N_("Status counts"),
    Column.ROLE: N_("Role"),
}
_CALLED: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("full name", "name", "employee", "фио", "имя", "сотрудник", "ф.и.о."),
    Column.EXTENSION: ("extension", "ext", "внутренний номер", "добавочный", "внутренний"),
    Column.EMAIL: ("e-mail", "email", "mail", "почта", "эл. почта", "электронная почта"),
    Column.MOBILE: ("mobile", "mobile number", "мобильный", "мобильный номер", "сотовый"),
    Column.POSITION: ("position", "job title", "должность"),
    Column.DEPARTMENT: ("department", "отдел", "подразделение"),
    Column.LANGUAGE: ("language", "язык"),
    Column.ZONE: ("time zone", "zone", "timezone", "часовой пояс"),
    Column.PHONES: ("phones", "телефоны"),
    Column.USES_STATUS: ("status counts", "uses_status", "учитывать статус"),
    Column.ROLE: ("role", "роль"),
}
_YES = frozenset({"yes", "true", "1", "да", "+"})
_NO = frozenset({"no", "false", "0", "нет"})
_TONGUES = {"ru": "ru", "en": "en", "русский": "ru", "english": "en", "английский": "en"}
Places = Mapping[Column, int]


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where, and the names that mean nothing here."""

    places: Places
    unknown: tuple[str, ...]


class NoColumnError(UnreadableError):
    """A column is missing, or is there twice; `text` (marked with N_) says so of `column`."""

    def __init__(self, text: str, column: Column) -> None:
        super().__init__(Fault.EMPTY, 1)
        self.text = text
        self.column = column


def read_header(cells: Sequence[str]) -> Header:
    """Raises NoColumnError for a file without extensions, or with a column twice."""
    places: dict[Column, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        column = _by_name().get(cell.strip().casefold())
        if column is None:
            unknown += [cell.strip()[:60]] if cell.strip() else []
        elif column in places:
            raise NoColumnError(N_("The column “{column}” is there twice"), column)
        else:
            places[column] = place
    for column in (Column.EXTENSION, Column.NAME):
        if column not in places:
            raise NoColumnError(N_("The first line names no column “{column}”"), column)
    return Header(places, tuple(unknown))


def read_cells(
    line: Line, places: Places, country: str
) -> tuple[dict[Column, object], dict[Column, Wrong]]:
    """The values of a line, and what is wrong with the others; a short line has empty cells."""
    values: dict[Column, object] = {}
    wrong: dict[Column, Wrong] = {}
    for column, place in places.items():
        text = line.cells[place].strip() if place < len(line.cells) else ""
        try:
            values[column] = _READERS[column](text, country)
        except Wrong as error:
            wrong[column] = error
    return values, wrong


def cells_of(entry: Entry, department: str, role: str, words: Callable[[str], str]) -> list[str]:
    """A card as a line of a file, in the order of `Column`."""
    return [
        entry.name,
        entry.extension,
        entry.email or "",
        entry.mobile or "",
        entry.position,
        department,
        entry.language,
        entry.zone,
        told_phones(entry.phones),
        words(N_("yes")) if entry.uses_status else words(N_("no")),
        role,
    ]


def told_phones(phones: Sequence[Phone]) -> str:
    """Phones in their order with their seconds: ``101:25, +79161234567:20``."""
    return ", ".join(f"{_address(phone)}:{phone.seconds}" for phone in phones)


def _address(phone: Phone) -> str:
    return phone.address.e164 if isinstance(phone.address, OutsideNumber) else phone.address


def _printable(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(N_("At most {max_length} characters"), max_length=longest)
    if not text.isprintable():
        raise Wrong(N_("No line breaks or control characters, please"))
    return text


def _name(text: str, _country: str) -> str:
    if not text:
        raise Wrong(N_("Please fill this in"))
    return _printable(text, 200)


def _extension(text: str, _country: str) -> str:
    if parse_extension(text) is None:
        raise Wrong(N_("2 to 7 digits"))
    return text


def _email(text: str, _country: str) -> str | None:
    address = normal_email(text)
    if text and (not address or len(address) > 320):
        raise Wrong(N_("This is not an e-mail address"))
    return address or None


def _mobile(text: str, country: str) -> str | None:
    if not text:
        return None
    number = outside_number(text, country)
    if number is None:
        raise Wrong(N_("This is not a telephone number: +7 916 123-45-67"))
    return number.e164


def _position(text: str, _country: str) -> str:
    return _printable(text, 100)


def _language(text: str, _country: str) -> str | None:
    found = _TONGUES.get(text.casefold())
    if text and found not in LANGUAGES:
        raise Wrong(N_("Only ru or en"))
    return found


@cache
def _by_name() -> Mapping[str, Column]:
    """Columns by all their names, also as our own files call them."""
    own = {
        catalogue(language).gettext(text).casefold(): column
        for column, text in TEXTS.items()
        for language in LANGUAGES
    }
    return own | {name: column for column, names in _CALLED.items() for name in names}


def _zone(text: str, _country: str) -> str | None:
    if text and text not in zones():
        raise Wrong(N_("This time zone is not known"))
    return text or None


def _uses_status(text: str, _country: str) -> bool | None:
    if not text:
        return None
    if text.casefold() not in _YES | _NO:
        raise Wrong(N_("Only yes or no"))
    return text.casefold() in _YES


def _phones(text: str, country: str) -> tuple[Phone, ...]:
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    found = tuple(_phone(part, country) for part in parts if part)
    if len(found) > 20:
        raise Wrong(N_("At most {number} phones"), number=20)
    return found


def _phone(text: str, country: str) -> Phone:
    address, colon, typed = text.rpartition(":")
    address, typed = (address.strip(), typed.strip()) if colon else (text, "25")
    is_whole = typed.isascii() and typed.isdigit() and len(typed) <= 3
    if not is_whole or int(typed) > MOST_SECONDS:
        raise Wrong(N_("Seconds of ringing after the colon: 0 to {most}"), most=MOST_SECONDS)
    number = outside_number(address, country) if len(address) > 7 else None
    if number is not None:
        return Phone(number, int(typed))
    endpoint = parse_endpoint(address)
    if endpoint is None:
        raise Wrong(N_("“{typed}” is neither a phone's name nor a number"), typed=address[:60])
    return Phone(endpoint, int(typed))


_READERS: Mapping[Column, Callable[[str, str], object]] = {
    Column.NAME: _name,
    Column.EXTENSION: _extension,
    Column.EMAIL: _email,
    Column.MOBILE: _mobile,
    Column.POSITION: _position,
    Column.DEPARTMENT: _position,
    Column.LANGUAGE: _language,
    Column.ZONE: _zone,
    Column.PHONES: _phones,
    Column.USES_STATUS: _uses_status,
    Column.ROLE: _position,
}
