"""Secretaries with every kind of rule, and more than thirty calls to them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ari_app.domain.calls import CallerKind, Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Farewell,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber, RuleId

RINGS, BUSY, GONE = Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNREACHABLE
OUTSIDE, PETERSBURG, WITHHELD, INSIDE = "+79165550177", "+78125550177", "", "105"
_MOBILE = OutsideNumber("+79165550199", NumberClass.MOBILE)
_BREAK, _AWAY = frozenset({Status.BREAK}), frozenset({Status.OFFLINE})


@dataclass(frozen=True, slots=True)
class Wave:
    """Calls at the same time: what Boris and Olga declared, what their phones do, who calls."""

    status: StatusChoice
    phones: Outcome
    calls: tuple[tuple[str, str], ...]


def waves(lunch: StatusChoice) -> tuple[Wave, ...]:
    """Callers and whom they call; nobody's phone rings more than three times at once."""
    some = ((OUTSIDE, "102"), (INSIDE, "102"), (WITHHELD, "107"), (PETERSBURG, "107"))
    others = ((WITHHELD, "102"), (PETERSBURG, "102"), (OUTSIDE, "107"), (INSIDE, "107"))
    return (
        Wave(Status.ONLINE, RINGS, some),
        Wave(Status.ONLINE, BUSY, some),
        Wave(Status.ONLINE, GONE, some),
        Wave(Status.BREAK, RINGS, some),
        Wave(Status.BREAK, BUSY, others),
        Wave(Status.OFFLINE, RINGS, some),
        Wave(Status.OFFLINE, GONE, others),
        Wave(Status.DO_NOT_DISTURB, RINGS, others),
        Wave(lunch, RINGS, others),
    )


def secretaries(
    people: dict[str, EmployeeId], lunch: StatusChoice, now: datetime
) -> dict[str, tuple[ForwardingRule, ...]]:
    """The rules of 102 and 107; `now` is by their clock."""
    around, later = _hours(now, -60, 60), _hours(now, 60, 180)
    deputies = (people["101"], people["103"])
    return {
        "102": (
            _rule(When(_BREAK, hours=(later,)), SayGoodbye()),
            _rule(
                When(_BREAK, callers=frozenset({CallerKind.OUTSIDE, CallerKind.ANONYMOUS})),
                Colleague(people["101"]),
                Voicemail(),
                "autosecretary/away",
            ),
            _rule(When(_BREAK), SayGoodbye(Farewell.BUSY)),
            _rule(
                When(_AWAY, numbers=("+7812*",)),
                Colleagues(deputies, RingOrder.IN_TURN, 1),
                Voicemail(),
            ),
            _rule(When(_AWAY, hours=(around,)), OutsideNumbers((_MOBILE,), seconds=2)),
            _rule(_after(Situation.NO_ANSWER, 1), Colleague(people["107"])),
            _rule(_after(Situation.BUSY), Colleagues(deputies, RingOrder.AT_ONCE, 1)),
            _rule(_after(Situation.UNREACHABLE), SayGoodbye(Farewell.NORMAL)),
        ),
        "107": (
            _rule(When(frozenset({lunch}), hours=(around,)), OwnPhones(seconds=1), Voicemail()),
            _rule(When(_AWAY), Colleague(people["106"])),
            _rule(When(_BREAK), OwnPhones(RingOrder.IN_TURN, 1), Colleague(people["103"])),
            _rule(_after(Situation.BUSY), Voicemail()),
        ),
    }


def _hours(now: datetime, since: int, until: int) -> Hours:
    ends = [(now + timedelta(minutes=one)).time().replace(microsecond=0) for one in (since, until)]
    return Hours(time(ends[0].hour, ends[0].minute), time(ends[1].hour, ends[1].minute))


def _after(situation: Situation, seconds: int = 0) -> When:
    return When(frozenset(), frozenset({situation}), seconds)


def _rule(
    when: When,
    then: Destination,
    otherwise: Destination | None = None,
    greeting: str | None = None,
) -> ForwardingRule:
    return ForwardingRule(RuleId(0), "rule", when, then, otherwise, greeting)
