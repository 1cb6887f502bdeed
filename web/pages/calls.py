"""Calls: the list with its filters, its export, and the path of one call with its reasons."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.rights import Right, Scope
from ari_app.explain import Names
from ari_app.store import call_letters, call_list, missed_list
from ari_app.store.call_list import Listed, Page, Wanted
from ari_app.store.missed_list import Entry
from web.call_filter import ENDINGS, SIDES, CallsForm, link, offered, place, query, reach_of, wanted
from web.call_letters import LetterShown, letter_shown
from web.call_path import (
    Stop,
    call_tone,
    clock,
    ended,
    from_where,
    names_of,
    path_of,
    short_path,
    waited,
)
from web.forms import Filled
from web.period import SPANS, Period, period, told_period, translated
from web.render import show, show_again
from web.spreadsheet import Rows, send_table
from web.visit import Visit
from web.words import N_

_SIZE = 50
_COLUMNS = (
    N_("Began"),
    N_("Caller"),
    N_("Caller's name"),
    N_("From"),
    N_("Called"),
    N_("Employee"),
    N_("How it ended"),
    N_("Waited, s"),
    N_("Talked, s"),
    N_("Path"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list."""

    listed: Listed
    path: Sequence[Stop]
    ended: str
    tone: str
    side: str
    clock: str
    end_clock: str


@dataclass(frozen=True, slots=True)
class CallsPage:
    form: Filled[CallsForm]
    title: str
    asked: CallsForm
    period: Period
    departments: list[tuple[int, str]]
    calls: list[Shown]
    newer: str
    older: str
    export: str
    all_employees: str
    spans: list[tuple[str, str]]
    endings: list[tuple[str, str]]
    sides: list[tuple[str, str]]
    is_live: bool
    sees_others: bool
    employee_name: str = ""


@dataclass(frozen=True, slots=True)
class CallPage:
    shown: Shown
    stops: Sequence[Stop]
    linked: list[Shown]
    waited: int
    letters: list[LetterShown]
    entry: Entry | None
    can_call: bool


async def calls(visit: Visit) -> web.StreamResponse:
    """The list; what is wrong in a filter stands beside it, and the list is then empty."""
    form = visit.asked(CallsForm)
    asked = form.value or CallsForm()
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        offices = await offered(visit, session, Right.SEE_CALLS)
        found = Page((), None, None)
        if form.value is not None:
            sought = wanted(visit, asked)
            found = await call_list.page_of_calls(session, reach, sought, _SIZE, place(asked))
        names = await call_list.called(session, [listed.call for listed in found.calls])
        name = await call_list.name_within(session, reach, asked.employee)
    told = names_of(names)
    period_shown = period(asked, visit.words, visit.now)
    page = CallsPage(
        form,
        told_period(visit.words, period_shown),
        asked,
        period_shown,
        offices,
        [_shown(visit, one, told) for one in found.calls],
        link(visit, found.newer),
        link(visit, found.older),
        f"/calls/export?{query(visit, CallsForm.model_fields)}",
        f"/calls?{query(visit, CallsForm.model_fields, employee='')}",
        translated(visit.words, SPANS),
        translated(visit.words, ENDINGS),
        translated(visit.words, SIDES),
        is_live=asked.place is None and period_shown.has(visit.now),
        sees_others=visit.scope(Right.SEE_CALLS) is not Scope.SELF,
        employee_name=name,
    )
    answer = show if form.value is not None else show_again
    return answer(visit, "calls.html", page)


async def export_calls(visit: Visit) -> web.StreamResponse:
    """All that the list shows, as a table."""
    form = visit.asked(CallsForm)
    if form.value is None:
        raise web.HTTPBadRequest
    header = [visit.words.say(text) for text in _COLUMNS]
    name = f"calls-{period(form.value, visit.words, visit.now).first:%Y-%m-%d}"
    return await send_table(visit, name, header, _slices(visit, wanted(visit, form.value)))


async def one_call(visit: Visit) -> web.StreamResponse:
    """One call, step by step; somebody else's is not found."""
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        found = await call_list.seen_call(session, reach, visit.number("id"))
        if found is None:
            raise web.HTTPNotFound
        linked = await call_list.linked_calls(session, reach, found.call)
        letters = await call_letters.letters_about(session, found.call.id)
        entry = await missed_list.entry_of_call(session, reach, found.call.id)
        names = await call_list.called(session, [found.call, *(one.call for one in linked)])
    told = names_of(names)
    page = CallPage(
        _shown(visit, found, told),
        path_of(visit, found.call, told),
        [_shown(visit, one, told) for one in linked],
        waited(found.call, visit.now),
        [letter_shown(visit, letter) for letter in letters],
        entry,
        can_call=visit.panel.call_back is not None
        and found.call.caller_number not in {"", visit.signed_in.extension},
    )
    return show(visit, "call.html", page)


def _shown(visit: Visit, listed: Listed, names: Names) -> Shown:
    call = listed.call
    return Shown(
        listed,
        short_path(visit, call, names),
        ended(visit, call, names),
        call_tone(call),
        from_where(visit, call),
        clock(visit, call.began_at),
        "" if call.ended_at is None else clock(visit, call.ended_at),
    )


async def _slices(visit: Visit, sought: Wanted) -> AsyncIterator[Rows]:
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        async for calls in call_list.every_call(session, reach, sought):
            names = await call_list.called(session, [listed.call for listed in calls])
            told = names_of(names)
            # Calls are decided in this loop: none should wait for a whole slice.
            await asyncio.sleep(0)
            yield [_row(visit, _shown(visit, one, told)) for one in calls]


def _row(visit: Visit, shown: Shown) -> tuple[str, ...]:
    call = shown.listed.call
    return (
        f"{call.began_at.astimezone(visit.words.zone):%Y-%m-%d %H:%M:%S}",
        call.caller_number,
        call.caller_name,
        from_where(visit, call),
        call.called,
        shown.listed.name,
        shown.ended,
        str(waited(call, visit.now)),
        str(call.talked_seconds),
        " → ".join(stop.brief for stop in shown.path),
    )
