"""The history of calls by the API: a list with filters, and one call with its reasons."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.rights import Right
from ari_app.domain.steps import Fact
from ari_app.store import call_list
from ari_app.store.call_list import Listed
from ari_app.store.past import PastStep
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.call_filter import CallsForm, place, place_text, reach_of, wanted
from web.call_path import ended, names_of, path_of, waited
from web.visit import Visit
from web.words import N_

_SIZE = 50


@dataclass(frozen=True, slots=True)
class CallValue:
    """A call; `ending` is null while it goes on. `employee` is whose extension was called."""

    id: int
    began_at: datetime
    ended_at: datetime | None
    caller_number: str
    caller_name: str
    is_inside: bool
    called: str
    employee: int | None
    employee_name: str
    ending: Ending | None
    text: str
    waited_seconds: int
    talked_seconds: int


@dataclass(frozen=True, slots=True)
class CallsValue:
    """One page, the newest call first; `newer` and `older` are for `place`."""

    calls: list[CallValue]
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class ReasonValue:
    """Why: for programs, and as half a sentence."""

    fact: Fact
    text: str


@dataclass(frozen=True, slots=True)
class StepValue:
    """One thing that was done to a call, why, and how it came out."""

    kind: str
    at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    seconds: int
    addresses: list[str]
    text: str
    reasons: list[ReasonValue]
    by_mirror: bool


@dataclass(frozen=True, slots=True)
class PathValue:
    """A call with its steps; `linked` are the other calls of the same people on the line."""

    call: CallValue
    steps: list[StepValue]
    linked: list[CallValue]


async def calls(visit: Visit, form: CallsForm) -> CallsValue:
    """A page of those that this right reaches."""
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        sought = wanted(visit, form)
        found = await call_list.page_of_calls(session, reach, sought, _SIZE, place(form))
    return CallsValue(
        [call_value(visit, one) for one in found.calls],
        None if found.newer is None else place_text(found.newer),
        None if found.older is None else place_text(found.older),
    )


async def one_call(visit: Visit) -> PathValue:
    """One of them; somebody else's is not found."""
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        found = await call_list.seen_call(session, reach, visit.number("id"))
        if found is None:
            raise web.HTTPNotFound
        linked = await call_list.linked_calls(session, reach, found.call)
        names = names_of(await call_list.called(session, [found.call]))
    stops = path_of(visit, found.call, names)
    steps = [
        _step(step, stop.deed, stop.reasons)
        for step, stop in zip(found.call.steps, stops, strict=True)
    ]
    return PathValue(call_value(visit, found), steps, [call_value(visit, one) for one in linked])


def call_value(visit: Visit, listed: Listed) -> CallValue:
    """The call as programs read it."""
    call = listed.call
    return CallValue(
        call.id,
        call.began_at,
        call.ended_at,
        call.caller_number,
        call.caller_name,
        call.is_inside,
        call.called,
        call.employee,
        listed.name,
        call.ending,
        ended(visit, call, visit.storyteller().names),
        waited(call, visit.now),
        call.talked_seconds,
    )


def _step(step: PastStep, text: str, reasons: tuple[str, ...]) -> StepValue:
    because = zip(step.because, reasons, strict=True)
    return StepValue(
        step.kind,
        step.at,
        step.finished_at,
        step.outcome,
        step.seconds,
        list(step.addresses),
        text,
        [ReasonValue(reason.fact, told) for reason, told in because],
        step.by_mirror,
    )


_SCOPE = TokenScope.CALLS_READ
OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/calls",
        calls,
        Right.SEE_CALLS,
        _SCOPE,
        N_("Calls, the newest first"),
        CallsValue,
        query=CallsForm,
    ),
    ApiRoute(
        "GET",
        f"{V1}/calls/{{id}}",
        one_call,
        Right.SEE_CALLS,
        _SCOPE,
        N_("A call with its path and reasons"),
        PathValue,
    ),
)
