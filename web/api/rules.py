"""The secretary's rules by the API: read, replaced as a whole, and what was saved before."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import rule_versions
from ari_app.store.errors import InvalidError, RulesRefusedError
from web.acts import secretary as acts
from web.acts.secretary import ChangedMeanwhile
from web.api.problems import WRONG_FIELDS, ProblemError
from web.api.rule_bodies import RuleBody, RulesBody
from web.api.rule_values import body_of, rules_of
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.pages.card_head import SECRETARY, head_of
from web.visit import Visit
from web.words import N_

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RulesValue:
    """A whole secretary; send `version` back with what it becomes."""

    version: int
    rules: list[RuleBody]


@dataclass(frozen=True, slots=True)
class SavedValue:
    """The new version, and the rules' ids in their order."""

    version: int
    ids: list[int]


@dataclass(frozen=True, slots=True)
class VersionValue:
    """The rules as somebody saved them once."""

    version: int
    at: datetime
    by: str
    rules: list[RuleBody]


async def rules(visit: Visit) -> RulesValue:
    """As they are stored; what a feature code laid above them is not among them."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        stored = await acts.stored_rules(session, head.id)
    return RulesValue(stored.version, [body_of(rule) for rule in stored.rules])


async def save(visit: Visit, body: RulesBody) -> SavedValue:
    """All of them anew."""
    employee = EmployeeId(visit.number("id"))
    made = rules_of(body.rules, visit.panel.settings)
    try:
        ids = await acts.save(visit, employee, body.version, made)
    except RulesRefusedError as error:
        told = visit.storyteller()
        errors = {f"rules.{one.position}": told.why_refused(one) for one in error.refusals}
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, errors) from error
    except InvalidError as error:
        text = visit.words.say(N_("A rule names a greeting that is not there any more"))
        errors = {"rules": text}
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, WRONG_FIELDS, errors) from error
    except ChangedMeanwhile as error:
        text = N_("Somebody else has changed this meanwhile: load it anew")
        raise ProblemError(HTTPStatus.CONFLICT, text) from error
    async with visit.panel.sessions() as session:
        version = await rule_versions.newest(session, employee)
    return SavedValue(version, list(ids))


async def history(visit: Visit) -> list[VersionValue]:
    """The newest fifty versions, the newest first."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        found = await rule_versions.versions(session, head.id, _SHOWN)
    return [
        VersionValue(one.id, one.at, one.by.name, [body_of(rule) for rule in one.rules])
        for one in found
    ]


OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/employees/{{id}}/rules",
        rules,
        Right.SEE_EMPLOYEES,
        TokenScope.RULES_READ,
        N_("The rules of somebody's secretary"),
        RulesValue,
    ),
    ApiRoute(
        "PUT",
        f"{V1}/employees/{{id}}/rules",
        save,
        Right.CONFIGURE_RULES,
        TokenScope.RULES_WRITE,
        N_("Replace the rules of somebody's secretary"),
        SavedValue,
        body=RulesBody,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    ApiRoute(
        "GET",
        f"{V1}/employees/{{id}}/rules/history",
        history,
        Right.SEE_EMPLOYEES,
        TokenScope.RULES_READ,
        N_("Who saved which rules when"),
        list[VersionValue],
    ),
)
