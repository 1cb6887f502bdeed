"""Values that several operations answer with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.availability import READINESS, holding
from ari_app.domain.directory import Declared, OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.explain import Names
from ari_app.store.finding import Person
from web.status_words import choice_of, value_of
from web.visit import Visit

OwnStatuses = Mapping[OwnStatusId, OwnStatus]


@dataclass(frozen=True, slots=True)
class StatusValue:
    """A status that holds now: its name (`break`, `own-3`), and what it behaves as.

    With `until` it ends then, and `afterwards` holds again. `is_ready` says whether direct calls
    ring. `text` is in the asker's language.
    """

    status: str
    base: Status
    text: str
    is_ready: bool
    until: datetime | None
    afterwards: str | None


@dataclass(frozen=True, slots=True)
class PersonValue:
    """Somebody, by id, name and extension."""

    id: int
    name: str
    extension: str


@dataclass(frozen=True, slots=True)
class MadeValue:
    """What was made has this id."""

    id: int


@dataclass(frozen=True, slots=True)
class RemovedValue:
    """What was removed can be brought back for a day: POST /api/v1/removals/{undo}/undo."""

    undo: int


def status_value(
    visit: Visit, declared: Declared, own: OwnStatuses, *, counts: bool = True
) -> StatusValue:
    """What holds now; where the card leaves the status out of account, everybody is ready."""
    now = holding(declared, visit.now)
    value = value_of(choice_of(now))
    below = None if now.until is None or now.below is None else now.below
    return StatusValue(
        value,
        now.base,
        visit.storyteller(Names({}, {}, own)).status(value),
        not counts or READINESS[now.base].is_ready,
        None if below is None else now.until,
        None if below is None else value_of(choice_of(below)),
    )


def person_value(person: Person) -> PersonValue:
    return PersonValue(person.id, person.name, person.extension)
