"""The OpenAPI 3.1 document, made from the table of operations and the types it names."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Literal

from pydantic import TypeAdapter

from web.api.frame import adapter
from web.api.operations import OPERATIONS
from web.api.scopes import TEXTS
from web.api.table import ApiRoute, Raw
from web.forms import Form
from web.visit import Access

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
_REFERENCE = "#/components/schemas/{model}"
_NAME = re.compile(r"\{([a-z]+)\}")
_ID = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
_RANGE: Json = {
    "name": "Range",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,9}-[0-9]{0,9}$"},
    "example": "bytes=0-1023",
}
_PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "description": "A problem as RFC 9457 writes it; `errors` are texts by field.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
_INTRODUCTION = (
    "Everything that the panel does. Send a token as `Authorization: Bearer as_…`: make one in "
    "the panel (My account, Tokens) or with POST /api/v1/login. A token opens what it was made "
    "for, and never more than its owner may do. Texts in answers are in the owner's language. "
    "The panel's own pages come in with their cookie, and then changes need X-CSRF-Token."
)


@cache
def document() -> Json:
    """All of it."""
    references, definitions = _schemas()
    paths: dict[str, Json] = {}
    for line in OPERATIONS:
        paths.setdefault(line.path, {})[line.method.lower()] = _operation(line, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Autosecretary", "version": "1", "description": _INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Problem": _PROBLEM},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _scopes()},
                "session": {"type": "apiKey", "in": "cookie", "name": "as_session"},
            },
        },
    }


def _scopes() -> str:
    return "; ".join(f"{scope.value}: {text}" for scope, text in TEXTS.items())


def _schemas() -> tuple[Mapping[tuple[Any, Mode], Json], Json]:
    """How each body and answer is referred to, and what all of them are made of."""
    wanted: dict[tuple[Any, Mode], TypeAdapter[Any]] = {}
    for line in OPERATIONS:
        if line.body is not None and not isinstance(line.body, Raw):
            wanted[line.body, "validation"] = adapter(line.body)
        if line.query is not None:
            wanted[line.query, "validation"] = adapter(line.query)
        if line.answer is not None and not isinstance(line.answer, Raw):
            wanted[line.answer, "serialization"] = adapter(line.answer)
    inputs = [(kind, mode, made) for (kind, mode), made in wanted.items()]
    found, shared = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE)
    return dict(found), shared.get("$defs", {})


def _operation(line: ApiRoute, references: Mapping[tuple[Any, Mode], Json]) -> Json:
    told: Json = {
        "operationId": _identifier(line),
        "tags": [line.section],
        "summary": line.summary,
        "responses": _responses(line, references),
    }
    if line.needed is Access.PUBLIC:
        told["security"] = []
    else:
        scopes = [] if line.scope is None else [line.scope.value]
        told["security"] = [{"token": scopes}, {"session": []}]
        told["x-right"] = "" if line.needed is Access.LOGGED_IN else line.needed.value
    parameters = [_in_path(name) for name in _NAME.findall(line.path)]
    if line.query is not None:
        parameters += _in_query(line.query)
    if line.in_parts:
        parameters.append(_RANGE)
    if parameters:
        told["parameters"] = parameters
    if line.body is not None:
        told["requestBody"] = _body(line.body, references)
    return told


def _identifier(line: ApiRoute) -> str:
    return f"{line.method.lower()}_{line.handler.__module__.rsplit('.', 1)[-1]}_{_name(line)}"


def _name(line: ApiRoute) -> str:
    return str(getattr(line.handler, "__name__", "call"))


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": _ID, "example": 1}


def _in_query(model: type[Form]) -> Sequence[Json]:
    schema = model.model_json_schema(ref_template=_REFERENCE)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": told,
        }
        for name, told in schema["properties"].items()
    ]


def _body(body: type[Form] | Raw, references: Mapping[tuple[Any, Mode], Json]) -> Json:
    if isinstance(body, Raw):
        content: Json = {kind: {"schema": {}} for kind in body.types}
        return {"required": True, "content": content}
    needs = any(info.is_required() for info in body.model_fields.values())
    schema = references[body, "validation"]
    return {"required": needs, "content": {"application/json": {"schema": schema}}}


def _responses(line: ApiRoute, references: Mapping[tuple[Any, Mode], Json]) -> Json:
    found: Json = {}
    content: Json
    match line.answer:
        case None:
            found["204"] = {"description": "Done"}
        case Raw(types):
            content = {kind: {"schema": {}} for kind in types}
            good = [line.status, *([HTTPStatus.PARTIAL_CONTENT] if line.in_parts else ())]
            for status in good:
                found[str(status.value)] = {"description": status.phrase, "content": content}
        case kind:
            schema = references[kind, "serialization"]
            content = {"application/json": {"schema": schema}}
            found[str(line.status.value)] = {"description": line.status.phrase, "content": content}
    for status in sorted(_refusals(line)):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        found[str(status.value)] = {"description": status.phrase, "content": content}
    return found


def _refusals(line: ApiRoute) -> set[HTTPStatus]:
    """What can be answered instead, as it follows from what the operation takes and needs."""
    found = {HTTPStatus.SERVICE_UNAVAILABLE, *line.refuses}
    if line.needed is not Access.PUBLIC:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    elif line.changes:
        found.add(HTTPStatus.FORBIDDEN)
    if line.in_parts:
        found.add(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    if "{" in line.path:
        found.add(HTTPStatus.NOT_FOUND)
    if line.changes:
        found |= {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
    if line.query is not None:
        found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if line.body is not None:
        found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
    return found
