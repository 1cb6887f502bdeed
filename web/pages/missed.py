"""Missed calls: who waits to be called back, and how it came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.rights import Right, Scope
from ari_app.explain import Names
from ari_app.store import call_list, missed_list
from ari_app.store.call_list import Place
from ari_app.store.missed_list import Entry, LastTry, MissedPage, MissedWanted
from ari_app.store.past import PastCall
from web.acts import missed as acts
from web.call_filter import offered, parse_place, place_text, query, reach_of, sought
from web.call_path import Stop, call_tone, ended, from_where, names_of, path_of, short_path
from web.caller_names import caller_name
from web.forms import Filled, Form, Line
from web.pages.call_back import BackForm
from web.period import SPANS, Day, PeriodForm, Span, period, translated
from web.render import show, show_again
from web.visit import Visit
from web.why_missed import Cause, tell, why_missed
from web.words import N_

_SIZE = 50
STATES = (("open", N_("open ones")), ("closed", N_("closed ones")), ("all", N_("all")))
_HOW = {
    "reached": N_("the caller called again and was answered"),
    "called_back": N_("called back"),
    "by_hand": N_("closed by hand"),
}


class MissedForm(Form):
    """Which entries; without a period those of any time."""

    state: Literal["open", "closed", "all"] = "open"
    period: Span | None = None
    since: Day | None = None
    until: Day | None = None
    who: Line = ""
    department: Annotated[int, Field(ge=1, le=999_999_999)] | None = None
    number: Line = ""
    place: Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,16}-[0-9]{1,9}$")] | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the state is asked for."""
        return bool(self.model_dump(exclude_defaults=True, exclude={"state", "place"}))


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is told."""

    entry: Entry
    name: str
    path: Sequence[Stop]
    why: str
    reasons: tuple[str, ...]
    ended: str
    tone: str
    side: str
    tries: int
    closed: str
    last: LastTry | None = None
    last_ended: str = ""


@dataclass(frozen=True, slots=True)
class MissedCallsPage:
    form: Filled[MissedForm]
    asked: MissedForm
    entries: list[Shown]
    open: int
    newer: str
    older: str
    here: str
    states: list[tuple[str, str]]
    spans: list[tuple[str, str]]
    departments: list[tuple[int, str]]
    sees_others: bool
    can_call: bool


async def missed(visit: Visit) -> web.StreamResponse:
    """The list; what is wrong in a filter stands beside it, and the list is then empty."""
    form = visit.asked(MissedForm)
    asked = form.value or MissedForm()
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        offices = await offered(visit, session, Right.SEE_CALLS)
        found = MissedPage((), None, None)
        if form.value is not None:
            there = parse_place(asked.place)
            found = await missed_list.page_of_entries(
                session, reach, wanted(visit, asked), _SIZE, there
            )
        entries = await told_entries(visit, session, found.entries)
        waiting = await missed_list.how_many_open(session, reach)
    page = MissedCallsPage(
        form,
        asked,
        entries,
        waiting,
        _link(visit, found.newer),
        _link(visit, found.older),
        visit.request.path_qs,
        translated(visit.words, STATES),
        [("", visit.words.say(N_("any time"))), *translated(visit.words, SPANS)],
        offices,
        sees_others=visit.scope(Right.SEE_CALLS) is not Scope.SELF,
        can_call=visit.panel.call_back is not None,
    )
    return (show if form.value is not None else show_again)(visit, "missed.html", page)


async def close(visit: Visit) -> web.StreamResponse:
    """Close one by hand."""
    entry = visit.number("id")
    await acts.close_entry(visit, entry)
    back = ((await visit.filled(BackForm)).value or BackForm()).back
    return visit.done(back, N_("The missed call was closed"), f"/missed/{entry}/open")


async def reopen(visit: Visit) -> web.StreamResponse:
    """Open one again."""
    await acts.reopen_entry(visit, visit.number("id"))
    back = ((await visit.filled(BackForm)).value or BackForm()).back
    return visit.done(back, N_("The missed call is open again"))


def wanted(visit: Visit, form: MissedForm) -> MissedWanted:
    """The entries that the form asks for."""
    since, until = _times(visit, form)
    number, digits = sought(form.number, visit.panel.settings.country)
    return MissedWanted(
        None if form.state == "all" else form.state == "open",
        since,
        until,
        form.who,
        form.department,
        number,
        digits,
    )


def _times(visit: Visit, form: MissedForm) -> tuple[datetime | None, datetime | None]:
    if form.period in {None, Span.DATES} and form.since is None and form.until is None:
        return None, None
    asked = PeriodForm(period=form.period or Span.DATES, since=form.since, until=form.until)
    found = period(asked, visit.words, visit.now)
    return found.since, found.until


async def told_entries(
    visit: Visit, session: AsyncSession, entries: Sequence[Entry]
) -> list[Shown]:
    """Entries with everything about them in words; four queries, however many there are."""
    names = names_of(await call_list.called(session, [one.listed.call for one in entries]))
    numbers = [one.number for one in entries]
    tries = await missed_list.tries(session, numbers, visit.now)
    last = await missed_list.last_tries(session, numbers)
    return [
        _with_last(visit, _shown(visit, one, names, tries.get(one.number, 1)), last)
        for one in entries
    ]


def _shown(visit: Visit, entry: Entry, names: Names, tries: int) -> Shown:
    call = entry.listed.call
    stops = path_of(visit, call, names)
    reasons = dict.fromkeys(reason for stop in stops for reason in stop.reasons)
    return Shown(
        entry,
        caller_name(visit, call),
        short_path(visit, call, names),
        _why(visit, call, names),
        tuple(reasons),
        ended(visit, call, names),
        call_tone(call),
        from_where(visit, call),
        tries,
        "" if entry.is_open else visit.words.say(_HOW.get(entry.closed_how, "closed")),
    )


def _with_last(visit: Visit, one: Shown, last: Mapping[str, LastTry]) -> Shown:
    """With what came of the last call back after it, where it did not reach the caller."""
    found = last.get(one.entry.number)
    if found is None or found.at < one.entry.at or found.ending is Ending.ANSWERED:
        return one
    going_on = visit.words.say(N_("going on"))
    told = going_on if found.ending is None else visit.storyteller().end(found.ending.value)
    return replace(one, last=found, last_ended=told)


def _why(visit: Visit, call: PastCall, names: Names) -> str:
    """The reason, where it is another one than how the call ended."""
    why = why_missed(call)
    if why.cause in {Cause.HUNG_UP, Cause.LOST}:
        return ""
    return tell(why, visit.words, visit.storyteller(names))


def _link(visit: Visit, there: Place | None) -> str:
    if there is None:
        return ""
    return f"/missed?{query(visit, MissedForm.model_fields, place=place_text(there))}"
