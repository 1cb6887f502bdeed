"""The call that somebody supposes: who calls, when, with which status, and what phones do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from pydantic import AfterValidator, StringConstraints

from ari_app.domain.calls import Caller, Outcome
from ari_app.domain.directory import Declared, Directory, Employee, Status
from ari_app.domain.numbers import Extension, OwnStatusId
from ari_app.domain.what_if import Supposed, changed
from ari_app.numbering import caller_number
from web.forms import Filled, Form, Line, Wrong
from web.people_words import OwnStatuses, number_shown, statuses_offered
from web.visit import Visit
from web.words import N_, Words

AS_NOW = "now"
SOMEBODY = "?"
"""The number of a caller from outside of whom nothing is known: no mask but ``*`` is for it."""

_CALLERS = (
    ("outside", N_("from outside")),
    ("inside", N_("a colleague")),
    ("withheld", N_("number withheld")),
)
_PHONES = (
    ("no_answer", N_("ring, nobody answers")),
    ("busy", N_("are busy")),
    ("unreachable", N_("are not registered")),
)
_CALLED: Mapping[str, str] = {
    "outside": N_("Somebody from outside"),
    "inside": N_("A colleague"),
    "withheld": N_("A withheld number"),
}


def _sensible(day: date) -> date:
    if not 2000 <= day.year <= 2200:
        raise Wrong(N_("This day is too far away"))
    return day


class WhatIfForm(Form):
    """Without a day and a time it is now; `if_number` may be empty."""

    if_caller: Literal["outside", "inside", "withheld"] = "outside"
    if_number: Annotated[Line, StringConstraints(max_length=40)] = ""
    if_status: Annotated[str, StringConstraints(max_length=40)] = AS_NOW
    if_date: Annotated[date, AfterValidator(_sensible)] | None = None
    if_time: time | None = None
    if_phones: Literal["no_answer", "busy", "unreachable"] = "no_answer"


@dataclass(frozen=True, slots=True)
class Asking:
    """The form and what can be chosen in it. `path` is where it is sent."""

    form: Filled[WhatIfForm]
    path: str
    callers: Sequence[tuple[str, str]]
    statuses: Sequence[tuple[str, str]]
    phones: Sequence[tuple[str, str]]
    zone: str
    may_replay: bool = True


def asking(
    visit: Visit,
    employee: Employee,
    form: Filled[WhatIfForm] | None = None,
    *,
    may_replay: bool = True,
) -> Asking:
    """What the form shows; a new one is filled with this very moment in the employee's zone."""
    say = visit.words.say
    own = visit.directory.own_statuses
    return Asking(
        _filled(form, employee, visit.now),
        f"/employees/{employee.id}/secretary/what-if",
        [(value, say(text)) for value, text in _CALLERS],
        [(AS_NOW, say(N_("as it is now"))), *statuses_offered(visit.words, own)],
        [(value, say(text)) for value, text in _PHONES],
        employee.zone.key,
        may_replay,
    )


def is_asked(visit: Visit) -> bool:
    """Whether the address supposes a call."""
    return any(name in visit.request.query for name in WhatIfForm.model_fields)


def checked(form: Filled[WhatIfForm], directory: Directory, words: Words) -> Filled[WhatIfForm]:
    """The form with what the office says of it."""
    value = form.value
    if value is None:
        return form
    errors = {}
    is_nobodys = Extension(value.if_number) not in directory.extensions
    if value.if_caller == "inside" and value.if_number and is_nobodys:
        errors["if_number"] = words.say(N_("Nobody has this extension"))
    if value.if_status != AS_NOW and _declared(value.if_status, directory.own_statuses) is None:
        errors["if_status"] = words.say(N_("Please choose one of the list"))
    return form.with_errors(errors) if errors else form


def supposed(form: WhatIfForm, employee: Employee, now: datetime, country: str) -> Supposed:
    """The call that the form describes."""
    return Supposed(
        _caller(form, country), employee.id, _moment(form, employee, now), Outcome(form.if_phones)
    )


def with_status(directory: Directory, employee: Employee, form: WhatIfForm) -> Directory:
    """The office as the form supposes it."""
    declared = _declared(form.if_status, directory.own_statuses)
    person = employee if declared is None else replace(employee, declared=declared)
    return changed(directory, person)


def caller_told(words: Words, form: WhatIfForm, call: Supposed, directory: Directory) -> str:
    """Who calls."""
    number = call.caller.number
    if number in ("", SOMEBODY):
        return words.say(_CALLED[form.if_caller])
    if not call.caller.is_inside:
        return number_shown(number)
    whose = directory.extensions.get(Extension(number))
    name = directory.employees[whose].name if whose is not None else ""
    return f"{name} ({number})"


def moment_told(words: Words, at: datetime, zone: ZoneInfo) -> str:
    """When, by the employee's clock, with the day of the week."""
    pattern = "EEE d MMMM y, HH:mm"
    return str(format_datetime(at, pattern, tzinfo=zone, locale=words.locale))


def _caller(form: WhatIfForm, country: str) -> Caller:
    match form.if_caller:
        case "inside":
            return Caller(form.if_number, is_inside=True)
        case "withheld":
            return Caller("", is_inside=False)
        case "outside":
            return Caller(caller_number(form.if_number, country) or SOMEBODY, is_inside=False)


def _moment(form: WhatIfForm, employee: Employee, now: datetime) -> datetime:
    """By the employee's clock; what is left out is as it is now."""
    if form.if_date is None and form.if_time is None:
        return now
    local = now.astimezone(employee.zone)
    clock = (form.if_time or local.time()).replace(tzinfo=None)
    day = form.if_date or local.date()
    return datetime.combine(day, clock, employee.zone).astimezone(UTC)


def _declared(value: str, own: OwnStatuses) -> Declared | None:
    digits = value.removeprefix("own-")
    if digits != value:
        status = (
            own.get(OwnStatusId(int(digits))) if digits.isdecimal() and digits.isascii() else None
        )
        return None if status is None else Declared(status.base, status.id)
    return next((Declared(base) for base in Status if base.value == value), None)


def _filled(
    form: Filled[WhatIfForm] | None, employee: Employee, now: datetime
) -> Filled[WhatIfForm]:
    """What was left out is shown as it is now."""
    local = now.astimezone(employee.zone)
    typed = {"if_date": [f"{local:%Y-%m-%d}"], "if_time": [f"{local:%H:%M}"]}
    if form is None:
        return Filled(typed, WhatIfForm())
    given = {name: texts for name, texts in form.typed.items() if any(map(str.strip, texts))}
    return replace(form, typed={**typed, **given})
