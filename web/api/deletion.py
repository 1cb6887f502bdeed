"""Deleting employees by the API: what refers to them, who takes over, and the way back."""

from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import departures
from ari_app.store.accounts import account
from ari_app.store.handover import Deed, Finder, Reference
from ari_app.store.references import FINDERS
from web.acts import deletion as acts
from web.acts.deletion import DeletionForm, RestoreForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """One thing that refers to somebody; `key` is its name in `deeds`."""

    key: str
    name_ru: str
    name_en: str
    whose: str
    forbids: bool


@dataclass(frozen=True, slots=True)
class KindValue:
    """References of a kind, and what can be done about each; the last is done unasked."""

    kind: str
    deeds: list[Deed]
    references: list[ReferenceValue]


@dataclass(frozen=True, slots=True)
class DeletionValue:
    """What a deletion would touch: what needs a decision, and what ends by itself."""

    kinds: list[KindValue]
    phones: list[str]
    has_voicemail: bool
    rules: int
    devices: int
    links: int
    tokens: int
    calls: int


@dataclass(frozen=True, slots=True)
class DeletedValue:
    """Somebody who was deleted lately."""

    id: int
    name: str
    extension: str
    at: datetime
    by: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class RestoredValue:
    """What was left as it is now, because somebody changed it since."""

    left: list[ReferenceValue]


async def preview(visit: Visit) -> DeletionValue:
    """What would become of everything."""
    employee = EmployeeId(visit.number("id"))
    async with visit.panel.sessions() as session:
        person = await account(session, employee)
        visit.demand(Right.DELETE_EMPLOYEES, person.subject)
        found = await acts.references(session, employee)
        touched = await departures.footprint(session, employee, visit.now)
    return DeletionValue(
        [_kind(finder, list(found[finder.kind])) for finder in FINDERS if found[finder.kind]],
        list(touched.phones),
        touched.has_voicemail,
        touched.rules,
        touched.devices,
        touched.links,
        touched.tokens,
        touched.calls,
    )


async def delete(visit: Visit, form: DeletionForm) -> None:
    """Do it."""
    await acts.delete_employee(visit, EmployeeId(visit.number("id")), form)


async def deleted(visit: Visit) -> list[DeletedValue]:
    """Who was deleted lately."""
    async with visit.panel.sessions() as session:
        found = await departures.departed(session, visit.now)
    return [
        DeletedValue(one.employee, one.name, one.extension, one.at, one.by, one.can_undo)
        for one in found
        if visit.may(Right.DELETE_EMPLOYEES, one.subject)
    ]


async def restore(visit: Visit, form: RestoreForm) -> RestoredValue:
    """Take a deletion back."""
    left = await acts.restore_employee(visit, EmployeeId(visit.number("id")), form)
    return RestoredValue([_reference(one) for one in left])


def _kind(finder: Finder, found: list[Reference]) -> KindValue:
    return KindValue(finder.kind, list(finder.deeds), [_reference(one) for one in found])


def _reference(one: Reference) -> ReferenceValue:
    return ReferenceValue(f"{one.kind}:{one.id}", *one.names, one.whose, one.forbids)


_RIGHT, _WRITE = Right.DELETE_EMPLOYEES, TokenScope.EMPLOYEES_WRITE
_ONE = f"{V1}/employees/{{id}}"

OPERATIONS = (
    ApiRoute(
        "GET",
        f"{_ONE}/deletion",
        preview,
        _RIGHT,
        _WRITE,
        N_("What deleting somebody would touch"),
        DeletionValue,
    ),
    ApiRoute(
        "DELETE",
        _ONE,
        delete,
        _RIGHT,
        _WRITE,
        N_("Delete somebody, and hand over what refers to them"),
        body=DeletionForm,
    ),
    ApiRoute(
        "POST",
        f"{_ONE}/restore",
        restore,
        _RIGHT,
        _WRITE,
        N_("Take a deletion back, within a day"),
        RestoredValue,
        RestoreForm,
    ),
    ApiRoute(
        "GET",
        f"{V1}/deleted-employees",
        deleted,
        _RIGHT,
        _WRITE,
        N_("Who was deleted lately"),
        list[DeletedValue],
    ),
)
