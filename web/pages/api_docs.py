"""The API's documentation: the OpenAPI document as a file, and as a page to read and search."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from web.api.document import document
from web.api.operations import OPERATIONS
from web.api.samples import sample, type_text
from web.api.table import ApiRoute, Raw
from web.forms import Form, Line
from web.render import show
from web.visit import Access, Visit
from web.words import N_

_SECTIONS: Mapping[str, str] = {
    "login": N_("Logging in"),
    "logout": N_("Logging in"),
    "me": N_("My account"),
    "tokens": N_("My account"),
    "devices": N_("My account"),
    "employees": N_("Employees"),
    "greetings": N_("Greetings"),
    "office-greetings": N_("Greetings"),
    "messages": N_("Messages"),
    "deleted-employees": N_("Employees"),
    "import": N_("Employees"),
    "board": N_("Board"),
    "calls": N_("Calls"),
    "missed-calls": N_("Calls"),
    "call-back": N_("Calls"),
    "why": N_("Calls"),
    "reports": N_("Reports"),
    "departments": N_("Office"),
    "own-statuses": N_("Office"),
    "removals": N_("Office"),
    "groups": N_("Office"),
    "roles": N_("Roles"),
    "audit": N_("Audit log"),
    "mail": N_("Mail"),
}

_PLACE = re.compile(r"\{[a-z]+\}")


class DocsForm(Form):
    """What is looked for."""

    search: Line = ""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of what is sent or asked for."""

    name: str
    kind: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class OperationShown:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    right: str
    scope: str
    is_public: bool
    fields: Sequence[FieldLine]
    curl: str
    sent: str
    answer: str
    answers: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class SectionShown:
    title: str
    operations: Sequence[OperationShown]


@dataclass(frozen=True, slots=True)
class DocsPage:
    search: str
    sections: Sequence[SectionShown]
    found: int
    address: str


async def openapi(visit: Visit) -> web.StreamResponse:
    """The document; it holds nobody's data, so it needs no login."""
    answer = visit.json(await asyncio.to_thread(document))
    answer.enable_compression()
    return answer


async def docs(visit: Visit) -> web.StreamResponse:
    """The page."""
    asked = visit.asked(DocsForm).value or DocsForm()
    address = visit.panel.public_url(visit.request)
    # The first time it takes long enough for a caller to notice.
    await asyncio.to_thread(document)
    sections: dict[str, list[OperationShown]] = {}
    for line in OPERATIONS:
        one = _shown(visit, line, address)
        text = f"{one.method} {one.path} {one.summary} {one.scope}".casefold()
        if all(word in text for word in asked.search.casefold().split()):
            title = visit.words.say(_SECTIONS[line.section])
            sections.setdefault(title, []).append(one)
    shown = [SectionShown(title, those) for title, those in sections.items()]
    found = sum(len(those) for those in sections.values())
    return show(visit, "api_docs.html", DocsPage(asked.search, shown, found, address))


def _shown(visit: Visit, line: ApiRoute, address: str) -> OperationShown:
    told = document()
    operation = told["paths"][line.path][line.method.lower()]
    good = operation["responses"][str(_good(line))]
    answer = _example(good.get("content", {}))
    sent = _example(operation.get("requestBody", {}).get("content", {}))
    is_public = line.needed is Access.PUBLIC
    return OperationShown(
        operation["operationId"],
        line.method,
        line.path,
        visit.words.say(line.summary),
        operation.get("x-right", ""),
        "" if line.scope is None else line.scope.value,
        is_public,
        _fields(line, operation),
        _curl(line, address, sent),
        sent,
        answer,
        [(int(status), one["description"]) for status, one in operation["responses"].items()],
    )


def _good(line: ApiRoute) -> int:
    return HTTPStatus.NO_CONTENT.value if line.answer is None else line.status.value


def _example(content: Mapping[str, Any]) -> str:
    told = content.get("application/json")
    if told is None:
        return ""
    made = sample(told["schema"], document())
    return json.dumps(made, ensure_ascii=False, indent=2)


def _fields(line: ApiRoute, operation: Mapping[str, Any]) -> list[FieldLine]:
    whole = document()
    found = [
        FieldLine(one["name"], type_text(one["schema"], whole), one["required"])
        for one in operation.get("parameters", ())
    ]
    if line.body is None or isinstance(line.body, Raw):
        return found
    schema = whole["components"]["schemas"].get(line.body.__name__, {})
    required = schema.get("required", ())
    return found + [
        FieldLine(name, type_text(told, whole), name in required)
        for name, told in schema.get("properties", {}).items()
    ]


def _curl(line: ApiRoute, address: str, sent: str) -> str:
    """A command to try it with."""
    parts = ["curl"] if line.method == "GET" else [f"curl -X {line.method}"]
    if line.needed is not Access.PUBLIC:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if isinstance(line.body, Raw):
        parts.append(f'-H "Content-Type: {line.body.types[0]}" --data-binary @file')
    elif sent:
        compact = json.dumps(json.loads(sent), ensure_ascii=False)
        parts.append(f"-H \"Content-Type: application/json\" -d '{compact}'")
    path = _PLACE.sub("2", line.path.replace("{id}", "1"))
    return " \\\n  ".join([*parts, f"{address}{path}"])
