"""The board, put together: places, what everybody is up to, problems first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.availability import holding
from ari_app.domain.directory import Employee, Status
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.presence import Phones, PhoneUse, Presence, busy_phone, is_reachable, presence
from ari_app.domain.rights import Right
from ari_app.store.board import Seat
from web.status_words import Shown, choice_of, shown
from web.visit import Visit
from web.words import N_

PRESENCES: Mapping[Presence, tuple[str, str]] = {
    Presence.UNREACHABLE: (N_("Not reachable"), "red"),
    Presence.RINGING: (N_("Is being called"), "yellow"),
    Presence.TALKING: (N_("On a call"), "blue"),
    Presence.READY: (N_("Ready"), "green"),
    Presence.AWAY: (N_("Not ready"), "orange"),
    Presence.OFFLINE: (N_("Offline"), "grey"),
}
_ORDER = {kind: place for place, kind in enumerate(PRESENCES)}
_BY_STATUS = {
    Status.ONLINE: Presence.READY,
    Status.ALL_CALLS: Presence.READY,
    Status.OUTBOUND_CALLS: Presence.READY,
    Status.BREAK: Presence.AWAY,
    Status.DO_NOT_DISTURB: Presence.AWAY,
    Status.OFFLINE: Presence.OFFLINE,
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One employee on the board. `since` is when what is shown began, `until` its end."""

    seat: Seat
    presence: Presence
    label: str
    colour: str
    status: Shown
    since: datetime | None
    until: datetime | None
    missed: int
    has_no_phone: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the bar: how many there are of a kind; `x` and `width` of 1000."""

    label: str
    colour: str
    people: int
    x: float
    width: float


def tiles(
    visit: Visit, seats: Iterable[Seat], phones: Phones | None, missed: Mapping[EmployeeId, int]
) -> list[Tile]:
    """Everybody who is in the directory too; problems first, then by name."""
    people = visit.directory.employees
    found = [
        _tile(visit, seat, person, phones, missed.get(seat.employee, 0))
        for seat in seats
        if (person := people.get(seat.employee)) is not None
    ]
    return sorted(found, key=lambda tile: _ORDER[tile.presence])


def bar(visit: Visit, counted: Mapping[Presence, int]) -> list[Slice]:
    """The totals, drawn one beside another; what nobody is has no slice."""
    whole = sum(counted.values()) or 1
    slices: list[Slice] = []
    x = 0.0
    for kind, (text, colour) in PRESENCES.items():
        people = counted.get(kind, 0)
        if people:
            width = 1000 * people / whole
            slices.append(Slice(visit.words.say(text), colour, people, x, width))
            x += width
    return slices


def counted(shown_tiles: Sequence[Tile]) -> Mapping[Presence, int]:
    """How many there are of each kind."""
    return Counter(tile.presence for tile in shown_tiles)


def by_status(people: Mapping[Status, int]) -> Mapping[Presence, int]:
    """The same from statuses alone, where phones are not looked at."""
    found: Counter[Presence] = Counter()
    for status, number in people.items():
        found[_BY_STATUS[status]] += number
    return found


def _since(kind: Presence, busy: PhoneUse | None, seat: Seat) -> datetime | None:
    if busy is not None:
        return busy.since
    # Since when a phone is away, nobody knows.
    return None if kind is Presence.UNREACHABLE else seat.since


def _tile(visit: Visit, seat: Seat, person: Employee, phones: Phones | None, missed: int) -> Tile:
    now = visit.now
    kind = presence(person, phones, now)
    declared = holding(person.declared, now)
    status = shown(choice_of(declared), visit.directory, visit.words)
    text, colour = PRESENCES[kind]
    busy = busy_phone(person, phones)
    by_phone = kind in {Presence.TALKING, Presence.RINGING, Presence.UNREACHABLE}
    return Tile(
        seat=seat,
        presence=kind,
        label=visit.words.say(text) if by_phone else status.text,
        colour=colour if by_phone else status.colour,
        status=status,
        since=_since(kind, busy, seat),
        until=declared.until if declared.below is not None else None,
        missed=missed,
        has_no_phone=phones is not None and not is_reachable(person, phones),
        may_change=visit.may(Right.CHANGE_STATUS, seat.subject),
    )
