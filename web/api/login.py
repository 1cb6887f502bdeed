"""Logging in by the API: the same login, password and code as on the page, for a token."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, NoReturn

from aiohttp import web
from pydantic import Field

from ari_app.domain.rights import Right
from ari_app.store.accounts import Account
from web.acts import login as acts
from web.acts.login import Failed, PasswordText
from web.api.door import ProgramVisit
from web.api.problems import ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.token_acts import issue, revoke_token
from web.forms import Form
from web.visit import Access, Visit
from web.words import N_

_HOUR = 3600
_DAYS = 30


class ProgramLoginForm(Form):
    """Login, mobile or e-mail address, password, and the second factor where there is one."""

    login: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[PasswordText, Field(min_length=1)]
    code: Annotated[str, Field(max_length=20)] = ""
    ttl_seconds: Annotated[int, Field(ge=60, le=_DAYS * 24 * _HOUR)] = 12 * _HOUR


@dataclass(frozen=True, slots=True)
class LetIn:
    """A token that opens all that its owner may do, until it expires."""

    token: str
    expires_at: datetime


async def log_in(visit: Visit, form: ProgramLoginForm) -> LetIn:
    """Let a program in."""
    visit.account = None
    try:
        person = await acts.verified(visit, form.login, form.password)
        await _check_code(visit, person, form.code)
    except Failed as failed:
        _refuse(failed, N_("Login or password are wrong."))
    if not person.actor.may(Right.USE_API):
        raise web.HTTPForbidden
    visit.account = person
    expires_at = visit.now + timedelta(seconds=form.ttl_seconds)
    scopes = {scope.value for scope in TokenScope}
    made = await issue(visit, "POST /api/v1/login", scopes, expires_at)
    return LetIn(made.secret, expires_at)


async def log_out(visit: Visit) -> None:
    """The token that this is sent with opens nothing any more."""
    if not isinstance(visit, ProgramVisit) or visit.token is None:
        raise web.HTTPForbidden
    await revoke_token(visit, visit.token.id)


async def _check_code(visit: Visit, person: Account, code: str) -> None:
    if person.has_second_factor:
        if not code:
            title = N_("The code of the second factor is missing")
            raise ProblemError(HTTPStatus.UNAUTHORIZED, title, {"code": visit.words.say(title)})
        await acts.check_code(visit, person.employee, code)
    elif person.role.needs_second_factor:
        raise ProblemError(
            HTTPStatus.FORBIDDEN, N_("Your role needs a second factor: set it up in the panel")
        )


def _refuse(failed: Failed, title: str) -> NoReturn:
    if failed.seconds:
        wait = {"Retry-After": str(math.ceil(failed.seconds))}
        title = N_("Too many tries")
        raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, title, headers=wait)
    raise ProblemError(HTTPStatus.UNAUTHORIZED, title)


OPERATIONS = (
    ApiRoute(
        "POST",
        f"{V1}/login",
        log_in,
        Access.PUBLIC,
        None,
        N_("Log in and be given a token"),
        LetIn,
        ProgramLoginForm,
        status=HTTPStatus.CREATED,
        refuses=(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS),
    ),
    ApiRoute(
        "POST",
        f"{V1}/logout",
        log_out,
        Access.LOGGED_IN,
        None,
        N_("Revoke the token that this is sent with"),
    ),
)
