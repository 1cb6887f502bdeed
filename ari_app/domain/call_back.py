"""Calling somebody back: the own phones are rung first, and then whom they show."""

from dataclasses import dataclass
from enum import Enum

from ari_app.domain.calls import Caller
from ari_app.domain.directory import Directory, Employee, RingOrder
from ari_app.domain.legs import outside_leg
from ari_app.domain.numbers import EmployeeId, Extension, OutsideNumber
from ari_app.domain.steps import Fact, InsideLeg, Reason, Ring

OWN_SECONDS = 30
"""How long the own phones ring at most."""
CALLER_SECONDS = 60
"""How long the caller's phone rings."""


class CallBackAnswer(Enum):
    """What became of the wish to call somebody back."""

    RINGING = "ringing"
    """The own phones ring."""
    TWICE = "twice"
    """They ring already, for the same number: it was asked a moment ago."""
    NO_PHONE = "no_phone"
    """The card has no SIP device."""
    PHONE_AWAY = "phone_away"
    """None of the card's devices is registered."""
    MYSELF = "myself"
    NOBODY = "nobody"
    """No number that can be dialled."""
    MAY_NOT_DIAL = "may_not_dial"
    """The card forbids numbers of this kind."""
    NO_TRUNK = "no_trunk"
    ASTERISK_AWAY = "asterisk_away"


@dataclass(frozen=True, slots=True)
class CallBack:
    """Ring `own`, then connect them with `to`: by `dial`, or as a call from inside."""

    by: Employee
    own: Ring
    to: str
    dial: Ring | None = None


def call_back(
    by: EmployeeId, number: OutsideNumber | Extension, directory: Directory
) -> CallBack | CallBackAnswer:
    """How `by` calls a number outside or a colleague, or what forbids it."""
    employee = directory.employees.get(by)
    own = None if employee is None else _own_phones(employee)
    if employee is None or own is None:
        return CallBackAnswer.NO_PHONE
    if isinstance(number, OutsideNumber) and number.e164 not in directory.numbers:
        return _outside(employee, own, number, directory)
    colleague = (
        directory.numbers.get(number.e164)
        if isinstance(number, OutsideNumber)
        else directory.extensions.get(number)
    )
    if colleague is None:
        return CallBackAnswer.NOBODY
    if colleague == by:
        return CallBackAnswer.MYSELF
    return CallBack(employee, own, directory.employees[colleague].extension)


def _outside(
    employee: Employee, own: Ring, number: OutsideNumber, directory: Directory
) -> CallBack | CallBackAnswer:
    caller = Caller(employee.extension, is_inside=True)
    leg = outside_leg(number, employee, caller, directory)
    if isinstance(leg, Reason):
        forbidden = leg.fact is Fact.MAY_NOT_DIAL
        return CallBackAnswer.MAY_NOT_DIAL if forbidden else CallBackAnswer.NO_TRUNK
    return CallBack(employee, own, number.e164, Ring("caller", (leg,), CALLER_SECONDS))


def _own_phones(employee: Employee) -> Ring | None:
    """All SIP devices of a card that rings them at once, else the first one."""
    found = [
        (InsideLeg(phone.address), phone.seconds)
        for phone in employee.phones
        if not isinstance(phone.address, OutsideNumber)
    ]
    if employee.ring_order is not RingOrder.AT_ONCE:
        found = found[:1]
    if not found:
        return None
    seconds = max(seconds for _, seconds in found) or OWN_SECONDS
    return Ring("own", tuple(leg for leg, _ in found), min(seconds, OWN_SECONDS))
