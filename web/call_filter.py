"""Which calls are asked for: the filters of the list, as they stand in its address."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Scope
from ari_app.numbering import outside_number
from ari_app.store.call_list import RUNNING, Place, Reach, Wanted
from ari_app.store.office import departments
from web.forms import Line
from web.period import PeriodForm, period
from web.visit import Visit
from web.words import N_

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLACE = re.compile(r"(-?)([0-9]{1,16})-([0-9]{1,9})")
MISSED = frozenset(Ending) - {Ending.ANSWERED}
ENDINGS = (
    ("missed", N_("all missed")),
    (Ending.ANSWERED.value, N_("answered")),
    (Ending.NOT_TAKEN.value, N_("nobody took the call")),
    (Ending.ABANDONED.value, N_("the caller hung up")),
    (Ending.MESSAGE.value, N_("left a message")),
    (Ending.LOST.value, N_("Asterisk stopped")),
    (RUNNING, N_("going on")),
)
SIDES = (("outside", N_("from outside")), ("inside", N_("from inside")))
_Ending = Literal["missed", "answered", "not_taken", "abandoned", "message", "lost", "running"]
_Id = Annotated[int, Field(ge=1, le=999_999_999)]


class CallsForm(PeriodForm):
    """What the list shows; `who` is a part of a name or an extension, `place` where it begins."""

    employee: _Id | None = None
    who: Line = ""
    department: _Id | None = None
    ending: _Ending | None = None
    side: Literal["inside", "outside"] | None = None
    number: Line = ""
    place: Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,16}-[0-9]{1,9}$")] | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the period is asked for."""
        period_only = {"period", "since", "until", "place"}
        return bool(self.model_dump(exclude_defaults=True, exclude=period_only))


def reach_of(visit: Visit, right: Right) -> Reach:
    """Whom a right of this person reaches."""
    scope = visit.scope(right)
    if scope is None:
        raise web.HTTPForbidden
    department = visit.signed_in.department if scope is Scope.DEPARTMENT else None
    return Reach(visit.me, department, everyone=scope is Scope.EVERYONE)


async def offered(visit: Visit, session: AsyncSession, right: Right) -> list[tuple[int, str]]:
    """The departments to choose from, for those whose right reaches everybody."""
    if visit.scope(right) is not Scope.EVERYONE:
        return []
    named = [
        (int(office.id), visit.words.own((office.name_ru, office.name_en)))
        for office in await departments(session)
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


def wanted(visit: Visit, form: CallsForm) -> Wanted:
    """The calls that the form asks for."""
    shown = period(form, visit.words, visit.now)
    number, digits = sought(form.number, visit.panel.settings.country)
    return Wanted(
        since=shown.since,
        until=shown.until,
        employee=None if form.employee is None else EmployeeId(form.employee),
        who=form.who,
        department=form.department,
        endings=_endings(form.ending),
        is_running=form.ending == RUNNING,
        is_inside=None if form.side is None else form.side == "inside",
        number=number,
        digits=digits,
    )


def _endings(asked: _Ending | None) -> frozenset[Ending]:
    if asked is None or asked == "running":
        return frozenset()
    return MISSED if asked == "missed" else frozenset({Ending(asked)})


def sought(typed: str, country: str) -> tuple[str, str]:
    """A number in any typed form as the whole number that it is, or else as a part of one."""
    whole = outside_number(typed, country)
    if whole is not None:
        return whole.e164, ""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if typed and not digits:
        return typed, ""
    # The first digits of a Russian number: 8 916 and 7 916 both stand for +7 916.
    is_beginning = country == "RU" and len(digits) > 4 and digits.startswith(("8", "79"))
    return "", f"7{digits[1:]}" if is_beginning else digits


def place(form: CallsForm) -> Place | None:
    """Where the page begins; None for the newest call."""
    return parse_place(form.place)


def parse_place(text: str | None) -> Place | None:
    """The place that `place_text` wrote."""
    parts = _PLACE.fullmatch(text or "")
    if parts is None:
        return None
    newer, micros, number = parts.groups()
    try:
        return Place(_EPOCH + int(micros) * _MICROSECOND, int(number), is_newer=bool(newer))
    except OverflowError:
        return None


def link(visit: Visit, there: Place | None) -> str:
    """The address of the page that begins there."""
    if there is None:
        return ""
    return f"/calls?{query(visit, CallsForm.model_fields, place=place_text(there))}"


def place_text(there: Place) -> str:
    """A place as `place` reads it."""
    micros = (there.began_at - _EPOCH) // _MICROSECOND
    return f"{'-' if there.is_newer else ''}{micros}-{there.id}"


def query(visit: Visit, known: Iterable[str], **changed: str) -> str:
    """What is asked for now, with some of it changed ("": left out)."""
    names = set(known) - set(changed) - {"place"}
    kept = [(name, value) for name, value in visit.request.query.items() if name in names and value]
    return urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
