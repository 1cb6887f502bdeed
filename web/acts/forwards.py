"""Forwarding set and ended from the panel, as a feature code would do it."""

from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.forwards import ForwardKind, when_of
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.rights import Right
from ari_app.store import audit, forwards
from ari_app.store.accounts import Account, account
from ari_app.store.audit import About
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import RulesRefusedError
from ari_app.store.finding import people_of
from ari_app.store.forwards import Forward
from web.forms import Form, Refused
from web.rule_people import named_by
from web.rule_words import RuleWords
from web.visit import Visit
from web.words import N_


class ForwardForm(Form):
    """A number as people dial it, and which calls go there."""

    number: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    kind: ForwardKind = ForwardKind.ALL


async def set_forward(visit: Visit, employee: EmployeeId, form: ForwardForm) -> RuleId:
    """Forward somebody's calls; the rule. Raises Refused, NotThereError, HTTPForbidden."""
    settings = visit.panel.settings
    to = forwards.destination_of(form.number, visit.directory, settings)
    if to is None:
        raise Refused("number", N_("This is neither an extension nor a number outside"))
    return await _set(
        visit, employee, Forward(form.kind, to, forwards.codes_of(settings)[form.kind])
    )


async def remove(visit: Visit, employee: EmployeeId, rule: RuleId) -> bool:
    """End a forwarding; whether it was still on. Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person = await _allowed(visit, session, employee)
        found = await forwards.remove(session, employee, rule, visit.now)
        if found is not None:
            was = await sentence(visit, session, found)
            await _note(visit, session, person, ("forward.ended", was, ""))
    return found is not None


async def bring_back(visit: Visit, employee: EmployeeId, rule: RuleId) -> RuleId:
    """Set a forwarding again that was ended. Raises Refused, NotThereError, HTTPForbidden."""
    async with visit.panel.sessions() as session:
        await _allowed(visit, session, employee)
        wish = await forwards.ended(session, employee, rule)
    return await _set(visit, employee, wish)


async def _set(visit: Visit, employee: EmployeeId, wish: Forward) -> RuleId:
    country = visit.panel.settings.country
    try:
        async with visit.panel.sessions.begin() as session:
            person = await _allowed(visit, session, employee)
            new = await forwards.forward(session, employee, wish, visit.now, country)
            rule = ForwardingRule(new, wish.name, when_of(wish.kind), wish.to, is_temporary=True)
            told = await sentence(visit, session, rule)
            await _note(visit, session, person, ("forward.set", "", told))
    except RulesRefusedError as error:
        why = visit.storyteller().why_refused(error.refusals[0])
        text = N_("This cannot work: {reason}")
        raise Refused("number", text, reason=why) from error
    return new


async def _allowed(visit: Visit, session: AsyncSession, employee: EmployeeId) -> Account:
    person = await account(session, employee)
    visit.demand(Right.CONFIGURE_RULES, person.subject)
    return person


async def _note(
    visit: Visit, session: AsyncSession, person: Account, what: tuple[str, str, str]
) -> None:
    action, before, after = what
    change = ({"forward": before}, {"forward": after})
    await audit.note(session, visit.who, action, About(person.employee, person.name), change)


async def sentence(visit: Visit, session: AsyncSession, rule: ForwardingRule) -> str:
    """A forwarding in words."""
    people = await people_of(session, named_by([rule]), with_left=True)
    own = await read_own_statuses(session)
    names = {who: one.name for who, one in people.items()}
    return RuleWords(visit.words, names, own).rule(rule).sentence
