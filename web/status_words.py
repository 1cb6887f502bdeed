"""Statuses as people see them: a name, a colour, and what each does to calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ari_app.domain.directory import Declared, Directory, Status, StatusChoice
from ari_app.domain.numbers import OwnStatusId
from web.words import N_, Words

BASES: Mapping[Status, tuple[str, str, str]] = {
    Status.ONLINE: (N_("Online"), "green", N_("takes calls")),
    Status.ALL_CALLS: (N_("All calls"), "teal", N_("takes every call")),
    Status.OUTBOUND_CALLS: (N_("Outbound calls"), "blue", N_("no calls from groups")),
    Status.BREAK: (N_("Break"), "orange", N_("the secretary answers first")),
    Status.DO_NOT_DISTURB: (N_("Do not disturb"), "red", N_("takes no calls")),
    Status.OFFLINE: (N_("Offline"), "grey", N_("not at work")),
}
"""Name, colour and meaning, in the order in which they are offered."""

LUNCH_ENDS = time(14)
_LUNCH_BEGINS = time(11)


@dataclass(frozen=True, slots=True)
class Shown:
    """A status as a page shows it; `value` is what a form sends."""

    value: str
    text: str
    colour: str
    hint: str = ""
    choice: StatusChoice = Status.ONLINE


def value_of(choice: StatusChoice) -> str:
    """A status as forms and the API name it: ``break``, ``own-3``."""
    return choice.value if isinstance(choice, Status) else f"own-{choice}"


def choice_of(declared: Declared) -> StatusChoice:
    """What was chosen to declare this."""
    return declared.base if declared.own is None else declared.own


def shown(choice: StatusChoice, directory: Directory, words: Words) -> Shown:
    """A status in the reader's language; one that is retired shows as Offline's colour."""
    if isinstance(choice, Status):
        text, colour, hint = BASES[choice]
        return Shown(choice.value, words.say(text), colour, words.say(hint), choice)
    own = directory.own_statuses.get(choice)
    if own is None:
        return Shown(value_of(choice), f"№ {choice}", "grey", choice=choice)
    hint = words.say(BASES[own.base][2])
    return Shown(value_of(choice), words.own((own.name_ru, own.name_en)), own.colour, hint, choice)


def offered(
    directory: Directory, allowed: frozenset[OwnStatusId] | None, words: Words
) -> list[Shown]:
    """What somebody may choose: the base statuses, and the own ones that the card allows."""
    own = [
        shown(status, directory, words)
        for status in directory.own_statuses
        if allowed is None or status in allowed
    ]
    bases = [shown(status, directory, words) for status in BASES]
    return bases + sorted(own, key=lambda one: one.text.casefold())


def at_clock(clock: time, now: datetime, words: Words) -> datetime:
    """The next moment at which the reader's clock shows this."""
    local = now.astimezone(words.zone)
    moment = datetime.combine(local.date(), clock, words.zone)
    return moment if moment > now else moment + timedelta(days=1)


def lunch_goes_on(now: datetime, words: Words) -> bool:
    """Whether "until the end of lunch" makes sense on the reader's clock."""
    return _LUNCH_BEGINS <= now.astimezone(words.zone).time() < LUNCH_ENDS
