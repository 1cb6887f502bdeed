"""What a board shows of an employee: from the declared status and from what the phones do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ari_app.domain.availability import READINESS, holding
from ari_app.domain.directory import Employee, Status
from ari_app.domain.directory import Phone as Listed
from ari_app.domain.numbers import OutsideNumber


class Use(Enum):
    """What a SIP device does."""

    GONE = "gone"
    """Not registered."""
    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True, slots=True)
class PhoneUse:
    """What a device does, and since when, where that is known."""

    use: Use
    since: datetime | None = None


Phones = Mapping[str, PhoneUse]
"""All devices by their endpoints' names."""


class Presence(Enum):
    """One word for each employee, problems first."""

    UNREACHABLE = "unreachable"
    """Ready by the status, and no phone that could ring."""
    RINGING = "ringing"
    TALKING = "talking"
    READY = "ready"
    AWAY = "away"
    OFFLINE = "offline"


def presence(employee: Employee, phones: Phones | None, now: datetime) -> Presence:
    """What the employee is up to; None for `phones` says that nothing is known of them."""
    busy = busy_phone(employee, phones)
    if busy is not None:
        return Presence.TALKING if busy.use is Use.TALKING else Presence.RINGING
    if _base(employee, now) is Status.OFFLINE:
        return Presence.OFFLINE
    if not _is_ready(employee, now):
        return Presence.AWAY
    return Presence.READY if is_reachable(employee, phones) else Presence.UNREACHABLE


def busy_phone(employee: Employee, phones: Phones | None) -> PhoneUse | None:
    """The phone that talks, or else one that rings."""
    found = [
        use
        for phone in employee.phones
        if (use := _use(phone, phones)) is not None and use.use in {Use.TALKING, Use.RINGING}
    ]
    return min(found, key=lambda use: use.use is not Use.TALKING, default=None)


def is_reachable(employee: Employee, phones: Phones | None) -> bool:
    """Whether any phone could ring; a number outside always counts as one that can."""
    if phones is None:
        return True
    return any(
        isinstance(phone.address, OutsideNumber)
        or phones.get(phone.address, _GONE).use is not Use.GONE
        for phone in employee.phones
    )


_GONE = PhoneUse(Use.GONE)


def _use(phone: Listed, phones: Phones | None) -> PhoneUse | None:
    if phones is None or isinstance(phone.address, OutsideNumber):
        return None
    return phones.get(phone.address)


def _base(employee: Employee, now: datetime) -> Status:
    return holding(employee.declared, now).base


def _is_ready(employee: Employee, now: datetime) -> bool:
    """By the declared status, whether calls go by it or not: colleagues want to know."""
    return READINESS[_base(employee, now)].is_ready
