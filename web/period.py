"""The period that a list or a report is about, in the reader's days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated

from pydantic import Field

from web.forms import Form
from web.words import N_, Words

_DAY = timedelta(days=1)


class Span(Enum):
    """A period by its name."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    DATES = "dates"


SPANS = (
    (Span.TODAY.value, N_("today")),
    (Span.YESTERDAY.value, N_("yesterday")),
    (Span.WEEK.value, N_("7 days")),
    (Span.MONTH.value, N_("30 days")),
    (Span.DATES.value, N_("from … to …")),
)
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class PeriodForm(Form):
    """A named period, or both of its days; days that are filled in count."""

    period: Span = Span.TODAY
    since: Day | None = None
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the reader's zone, `first` to `last`; `since` up to but without `until`."""

    first: date
    last: date
    since: datetime
    until: datetime

    def has(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    @property
    def days(self) -> list[date]:
        return [self.first + _DAY * count for count in range((self.last - self.first).days + 1)]


def period(form: PeriodForm, words: Words, now: datetime, most_days: int = 366) -> Period:
    """The period that was asked for; days given backwards are turned round."""
    today = now.astimezone(words.zone).date()
    first, last = _days(form, today)
    first, last = min(first, last), max(first, last)
    first = max(first, last - _DAY * (most_days - 1))
    return Period(first, last, midnight(first, words), midnight(last + _DAY, words))


def midnight(day: date, words: Words) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time(), words.zone)


def _days(form: PeriodForm, today: date) -> tuple[date, date]:
    if form.since is not None or form.until is not None:
        first = form.since or min(form.until or today, today)
        return first, form.until or max(first, today)
    match form.period:
        case Span.YESTERDAY:
            return today - _DAY, today - _DAY
        case Span.WEEK:
            return today - 6 * _DAY, today
        case Span.MONTH:
            return today - 29 * _DAY, today
        case Span.TODAY | Span.DATES:
            return today, today


def told_period(words: Words, shown: Period) -> str:
    """The period's days as people write them."""
    first = words.day(shown.since)
    return first if shown.first == shown.last else f"{first} – {words.day(shown.until - _DAY)}"


def translated(words: Words, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices of a list, in the reader's language."""
    return [(value, words.say(text)) for value, text in choices]
