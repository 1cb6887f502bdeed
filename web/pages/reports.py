"""Reports: missed calls with their reasons, and the time that people spend in each status."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from aiohttp import web
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.store import call_list, reports
from ari_app.store.call_list import Wanted
from ari_app.store.missed_reasons import newest_brief
from ari_app.store.reports import Counts, PersonCounts
from web import charts
from web.call_filter import MISSED
from web.call_path import names_of
from web.render import show, show_again
from web.report_filter import PEOPLE, Asked, Legend, asked_for, paged
from web.spreadsheet import Rows, send_table
from web.visit import Visit
from web.why_missed import Why, tell, why_missed
from web.words import N_

_MOST_EXPLAINED = 5000
"""Reasons are counted over the newest missed calls only: reading more would take too long."""
_SHOWN = (
    (Ending.ANSWERED, "green", N_("answered")),
    (Ending.MESSAGE, "blue", N_("left a message")),
    (Ending.ABANDONED, "orange", N_("the caller hung up")),
    (Ending.NOT_TAKEN, "red", N_("nobody took the call")),
    (Ending.LOST, "purple", N_("Asterisk stopped")),
)


@dataclass(frozen=True, slots=True)
class CountLine:
    """A line of a table of calls; `calls` leads to them."""

    text: str
    counts: Sequence[int]
    all: int
    missed: int
    bar: Markup
    calls: str = ""


@dataclass(frozen=True, slots=True)
class MissedPage:
    asked: Asked
    legend: list[Legend]
    total: CountLine
    chart: Markup
    hours: list[CountLine]
    people: list[CountLine]
    reasons: list[tuple[str, int, Markup]]
    explained: int


async def missed(visit: Visit) -> web.StreamResponse:
    """Calls by how they ended: in all, by hour, by person; and why they were missed."""
    asked = await asked_for(visit, "missed")
    reach, wanted, value = asked.reach, _wanted(asked), asked.value
    async with visit.panel.sessions() as session:
        counts = await reports.in_all(session, reach, wanted)
        hours = await reports.by_hour(session, reach, wanted, visit.words.zone)
        first = (value.page - 1) * PEOPLE
        people = await reports.by_person(session, reach, wanted, first, PEOPLE)
        reasons, explained = await _reasons(visit, session, asked)
    asked = paged(visit, asked, "missed", has_more=len(people) > PEOPLE)
    lines = [_person_line(visit, asked, one, people) for one in people[:PEOPLE]]
    page = MissedPage(
        asked,
        [Legend(colour, visit.words.say(text)) for _, colour, text in _SHOWN],
        _line(visit, visit.words.say(N_("All calls")), counts, _all(counts)),
        _hours_chart(visit, hours),
        _hour_lines(visit, hours),
        lines,
        reasons,
        explained,
    )
    return _answer(visit, "report_missed.html", page, asked)


async def export_missed(visit: Visit) -> web.StreamResponse:
    """Every missed call of the period with its reason, as a table."""
    asked = await asked_for(visit, "missed")
    if asked.form.value is None:
        raise web.HTTPBadRequest
    header = (N_("Began"), N_("Hour"), N_("Employee"), N_("Called"), N_("Caller"))
    more = (N_("How it ended"), N_("Why"))
    name = f"missed-{asked.period.first:%Y-%m-%d}"
    told = [visit.words.say(text) for text in (*header, *more)]
    return await send_table(visit, name, told, _missed_rows(visit, asked))


async def _missed_rows(visit: Visit, asked: Asked) -> AsyncIterator[Rows]:
    wanted = replace(_wanted(asked), endings=MISSED)
    async with visit.panel.sessions() as session:
        async for calls in call_list.every_call(session, asked.reach, wanted):
            names = await call_list.called(session, [one.call for one in calls])
            teller = visit.storyteller(names_of(names))
            await asyncio.sleep(0)
            yield [
                (
                    f"{one.call.began_at.astimezone(visit.words.zone):%Y-%m-%d %H:%M:%S}",
                    f"{one.call.began_at.astimezone(visit.words.zone):%H}",
                    one.name,
                    one.call.called,
                    one.call.caller_number,
                    teller.end(one.call.ending.value) if one.call.ending else "",
                    tell(why_missed(one.call), visit.words, teller),
                )
                for one in calls
            ]


async def _reasons(
    visit: Visit, session: AsyncSession, asked: Asked
) -> tuple[list[tuple[str, int, Markup]], int]:
    """The reasons, the most frequent first, and over how many calls they were counted."""
    wanted = replace(_wanted(asked), endings=MISSED)
    counted: Counter[Why] = Counter()
    async for calls in newest_brief(session, asked.reach, wanted, _MOST_EXPLAINED):
        counted.update(map(why_missed, calls))
    names = await call_list.called(session, ())
    teller = visit.storyteller(names_of(names))
    longest = max(counted.values(), default=0)
    return [
        (
            text,
            number,
            charts.line(charts.Bar(text, [charts.Part("orange", number, text)]), longest),
        )
        for why, number in counted.most_common()
        for text in (tell(why, visit.words, teller),)
    ], counted.total()


def _wanted(asked: Asked) -> Wanted:
    shown, value = asked.period, asked.value
    return Wanted(since=shown.since, until=shown.until, who=value.who, department=value.department)


def _answer(visit: Visit, template: str, page: object, asked: Asked) -> web.Response:
    answer = show if asked.form.value is not None else show_again
    return answer(visit, template, page)


def _all(counts: Counts) -> int:
    return sum(counts.values())


def _missed_of(counts: Counts) -> int:
    return sum(counts.get(ending, 0) for ending in MISSED)


def _bar(visit: Visit, label: str, counts: Counts) -> charts.Bar:
    say = visit.words.say
    parts = [
        charts.Part(colour, counts.get(ending, 0), f"{label}: {say(text)} {counts.get(ending, 0)}")
        for ending, colour, text in _SHOWN
    ]
    return charts.Bar(label, parts)


def _line(visit: Visit, label: str, counts: Counts, longest: int, calls: str = "") -> CountLine:
    return CountLine(
        label,
        [counts.get(ending, 0) for ending, _, _ in _SHOWN],
        _all(counts),
        _missed_of(counts),
        charts.line(_bar(visit, label, counts), longest),
        calls,
    )


def _person_line(
    visit: Visit, asked: Asked, one: PersonCounts, people: Sequence[PersonCounts]
) -> CountLine:
    longest = max(_all(other.counts) for other in people)
    text, calls = visit.words.say(N_("nobody's extension")), ""
    if one.person is not None:
        text = f"{one.person.name} ({one.person.extension})"
        days = f"since={asked.period.first}&until={asked.period.last}"
        calls = f"/calls?employee={one.person.id}&ending=missed&{days}"
    return _line(visit, text, one.counts, longest, calls)


def _hour_lines(visit: Visit, hours: Sequence[Counts]) -> list[CountLine]:
    longest = max(map(_all, hours))
    return [_line(visit, f"{hour:02}:00", one, longest) for hour, one in enumerate(hours)]


def _hours_chart(visit: Visit, hours: Sequence[Counts]) -> Markup:
    title = visit.words.say(N_("Calls by hour of the day, by how they ended"))
    bars = [_bar(visit, str(hour), counts) for hour, counts in enumerate(hours)]
    return charts.columns(bars, title)
