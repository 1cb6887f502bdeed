"""Several phones rung for one person: together, one after another, or only the main one."""

from collections.abc import Generator
from dataclasses import dataclass

from ari_app.domain.calls import Outcome
from ari_app.domain.directory import Employee, Phone, RingOrder
from ari_app.domain.legs import outside_leg
from ari_app.domain.numbers import OutsideNumber
from ari_app.domain.steps import InsideLeg, Leg, Plan, Reason
from ari_app.domain.trip import Diverter, Trip, ring

DEFAULT_SECONDS = 25
"""How long a phone rings when neither card nor rule says (the reference's LK, section 4.4.3)."""

_MOST_TELLING = (Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.BUSY, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Phones:
    """Phones to ring on behalf of `owner`, whose rights decide what may be dialled.

    `seconds` limits each phone, `together` all of them (0: no limit of that kind).
    """

    owner: Employee
    phones: tuple[Phone, ...]
    order: RingOrder
    seconds: int = 0
    together: int = 0
    diverter: Diverter | None = None
    confirm: bool = False


def ring_phones(trip: Trip, stem: str, wanted: Phones) -> Generator[Plan, Outcome, Outcome]:
    """Ring `wanted`; the outcome that tells most about all of it."""
    if wanted.order is RingOrder.AT_ONCE:
        seconds = max((_patience(wanted, phone) for phone in wanted.phones), default=0)
        if wanted.together:
            seconds = min(seconds, wanted.together)
        legs = phone_legs(trip, wanted, wanted.phones)
        return (yield from ring(trip, stem, legs, seconds, wanted.diverter)) or trip.last
    return (yield from _ring_in_turn(trip, stem, wanted))


def _ring_in_turn(trip: Trip, stem: str, wanted: Phones) -> Generator[Plan, Outcome, Outcome]:
    only_main = wanted.order is RingOrder.MAIN_ONLY
    left = wanted.together
    outcomes: set[Outcome] = set()
    for place, phone in enumerate(wanted.phones[:1] if only_main else wanted.phones):
        seconds = _patience(wanted, phone)
        if wanted.together:
            seconds, left = min(seconds, left), left - seconds
        if seconds <= 0:
            break
        legs = phone_legs(trip, wanted, (phone,))
        came_to = yield from ring(trip, f"{stem}n{place}", legs, seconds, wanted.diverter)
        if came_to is Outcome.ANSWERED:
            return came_to
        outcomes.add(came_to or Outcome.UNREACHABLE)
    return next((outcome for outcome in _MOST_TELLING if outcome in outcomes), Outcome.UNREACHABLE)


def phone_legs(trip: Trip, wanted: Phones, phones: tuple[Phone, ...]) -> list[Leg]:
    """The legs to `phones`; a number that may not be dialled leaves a reason behind instead."""
    legs: list[Leg] = []
    for phone in phones:
        match phone.address:
            case OutsideNumber() as number:
                leg = outside_leg(number, wanted.owner, trip.call.caller, trip.directory)
                if isinstance(leg, Reason):
                    trip.because.append(leg)
                else:
                    legs.append(leg.confirmed() if wanted.confirm else leg)
            case endpoint:
                legs.append(InsideLeg(endpoint))
    return legs


def _patience(wanted: Phones, phone: Phone) -> int:
    """The smaller of what the rule and the phone say, where they say."""
    limits = [limit for limit in (wanted.seconds, phone.seconds) if limit > 0]
    return min(limits, default=DEFAULT_SECONDS)
