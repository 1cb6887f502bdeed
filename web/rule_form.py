"""One rule as a form: what stands in its fields, and the rule that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from multidict import MultiDict, MultiMapping
from pydantic import Field, StringConstraints

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Farewell,
    ForwardingRule,
    Hours,
    MissedNotice,
    OutsideNumbers,
    OwnPhones,
    RingOrder,
    SayGoodbye,
    Situation,
    Voicemail,
)
from web.forms import Filled, Form, Line, RequiredLine, Ticked
from web.people_words import number_shown
from web.status_words import value_of

MOST_LINES = 20
"""Lines of hours, and people, of one rule."""

Kind = Literal[
    "own_phones", "colleague", "colleagues", "outside_numbers", "voicemail", "say_goodbye"
]
Days = Literal["any", "working", "free", "chosen", "on"]
Seconds = Annotated[int, Field(ge=0, le=120)]
Lines = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=99)]
Numbers = Annotated[str, StringConstraints(max_length=1000)]


class RuleForm(Form):
    """The fields; those of the two destinations begin with ``then_`` and ``otherwise_``.

    `hours_days`, `hours_start`, `hours_end` and `hours_on` have one value for each line of
    hours; `hours_weekdays` names line and day: ``0:4`` is the Friday of the first.
    """

    name: RequiredLine
    is_on: Ticked = False
    statuses: Lines = []  # noqa: RUF012  pydantic copies it
    situations: list[Situation] = []  # noqa: RUF012
    no_answer_seconds: Seconds = 0
    callers: list[CallerKind] = []  # noqa: RUF012
    numbers: Numbers = ""
    since: Line = ""
    until: Line = ""
    hours_days: list[Days] = []  # noqa: RUF012
    hours_start: Lines = []  # noqa: RUF012
    hours_end: Lines = []  # noqa: RUF012
    hours_on: Lines = []  # noqa: RUF012
    hours_weekdays: Lines = []  # noqa: RUF012
    greeting: Line = ""
    notice: MissedNotice = MissedNotice.AS_SET
    then_to: Kind
    then_order: RingOrder = RingOrder.AT_ONCE
    then_seconds: Seconds = 0
    then_people: Lines = []  # noqa: RUF012
    then_numbers: Numbers = ""
    then_confirm: Ticked = False
    then_farewell: Farewell = Farewell.UNAVAILABLE
    otherwise_to: Kind | Literal["none"] = "none"
    otherwise_order: RingOrder = RingOrder.AT_ONCE
    otherwise_seconds: Seconds = 0
    otherwise_people: Lines = []  # noqa: RUF012
    otherwise_numbers: Numbers = ""
    otherwise_confirm: Ticked = False
    otherwise_farewell: Farewell = Farewell.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent of an open rule, with lines added or taken away."""

    fields: Mapping[str, list[str]]

    def edited(self, deed: str) -> "Sent":
        """After ``hours+``, ``hours-:1``, ``then_people+`` and the like; else as it is."""
        what, sign, place = deed.partition("+") if "+" in deed else deed.partition("-:")
        fields = {name: list(values) for name, values in self.fields.items()}
        names = _HOURS if what == "hours" else (what,) if what in _PEOPLE else ()
        for name in names if sign else ():
            lines = fields.setdefault(name, [])
            if sign == "+":
                lines.append(_NEW_LINE.get(name, ""))
            elif (at := _line(place)) is not None and at < len(lines):
                del lines[at]
        if what == "hours" and sign == "-:":
            fields["hours_weekdays"] = _moved_up(fields.get("hours_weekdays", []), place)
        return Sent(fields)

    def as_multidict(self) -> MultiMapping[Any]:
        return MultiDict((name, value) for name, all_ in self.fields.items() for value in all_)


_HOURS = ("hours_days", "hours_start", "hours_end", "hours_on")
_PEOPLE = ("then_people", "otherwise_people")
_NEW_LINE = {"hours_days": "working", "hours_start": "09:00", "hours_end": "18:00"}


