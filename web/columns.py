"""Columns of the list of employees: which are shown, in which order, kept on the workstation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import StringConstraints

from ari_app.store.employees_list import SortBy
from web.forms import Form
from web.visit import Visit
from web.words import N_

COOKIE = "as_columns"
"""Belongs to the computer, whoever logs in there; a cookie of a year."""

TEXTS = {
    SortBy.NAME: N_("Name"),
    SortBy.EXTENSION: N_("Extension"),
    SortBy.STATUS: N_("Status"),
    SortBy.DEPARTMENT: N_("Department"),
    SortBy.POSITION: N_("Position"),
    SortBy.MOBILE: N_("Mobile"),
    SortBy.EMAIL: N_("E-mail"),
    SortBy.LOGIN: N_("Login"),
    SortBy.ROLE: N_("Role"),
    SortBy.NUMBER: N_("Own outside number"),
}
_CHOSEN = tuple(column for column in TEXTS if column is not SortBy.NAME)
_USUAL = _CHOSEN[:5]


@dataclass(frozen=True, slots=True)
class Choice:
    """A column as it is offered; the name stands first and is always shown."""

    column: SortBy
    text: str
    is_shown: bool


class ColumnsForm(Form):
    """All columns in their order, those that are shown, and perhaps one to move first."""

    order: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    move: Annotated[str, StringConstraints(max_length=40)] = ""
    act: Literal["save", "usual"] = "save"
    back: Annotated[str, StringConstraints(max_length=1000)] = ""


def shown_columns(visit: Visit) -> tuple[SortBy, ...]:
    """What this workstation shows beside the name."""
    cookie = visit.request.cookies.get(COOKIE)
    if cookie is None:
        return _USUAL
    return tuple(_known(cookie.split("-")))


def choices(visit: Visit) -> list[Choice]:
    """Every column to choose from: those shown in their order, then the others."""
    shown = shown_columns(visit)
    ordered = [*shown, *(column for column in _CHOSEN if column not in shown)]
    return [Choice(column, TEXTS[column], column in shown) for column in ordered]


def keep(visit: Visit, form: ColumnsForm) -> None:
    """Store the choice on the workstation."""
    if form.act == "usual":
        visit.cookies[COOKIE] = None
        return
    ordered = _moved(_known(form.order), form.move)
    shown = [column.value for column in ordered if column.value in form.shown]
    visit.cookies[COOKIE] = "-".join(shown)


def _moved(order: Sequence[SortBy], move: str) -> list[SortBy]:
    way, _, name = move.partition(":")
    found = list(order)
    place = next((at for at, column in enumerate(found) if column.value == name), None)
    if place is None or way not in {"up", "down"}:
        return found
    found.insert(max(0, place - 1) if way == "up" else place + 1, found.pop(place))
    return found


def _known(names: Sequence[str]) -> list[SortBy]:
    by_value = {column.value: column for column in _CHOSEN}
    return [by_value[name] for name in dict.fromkeys(names) if name in by_value]
