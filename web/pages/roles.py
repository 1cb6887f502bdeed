"""Roles: the list, one as a table of rights and how far they reach, and who has it."""

import json
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiDict

from ari_app.domain.rights import ADMINISTRATOR, Right, Role, Scope
from ari_app.store import roles as store
from ari_app.store.errors import NotThereError, StoreError
from ari_app.store.finding import Person, people_with_role
from web.acts import roles as acts
from web.acts.roles import RoleForm
from web.forms import Filled, Form, Id, PageNumber, fill, refused
from web.render import show, show_again
from web.right_words import RIGHTS, SCOPES, scopes_of
from web.visit import Flash, Visit
from web.words import N_

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    role: Role
    people: int


@dataclass(frozen=True, slots=True)
class Page:
    """All roles, the highest first."""

    lines: list[Line]


@dataclass(frozen=True, slots=True)
class RightLine:
    """One right of the table; a scope that is not `offered` is shown, but cannot be chosen."""

    right: Right
    name: str
    text: str
    scopes: tuple[Scope, ...]
    most: int


@dataclass(frozen=True, slots=True)
class OnePage:
    """One role (id 0: a new one) as a form."""

    id: int
    title: str
    preset: str | None
    people: int
    form: Filled[RoleForm]
    rights: list[RightLine]
    may_change: bool
    most_rank: int

    @property
    def is_administrator(self) -> bool:
        return self.preset == ADMINISTRATOR.preset

    @property
    def scopes(self) -> dict[Scope, str]:
        return dict(SCOPES)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who has a role."""

    role: Role
    people: list[Person]
    total: int
    number: int
    pages: int


class CopyForm(Form):
    """Which role a new one begins as."""

    copy_of: Id = 0


class PageForm(Form):
    """Which page of a list."""

    page: PageNumber = 1


async def roles(visit: Visit) -> web.StreamResponse:
    """The list."""
    async with visit.panel.sessions() as session:
        found = await store.roles(session)
        people = await store.all_holders(session)
    lines = [Line(role, people.get(role.id, 0)) for role in reversed(found)]
    return show(visit, "roles.html", Page(lines))


async def new(visit: Visit) -> web.StreamResponse:
    """An empty form, or one that begins as a copy."""
    asked = visit.asked(CopyForm).value or CopyForm()
    typed: dict[str, list[str]] = {"rank": ["10"]}
    if asked.copy_of:
        role = await _role(visit, asked.copy_of)
        typed = _typed(role, rank=min(role.rank, visit.actor.role.rank))
        typed["name_ru"] = [f"{role.name_ru} (копия)"[:100]]
        typed["name_en"] = [f"{role.name_en} (copy)"[:100]]
    return show(visit, "role.html", _page(visit, None, 0, Filled(typed)))


async def role(visit: Visit) -> web.StreamResponse:
    """One role."""
    one, people = await _with_people(visit)
    return show(visit, "role.html", _page(visit, one, people, Filled(_typed(one))))


async def add(visit: Visit) -> web.StreamResponse:
    """Add one."""
    return await _saved(visit, None, 0)


async def change(visit: Visit) -> web.StreamResponse:
    """Save one."""
    one, people = await _with_people(visit)
    return await _saved(visit, one, people)


async def remove(visit: Visit) -> web.StreamResponse:
    """Remove one that nobody has."""
    one, _ = await _with_people(visit)
    try:
        number = await acts.remove_role(visit, one.id)
    except StoreError as error:
        text = " ".join(refused(error, visit.words).values())
        return visit.go(f"/roles/{one.id}/people", Flash(text, is_good=False))
    name = visit.words.own((one.name_ru, one.name_en))
    text = N_("The role “{name}” was removed")
    return visit.done("/roles", text, undo=f"/roles/undo/{number}", name=name)


async def people(visit: Visit) -> web.StreamResponse:
    """Who has it."""
    one, total = await _with_people(visit)
    asked = visit.asked(PageForm).value or PageForm()
    pages = max(1, -(-total // _A_PAGE))
    number = min(max(asked.page, 1), pages)
    async with visit.panel.sessions() as session:
        found = await people_with_role(session, one.id, _A_PAGE, (number - 1) * _A_PAGE)
    seen = [person for person in found if visit.may(Right.SEE_EMPLOYEES, person.subject)]
    return show(visit, "role_people.html", PeoplePage(one, seen, total, number, pages))


async def _saved(visit: Visit, one: Role | None, people: int) -> web.StreamResponse:
    filled = await _filled(visit)
    if filled.value is not None:
        try:
            await acts.save_role(visit, 0 if one is None else one.id, filled.value)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "role.html", _page(visit, one, people, filled))
    return visit.done("/roles", N_("The role was added") if one is None else N_("Saved"))


async def _filled(visit: Visit) -> Filled[RoleForm]:
    """The table has a field for each right; the form has one for all of them."""
    typed: MultiDict[str] = MultiDict()
    for key, value in (await visit.form()).items():
        if isinstance(value, str):
            typed.add(key, value)
    chosen = {right.value: typed.get(f"right-{right.value}", "0") for right in Right}
    grants = {right: int(scope) for right, scope in chosen.items() if scope in {"1", "2", "3"}}
    typed["grants"] = json.dumps(grants)
    return fill(RoleForm, typed, visit.words)


def _typed(role: Role, rank: int | None = None) -> dict[str, list[str]]:
    return {
        "name_ru": [role.name_ru],
        "name_en": [role.name_en],
        "rank": [str(role.rank if rank is None else rank)],
        "needs_second_factor": ["true"] if role.needs_second_factor else [],
        **{f"right-{right.value}": [str(int(scope))] for right, scope in role.grants.items()},
    }


def _page(visit: Visit, one: Role | None, people: int, form: Filled[RoleForm]) -> OnePage:
    rights = [
        RightLine(right, name, text, scopes_of(right), int(visit.scope(right) or 0))
        for right, (name, text) in RIGHTS.items()
    ]
    return OnePage(
        id=0 if one is None else one.id,
        title="" if one is None else visit.words.own((one.name_ru, one.name_en)),
        preset=None if one is None else one.preset,
        people=people,
        form=form,
        rights=rights,
        may_change=one is None or visit.actor.may_give(one),
        most_rank=visit.actor.role.rank,
    )


async def _with_people(visit: Visit) -> tuple[Role, int]:
    one = await _role(visit, visit.number("id"))
    async with visit.panel.sessions() as session:
        return one, await store.holders(session, one.id)


async def _role(visit: Visit, which: int) -> Role:
    async with visit.panel.sessions() as session:
        try:
            return await store.role(session, which)
        except NotThereError as error:
            raise web.HTTPNotFound from error
