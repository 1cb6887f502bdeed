"""Every route with every role: who comes in, who does not, and that nothing breaks on the way."""

import re
from dataclasses import dataclass

import pytest

from ari_app.domain.rights import PRESETS, Right, Role
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.operations import OPERATIONS
from web.api.scopes import TokenScope
from web.api.table import ApiRoute
from web.routes import ROUTES
from web.visit import Access, Route

PUBLIC = frozenset(
    {
        "GET /api/docs",
        "GET /api/openapi.json",
        "POST /api/v1/login",
        "GET /login",
        "POST /login",
        "GET /login/code",
        "POST /login/passkey",
        "POST /login/passkey/begin",
        "POST /login/code",
        "POST /language",
        "POST /strength",
        "GET /start/{token}",
        "POST /start/{token}",
        "GET /register/{token}",
        "POST /register/{token}",
        "GET /forgotten",
        "POST /forgotten",
        "GET /reset/{token}",
        "POST /reset/{token}",
    }
)
"""What needs no login; anything more has to be put here by somebody who has thought about it."""
SOMEBODY = 106
"""Whose role is changed: an employee of the second department, whom nobody depends on."""
_PLACE = re.compile(r"\{([a-z_]+)(?::[^}]*)?\}")
_STREAMS = frozenset({"/live"})
"""Answers that never end."""


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def address(path: str, number: int) -> str:
    """The route's address about one thing."""
    return _PLACE.sub(str(number), path)


@dataclass(frozen=True)
class Tried:
    """What came of a request: the status, and all of what was answered."""

    route: str
    status: int
    text: str


async def ask(browser: Browser, route: Route, number: int, token: str | None) -> Tried:
    """One request of a page or a form; a form has nothing typed into it."""
    path = address(route.path, number)
    headers = {} if token is None else {"X-CSRF-Token": token}
    async with browser.client.request(
        route.method, path, headers=headers, allow_redirects=False
    ) as answer:
        return Tried(name(route), answer.status, await answer.text())


ASKED = [route for route in ROUTES if route.path not in _STREAMS]


def test_only_what_was_thought_about_needs_no_login() -> None:
    found = {name(route) for route in ROUTES if route.needed is Access.PUBLIC}
    assert found <= PUBLIC, found - PUBLIC


def test_every_route_says_what_it_needs() -> None:
    wrong = [name(route) for route in ROUTES if not isinstance(route.needed, Right | Access)]
    assert [] == wrong


def test_no_route_is_there_twice() -> None:
    names = [name(route) for route in ROUTES]
    assert sorted(set(names)) == sorted(names)


def test_every_operation_is_a_route_with_the_same_right() -> None:
    routes = {name(route): route.needed for route in ROUTES}
    wrong = [
        line.path
        for line in OPERATIONS
        if routes.get(f"{line.method} {line.path}") is not line.needed
    ]
    assert [] == wrong


def test_whatever_reads_or_changes_somebodys_data_has_a_scope() -> None:
    free = {line.path for line in OPERATIONS if line.scope is None}
    assert {"/api/v1/login", "/api/v1/logout", "/api/v1/me"} == free


def test_what_changes_something_is_not_asked_for_with_get() -> None:
    verbs = ("remove", "delete", "apply", "send", "retire", "undo", "revoke", "move", "end")
    wrong = [
        route.path
        for route in ROUTES
        if route.method == "GET" and route.path.rsplit("/", 1)[-1] in verbs
    ]
    assert {"/employees/{id}/delete"} >= set(wrong)


async def test_who_is_not_logged_in_is_let_in_nowhere(browser: Browser) -> None:
    token = await browser.token("/login")
    wrong = []
    for route in ASKED:
        if route.needed is Access.PUBLIC:
            continue
        tried = await ask(browser, route, 1, token)
        is_page = route.method == "GET" and not route.path.startswith("/api/")
        if tried.status != (303 if is_page else 401):
            wrong.append((tried.route, tried.status))
    assert [] == wrong


async def test_a_method_that_an_address_does_not_have_is_refused(browser: Browser) -> None:
    await browser.log_in(101)
    known: dict[str, set[str]] = {}
    for route in ROUTES:
        known.setdefault(_PLACE.sub("{}", route.path), set()).add(route.method)
    token = await browser.token()
    wrong = []
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            route = Route(method, path.replace("{}", "1"), ASKED[0].handler, Access.PUBLIC)
            if _is_other(route.path, method, known):
                continue
            tried = await ask(browser, route, 1, token)
            if tried.status != 405:
                wrong.append((tried.route, tried.status))
    assert [] == wrong


def _is_other(path: str, method: str, known: dict[str, set[str]]) -> bool:
    """Whether the address is one of another route too: ``/roles/new`` is a ``/roles/{id}``."""
    return any(
        re.fullmatch(pattern.replace("{}", "[^/]+"), path) and method in methods
        for pattern, methods in known.items()
    )


