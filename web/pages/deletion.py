"""Deleting an employee: what refers to them, who takes over, and the way back for a day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import Problem
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import departures
from ari_app.store.accounts import Account
from ari_app.store.accounts import account as account_of
from ari_app.store.departures import Departed, Footprint
from ari_app.store.errors import HandOverError, NotThereError, StoreError, TakenError
from ari_app.store.finding import people_of
from ari_app.store.handover import Deed, Finder, Reference
from ari_app.store.references import FINDERS
from web.acts import deletion as acts
from web.acts.deletion import DeletionForm, RestoreForm
from web.forms import Filled, fill, refused
from web.render import show, show_again
from web.visit import Flash, Visit
from web.words import N_

KINDS: Mapping[str, tuple[str, str]] = {
    "rules": (
        N_("Rules of colleagues that lead here"),
        N_(
            "What is taken out leaves the rule's other colleagues, or its “otherwise”; a rule that"
            " would lead nowhere is switched off. What is left is passed over when a call comes."
        ),
    ),
    "groups": (N_("Groups"), N_("Who takes over gets the same place in the group.")),
    "number": (
        N_("Own outside number"),
        N_("What is left leads nowhere: callers who dial it do not get through."),
    ),
}
DEEDS: Mapping[Deed, str] = {
    Deed.HAND_OVER: N_("Hand over"),
    Deed.REMOVE: N_("Take out"),
    Deed.LEAVE: N_("Leave as it is"),
}
_PROBLEMS: Mapping[Problem | None, str] = {
    None: N_("{name} cannot take this over: there is one already"),
    Problem.MYSELF: N_("{name} cannot take this over: the rule is their own"),
    Problem.CIRCLE: N_("{name} cannot take this over: calls would go round in a circle, {people}"),
}


@dataclass(frozen=True, slots=True)
class KindPage:
    """One kind of reference: what there is, and what can be done about it."""

    finder: Finder
    title: str
    hint: str
    references: Sequence[Reference]


@dataclass(frozen=True, slots=True)
class Page:
    """The preview."""

    person: Account
    footprint: Footprint
    kinds: list[KindPage]
    form: Filled[DeletionForm]
    forbidden: str = ""

    @property
    def deeds(self) -> Mapping[Deed, str]:
        return DEEDS


@dataclass(frozen=True, slots=True)
class RestorePage:
    """Coming back: who has meanwhile what was theirs."""

    person: Departed
    taken: Mapping[str, str]
    form: Filled[RestoreForm]


async def preview(visit: Visit) -> web.StreamResponse:
    """What would become of everything."""
    return show(visit, "deletion.html", await _page(visit, Filled()))


async def delete(visit: Visit) -> web.StreamResponse:
    """Do it."""
    page = await _page(visit, await _filled(visit))
    employee = page.person.employee
    if page.form.value is not None:
        try:
            await acts.delete_employee(visit, employee, page.form.value)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except HandOverError as error:
            told = await _refused(visit, error, page.form)
            return show_again(visit, "deletion.html", await _page(visit, told))
        except StoreError as error:
            told = page.form.with_errors(refused(error, visit.words))
            return show_again(visit, "deletion.html", await _page(visit, told))
    else:
        return show_again(visit, "deletion.html", page)
    return visit.done(
        "/employees/deleted",
        N_("{name} was deleted"),
        undo=f"/employees/{employee}/restore",
        name=page.person.name,
    )


async def deleted(visit: Visit) -> web.StreamResponse:
    """Who was deleted lately."""
    async with visit.panel.sessions() as session:
        found = await departures.departed(session, visit.now)
    seen = [one for one in found if visit.may(Right.DELETE_EMPLOYEES, one.subject)]
    return show(visit, "deleted.html", seen)


async def coming_back(visit: Visit) -> web.StreamResponse:
    """What stands in the way of coming back."""
    return show(visit, "restore.html", await _restore_page(visit, Filled()))


async def restore(visit: Visit) -> web.StreamResponse:
    """Take a deletion back."""
    page = await _restore_page(visit, await visit.filled(RestoreForm))
    if page.form.value is None:
        return show_again(visit, "restore.html", page)
    employee = page.person.employee
    try:
        left = await acts.restore_employee(visit, employee, page.form.value)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except TakenError as error:
        told = page.form.with_errors(refused(error, visit.words))
        return show_again(visit, "restore.html", await _restore_page(visit, told))
    return visit.go(f"/employees/{employee}", Flash(_back(visit, page, left)))


def _back(visit: Visit, page: RestorePage, left: Sequence[Reference]) -> str:
    say = visit.words.say
    told = [say(N_("{name} is back."), name=page.person.name)]
    if left:
        names = visit.words.listed([_reference(visit, one) for one in left])
        text = N_("Changed since, so left as it is now: {names}.")
        told.append(say(text, names=names))
    lost = [field for field in page.taken if field != "extension"]
    if lost:
        fields = visit.words.listed([say(FIELDS[field]) for field in lost])
        told.append(say(N_("Somebody else has it now, so it is empty: {fields}."), fields=fields))
    return " ".join(told)


FIELDS: Mapping[str, str] = {
    "extension": N_("Extension"),
    "email": N_("E-mail"),
    "mobile": N_("Mobile"),
    "number": N_("Own outside number"),
}


def _reference(visit: Visit, one: Reference) -> str:
    name = f"“{visit.words.own(one.names)}”"
    return f"{name} ({one.whose})" if one.whose else name


async def _page(visit: Visit, form: Filled[DeletionForm]) -> Page:
    employee = EmployeeId(visit.number("id"))
    async with visit.panel.sessions() as session:
        try:
            person = await account_of(session, employee)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        visit.demand(Right.DELETE_EMPLOYEES, person.subject)
        forbidden = await _forbidden(visit, session, employee)
        footprint = await departures.footprint(session, employee, visit.now)
        found = await acts.references(session, employee)
    kinds = [
        KindPage(finder, *KINDS.get(finder.kind, (finder.kind, "")), found[finder.kind])
        for finder in FINDERS
        if found[finder.kind]
    ]
    return Page(person, footprint, kinds, form, forbidden)


async def _forbidden(visit: Visit, session: AsyncSession, employee: EmployeeId) -> str:
    try:
        await acts.deletable(visit, session, employee)
    except StoreError as error:
        return " ".join(refused(error, visit.words).values())
    return ""


async def _filled(visit: Visit) -> Filled[DeletionForm]:
    """The page has fields for each reference and kind; the form holds all of them."""
    typed: MultiDict[str] = MultiDict()
    for key, value in (await visit.form()).items():
        if isinstance(value, str):
            typed.add(key, value)
    deeds = {key[5:]: value for key, value in typed.items() if key.startswith("deed-")}
    successors = {key[10:]: value for key, value in typed.items() if key.startswith("successor-")}
    typed["deeds"], typed["successors"] = json.dumps(deeds), json.dumps(successors)
    return fill(DeletionForm, typed, visit.words)


async def _refused(
    visit: Visit, error: HandOverError, form: Filled[DeletionForm]
) -> Filled[DeletionForm]:
    """Why something cannot be handed over, beside it."""
    async with visit.panel.sessions() as session:
        known = await people_of(session, set(error.people))
    people = " → ".join(known[who].name for who in error.people if who in known)
    name = form.text(f"successor-{error.kind}")
    text = _PROBLEMS.get(error.problem, N_("{name} cannot take this over"))
    told = visit.words.say(text, name=name, people=people)
    return form.with_errors({f"deed-{error.kind}:{error.which}": told})


async def _restore_page(visit: Visit, form: Filled[RestoreForm]) -> RestorePage:
    employee = EmployeeId(visit.number("id"))
    async with visit.panel.sessions() as session:
        try:
            person = await acts.restorable(visit, session, employee)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        taken = await departures.taken_since(session, employee)
    return RestorePage(person, taken, form)
