"""The whole table of operations, and the routes that they make."""

from web.api import (
    audit,
    board,
    calls,
    cards,
    deletion,
    employees,
    forwards,
    greetings,
    groups,
    imports,
    login,
    mail,
    me,
    messages,
    missed,
    office,
    own_account,
    reports,
    roles,
    rules,
    statuses,
    tokens,
    what_if,
    why,
)
from web.api.frame import route_of
from web.api.table import ApiRoute
from web.visit import Route

OPERATIONS: tuple[ApiRoute, ...] = (
    *login.OPERATIONS,
    *me.OPERATIONS,
    *own_account.OPERATIONS,
    *mail.OPERATIONS,
    *statuses.OPERATIONS,
    *tokens.OPERATIONS,
    *employees.OPERATIONS,
    *cards.OPERATIONS,
    *deletion.OPERATIONS,
    *imports.OPERATIONS,
    *board.OPERATIONS,
    *calls.OPERATIONS,
    *missed.OPERATIONS,
    *messages.OPERATIONS,
    *rules.OPERATIONS,
    *forwards.OPERATIONS,
    *greetings.OPERATIONS,
    *why.OPERATIONS,
    *what_if.OPERATIONS,
    *reports.OPERATIONS,
    *office.OPERATIONS,
    *groups.OPERATIONS,
    *roles.OPERATIONS,
    *audit.OPERATIONS,
)
API_ROUTES: tuple[Route, ...] = tuple(map(route_of, OPERATIONS))
