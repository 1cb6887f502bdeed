"""What a declared status means at one moment: for calls, and for the lamp."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.directory import Declared, Employee, Status


@dataclass(frozen=True, slots=True)
class Readiness:
    """Which calls ring the phones of a person with a status (FEATURES, section 4.1)."""

    direct: bool
    group: bool
    is_ready: bool
    """Whether direct calls ring without asking the secretary first; on a Break they do not."""


READINESS: Mapping[Status, Readiness] = {
    Status.ONLINE: Readiness(direct=True, group=True, is_ready=True),
    Status.DO_NOT_DISTURB: Readiness(direct=False, group=False, is_ready=False),
    Status.BREAK: Readiness(direct=True, group=False, is_ready=False),
    Status.OUTBOUND_CALLS: Readiness(direct=True, group=False, is_ready=True),
    Status.ALL_CALLS: Readiness(direct=True, group=True, is_ready=True),
    Status.OFFLINE: Readiness(direct=False, group=False, is_ready=False),
}
_NOT_COUNTED = Readiness(direct=True, group=True, is_ready=True)


def holding(declared: Declared, now: datetime) -> Declared:
    """The declared status that holds at `now`: one whose end has come uncovers what is below."""
    while declared.until is not None and declared.until <= now and declared.below is not None:
        declared = declared.below
    return declared


def readiness(employee: Employee, now: datetime) -> Readiness:
    """Which calls ring this employee's phones now; a card may leave the status out of it."""
    if not employee.uses_status:
        return _NOT_COUNTED
    return READINESS[holding(employee.declared, now).base]


def lamp_is_lit(employee: Employee, now: datetime) -> bool:
    """Whether the employee's lamp shows "not ready" whatever the phone does."""
    return not READINESS[holding(employee.declared, now).base].is_ready
