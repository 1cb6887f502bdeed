"""A week of calls as a picture: a row for each day, coloured by where calls get to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_date
from markupsafe import Markup

from ari_app.domain.reached import Passage, Place, Reached
from ari_app.domain.week import HALVES, Day, Run, clock
from web.way_words import WayWords
from web.words import N_, Words

LOOKS: Mapping[Place, tuple[str, str, str]] = {
    Place.OWN_PHONES: ("green", "phone", N_("own phones")),
    Place.COLLEAGUE: ("teal", "user", N_("a colleague")),
    Place.OUTSIDE: ("purple", "device-mobile", N_("a number outside")),
    Place.VOICEMAIL: ("blue", "message", N_("voicemail")),
    Place.NOBODY: ("red", "x", N_("nobody: the call is hung up")),
}
"""Colour, icon and name of each place. For the bundle: icon("phone") icon("user") icon("x")
icon("device-mobile") icon("message")."""

_LEFT, _TOP = 58, 18
_HALF, _ROW = 7, 19
_WIDTH = _LEFT + HALVES * _HALF + 8
_NARROWEST = 2
"""Half hours that an icon needs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    swatch: Markup
    text: str


@dataclass(frozen=True, slots=True)
class WeekWords:
    """Tells runs of a week to one reader."""

    way: WayWords
    shows_numbers: bool
    """Whether the reader may see all rules that calls may meet, and so the numbers in them."""

    @property
    def words(self) -> Words:
        return self.way.words

    def day(self, day: Day) -> str:
        return format_date(day.day, "EEEEEE d.MM", locale=self.words.locale)

    def run(self, day: Day, run: Run) -> str:
        """When, and where calls get to then."""
        return f"{self.day(day)} {self.hours(run)}: {self.passage(run.passage)}"

    def hours(self, run: Run) -> str:
        return f"{clock(run.start)}–{clock(run.end)}"

    def passage(self, passage: Passage | None) -> str:
        """Where calls get to, also when nobody answers."""
        if passage is None:
            return self.words.say(N_("the clock leaves this hour out"))
        told = self._reached(passage.end)
        if passage.first is None:
            return told
        if passage.last.place is Place.NOBODY:
            text = N_("{first}; if nobody answers, the call is hung up")
            return self.words.say(text, first=told)
        rest = self._reached(passage.last)
        return self.words.say(N_("{first}; if nobody answers: {rest}"), first=told, rest=rest)

    def _reached(self, reached: Reached) -> str:
        names = [self.way.name(one) for one in reached.employees if one in self.way.seen]
        match reached.place:
            case Place.COLLEAGUE if names:
                return self.words.listed(names)
            case Place.OUTSIDE if self.shows_numbers:
                return self.words.listed(reached.addresses)
            case place:
                return self.words.say(LOOKS[place][2])


def grid(days: Sequence[Day], label: str, words: WeekWords, icons: str) -> Markup:
    """The week; runs can be pointed at, and walked through with the arrow keys."""
    drawn = [_hours()]
    for row, day in enumerate(days):
        y = _TOP + row * _ROW
        drawn.append(_text(_LEFT - 6, y + 13, words.day(day), "end"))
        drawn += [
            _run(run, y, words.run(day, run), icons, is_first=row == place == 0)
            for place, run in enumerate(day.runs)
        ]
    return Markup(
        '<svg class="week" viewBox="0 0 {} {}" role="group" aria-label="{}" data-week>{}</svg>'
    ).format(_WIDTH, _TOP + len(days) * _ROW + 2, label, Markup().join(drawn))


def legend(words: Words, icons: str) -> list[Entry]:
    """What colours and icons mean."""
    return [
        Entry(
            Markup(
                '<svg class="week-swatch" viewBox="0 0 22 18" aria-hidden="true">'
                '<rect class="week-{}" width="22" height="18" rx="3"></rect>{}{}</svg>'
            ).format(place.value, _hatch(place, (0, 0, 22, 18)), _icon(place, 5, 3, icons)),
            words.say(text),
        )
        for place, (_, _, text) in LOOKS.items()
    ]


def pattern() -> Markup:
    """The hatching of holes, once for all pictures of a page."""
    return Markup(
        '<svg class="week-patterns" width="0" height="0" aria-hidden="true"><pattern id="hole" '
        'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="week-hatch" width="2" height="6"></rect></pattern></svg>'
    )


def hours_of(days: Sequence[Day], place: Place) -> float:
    """How many hours of a week calls get there."""
    halves = [
        run.end - run.start
        for day in days
        for run in day.runs
        if run.passage is not None and run.passage.end.place is place
    ]
    return sum(halves) / 2


def _run(run: Run, y: float, told: str, icons: str, *, is_first: bool) -> Markup:
    place = run.passage.end.place if run.passage is not None else None
    x, width = _LEFT + run.start * _HALF, (run.end - run.start) * _HALF
    inside = (x + 0.5, y + 0.5, width - 1, _ROW - 1)
    has_icon = place is not None and run.end - run.start >= _NARROWEST
    return Markup(
        '<g class="run" role="img" aria-label="{told}" tabindex="{tab}"><title>{told}</title>'
        '<rect class="week-{kind}" x="{0:.1f}" y="{1:.1f}" width="{2:.1f}" height="{3:.1f}" rx="2">'
        "</rect>{hatch}{icon}</g>"
    ).format(
        *inside,
        told=told,
        tab=0 if is_first else -1,
        kind="gap" if place is None else place.value,
        hatch=_hatch(place, inside),
        icon=_icon(place, x + width / 2 - 6, y + 3.5, icons) if has_icon and place else "",
    )


def _hatch(place: Place | None, inside: tuple[float, float, float, float]) -> Markup:
    if place is not Place.NOBODY:
        return Markup()
    return Markup(
        '<rect fill="url(#hole)" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
        "</rect>"
    ).format(*inside)


def _icon(place: Place, x: float, y: float, icons: str) -> Markup:
    return Markup(
        '<use class="week-icon" href="{}#{}" x="{:.1f}" y="{:.1f}" width="12" height="12"></use>'
    ).format(icons, LOOKS[place][1], x, y)


def _hours() -> Markup:
    """The clock above the days."""
    lines = [
        _text(_LEFT + half * _HALF, 12, f"{half // 2:02}", "middle")
        for half in range(0, HALVES + 1, 6)
    ]
    return Markup().join(lines)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup(
        '<text class="week-text" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>'
    ).format(x, y, anchor, text)
