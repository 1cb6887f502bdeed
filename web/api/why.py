"""Where a call would go, and why: the very function that decides over calls."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, StringConstraints

from ari_app.domain.calls import Call, Caller, Outcome
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.domain.rights import Right
from ari_app.domain.routing import unfold
from ari_app.domain.steps import Fact, HangUp, Plan, Play, Reason, Ring, TakeMessage
from ari_app.explain import Storyteller
from ari_app.numbering import caller_number
from ari_app.store.finding import people_of
from web.api.problems import WRONG_FIELDS, ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.forms import ExtensionText, Form, Line, Wrong
from web.visit import Visit
from web.words import N_

Assumed = Literal["no_answer", "busy", "unreachable"]


def _sensible(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise Wrong(N_("This moment is too far away"))
    return moment


class WhyForm(Form):
    """Who calls (an extension or a number; empty: it is withheld), whom, and when (now).

    Whatever is rung comes out as `assume` says.
    """

    to: ExtensionText
    caller: Annotated[Line, StringConstraints(max_length=40)] = ""
    at: Annotated[AwareDatetime, AfterValidator(_sensible)] | None = None
    assume: Assumed = "no_answer"


@dataclass(frozen=True, slots=True)
class WhyReason:
    """Why: for programs, and as half a sentence."""

    fact: Fact
    text: str


@dataclass(frozen=True, slots=True)
class WhyStep:
    """One thing that would be done to the call."""

    kind: Literal["ring", "play", "message", "hangup"]
    text: str
    seconds: int
    addresses: list[str]
    reasons: list[WhyReason]


@dataclass(frozen=True, slots=True)
class WhyValue:
    """The whole way; `is_hidden` says that rules which the asker may not see were left out."""

    to: str
    caller: str
    at: datetime
    steps: list[WhyStep]
    is_hidden: bool


async def why(visit: Visit, form: WhyForm) -> WhyValue:
    """Unfold the chain for a call that nobody makes."""
    called, directory = Extension(form.to), visit.directory
    at = form.at or visit.now
    is_inside = Extension(form.caller) in directory.extensions
    country = visit.panel.settings.country
    number = form.caller if is_inside else caller_number(form.caller, country)
    plans = unfold(Call(Caller(number, is_inside), called), directory, at, Outcome(form.assume))
    seen = await _seen(visit, called, plans)
    teller = visit.storyteller()
    steps = [_step(plan, teller, seen) for plan in plans]
    told = [reason for plan in plans for reason in plan.because]
    hidden = any(not _is_open(reason, seen) for reason in told)
    return WhyValue(form.to, number, at, steps, hidden)


async def _seen(visit: Visit, called: Extension, plans: Collection[Plan]) -> set[EmployeeId]:
    """Whose rules the asker may see; who is called must be among them."""
    met = {reason.employee for plan in plans for reason in plan.because if reason.employee}
    subject = visit.directory.extensions.get(called)
    wanted = met if subject is None else met | {subject}
    async with visit.panel.sessions() as session:
        people = await people_of(session, wanted)
    seen = {who for who, one in people.items() if visit.may(Right.SEE_RULES, one.subject)}
    if subject is None or subject not in people:
        text = visit.words.say(N_("Nobody has this extension"))
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, {"to": text})
    visit.demand(Right.SEE_RULES, people[subject].subject)
    return seen


def _is_open(reason: Reason, seen: Collection[EmployeeId]) -> bool:
    return reason.employee is None or reason.employee in seen


def _step(plan: Plan, teller: Storyteller, seen: Collection[EmployeeId]) -> WhyStep:
    """What follows from rules that the asker may not see, is told without whom it leads to."""
    reasons = [
        WhyReason(reason.fact, teller.reason(reason))
        for reason in plan.because
        if _is_open(reason, seen)
    ]
    is_open = len(reasons) == len(plan.because)
    match plan.step:
        case Ring(legs=legs, seconds=seconds) if is_open:
            addresses = [leg.address for leg in legs]
            return WhyStep("ring", teller.plan(plan), seconds, addresses, reasons)
        case Ring(seconds=seconds):
            return WhyStep("ring", "", seconds, [], reasons)
        case Play():
            return WhyStep("play", teller.plan(plan) if is_open else "", 0, [], reasons)
        case TakeMessage():
            return WhyStep("message", teller.plan(plan) if is_open else "", 0, [], reasons)
        case HangUp():
            return WhyStep("hangup", teller.plan(plan) if is_open else "", 0, [], reasons)


OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/why",
        why,
        Right.SEE_RULES,
        TokenScope.RULES_READ,
        N_("Where a call would go, and why"),
        WhyValue,
        query=WhyForm,
    ),
)
