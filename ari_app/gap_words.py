"""Gaps between rules in words: for which calls, on which days, at which hours, and then what."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Protocol

from babel.dates import format_skeleton, get_day_names

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import Situation, Status
from ari_app.domain.gaps import Gap, Trigger
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.spans import Span


class Words(Protocol):
    """What knows the words and names of one language."""

    @property
    def language(self) -> str: ...
    def say(self, text: str) -> str: ...
    def status(self, detail: str) -> str: ...
    def employee(self, employee: EmployeeId | None) -> str: ...


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools look for
    """Mark `text` for translation where it is looked up later."""
    return text


_SITUATIONS: Mapping[Trigger, str] = {
    Situation.NO_ANSWER: N_("no answer"),
    Situation.BUSY: N_("busy"),
    Situation.UNREACHABLE: N_("not reachable"),
}
_IN, _OUT, _HIDDEN = CallerKind.INSIDE, CallerKind.OUTSIDE, CallerKind.ANONYMOUS
_CALLERS = {
    frozenset({_IN}): N_("callers from inside"),
    frozenset({_OUT, _HIDDEN}): N_("callers from outside"),
    frozenset({_OUT}): N_("callers from outside who show their number"),
    frozenset({_HIDDEN}): N_("callers who withhold their number"),
    frozenset({_IN, _OUT}): N_("callers who show their number"),
    frozenset({_IN, _HIDDEN}): N_("callers from inside and those who withhold their number"),
}
_ENDS = {
    "voicemail": N_("{what}: no rule for {times}; calls that nobody answers go to voicemail then"),
    "": N_("{what}: no rule for {times}; calls that nobody answers end without help then"),
}
_MOST_SPANS = 4
_ONE_DAY = timedelta(days=1)
_MONDAY = date(2024, 1, 1)


def gap_words(gap: Gap, ending: str, words: Words) -> str:
    """Where rules are missing, when, for whom, and what becomes of such a call."""
    told = [_span(span, words) for span in gap.spans[:_MOST_SPANS]]
    if len(gap.spans) > _MOST_SPANS:
        told.append("…")
    what = ", ".join(_trigger(trigger, words) for trigger in gap.triggers)
    callers = "; ".join(_callers(gap, words))
    if callers:
        what = f"{what} ({callers})"
    return words.say(_ENDS[ending]).format(what=what, times=", ".join(told))


def _trigger(trigger: Trigger, words: Words) -> str:
    if isinstance(trigger, Situation):
        return words.say(_SITUATIONS[trigger])
    return words.status(trigger.value if isinstance(trigger, Status) else f"own-{trigger}")


def _callers(gap: Gap, words: Words) -> Iterator[str]:
    if gap.whole in _CALLERS:
        yield words.say(_CALLERS[gap.whole])
    if gap.numbers:
        yield words.say(N_("numbers like {masks}")).format(masks=", ".join(gap.numbers))
    if gap.has_others:
        yield words.say(N_("other numbers"))


def _span(span: Span, words: Words) -> str:
    """Hours within a day and the night after it stay short; what is longer names both ends."""
    until, later = _end(span)
    days = _days(span, words)
    if later == 0 or (later == 1 and span.end <= span.start):
        if span.start == time(0) and until == "24:00":
            return words.say(N_("{days} all day")).format(days=days)
        return f"{days} {_clock(span.start)}–{until}"
    return ", ".join(
        words.say(N_("from {day} {start} to {last_day} {end}")).format(
            day=_day(first, span, words),
            start=_clock(span.start),
            last_day=_day(first + later * _ONE_DAY, span, words),
            end=until,
        )
        for first in _firsts(span)
    )


def _end(span: Span) -> tuple[str, int]:
    """The clock at which it ends, and how many days later; midnight is the end of its day."""
    if span.end == time(0):
        return "24:00", span.days_later - 1
    return _clock(span.end), span.days_later


def _firsts(span: Span) -> list[date]:
    if span.on is not None:
        return [span.on]
    return [_MONDAY + weekday * _ONE_DAY for weekday in span.weekdays]


def _days(span: Span, words: Words) -> str:
    """The days on which it begins; three and more in a row as a range."""
    if len(span.weekdays) == 7:
        return words.say(N_("every day"))
    rows: list[list[date]] = []
    for day in _firsts(span):
        if rows and day - rows[-1][-1] == _ONE_DAY:
            rows[-1].append(day)
        else:
            rows.append([day])
    return ", ".join(
        f"{_day(row[0], span, words)}–{_day(row[-1], span, words)}"
        if len(row) > 2
        else ", ".join(_day(day, span, words) for day in row)
        for row in rows
    )


def _day(day: date, span: Span, words: Words) -> str:
    if span.on is not None:
        return format_skeleton("MMMd", day, locale=words.language)
    names = get_day_names("abbreviated", locale=words.language)
    return str(names[day.weekday()])


def _clock(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02}"
