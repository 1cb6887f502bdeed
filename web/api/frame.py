"""From an operation to a route of the panel: bodies are read, values written, errors told."""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, NoReturn

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from ari_app.domain.rights import Right
from ari_app.store.errors import StoreError
from web.api.door import ProgramVisit
from web.api.problems import (
    NOT_AN_OBJECT,
    SCOPE,
    UNREADABLE,
    WRONG_FIELDS,
    WRONG_TYPE,
    ProblemError,
    told_http,
    told_problem,
    told_refusal,
)
from web.api.table import ApiRoute, Raw
from web.forms import Form, told
from web.visit import FormType, Route, Visit
from web.words import N_

MOST_BYTES = 1024 * 1024
"""The largest JSON that is read."""


def route_of(line: ApiRoute) -> Route:
    """The line as the panel's URL map has it; how it answers is made out at once, not in a call."""
    if line.answer is not None and not isinstance(line.answer, Raw):
        adapter(line.answer)
    return Route(line.method, line.path, _entered(line), line.needed)


def _entered(line: ApiRoute) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
    async def enter(visit: Visit) -> web.StreamResponse:
        try:
            _check_token(visit, line)
            value = await line.handler(visit, *await _given(visit, line))
        except ProblemError as error:
            return told_problem(visit, error)
        except web.HTTPException as error:
            return told_http(visit, error)
        except StoreError as error:
            return told_refusal(visit, error)
        return answer(line, value)

    return enter


def _check_token(visit: Visit, line: ApiRoute) -> None:
    """A token opens what it was made for, as long as its owner may use the API."""
    if not isinstance(visit, ProgramVisit) or visit.token is None:
        return
    if not visit.may(Right.USE_API):
        raise web.HTTPForbidden
    if line.scope is not None and line.scope.value not in visit.token.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, SCOPE)


async def _given(visit: Visit, line: ApiRoute) -> tuple[Any, ...]:
    asked = () if line.query is None else (_asked(visit, line.query),)
    return (*asked, *await _sent_body(visit, line))


async def _sent_body(visit: Visit, line: ApiRoute) -> tuple[Any, ...]:
    match line.body:
        case None:
            return ()
        case Raw(types):
            if visit.request.content_type not in types:
                raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
            return (await _received(visit),)
        case model:
            return (read(visit, model, await sent(visit)),)


def _asked(visit: Visit, model: type[Form]) -> Form:
    if any("\0" in value for value in visit.request.query.values()):
        _refuse_controls()
    filled = visit.asked(model)
    if filled.value is None:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, filled.errors)
    return filled.value


async def sent(visit: Visit) -> Mapping[str, object]:
    """The JSON object that was sent; nothing at all counts as an empty one."""
    length = visit.request.content_length
    if length is not None and length > MOST_BYTES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, N_("The body is too large"))
    raw = await _received(visit)
    if len(raw) > MOST_BYTES:
        raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, N_("The body is too large"))
    if not raw:
        return {}
    if visit.request.content_type != "application/json":
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
    try:
        found = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ProblemError(HTTPStatus.BAD_REQUEST, UNREADABLE) from None
    if not isinstance(found, dict):
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, NOT_AN_OBJECT)
    if b"\\u0000" in raw:
        _refuse_controls()
    return found


async def _received(visit: Visit) -> bytes:
    try:
        return await visit.request.read()
    except web.RequestPayloadError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, UNREADABLE) from error


def read(visit: Visit, model: type[FormType], values: Mapping[str, object]) -> FormType:
    """The values as the same form that a page fills."""
    context = {"country": visit.panel.settings.country}
    try:
        return model.model_validate(values, context=context)
    except ValidationError as error:
        errors = told(error, visit.words)
    raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, errors)


def answer(line: ApiRoute, value: object) -> web.StreamResponse:
    """What the handler returned, as JSON of the type that the table names."""
    if isinstance(value, web.StreamResponse):
        return value
    if line.answer is None:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    made = web.Response(
        body=adapter(line.answer).dump_json(value),
        status=line.status,
        content_type="application/json",
    )
    made.enable_compression()
    return made


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """How values of a type are written."""
    return TypeAdapter(kind)


def _no_number(_: str) -> NoReturn:
    """NaN and the infinities are no JSON."""
    raise ValueError


def _refuse_controls() -> NoReturn:
    text = N_("No line breaks or control characters, please")
    raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, text)
