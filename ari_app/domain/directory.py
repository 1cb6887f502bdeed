"""All that a decision rests on: employees, statuses, rules, trunks and the office's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

from ari_app.domain.calls import CallerKind
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    RuleId,
)


class Status(Enum):
    """What an employee says of their readiness; values as in FEATURES, section 4.1."""

    ONLINE = "online"
    DO_NOT_DISTURB = "do_not_disturb"
    BREAK = "break"
    OUTBOUND_CALLS = "outbound_calls"
    ALL_CALLS = "all_calls"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """An office's own status: its names, and the status it behaves as.

    `at_login` says whether it is offered on the login page too.
    """

    id: OwnStatusId
    name_ru: str
    name_en: str
    base: Status
    colour: str = "blue"
    at_login: bool = True


StatusChoice = Status | OwnStatusId


@dataclass(frozen=True, slots=True)
class Declared:
    """A status that an employee declared, alone or laid over another one until a moment.

    `until` and `below` come together: when `until` has passed, `below` holds again.
    """

    base: Status
    own: OwnStatusId | None = None
    until: datetime | None = None
    below: "Declared | None" = None


class Situation(Enum):
    """What can happen to a call while the employee's own phones are rung."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"


class DayKind(Enum):
    """Which days hours hold on, by the office's calendar."""

    ANY = "any"
    WORKING = "working"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of some days, in the employee's zone, from `start` up to but without `end`.

    `end` not after `start` means the next day's `end` (22:00 to 06:00; 00:00 to 00:00 is the
    whole day). `weekdays` counts Monday as 0; empty means every weekday.
    """

    start: time = time(0)
    end: time = time(0)
    day_kind: DayKind = DayKind.ANY
    weekdays: frozenset[int] = frozenset()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a forwarding rule; an empty one of `hours` or `numbers` does not limit.

    `statuses` fire before the employee's phones ring, `situations` after they have been rung.
    `no_answer_seconds` is how long they ring for a NO_ANSWER rule (0: as the card says).
    `numbers` are masks: digits and ``+``, ``?`` one digit, ``*`` any rest.
    """

    statuses: frozenset[StatusChoice] = frozenset({Status.OFFLINE, Status.BREAK})
    situations: frozenset[Situation] = frozenset()
    no_answer_seconds: int = 0
    callers: frozenset[CallerKind] = frozenset(CallerKind)
    numbers: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    hours: tuple[Hours, ...] = ()


class RingOrder(Enum):
    """How several phones or people are rung."""

    AT_ONCE = "at_once"
    IN_TURN = "in_turn"
    MAIN_ONLY = "main_only"


@dataclass(frozen=True, slots=True)
class OwnPhones:
    """Then ring the employee's own phones; `seconds` each (0: as each phone says)."""

    order: RingOrder = RingOrder.AT_ONCE
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    """Then ask for a colleague, whose own status and secretary apply."""

    employee: EmployeeId


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Then ring those of several colleagues who are ready; their secretaries stay out of it."""

    employees: tuple[EmployeeId, ...]
    order: RingOrder = RingOrder.AT_ONCE
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class OutsideNumbers:
    """Then ring numbers outside; `confirm` asks who answers to press 1."""

    numbers: tuple[OutsideNumber, ...]
    order: RingOrder = RingOrder.AT_ONCE
    seconds: int = 25
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Then take a message for the employee whose rule this is."""


class Farewell(Enum):
    """How a call is ended with words: the sentence said, and the cause given."""

    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class SayGoodbye:
    """Then say a sentence and hang up."""

    farewell: Farewell = Farewell.UNAVAILABLE


Destination = OwnPhones | Colleague | Colleagues | OutsideNumbers | Voicemail | SayGoodbye


class MissedNotice(Enum):
    """Whether the employee is written to about a call that was missed after this rule."""

    AS_SET = "as_set"
    """As the employee has set it for all calls."""
    LETTER = "letter"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ForwardingRule:
    """When → then. An unanswered `then` goes on to `otherwise`, or to the next rule.

    `greeting` is the name of a sound that Asterisk can play, said once before `then`. A
    temporary rule was made by a feature code: it lies above the secretary, and holds whether
    or not the card takes the status into account.
    """

    id: RuleId
    name: str
    when: When
    then: Destination
    otherwise: Destination | None = None
    greeting: str | None = None
    is_on: bool = True
    is_temporary: bool = False
    notice: MissedNotice = MissedNotice.AS_SET


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone of an employee: a SIP device, or any number outside (a mobile, a landline)."""

    address: Endpoint | OutsideNumber
    seconds: int = 25


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee's card, as far as calls depend on it. `number` is the own outside number.

    `rules` begin with the temporary ones. `voicemail_greeting` is a sound (None: the built-in).
    """

    id: EmployeeId
    name: str
    extension: Extension
    declared: Declared = field(default=Declared(Status.ONLINE))
    uses_status: bool = True
    phones: tuple[Phone, ...] = ()
    ring_order: RingOrder = RingOrder.AT_ONCE
    rules: tuple[ForwardingRule, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    language: str = "ru"
    has_voicemail: bool = False
    voicemail_greeting: str | None = None
    may_dial: frozenset[NumberClass] = frozenset(NumberClass)
    number: str | None = None


class CallerIdPolicy(Enum):
    """Whose number a forwarded call shows on a trunk."""

    ORIGINAL = "original"
    """The caller's; the company's where the caller has none that a trunk would take."""
    COMPANY = "company"
    EMPLOYEE = "employee"
    """The number of the employee who forwards; the company's where the card has none."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """A way out: `dial` is a dial string in which ``{number}`` stands for the number."""

    name: str
    dial: str
    caller_id: CallerIdPolicy = CallerIdPolicy.ORIGINAL
    company_number: str = ""
    keeps_plus: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """Every call ends: at most this many steps, colleagues in a chain and seconds of ringing."""

    steps: int = 20
    hops: int = 8
    ringing_seconds: int = 180


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything at one moment; a change makes a new one, and lookups take constant time.

    `free_days` are public holidays and other days off; Saturday and Sunday are free unless
    they are in `working_days`. `numbers` maps own outside numbers (E.164) to their employees.
    """

    employees: Mapping[EmployeeId, Employee]
    extensions: Mapping[Extension, EmployeeId]
    numbers: Mapping[str, EmployeeId] = field(default_factory=dict)
    own_statuses: Mapping[OwnStatusId, OwnStatus] = field(default_factory=dict)
    trunks: tuple[Trunk, ...] = ()
    limits: Limits = field(default=Limits())
    free_days: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