@pytest.fixture(params=PRESETS, ids=lambda role: str(role.preset))
async def visitor(
    request: pytest.FixtureRequest, browser: Browser, office: Office
) -> tuple[Browser, Role]:
    """Somebody with each of the preset roles, logged in."""
    role: Role = request.param
    await office.give(SOMEBODY, str(role.preset))
    await browser.log_in(SOMEBODY)
    return browser, role


def may_enter(route: Route, role: Role) -> bool:
    return not isinstance(route.needed, Right) or route.needed in role.grants


async def test_a_route_lets_in_exactly_the_roles_that_have_its_right(
    visitor: tuple[Browser, Role],
) -> None:
    browser, role = visitor
    token = await browser.token("/me")
    refused, broken = [], []
    for route in ASKED:
        if route.path in {"/logout", "/me/devices/others"} or route.path.startswith("/login"):
            continue
        tried = await ask(browser, route, 999_999, token)
        if tried.status >= 500:
            broken.append((tried.route, tried.status))
        if not may_enter(route, role) and tried.status != 403:
            refused.append((tried.route, tried.status))
        if tried.status == 401 and route.needed is not Access.PUBLIC:
            refused.append((tried.route, tried.status))
    assert ([], []) == (broken, refused)


async def test_nobody_sees_or_changes_what_a_role_does_not_reach(
    visitor: tuple[Browser, Role], office: Office
) -> None:
    """About somebody of another department, whom this role reaches only with EVERYONE."""
    browser, role = visitor
    other = office.who(103)
    token = await browser.token("/me")
    wrong = []
    for route in ASKED:
        is_theirs = "/employees/{id}" in route.path
        if not is_theirs or not isinstance(route.needed, Right):
            continue
        reaches = role.grants.get(route.needed, 0) == 3
        tried = await ask(browser, route, other, token)
        if not reaches and tried.status not in {403, 404, 415, 422}:
            wrong.append((tried.route, tried.status))
        if tried.status >= 500:
            wrong.append((tried.route, tried.status))
    assert [] == wrong


async def test_of_others_nothing_is_changed_without_the_right(
    visitor: tuple[Browser, Role], office: Office
) -> None:
    browser, role = visitor
    other = office.who(103)
    before = await _card(browser, office, other)
    token = await browser.token("/me")
    for line in OPERATIONS:
        if "/employees/{id}" not in line.path or not line.changes:
            continue
        if isinstance(line.needed, Right) and role.grants.get(line.needed, 0) == 3:
            continue
        path = line.path.replace("{id}", str(other))
        async with browser.client.request(
            line.method, path, json=_BODIES.get(line.path), headers={"X-CSRF-Token": token}
        ) as answer:
            assert answer.status in {400, 403, 404, 415, 422}, line.path
    assert before == await _card(browser, office, other)


_BODIES = {
    "/api/v1/employees/{id}": {"name": "Changed"},
    "/api/v1/employees/{id}/status": {"status": "break"},
    "/api/v1/employees/{id}/phones": {"phones": []},
    "/api/v1/employees/{id}/contact-centre": {"uses_status": False},
    "/api/v1/employees/{id}/role": {"role": 1},
}


async def _card(browser: Browser, office: Office, employee: int) -> list[str]:
    """What the administrator sees of somebody."""
    program = program_of(browser)
    program.client = browser.client
    told = []
    await program.takes_token(101)
    for tab in ("", "/status", "/phones", "/contact-centre", "/role"):
        said = await program.get(f"/employees/{employee}{tab}")
        assert said.status == 200
        told.append(said.text)
    return told


async def test_a_token_of_one_scope_opens_the_operations_of_that_scope_alone(
    browser: Browser,
) -> None:
    program: Program = program_of(browser)
    wrong = []
    for scope in TokenScope:
        await program.takes_token(101, {scope})
        wrong += [
            told for line in ASKED_BY_PROGRAMS if (told := await _opens(program, line, scope))
        ]
    assert [] == wrong


ASKED_BY_PROGRAMS = [
    line
    for line in OPERATIONS
    if line.path not in {"/api/v1/login", "/api/v1/logout", "/api/v1/import"}
]


async def _opens(program: Program, line: ApiRoute, scope: TokenScope) -> str:
    """What is wrong about it, "" for nothing."""
    said = await program.call(line.method, address(line.path, 999_999))
    is_refused = said.status == 403
    is_wrong = is_refused != (line.scope not in {None, scope}) or said.status >= 500
    return f"{scope.value}: {_told(line)} {said.status}" if is_wrong else ""


def test_an_operation_that_only_reads_has_a_scope_for_reading() -> None:
    wrong = [_told(line) for line in OPERATIONS if _is_wide(line)]
    assert [] == wrong


def _is_wide(line: ApiRoute) -> bool:
    return line.changes and line.scope is not None and line.scope.value.endswith(":read")


def _told(line: ApiRoute) -> str:
    return f"{line.method} {line.path}"
