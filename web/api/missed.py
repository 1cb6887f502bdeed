"""Missed calls by the API: the list, closing, and calling back."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from ari_app.domain.rights import Right
from ari_app.store import missed_list
from web.acts import call_back as call_back_acts
from web.acts import missed as acts
from web.acts.call_back import CallBackForm
from web.api.calls import CallValue, call_value
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.call_back_words import told
from web.call_filter import parse_place, place_text, reach_of
from web.pages.missed import MissedForm, Shown, told_entries, wanted
from web.visit import Access, Visit
from web.words import N_

_SIZE = 50
_How = Literal["", "reached", "called_back", "by_hand"]
_Result = Literal[
    "ringing",
    "twice",
    "no_phone",
    "phone_away",
    "myself",
    "nobody",
    "may_not_dial",
    "no_trunk",
    "asterisk_away",
    "alone",
]


@dataclass(frozen=True, slots=True)
class MissedCallValue:
    """A missed call; open while `closed_at` is null. `tries`: missed calls of it in 30 days."""

    id: int
    call: CallValue
    caller: str
    why: str
    tries: int
    closed_at: datetime | None
    closed_how: _How
    closed_by: str
    closing_call: int | None


@dataclass(frozen=True, slots=True)
class MissedCallsValue:
    """One page, the newest first; `newer` and `older` are for `place`, `open` counts them all."""

    missed_calls: list[MissedCallValue]
    open: int
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class CallBackValue:
    """What became of it: `ringing` where one's own phone rings now."""

    result: _Result
    number: str
    text: str


async def missed_calls(visit: Visit, form: MissedForm) -> MissedCallsValue:
    """A page of those that this right reaches."""
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        found = await missed_list.page_of_entries(
            session, reach, wanted(visit, form), _SIZE, parse_place(form.place)
        )
        entries = await told_entries(visit, session, found.entries)
        waiting = await missed_list.how_many_open(session, reach)
    return MissedCallsValue(
        [_value(visit, one) for one in entries],
        waiting,
        None if found.newer is None else place_text(found.newer),
        None if found.older is None else place_text(found.older),
    )


async def close(visit: Visit) -> None:
    """Close one by hand; twice does no harm."""
    await acts.close_entry(visit, visit.number("id"))


async def reopen(visit: Visit) -> None:
    """Open one again."""
    await acts.reopen_entry(visit, visit.number("id"))


async def call_back(visit: Visit, form: CallBackForm) -> CallBackValue:
    """Ring one's own phone, then the caller."""
    number, answer = await call_back_acts.call_back(visit, form)
    result: _Result = "alone" if answer is None else answer.value
    return CallBackValue(result, number, told(visit.words, answer, number))


def _value(visit: Visit, one: Shown) -> MissedCallValue:
    entry = one.entry
    how: _How = entry.closed_how  # type: ignore[assignment] # the store writes no other
    return MissedCallValue(
        entry.id,
        call_value(visit, entry.listed),
        one.name,
        one.why,
        one.tries,
        entry.closed_at,
        how,
        entry.closed_by,
        entry.closing_call,
    )


_MISSED = f"{V1}/missed-calls"
OPERATIONS = (
    ApiRoute(
        "GET",
        _MISSED,
        missed_calls,
        Right.SEE_CALLS,
        TokenScope.CALLS_READ,
        N_("Missed calls, the newest first"),
        MissedCallsValue,
        query=MissedForm,
    ),
    ApiRoute(
        "POST",
        f"{_MISSED}/{{id}}/close",
        close,
        Right.SEE_CALLS,
        TokenScope.CALLS_WRITE,
        N_("Close a missed call by hand"),
    ),
    ApiRoute(
        "POST",
        f"{_MISSED}/{{id}}/open",
        reopen,
        Right.SEE_CALLS,
        TokenScope.CALLS_WRITE,
        N_("Open a missed call again"),
    ),
    ApiRoute(
        "POST",
        f"{V1}/call-back",
        call_back,
        Access.LOGGED_IN,
        TokenScope.CALLS_WRITE,
        N_("Ring my phone, then the caller of a missed call, of a call or of a message"),
        CallBackValue,
        CallBackForm,
        refuses=(HTTPStatus.NOT_FOUND,),
    ),
)
