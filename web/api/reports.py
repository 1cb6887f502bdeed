"""Reports by the API: calls by how they ended, and the time in each status."""

from dataclasses import dataclass
from datetime import date, datetime

from ari_app.domain.calls import Ending
from ari_app.domain.rights import Right
from ari_app.store import reports as store
from ari_app.store.call_list import Wanted
from ari_app.store.reports import Chosen, Counts, Person
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import PersonValue
from web.report_filter import PEOPLE, Asked, ReportForm, asked_for
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class CountsValue:
    """Calls by how they ended; `running` go on."""

    answered: int
    message: int
    not_taken: int
    abandoned: int
    lost: int
    running: int


@dataclass(frozen=True, slots=True)
class PersonCountsValue:
    """Somebody's calls; `person` is null for extensions that nobody has."""

    person: PersonValue | None
    counts: CountsValue


@dataclass(frozen=True, slots=True)
class MissedValue:
    """Calls of a period: in all, by the 24 hours of the asker's day, and a page of people."""

    first_day: date
    last_day: date
    total: CountsValue
    hours: list[CountsValue]
    people: list[PersonCountsValue]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class TimesOfPerson:
    """Seconds in each status (`break`, `own-3`; "": not known)."""

    person: PersonValue
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class TimesValue:
    """The time in each status of a page of people."""

    first_day: date
    last_day: date
    people: list[TimesOfPerson]
    page: int
    has_more: bool


async def missed(visit: Visit, form: ReportForm) -> MissedValue:
    """Calls by how they ended."""
    asked = await asked_for(visit, "missed")
    shown = asked.period
    wanted = Wanted(since=shown.since, until=shown.until, who=form.who, department=form.department)
    first = (form.page - 1) * PEOPLE
    async with visit.panel.sessions() as session:
        total = await store.in_all(session, asked.reach, wanted)
        hours = await store.by_hour(session, asked.reach, wanted, visit.words.zone)
        people = await store.by_person(session, asked.reach, wanted, first, PEOPLE)
    return MissedValue(
        shown.first,
        shown.last,
        _counts(total),
        [_counts(one) for one in hours],
        [
            PersonCountsValue(
                None if one.person is None else _person(one.person), _counts(one.counts)
            )
            for one in people[:PEOPLE]
        ],
        form.page,
        len(people) > PEOPLE,
    )


async def times(visit: Visit, form: ReportForm) -> TimesValue:
    """The time in each status."""
    asked = await asked_for(visit, "times")
    chosen = Chosen(asked.reach, form.department, form.who, form.employee)
    since, until = asked.period.since, _end(visit, asked)
    async with visit.panel.sessions() as session:
        people = await store.people(session, chosen, (form.page - 1) * PEOPLE, PEOPLE)
        shown = people[:PEOPLE]
        said = await store.said_by(session, [one.id for one in shown], since, until)
    told = []
    for one in shown:
        found = store.stretches(said[one.id], since, until)
        (seconds,) = store.shared_out(found, (since, until)) if until > since else ({},)
        told.append(TimesOfPerson(_person(one), seconds))
    period = asked.period
    return TimesValue(period.first, period.last, told, form.page, len(people) > PEOPLE)


def _end(visit: Visit, asked: Asked) -> datetime:
    """The period as far as it has passed."""
    return max(asked.period.since, min(asked.period.until, visit.now))


def _person(one: Person) -> PersonValue:
    return PersonValue(one.id, one.name, one.extension)


def _counts(counts: Counts) -> CountsValue:
    ended = {one.value: counts.get(one, 0) for one in Ending}
    return CountsValue(**ended, running=counts.get(None, 0))


_SCOPE = TokenScope.REPORTS_READ
OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/reports/missed",
        missed,
        Right.SEE_REPORTS,
        _SCOPE,
        N_("Calls by how they ended, by hour and by person"),
        MissedValue,
        query=ReportForm,
    ),
    ApiRoute(
        "GET",
        f"{V1}/reports/times",
        times,
        Right.SEE_REPORTS,
        _SCOPE,
        N_("The time that people spend in each status"),
        TimesValue,
        query=ReportForm,
    ),
)
