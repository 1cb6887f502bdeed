"""A new employee: a short form, a warning about namesakes, and the login that was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.rights import Right, Role, Scope
from ari_app.store import newcomers, roles
from ari_app.store.errors import StoreError
from ari_app.store.finding import Person
from ari_app.store.office import departments
from web.acts.given_roles import for_newcomers
from web.acts.newcomers import Added, Namesake, NewForm, add_employee
from web.forms import Filled
from web.pages.card import told
from web.pages.card_head import CARD, path_of
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form; `namesakes` are those who have the name already."""

    form: Filled[NewForm]
    departments: Sequence[tuple[int, str]]
    roles: Sequence[tuple[int, str]]
    taken: Mapping[str, Person]
    namesakes: Sequence[Person] = ()
    asks_about_name: bool = False
    has_to_choose: bool = False
    """Whether somebody without a department cannot be added."""


async def new(visit: Visit) -> web.StreamResponse:
    """The form, with the next extension, and a phone of that name."""
    async with visit.panel.sessions() as session:
        extension = await newcomers.next_extension(session)
    department = visit.signed_in.department
    typed = {"extension": [extension], "own_phone": ["true"]}
    if visit.scope(Right.ADD_EMPLOYEES) is Scope.DEPARTMENT and department is not None:
        typed["department"] = [str(department)]
    return show(visit, "employee_new.html", await _page(visit, Filled(typed), {}))


async def add(visit: Visit) -> web.StreamResponse:
    """Add somebody, or tell what is in the way."""
    filled = await visit.filled(NewForm)
    taken: dict[str, Person] = {}
    is_namesake = False
    added: Added | None = None
    if filled.value is not None:
        try:
            added = await add_employee(visit, filled.value)
        except StoreError as error:
            is_namesake = isinstance(error, Namesake)
            filled, taken = await told(visit, filled, error)
    if added is not None:
        text = N_("{name} was added. The login is {login}.")
        if added.is_invited:
            text = N_("{name} was added. The login is {login}. The letter to register is sent.")
        name = filled.text("name").strip()
        to = path_of(added.employee, CARD)
        return visit.done(to, text, name=name, login=added.login)
    page = await _page(visit, filled, taken, is_namesake=is_namesake)
    return show_again(visit, "employee_new.html", page)


async def _page(
    visit: Visit,
    form: Filled[NewForm],
    taken: Mapping[str, Person],
    *,
    is_namesake: bool = False,
) -> NewPage:
    async with visit.panel.sessions() as session:
        offices = await departments(session)
        known = await roles.roles(session)
        name = form.text("name").strip()
        same = await newcomers.namesakes(session, name) if is_namesake else ()
    is_everywhere = visit.scope(Right.ADD_EMPLOYEES) is Scope.EVERYONE
    named = [
        (int(one.id), visit.words.own((one.name_ru, one.name_en)))
        for one in offices
        if is_everywhere or one.id == visit.signed_in.department
    ]
    return NewPage(
        form,
        sorted(named, key=lambda pair: pair[1].casefold()),
        [(role.id, _name(visit, role)) for role in for_newcomers(visit, known)],
        taken,
        [person for person in same if visit.may(Right.SEE_EMPLOYEES, person.subject)],
        asks_about_name=is_namesake or form.has("same_name"),
        has_to_choose=not is_everywhere,
    )


def _name(visit: Visit, role: Role) -> str:
    return visit.words.own((role.name_ru, role.name_en))
