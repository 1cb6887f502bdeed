"""Forwarding rules as JSON: the same both ways, so that what was read can be sent back."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    DayKind,
    Farewell,
    MissedNotice,
    RingOrder,
    Situation,
    Status,
)
from ari_app.domain.numbers import OwnStatusId
from web.draft import MOST_RULES
from web.forms import Form, Line, PhoneText, RequiredLine, Wrong
from web.words import N_

_MOST = 50
_BIGGEST_ID = 2**31 - 1

Seconds = Annotated[int, Field(ge=0, le=120)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Id = Annotated[int, Field(ge=1, le=_BIGGEST_ID)]


def _status(text: str) -> str:
    if text not in {status.value for status in Status} and own_status(text) is None:
        raise Wrong(N_("This status does not exist"))
    return text


def own_status(text: str) -> OwnStatusId | None:
    """The number in ``own-3``, None for a status of another kind."""
    digits = text.removeprefix("own-")
    is_own = text.startswith("own-") and digits.isascii() and digits.isdigit() and len(digits) < 10
    return OwnStatusId(int(digits)) if is_own else None


def _sensible(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise Wrong(N_("This moment is too far away"))
    return moment


StatusText = Annotated[str, StringConstraints(max_length=20), AfterValidator(_status)]
"""A status's name: ``break``, or ``own-3`` for one of the office's own."""
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
Mask = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class HoursBody(Form):
    """Hours of some days in the employee's zone; Monday is 0."""

    start: time = time(0)
    end: time = time(0)
    day_kind: DayKind = DayKind.ANY
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    on: date | None = None


class WhenBody(Form):
    """When a rule applies; what is empty does not limit."""

    statuses: Annotated[tuple[StatusText, ...], Field(max_length=_MOST)] = ()
    situations: Annotated[tuple[Situation, ...], Field(max_length=3)] = ()
    no_answer_seconds: Seconds = 0
    callers: Annotated[tuple[CallerKind, ...], Field(max_length=3)] = tuple(CallerKind)
    numbers: Annotated[tuple[Mask, ...], Field(max_length=_MOST)] = ()
    since: Moment | None = None
    until: Moment | None = None
    hours: Annotated[tuple[HoursBody, ...], Field(max_length=_MOST)] = ()


class OwnPhonesBody(Form):
    """Ring the own phones."""

    to: Literal["own_phones"]
    order: RingOrder = RingOrder.AT_ONCE
    seconds: Seconds = 0


class ColleagueBody(Form):
    """Pass the call to a colleague, whose own rules apply."""

    to: Literal["colleague"]
    employee: Id


class ColleaguesBody(Form):
    """Ring several colleagues."""

    to: Literal["colleagues"]
    employees: Annotated[list[Id], Field(max_length=_MOST)]
    order: RingOrder = RingOrder.AT_ONCE
    seconds: Seconds = 20


class OutsideNumbersBody(Form):
    """Ring numbers outside."""

    to: Literal["outside_numbers"]
    numbers: Annotated[list[PhoneText], Field(max_length=_MOST)]
    order: RingOrder = RingOrder.AT_ONCE
    seconds: Seconds = 25
    confirm: bool = False


class VoicemailBody(Form):
    """Take a message."""

    to: Literal["voicemail"]


class SayGoodbyeBody(Form):
    """Say a sentence, and hang up."""

    to: Literal["say_goodbye"]
    farewell: Farewell = Farewell.UNAVAILABLE


DestinationBody = (
    OwnPhonesBody
    | ColleagueBody
    | ColleaguesBody
    | OutsideNumbersBody
    | VoicemailBody
    | SayGoodbyeBody
)


class RuleBody(Form):
    """A rule; without an `id` it is a new one."""

    id: Id | None = None
    name: RequiredLine
    is_on: bool = True
    when: WhenBody
    greeting: Line | None = None
    notice: MissedNotice = MissedNotice.AS_SET
    then: DestinationBody
    otherwise: DestinationBody | None = None


class RulesBody(Form):
    """A whole secretary, made of what `version` was."""

    version: Annotated[int, Field(ge=0, le=_BIGGEST_ID)]
    rules: Annotated[list[RuleBody], Field(max_length=MOST_RULES)]
