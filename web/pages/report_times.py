"""The report of the time in each status: by person, and by day for one of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.explain import Names
from ari_app.store import call_list, reports
from ari_app.store.reports import Chosen, Person, Said
from web import charts
from web.call_filter import query
from web.call_path import names_of
from web.period import midnight
from web.render import show, show_again
from web.report_filter import PEOPLE, Asked, Legend, ReportForm, asked_for, paged
from web.spreadsheet import Rows, send_table
from web.visit import Visit
from web.words import N_

_SLICE = 100
Own = Mapping[OwnStatusId, OwnStatus]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A person or a day; `texts` and `bar` go with the legend's statuses."""

    text: str
    texts: Sequence[str]
    bar: Markup
    days: str = ""


@dataclass(frozen=True, slots=True)
class TimesPage:
    asked: Asked
    legend: list[Legend]
    lines: list[TimeLine]
    person: Person | None
    all_people: str
    has_history: bool


@dataclass(frozen=True, slots=True)
class _Times:
    """Seconds by status of one line."""

    label: str
    seconds: dict[str, float]
    days: str = ""


async def times(visit: Visit) -> web.StreamResponse:
    """A page of people with their time in each status, or one person's days."""
    asked = await asked_for(visit, "times")
    value = asked.value
    chosen = Chosen(asked.reach, value.department, value.who, value.employee)
    async with visit.panel.sessions() as session:
        first = (value.page - 1) * PEOPLE
        people = await reports.people(session, chosen, first, PEOPLE)
        asked = paged(visit, asked, "times", has_more=len(people) > PEOPLE)
        shown = people[:PEOPLE]
        since, until = _ends(visit, asked)
        said = await reports.said_by(session, [one.id for one in shown], since, until)
        own = (await call_list.called(session, ())).own_statuses
    person = shown[0] if value.employee is not None and shown else None
    lines = (
        _by_day(visit, asked, said[person.id])
        if person is not None
        else [_of(visit, asked, one, said[one.id]) for one in shown]
    )
    page = _page(visit, asked, lines, own, person)
    answer = show if asked.form.value is not None else show_again
    return answer(visit, "report_times.html", page)


async def export_times(visit: Visit) -> web.StreamResponse:
    """Each person's days with the time in each status, as a table."""
    asked = await asked_for(visit, "times")
    if asked.form.value is None:
        raise web.HTTPBadRequest
    async with visit.panel.sessions() as session:
        names = names_of(await call_list.called(session, ()))
    columns = _statuses(names.own_statuses)
    teller = visit.storyteller(names)
    header = [visit.words.say(text) for text in (N_("Day"), N_("Employee"), N_("Extension"))]
    header += [teller.status(status) for status in columns]
    name = f"statuses-{asked.period.first:%Y-%m-%d}"
    return await send_table(visit, name, header, _rows(visit, asked, columns))


async def _rows(visit: Visit, asked: Asked, columns: Sequence[str]) -> AsyncIterator[Rows]:
    value = asked.value
    chosen = Chosen(asked.reach, value.department, value.who, value.employee)
    since, until = _ends(visit, asked)
    first = 0
    async with visit.panel.sessions() as session:
        while True:
            people = await reports.people(session, chosen, first, _SLICE)
            said = await reports.said_by(session, [one.id for one in people[:_SLICE]], since, until)
            for one in people[:_SLICE]:
                yield _day_rows(visit, asked, one, said[one.id], columns)
            if len(people) <= _SLICE:
                return
            first += _SLICE


def _day_rows(
    visit: Visit, asked: Asked, person: Person, said: Sequence[Said], columns: Sequence[str]
) -> Rows:
    return [
        (
            day.isoformat(),
            person.name,
            person.extension,
            *(_clock(seconds.get(status, 0.0)) for status in columns),
        )
        for day, seconds in zip(asked.period.days, _days(visit, asked, said), strict=False)
        if seconds
    ]


def _page(
    visit: Visit, asked: Asked, lines: Sequence[_Times], own: Own, person: Person | None
) -> TimesPage:
    met = {status for line in lines for status in line.seconds}
    order = [*_statuses(own), ""]
    columns = [status for status in order if status in met]
    teller = visit.storyteller(Names({}, {}, own))
    unknown = visit.words.say(N_("not known"))
    names = {status: teller.status(status) if status else unknown for status in columns}
    longest = max((sum(line.seconds.values()) for line in lines), default=0.0)
    return TimesPage(
        asked,
        [Legend(charts.status_colour(status, own), names[status]) for status in columns],
        [_shown(line, columns, names, own, longest) for line in lines],
        person,
        f"/reports/times?{query(visit, ReportForm.model_fields, employee='', page='')}",
        has_history=bool(met - {""}),
    )


def _shown(
    line: _Times, columns: Sequence[str], names: dict[str, str], own: Own, longest: float
) -> TimeLine:
    parts = [
        charts.Part(
            charts.status_colour(status, own),
            line.seconds.get(status, 0.0),
            f"{names[status]}: {_clock(line.seconds.get(status, 0.0))}",
        )
        for status in columns
    ]
    texts = [_clock(part.amount) if part.amount else "" for part in parts]
    return TimeLine(
        line.label, texts, charts.line(charts.Bar(line.label, parts), longest), line.days
    )


def _of(visit: Visit, asked: Asked, person: Person, said: Sequence[Said]) -> _Times:
    since, until = _ends(visit, asked)
    found = reports.stretches(said, since, until)
    (seconds,) = reports.shared_out(found, (since, until)) if until > since else ({},)
    kept = query(visit, ReportForm.model_fields, employee=str(person.id), page="")
    return _Times(f"{person.name} ({person.extension})", seconds, f"/reports/times?{kept}")


def _by_day(visit: Visit, asked: Asked, said: Sequence[Said]) -> list[_Times]:
    days = asked.period.days
    return [
        _Times(visit.words.day(midnight(day, visit.words)), seconds)
        for day, seconds in zip(days, _days(visit, asked, said), strict=False)
    ]


def _days(visit: Visit, asked: Asked, said: Sequence[Said]) -> list[dict[str, float]]:
    """Seconds in each status of each day that has begun."""
    since, until = _ends(visit, asked)
    begun = [midnight(day, visit.words) for day in asked.period.days]
    borders = [border for border in begun if border < until]
    return reports.shared_out(reports.stretches(said, since, until), [*borders, until])


def _ends(visit: Visit, asked: Asked) -> tuple[datetime, datetime]:
    """The period as far as it has passed."""
    since = asked.period.since
    return since, max(since, min(asked.period.until, visit.now))


def _statuses(own: Own) -> list[str]:
    return [*(status.value for status in Status), *(f"own-{number}" for number in own)]


def _clock(seconds: float) -> str:
    """Hours and minutes with seconds, as spreadsheets read them: ``27:05:09``."""
    minutes, left = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{left:02}"