def sent_rule(posted: MultiMapping[Any]) -> Sent:
    """The fields of a rule among all that was posted; lines of hours are completed."""
    names = (*RuleForm.model_fields,)
    fields = {
        name: [str(value) for value in posted.getall(name, ())][: MOST_LINES * 7] for name in names
    }
    longest = min(max(len(fields[name]) for name in _HOURS), MOST_LINES)
    for name in _HOURS:
        fields[name] = (fields[name] + [""] * longest)[:longest]
    fields["hours_days"] = [days or "any" for days in fields["hours_days"]]
    for name in _PEOPLE:
        fields[name] = fields[name][:MOST_LINES]
    return Sent(fields)


def shown_rule(
    rule: ForwardingRule, zone_words: "ZoneWords", labels: Mapping[int, str]
) -> Filled[RuleForm]:
    """The form that shows a rule; `labels` name the people to whom it leads."""
    when = rule.when
    typed: dict[str, list[str]] = {
        "name": [rule.name],
        "is_on": ["true"] if rule.is_on else [],
        "statuses": [value_of(choice) for choice in when.statuses],
        "situations": [situation.value for situation in when.situations],
        "no_answer_seconds": [str(when.no_answer_seconds)],
        "callers": [kind.value for kind in when.callers],
        "numbers": [", ".join(when.numbers)],
        "since": [zone_words.local(when.since)],
        "until": [zone_words.local(when.until)],
        "greeting": [rule.greeting or ""],
        "notice": [rule.notice.value],
        **_shown_hours(when.hours),
        **_shown_destination("then", rule.then, labels),
    }
    if rule.otherwise is None:
        typed["otherwise_to"] = ["none"]
    else:
        typed |= _shown_destination("otherwise", rule.otherwise, labels)
    return Filled(typed)


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """Moments as an employee's clock shows them, for fields of a form."""

    zone: ZoneInfo

    def local(self, moment: datetime | None) -> str:
        """As ``<input type="datetime-local">`` has it."""
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def moment(self, text: str) -> datetime:
        """What that clock means. Raises ValueError, LookupError for a time that it leaves out.

        Of a time that the clock shows twice, the first is meant.
        """
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None or not 2000 <= local.year <= 2200:
            raise ValueError(text)
        moment = local.replace(tzinfo=self.zone).astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != local:
            raise LookupError(text)
        return moment


def _shown_hours(lines: Sequence[Hours]) -> dict[str, list[str]]:
    return {
        "hours_days": [_days(line) for line in lines],
        "hours_start": [f"{line.start:%H:%M}" for line in lines],
        "hours_end": [f"{line.end:%H:%M}" for line in lines],
        "hours_on": ["" if line.on is None else line.on.isoformat() for line in lines],
        "hours_weekdays": [
            f"{place}:{day}" for place, line in enumerate(lines) for day in sorted(line.weekdays)
        ],
    }


def _days(line: Hours) -> str:
    if line.on is not None:
        return "on"
    return "chosen" if line.weekdays else line.day_kind.value


def _shown_destination(
    stem: str, destination: Destination, labels: Mapping[int, str]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    match destination:
        case OwnPhones(order, seconds):
            found = {"to": ["own_phones"], "order": [order.value], "seconds": [str(seconds)]}
        case Colleague(employee):
            found = {"to": ["colleague"], "people": [labels.get(employee, "")]}
        case Colleagues(employees, order, seconds):
            found = {"to": ["colleagues"], "order": [order.value], "seconds": [str(seconds)]}
            found["people"] = [labels.get(employee, "") for employee in employees]
        case OutsideNumbers(numbers, order, seconds, confirm):
            found = {"to": ["outside_numbers"], "order": [order.value], "seconds": [str(seconds)]}
            found["numbers"] = [", ".join(number_shown(number.e164) for number in numbers)]
            found["confirm"] = ["true"] if confirm else []
        case Voicemail():
            found = {"to": ["voicemail"]}
        case SayGoodbye(farewell):
            found = {"to": ["say_goodbye"], "farewell": [farewell.value]}
    return {f"{stem}_{name}": values for name, values in found.items()}


def _moved_up(weekdays: Sequence[str], place: str) -> list[str]:
    """The weekdays of all lines of hours after the line at `place` was taken away."""
    gone, kept = _line(place), []
    for text in weekdays:
        number, _, day = text.partition(":")
        line = _line(number)
        if line is not None and line != gone:
            kept.append(f"{line - (gone is not None and line > gone)}:{day}")
    return kept


def _line(text: str) -> int | None:
    """The number of a line; a browser may send any text, and digits without an end."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
