"""What if somebody called, by the API: the way by saved rules, and by rules that are tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ari_app.domain.rights import Right
from web.api.problems import WRONG_FIELDS, ProblemError
from web.api.rule_bodies import Moment, RuleBody
from web.api.rule_values import rules_of as rules_in
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.draft import MOST_RULES, Draft, write_draft
from web.forms import Filled, Form, Line
from web.visit import Visit
from web.way_words import Box
from web.what_if_form import AS_NOW, WhatIfForm, checked
from web.what_if_rules import Rules, rules_of
from web.what_if_ways import ways_of
from web.words import N_

Kind = Literal["ring", "play", "message", "hangup", "hidden"]


class WhatIfAsked(Form):
    """Who calls (`number` may be empty), with which status, when (now), and what phones do.

    `status` is `now` as it is, else a status by name: `break`, or `own-3`.
    """

    caller: Literal["outside", "inside", "withheld"] = "outside"
    number: Annotated[Line, StringConstraints(max_length=40)] = ""
    status: Annotated[str, StringConstraints(max_length=40)] = AS_NOW
    at: Moment | None = None
    phones: Literal["no_answer", "busy", "unreachable"] = "no_answer"


class WhatIfBody(WhatIfAsked):
    """The same, and rules in the place of the saved ones; nothing is stored."""

    rules: Annotated[list[RuleBody], Field(max_length=MOST_RULES)]


@dataclass(frozen=True, slots=True)
class WhatIfStep:
    """One step in words; `hidden` stands for rules that the asker may not see.

    `came_to` says how a ring came out, `mark` how the step differs from the other way.
    """

    kind: Kind
    text: str
    seconds: int
    came_to: str
    reasons: list[str]
    mark: str


@dataclass(frozen=True, slots=True)
class WhatIfWay:
    """A whole way; `title` says by which rules where there are two."""

    title: str
    steps: list[WhatIfStep]


@dataclass(frozen=True, slots=True)
class WhatIfValue:
    """The way by the saved rules, and after it the one by those that were sent and differ."""

    text: str
    at: datetime
    ways: list[WhatIfWay]
    is_same: bool


async def what_if(visit: Visit, asked: WhatIfAsked) -> WhatIfValue:
    """By the saved rules."""
    return _told(visit, await rules_of(visit), asked)


async def what_if_rules(visit: Visit, body: WhatIfBody) -> WhatIfValue:
    """By these rules too."""
    draft = write_draft(Draft(0, rules_in(body.rules, visit.panel.settings)))
    return _told(visit, await rules_of(visit, draft), body)


def _told(visit: Visit, rules: Rules, asked: WhatIfAsked) -> WhatIfValue:
    found = ways_of(visit, rules, _form(visit, rules, asked))
    ways = [
        WhatIfWay(title, _steps(rules, boxes))
        for (title, _), boxes in zip(rules.versions, found.boxes, strict=True)
    ]
    return WhatIfValue(found.caption, found.at, ways, found.is_same)


def _form(visit: Visit, rules: Rules, asked: WhatIfAsked) -> WhatIfForm:
    """As the page asks: by the clock of whom is called."""
    local = None if asked.at is None else asked.at.astimezone(rules.saved.zone)
    form = WhatIfForm.model_construct(
        if_caller=asked.caller,
        if_number=asked.number,
        if_status=asked.status,
        if_date=None if local is None else local.date(),
        if_time=None if local is None else local.time(),
        if_phones=asked.phones,
    )
    errors = checked(Filled(value=form), visit.directory, visit.words).errors
    if errors:
        told = {name.removeprefix("if_"): text for name, text in errors.items()}
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, told)
    return form


def _steps(rules: Rules, boxes: Sequence[Box]) -> list[WhatIfStep]:
    return [
        WhatIfStep(
            _kind(box),
            rules.words.told(box),
            _seconds(box),
            box.came_to,
            list(box.because),
            box.mark,
        )
        for box in boxes
    ]


def _kind(box: Box) -> Kind:
    kind: Kind = box.deed[0]  # type: ignore[assignment] # the first word of every deed
    return kind


def _seconds(box: Box) -> int:
    match box.deed:
        case ("ring", _, int(seconds)):
            return seconds
        case _:
            return 0


_PATH = f"{V1}/employees/{{id}}/what-if"

OPERATIONS = (
    ApiRoute(
        "GET",
        _PATH,
        what_if,
        Right.SEE_RULES,
        TokenScope.RULES_READ,
        N_("What becomes of a call that somebody supposes"),
        WhatIfValue,
        query=WhatIfAsked,
    ),
    ApiRoute(
        "POST",
        _PATH,
        what_if_rules,
        Right.SEE_RULES,
        TokenScope.RULES_WRITE,
        N_("What would become of such a call by other rules; nothing is stored"),
        WhatIfValue,
        WhatIfBody,
    ),
)
