"""Forwarding by the API, as feature codes set it: temporary rules above the secretary."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from ari_app.domain.forwards import ForwardKind, kind_of
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.rights import Right
from ari_app.store import forwards as store
from web.acts import forwards as acts
from web.acts.forwards import ForwardForm
from web.api.rule_bodies import DestinationBody
from web.api.rule_values import body_of
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import MadeValue
from web.pages.card_head import SECRETARY, head_of
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class ForwardValue:
    """A forwarding that is on; `text` is the whole of it in words."""

    id: int
    kind: ForwardKind
    to: DestinationBody
    text: str


async def forwards(visit: Visit) -> list[ForwardValue]:
    """At most one of each kind."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        found = await store.forwards(session, head.id)
        return [
            ForwardValue(
                rule.id,
                kind_of(rule),
                body_of(rule).then,
                await acts.sentence(visit, session, rule),
            )
            for rule in found
        ]


async def forward(visit: Visit, form: ForwardForm) -> MadeValue:
    """Set one in the place of one of the same kind."""
    return MadeValue(await acts.set_forward(visit, _whose(visit), form))


async def end(visit: Visit) -> None:
    """End one."""
    if not await acts.remove(visit, _whose(visit), _which(visit)):
        raise web.HTTPNotFound


async def restore(visit: Visit) -> MadeValue:
    """Set one again that was ended."""
    return MadeValue(await acts.bring_back(visit, _whose(visit), _which(visit)))


def _whose(visit: Visit) -> EmployeeId:
    return EmployeeId(visit.number("id"))


def _which(visit: Visit) -> RuleId:
    return RuleId(visit.number("forward"))


_RIGHT, _WRITE = Right.CONFIGURE_RULES, TokenScope.RULES_WRITE
_ALL = f"{V1}/employees/{{id}}/forwards"
_ONE = f"{_ALL}/{{forward}}"

OPERATIONS = (
    ApiRoute(
        "GET",
        _ALL,
        forwards,
        Right.SEE_EMPLOYEES,
        TokenScope.RULES_READ,
        N_("Where somebody's calls are forwarded to, above the rules"),
        list[ForwardValue],
    ),
    ApiRoute(
        "POST",
        _ALL,
        forward,
        _RIGHT,
        _WRITE,
        N_("Forward somebody's calls to a colleague or a number: all, when busy, or unanswered"),
        MadeValue,
        ForwardForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute("DELETE", _ONE, end, _RIGHT, _WRITE, N_("End a forwarding")),
    ApiRoute(
        "POST",
        f"{_ONE}/restore",
        restore,
        _RIGHT,
        _WRITE,
        N_("Set a forwarding again that was ended"),
        MadeValue,
        status=HTTPStatus.CREATED,
    ),
)
