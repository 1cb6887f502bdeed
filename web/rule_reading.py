"""From the fields of a rule's form to the rule; what cannot be read is told beside its field."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import MASK
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    SayGoodbye,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, OutsideNumber, OwnStatusId
from ari_app.numbering import outside_number
from web.acts.finding import person_typed
from web.forms import Filled, Refused, fill, refused
from web.rule_form import MOST_LINES, Days, RuleForm, Sent, ZoneWords
from web.visit import Visit
from web.words import N_

_SEPARATORS = re.compile(r"[,;\n]+")
_MOST_NUMBERS = 50
_LONGEST_EXTENSION = 7


@dataclass(frozen=True, slots=True)
class Around:
    """What a rule may name: greetings by their sounds, and people known from before by label."""

    before: ForwardingRule
    zone: ZoneWords
    sounds: Collection[str]
    known: Mapping[str, EmployeeId]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A form that is being read; `errors` are what is wrong so far, by field."""

    visit: Visit
    session: AsyncSession
    form: RuleForm
    around: Around
    errors: dict[str, str] = field(default_factory=dict)

    def wrong(self, name: str, text: str, **values: object) -> None:
        self.errors.setdefault(name, self.visit.words.say(text, **values))


async def read_rule(
    visit: Visit, session: AsyncSession, sent: Sent, around: Around
) -> tuple[Filled[RuleForm], ForwardingRule | None]:
    """The form as it was filled in, and the rule that it makes (None: there are errors)."""
    filled = fill(RuleForm, sent.as_multidict(), visit.words)
    form = filled.value
    if form is None:
        return Filled(sent.fields, None, filled.errors), None
    reading = _Reading(visit, session, form, around)
    when = _when(reading)
    then = await _destination(reading, "then")
    otherwise = await _destination(reading, "otherwise")
    if form.greeting and form.greeting not in {*around.sounds, around.before.greeting}:
        reading.wrong("greeting", N_("Please choose one of the list"))
    if reading.errors or then is None:
        return Filled(sent.fields, None, reading.errors), None
    rule = replace(
        around.before,
        name=form.name,
        is_on=form.is_on,
        when=when,
        then=then,
        otherwise=otherwise,
        greeting=form.greeting or None,
        notice=form.notice,
    )
    return Filled(sent.fields, form), rule


def _when(reading: _Reading) -> When:
    form = reading.form
    return When(
        frozenset(_choice(reading, text) for text in form.statuses),
        frozenset(form.situations),
        form.no_answer_seconds,
        frozenset(form.callers),
        _masks(reading),
        _moment(reading, "since", form.since),
        _moment(reading, "until", form.until),
        _all_hours(reading),
    )


def _choice(reading: _Reading, text: str) -> StatusChoice:
    digits = text.removeprefix("own-")
    if digits != text and digits.isascii() and digits.isdigit() and len(digits) < 10:
        return OwnStatusId(int(digits))
    if text not in {status.value for status in Status}:
        reading.wrong("statuses", N_("Please choose one of the list"))
        return Status.OFFLINE
    return Status(text)


def _masks(reading: _Reading) -> tuple[str, ...]:
    """Whole numbers in E.164 form, extensions and masks as they are."""
    country, found = reading.visit.panel.settings.country, []
    for part in _parts(reading.form.numbers):
        mask = re.sub(r"[\s()-]", "", part)
        number = outside_number(part, country) if len(mask) > _LONGEST_EXTENSION else None
        mask = mask if number is None else number.e164
        if not MASK.fullmatch(mask):
            reading.wrong(
                "numbers", N_("{mask}: digits, + in front, ? and * at the end"), mask=part
            )
        found.append(mask)
    return tuple(dict.fromkeys(found))


def _parts(text: str) -> list[str]:
    return [part for part in map(str.strip, _SEPARATORS.split(text)) if part][:_MOST_NUMBERS]


