"""Errors in words: a page for people, an RFC 9457 problem for programs."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from web.panel import PANEL
from web.render import environment
from web.visit import words_for
from web.words import N_

_TEXTS: Mapping[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: (N_("This request makes no sense"), ""),
    HTTPStatus.UNAUTHORIZED: (
        N_("You are not logged in any more"),
        N_("Log in again: nothing was changed."),
    ),
    HTTPStatus.FORBIDDEN: (
        N_("You may not do this"),
        N_("Your role does not allow it, or the page was open for too long. Nothing was changed."),
    ),
    HTTPStatus.NOT_FOUND: (
        N_("There is nothing here"),
        N_("The address is wrong, or what was here has been deleted."),
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (N_("This address does not do that"), ""),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        N_("This file is too large"),
        N_("The largest that can be sent has 20 MB."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        N_("The database does not answer"),
        N_("Calls go on. Try again in a moment: nothing was changed."),
    ),
}
_OTHER = (
    N_("Something went wrong"),
    N_("It has been written to the log. Nothing was changed."),
)
_KEPT_HEADERS = frozenset({"Allow", "Retry-After"})


def wants_json(request: web.Request) -> bool:
    """Whether a program asks: the API, or somebody who does not take HTML."""
    return request.path.startswith("/api/")


def error_page(
    request: web.Request, status: HTTPStatus, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The answer to a request that failed."""
    kept = {name: value for name, value in (headers or {}).items() if name in _KEPT_HEADERS}
    title, hint = _TEXTS.get(status, _OTHER)
    words = words_for(request, None)
    if wants_json(request):
        return problem(status, words.say(title), headers=kept)
    text = (
        environment()
        .get_template("error.html")
        .render(
            _=words.say,
            title=words.say(title),
            hint=words.say(hint),
            status=status.value,
            words=words,
            assets=request.app[PANEL].assets,
        )
    )
    return web.Response(text=text, status=status, content_type="text/html", headers=kept)


def title_of(status: HTTPStatus) -> str:
    """What an error is called, to be translated."""
    return _TEXTS.get(status, _OTHER)[0]


def problem(
    status: HTTPStatus,
    title: str,
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """A problem as RFC 9457 writes it, with the errors by field where there are some."""
    told: dict[str, object] = {"type": "about:blank", "title": title, "status": status.value}
    if errors:
        told["errors"] = dict(errors)
    headers = dict(headers or {})
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="autosecretary"'
    return web.Response(
        text=json.dumps(told, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
        headers=headers,
    )
