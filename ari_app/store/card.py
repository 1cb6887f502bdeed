"""An employee's card as it is written, and what it may not hold."""

import re
from dataclasses import dataclass
from typing import NewType
from zoneinfo import ZoneInfo

from ari_app.domain.directory import Phone, RingOrder
from ari_app.domain.numbers import (
    Extension,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    is_e164,
    parse_endpoint,
    parse_extension,
)
from ari_app.store.errors import InvalidError

DepartmentId = NewType("DepartmentId", int)

LANGUAGES = ("ru", "en")
MOST_SECONDS = 120
_LONGEST_NAME = 200
_EMAIL = re.compile(r"[^\s@A-Z]+@[^\s@A-Z]+")


@dataclass(frozen=True, slots=True)
class Card:
    """What a manager writes about an employee; status, rules and PIN have ways of their own.

    `zone` is a name of the tz database, `number` the employee's own outside number and `mobile`
    the one to log in with (both E.164), `email` as `normal_email` writes it. `own_statuses` may
    be declared (None: all of them).
    """

    name: str
    extension: Extension
    phones: tuple[Phone, ...] = ()
    ring_order: RingOrder = RingOrder.AT_ONCE
    uses_status: bool = True
    zone: str = "UTC"
    language: str = "ru"
    has_voicemail: bool = False
    voicemail_by_mail: bool = True
    may_dial: frozenset[NumberClass] = frozenset(NumberClass)
    number: str | None = None
    department: DepartmentId | None = None
    email: str | None = None
    mobile: str | None = None
    position: str = ""
    after_call_seconds: int = 0
    own_statuses: frozenset[OwnStatusId] | None = None


def check_card(card: Card) -> None:
    """Raise InvalidError for what no card may hold."""
    name = card.name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidError("name", f"1 to {_LONGEST_NAME} printable characters")
    if parse_extension(card.extension) is None:
        raise InvalidError("extension", "2 to 7 digits")
    if card.number is not None and not is_e164(card.number):
        raise InvalidError("number", "a number in E.164 form")
    if card.language not in LANGUAGES:
        raise InvalidError("language", " or ".join(LANGUAGES))
    _check_zone(card.zone)
    _check_person(card)
    for phone in card.phones:
        _check_phone(phone)


def _check_person(card: Card) -> None:
    if card.mobile is not None and not is_e164(card.mobile):
        raise InvalidError("mobile", "a number in E.164 form")
    if card.email is not None and (not _EMAIL.fullmatch(card.email) or len(card.email) > 320):
        raise InvalidError("email", "an address in its normal form")
    if len(card.position) > 100 or not (card.position.isprintable()):
        raise InvalidError("position", "at most 100 printable characters")
    if not 0 <= card.after_call_seconds <= 3600:
        raise InvalidError("after_call_seconds", "0 to 3600 seconds")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise InvalidError("zone", "a zone of the tz database") from error


def _check_phone(phone: Phone) -> None:
    match phone.address:
        case OutsideNumber(e164):
            is_good = is_e164(e164)
        case endpoint:
            is_good = parse_endpoint(endpoint) is not None
    if not is_good:
        raise InvalidError("phones", "an endpoint's name or a number in E.164 form")
    if not 0 <= phone.seconds <= MOST_SECONDS:
        raise InvalidError("phones", f"0 to {MOST_SECONDS} seconds")
