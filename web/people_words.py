"""Pieces of employees' pages in words: statuses, numbers, kinds of numbers, ways of ringing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from ari_app.domain.availability import READINESS, holding
from ari_app.domain.directory import Declared, OwnStatus, RingOrder, Status
from ari_app.domain.numbers import NumberClass, OwnStatusId
from ari_app.domain.routing import status_detail
from ari_app.explain import Names, Storyteller
from web.charts import status_colour
from web.visit import Visit
from web.words import N_, Words

OwnStatuses = Mapping[OwnStatusId, OwnStatus]

CLASSES: Mapping[NumberClass, str] = {
    NumberClass.INSIDE: N_("Inside the office"),
    NumberClass.LOCAL: N_("Local"),
    NumberClass.NATIONAL: N_("National"),
    NumberClass.MOBILE: N_("Mobile phones"),
    NumberClass.INTERNATIONAL: N_("International"),
}
ORDERS: Mapping[RingOrder, str] = {
    RingOrder.AT_ONCE: N_("all at once"),
    RingOrder.IN_TURN: N_("one after another"),
    RingOrder.MAIN_ONLY: N_("only the first one"),
}
LANGUAGE_NAMES = (("ru", "Русский"), ("en", "English"))


@dataclass(frozen=True, slots=True)
class StatusShown:
    """A status as a dot with words; `until` is "" for one that lasts."""

    text: str
    colour: str
    until: str
    is_ready: bool


def status_shown(
    visit: Visit, declared: Declared, own: OwnStatuses, *, counts: bool = True
) -> StatusShown:
    """The status that holds now; where the card leaves it out of account, everybody is ready."""
    now = holding(declared, visit.now)
    detail = status_detail(now)
    until = "" if now.until is None else visit.words.near(now.until, visit.now)
    is_ready = not counts or READINESS[now.base].is_ready
    text = teller(visit.words, own).status(detail)
    return StatusShown(text, status_colour(detail, own), until, is_ready)


def statuses_offered(words: Words, own: OwnStatuses) -> list[tuple[str, str]]:
    """Every status by what the journal calls it, with its name."""
    told = teller(words, own)
    plain = [(status.value, told.status(status.value)) for status in Status]
    return plain + [
        (f"own-{one.id}", words.own((one.name_ru, one.name_en))) for one in own.values()
    ]


def teller(words: Words, own: OwnStatuses) -> Storyteller:
    """Tells statuses, without the names of people and rules."""
    return Storyteller(words.language, Names({}, {}, own))


@lru_cache(maxsize=4096)
def number_shown(e164: str) -> str:
    """A number in E.164 form with its spaces."""
    try:
        return phonenumbers.format_number(
            phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL
        )
    except NumberParseException:
        return e164
