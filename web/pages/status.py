"""The status, one's own and that of others: shown, chosen, ended."""

from collections.abc import Awaitable
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.directory import Employee
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.domain.rights import Right
from ari_app.store.accounts import Account, account
from ari_app.store.errors import NotThereError, StoreError
from web.acts import status as acts
from web.acts.status import StatusForm
from web.forms import Filled, Form, refused
from web.my_status import StatusBox, status_box
from web.render import PART, show, show_again
from web.visit import Visit
from web.words import N_


class HereForm(Form):
    """The page that a button was pressed on."""

    here: str = "/"


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody's status and the form to change it; `name` is "" for one's own."""

    box: StatusBox | None
    form: Filled[StatusForm]
    name: str = ""


async def mine(visit: Visit) -> web.StreamResponse:
    """One's own; also the part of it that stands in every page's top bar."""
    return show(visit, "status.html", _own(visit, Filled()))


async def change_mine(visit: Visit) -> web.StreamResponse:
    """Declare one's own."""
    filled = await visit.filled(StatusForm)
    if filled.value is not None:
        try:
            await acts.change_status(visit, visit.me, filled.value)
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "status.html", _own(visit, filled))
    return await _back(visit)


async def end_mine(visit: Visit) -> web.StreamResponse:
    """Back to what lies below."""
    await _done(acts.end_temporary(visit, visit.me))
    return await _back(visit)


async def come_back(visit: Visit) -> web.StreamResponse:
    """Back to what silence has taken."""
    await _done(acts.come_back(visit))
    return await _back(visit)


async def stay(visit: Visit) -> web.StreamResponse:
    """It is well as it is."""
    await acts.stay(visit)
    return await _back(visit)


async def of_employee(visit: Visit) -> web.StreamResponse:
    """Somebody else's."""
    return show(visit, "status.html", await _theirs(visit, Filled()))


async def change_of_employee(visit: Visit) -> web.StreamResponse:
    """Declare somebody else's."""
    filled = await visit.filled(StatusForm)
    employee = EmployeeId(visit.number("id"))
    if filled.value is not None:
        try:
            await acts.change_status(visit, employee, filled.value)
        except NotThereError as error:
            if error.what != "own status":
                raise web.HTTPNotFound from error
            filled = filled.with_errors(refused(error, visit.words))
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
    if filled.value is None:
        return show_again(visit, "status.html", await _theirs(visit, filled))
    return await _on(visit, N_("The status was changed"))


async def end_of_employee(visit: Visit) -> web.StreamResponse:
    """End somebody else's temporary one."""
    await _done(acts.end_temporary(visit, EmployeeId(visit.number("id"))))
    return await _on(visit, N_("The status was changed"))


async def _done(act: Awaitable[object]) -> None:
    try:
        await act
    except NotThereError as error:
        raise web.HTTPNotFound from error


async def _back(visit: Visit) -> web.StreamResponse:
    """The new top bar for a page that stays, or the page itself anew."""
    if visit.request.headers.get(PART):
        visit.account = await _account(visit, visit.me)
        return show(visit, "status.html", _own(visit, Filled()))
    return visit.go(await _here(visit))


async def _on(visit: Visit, text: str) -> web.StreamResponse:
    return visit.done(await _here(visit), text)


async def _here(visit: Visit) -> str:
    filled = await visit.filled(HereForm)
    return filled.value.here if filled.value else "/"


def _own(visit: Visit, form: Filled[StatusForm]) -> Page:
    person = visit.directory.employees.get(visit.me)
    allowed = visit.signed_in.own_statuses
    return Page(_box(visit, person, allowed, "/status"), form)


async def _theirs(visit: Visit, form: Filled[StatusForm]) -> Page:
    employee = EmployeeId(visit.number("id"))
    found = await _account(visit, employee)
    visit.demand(Right.CHANGE_STATUS, found.subject)
    person = visit.directory.employees.get(employee)
    post = f"/employees/{employee}/status"
    return Page(_box(visit, person, found.own_statuses, post), form, found.name)


def _box(
    visit: Visit, person: Employee | None, allowed: frozenset[OwnStatusId] | None, post: str
) -> StatusBox | None:
    return None if person is None else status_box(visit, person, allowed, post)


async def _account(visit: Visit, employee: EmployeeId) -> Account:
    async with visit.panel.sessions() as session:
        try:
            return await account(session, employee)
        except NotThereError as error:
            raise web.HTTPNotFound from error