def _moment(reading: _Reading, name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return reading.around.zone.moment(text)
    except LookupError:
        reading.wrong(name, N_("The clocks are put forward then: there is no such time"))
    except ValueError:
        reading.wrong(name, N_("This is not a day with a time"))
    return None


def _all_hours(reading: _Reading) -> tuple[Hours, ...]:
    form = reading.form
    # A field that is empty in every line was not sent at all.
    columns = [
        [*texts, *([""] * len(form.hours_days))]
        for texts in (form.hours_start, form.hours_end, form.hours_on)
    ]
    lines = zip(form.hours_days, *columns, strict=False)
    found = (_hours(reading, place, line) for place, line in enumerate(lines))
    return tuple(hours for hours in found if hours is not None)[:MOST_LINES]


def _hours(reading: _Reading, place: int, line: tuple[Days, str, str, str]) -> Hours | None:
    days, start, end, on = line
    try:
        hours = Hours(_clock(start), _clock(end))
    except ValueError:
        reading.wrong(f"hours-{place}", N_("A time like 09:30, please"))
        return None
    match days:
        case "on":
            return replace(hours, on=_day(reading, place, on))
        case "chosen":
            return replace(hours, weekdays=_weekdays(reading, place))
        case "any" | "working" | "free":
            return replace(hours, day_kind=DayKind(days))
    assert_never(days)


def _clock(text: str) -> time:
    """Midnight for an empty one, and for 24:00."""
    if text in ("", "24:00"):
        return time(0)
    clock = time.fromisoformat(text)
    if clock.tzinfo is not None:
        raise ValueError(text)
    return clock.replace(second=0, microsecond=0)


def _day(reading: _Reading, place: int, text: str) -> date | None:
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if 2000 <= day.year <= 2200:
            return day
    reading.wrong(f"hours-{place}", N_("Please choose a day"))
    return None


def _weekdays(reading: _Reading, place: int) -> frozenset[int]:
    stem = f"{place}:"
    typed = reading.form.hours_weekdays
    texts = [text.removeprefix(stem) for text in typed if text.startswith(stem)]
    days = frozenset(int(text) for text in texts if text in set("0123456"))
    if not days:
        reading.wrong(f"hours-{place}", N_("Please choose at least one day"))
    return days


async def _destination(reading: _Reading, stem: str) -> Destination | None:
    form = reading.form
    found: Destination | None = None
    order, seconds = getattr(form, f"{stem}_order"), getattr(form, f"{stem}_seconds")
    match getattr(form, f"{stem}_to"):
        case "own_phones":
            found = OwnPhones(order, seconds)
        case "colleague":
            people = await _people(reading, f"{stem}_people")
            found = Colleague(people[0]) if people else None
        case "colleagues":
            found = Colleagues(await _people(reading, f"{stem}_people"), order, seconds)
        case "outside_numbers":
            numbers = _outside(reading, f"{stem}_numbers")
            found = OutsideNumbers(numbers, order, seconds, getattr(form, f"{stem}_confirm"))
        case "voicemail":
            found = Voicemail()
        case "say_goodbye":
            found = SayGoodbye(getattr(form, f"{stem}_farewell"))
    return found


async def _people(reading: _Reading, name: str) -> tuple[EmployeeId, ...]:
    found: list[EmployeeId] = []
    known = reading.around.known
    for text in filter(None, map(str.strip, getattr(reading.form, name))):
        try:
            typed = known.get(text)
            if typed is None:
                typed = (await person_typed(reading.visit, reading.session, text, name)).id
            found.append(typed)
        except Refused as error:
            told = refused(error, reading.visit.words)[name]
            reading.errors.setdefault(name, f"{text}: {told}")
    if not found:
        reading.wrong(name, N_("Please name a colleague"))
    return tuple(dict.fromkeys(found))


def _outside(reading: _Reading, name: str) -> tuple[OutsideNumber, ...]:
    settings = reading.visit.panel.settings
    found: list[OutsideNumber] = []
    for part in _parts(getattr(reading.form, name)):
        number = outside_number(part, settings.country, settings.area_code)
        if number is None:
            told = N_("{typed} is not a telephone number: +7 916 123-45-67")
            reading.wrong(name, told, typed=part)
        else:
            found.append(number)
    if not found:
        reading.wrong(name, N_("Please name a number"))
    return tuple(dict.fromkeys(found))
