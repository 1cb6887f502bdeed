"""Saving a secretary: checked, stored as a whole, and noted in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.rights import Right
from ari_app.store import audit, greetings, rule_versions
from ari_app.store.accounts import account
from ari_app.store.audit import About
from ari_app.store.cards import read_employees
from ari_app.store.changes import take_turn
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import InvalidError, NotThereError, StoreError
from ari_app.store.finding import people_of
from ari_app.store.rule_versions import Author, Version
from ari_app.store.rules import save_rules
from web.rule_people import named_by
from web.rule_words import RuleWords
from web.visit import Visit

Rules = Sequence[ForwardingRule]


@dataclass(frozen=True, slots=True)
class Stored:
    """A secretary as it is stored, without temporary rules, and the number of its version."""

    version: int
    rules: tuple[ForwardingRule, ...]


class ChangedMeanwhile(StoreError):  # noqa: N818  it is told to people
    """Somebody else has saved since: `newest` is what they made, `base` what both began with."""

    def __init__(self, stored: Stored, newest: Version | None, base: Rules) -> None:
        super().__init__("the rules were changed meanwhile")
        self.stored = stored
        self.newest = newest
        self.base = base


async def stored_rules(session: AsyncSession, employee: EmployeeId) -> Stored:
    """What is stored now. Raises NotThereError."""
    own = await read_own_statuses(session)
    found = await read_employees(session, own, [employee])
    if not found:
        raise NotThereError("employee", employee)
    rules = tuple(rule for rule in found[0].rules if not rule.is_temporary)
    return Stored(await rule_versions.newest(session, employee), rules)


async def save(
    visit: Visit, employee: EmployeeId, base: int, rules: Rules, *, deed: str = "rules.saved"
) -> list[RuleId]:
    """Store `rules`, made of the version `base`; their ids. `deed` is for the audit log.

    Rules that are stored already, as a second click finds them, are left as they are.
    Raises ChangedMeanwhile, RulesRefusedError, NotThereError, HTTPForbidden, and InvalidError
    for a greeting that is not to be had.
    """
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        person = await account(session, employee)
        visit.demand(Right.CONFIGURE_RULES, person.subject)
        stored = await stored_rules(session, employee)
        if stored.version != base and _are_same(stored.rules, rules):
            return [rule.id for rule in stored.rules]
        if stored.version != base:
            raise await _changed_meanwhile(session, employee, base, stored)
        await _check_greetings(session, employee, rules, stored.rules)
        by = Author(visit.me, visit.signed_in.name)
        country = visit.panel.settings.country
        ids = await save_rules(session, employee, rules, visit.now, country, by=by)
        told = await _told(visit, session, (*stored.rules, *rules))
        change = (
            {"rules": [told.rule(rule).sentence for rule in stored.rules]},
            {"rules": [told.rule(rule).sentence for rule in rules]},
        )
        about = About(employee, person.name)
        await audit.note(session, visit.who, deed, about, change)
    return ids


def _are_same(stored: Rules, rules: Rules) -> bool:
    """Whether they do the same: new rules have their ids only once they are stored."""
    nobodys = RuleId(0)
    told = [[replace(rule, id=nobodys) for rule in some] for some in (stored, rules)]
    return told[0] == told[1]


async def _changed_meanwhile(
    session: AsyncSession, employee: EmployeeId, base: int, stored: Stored
) -> ChangedMeanwhile:
    newest = await rule_versions.version(session, employee, stored.version)
    before = await rule_versions.version(session, employee, base)
    return ChangedMeanwhile(stored, newest, () if before is None else before.rules)


async def _check_greetings(
    session: AsyncSession, employee: EmployeeId, rules: Rules, before: Rules
) -> None:
    """Only what may be chosen, or was chosen before: a browser must not name any file."""
    allowed = {one.sound for one in await greetings.choices(session, employee)}
    allowed |= {rule.greeting for rule in before if rule.greeting}
    for rule in rules:
        if rule.greeting is not None and rule.greeting not in allowed:
            raise InvalidError("greeting", "no such greeting")


async def _told(visit: Visit, session: AsyncSession, rules: Rules) -> RuleWords:
    people = await people_of(session, named_by(rules), with_left=True)
    own = await read_own_statuses(session)
    return RuleWords(visit.words, {who: one.name for who, one in people.items()}, own)
