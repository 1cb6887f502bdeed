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


CALLED = ("102", "104", "106", "107")
RUNG = ("101", "103", "108")
"""Colleagues whose phones ring, and whom nobody calls."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Calls at the same time: what the called ones' phones do, and what each has declared."""

    phones: Outcome
    statuses: tuple[StatusChoice, ...]
    swapped: bool = False

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Callers and whom they call; nobody's phone rings more than four times at once."""
        some, others = (OUTSIDE, INSIDE), (WITHHELD, PETERSBURG)
        callers = (others, some) if self.swapped else (some, others)
        return [
            (caller, called)
            for place, called in enumerate(CALLED)
            for caller in callers[place // 2]
        ]


def waves(lunch: StatusChoice) -> tuple[Wave, ...]:
    """Every status with every thing that phones do."""
    online, pause, offline = Status.ONLINE, Status.BREAK, Status.OFFLINE
    disturbed = Status.DO_NOT_DISTURB
    return (
        Wave(RINGS, (online, pause, lunch, online)),
        Wave(BUSY, (online, pause, online, pause), swapped=True),
        Wave(GONE, (online, offline, offline, online)),
        Wave(RINGS, (offline, disturbed, disturbed, lunch), swapped=True),
        Wave(RINGS, (pause, offline, pause, offline)),
    )


def secretary(
    extension: str, people: dict[str, EmployeeId], lunch: StatusChoice, now: datetime
) -> tuple[ForwardingRule, ...]:
    """The rules of one who is called; `now` is by their clock."""
    around, later = _hours(now, -60, 60), _hours(now, 60, 180)
    deputies = (people["101"], people["103"])
    if extension in ("106", "107"):
        return (
            _rule(When(frozenset({lunch}), hours=(around,)), OwnPhones(seconds=1), Voicemail()),
            _rule(When(_AWAY), Colleague(people["108"])),
            _rule(When(_BREAK), OwnPhones(RingOrder.IN_TURN, 1), Colleague(people["103"])),
            _rule(_after(Situation.BUSY), Voicemail()),
        )
    from_outside = frozenset({CallerKind.OUTSIDE, CallerKind.ANONYMOUS})
    return (
        _rule(When(_BREAK, hours=(later,)), SayGoodbye()),
        _rule(
            When(_BREAK, callers=from_outside),
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
        _rule(_after(Situation.NO_ANSWER, 1), Colleague(people["108"])),
        _rule(_after(Situation.BUSY), Colleagues(deputies, RingOrder.AT_ONCE, 1)),
        _rule(_after(Situation.UNREACHABLE), SayGoodbye(Farewell.NORMAL)),
    )


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
