"""Statuses by the API: read, declared for good or with a time to live, ended."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from ari_app.domain.directory import Declared
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store.accounts import account
from ari_app.store.directory import read_own_statuses
from ari_app.store.statuses import declared_by
from web.acts import status as acts
from web.acts.status import StatusForm
from web.api.problems import WRONG_FIELDS, ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import StatusValue, status_value
from web.forms import Form, Wrong
from web.visit import Access, Visit
from web.words import N_

_LONGEST = 366 * 24 * 3600


def _named(text: str) -> str:
    return StatusForm.model_validate({"status": text}).status


def _sensible(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2200:
        raise Wrong(N_("This moment has passed, or is too far away"))
    return moment


class DeclaredForm(Form, json_schema_extra={"example": {"status": "break", "ttl_seconds": 600}}):
    """A status (`break`, `own-3`); it ends at `until` or after `ttl_seconds`, not with both.

    With neither of them it lasts until it is changed.
    """

    status: Annotated[str, AfterValidator(_named)]
    until: Annotated[AwareDatetime, AfterValidator(_sensible)] | None = None
    ttl_seconds: Annotated[int, Field(ge=1, le=_LONGEST)] | None = None


async def mine(visit: Visit) -> StatusValue:
    """One's own."""
    return await _stored(visit, visit.me)


async def change_mine(visit: Visit, form: DeclaredForm) -> StatusValue:
    """Declare one's own."""
    return await _change(visit, visit.me, form)


async def end_mine(visit: Visit) -> StatusValue:
    """Back to what lies below."""
    return await _told(visit, await acts.end_temporary(visit, visit.me))


async def of_employee(visit: Visit) -> StatusValue:
    """Somebody's."""
    return await _stored(visit, EmployeeId(visit.number("id")))


async def change_of_employee(visit: Visit, form: DeclaredForm) -> StatusValue:
    """Declare it for somebody."""
    return await _change(visit, EmployeeId(visit.number("id")), form)


async def end_of_employee(visit: Visit) -> StatusValue:
    """End it for somebody."""
    ended = await acts.end_temporary(visit, EmployeeId(visit.number("id")))
    return await _told(visit, ended)


async def _stored(visit: Visit, employee: EmployeeId) -> StatusValue:
    async with visit.panel.sessions() as session:
        person = await account(session, employee)
        if employee != visit.me and not visit.may(Right.CHANGE_STATUS, person.subject):
            visit.demand(Right.SEE_EMPLOYEES, person.subject)
        declared = await declared_by(session, employee)
        return status_value(visit, declared, await read_own_statuses(session))


async def _change(visit: Visit, employee: EmployeeId, form: DeclaredForm) -> StatusValue:
    choice = StatusForm.model_construct(status=form.status).choice
    return await _told(visit, await acts.declare(visit, employee, choice, _end(visit, form)))


def _end(visit: Visit, form: DeclaredForm) -> datetime | None:
    if form.ttl_seconds is None:
        if form.until is not None and form.until <= visit.now:
            _refuse(visit, "until", N_("This moment has passed, or is too far away"))
        return form.until
    if form.until is not None:
        _refuse(visit, "ttl_seconds", N_("Either a moment or a time to live, not both"))
    return visit.now + timedelta(seconds=form.ttl_seconds)


def _refuse(visit: Visit, field: str, text: str) -> None:
    errors = {field: visit.words.say(text)}
    raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, errors)


async def _told(visit: Visit, declared: Declared) -> StatusValue:
    async with visit.panel.sessions() as session:
        return status_value(visit, declared, await read_own_statuses(session))


_STATUS = TokenScope.STATUS
_THEIRS = f"{V1}/employees/{{id}}/status"
OPERATIONS = (
    ApiRoute(
        "GET", f"{V1}/me/status", mine, Access.LOGGED_IN, _STATUS, N_("My status"), StatusValue
    ),
    ApiRoute(
        "PUT",
        f"{V1}/me/status",
        change_mine,
        Right.CHANGE_STATUS,
        _STATUS,
        N_("Change my status, until a moment or for good"),
        StatusValue,
        DeclaredForm,
    ),
    ApiRoute(
        "DELETE",
        f"{V1}/me/status",
        end_mine,
        Right.CHANGE_STATUS,
        _STATUS,
        N_("End my temporary status"),
        StatusValue,
    ),
    ApiRoute(
        "GET",
        _THEIRS,
        of_employee,
        Access.LOGGED_IN,
        _STATUS,
        N_("Somebody's status"),
        StatusValue,
    ),
    ApiRoute(
        "PUT",
        _THEIRS,
        change_of_employee,
        Right.CHANGE_STATUS,
        _STATUS,
        N_("Change somebody's status, until a moment or for good"),
        StatusValue,
        DeclaredForm,
    ),
    ApiRoute(
        "DELETE",
        _THEIRS,
        end_of_employee,
        Right.CHANGE_STATUS,
        _STATUS,
        N_("End somebody's temporary status"),
        StatusValue,
    ),
)
