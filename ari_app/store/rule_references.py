"""Rules of colleagues that lead to somebody who leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import Refusal
from ari_app.domain.directory import Colleague, Colleagues, Destination, ForwardingRule
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store import documents, rule_versions
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.errors import HandOverError
from ari_app.store.handover import Deed, Finder, Order, Reference
from ari_app.store.rows import EmployeeRow, RuleRow
from ari_app.store.rule_versions import Author
from ari_app.store.rules import NOBODY, refused_rules

KIND = "rules"


@dataclass(frozen=True, slots=True)
class _Found:
    row: RuleRow
    rule: ForwardingRule
    owner: str

    @property
    def reference(self) -> Reference:
        return Reference(KIND, self.row.id, (self.row.name, self.row.name), self.owner)


async def find(session: AsyncSession, employee: EmployeeId) -> Sequence[Reference]:
    """Rules of others that name the employee."""
    return [found.reference for found in await _found(session, employee)]


async def settle(session: AsyncSession, order: Order) -> list[Any]:
    """Write the rules anew; what is removed leaves a rule that leads nowhere switched off.

    A forwarding to who leaves is handed over or ended, never left.
    """
    memory = []
    owners = set()
    for found in await _found(session, order.employee):
        deed = order.deeds.get(found.row.id, Deed.LEAVE)
        if deed is Deed.LEAVE and not found.rule.is_temporary:
            continue
        successor = order.successor if deed is Deed.HAND_OVER else None
        changed = without(found.rule, order.employee, successor)
        before = [found.row.document, found.row.is_on]
        await _write(session, found, changed, order)
        memory.append(
            {
                "rule": found.row.id,
                "name": found.row.name,
                "whose": found.owner,
                "before": before,
                "after": [found.row.document, found.row.is_on],
            }
        )
        if not found.rule.is_temporary:
            owners.add(EmployeeId(found.row.employee_id))
    await _keep(session, owners, order.by, order.now)
    return memory


async def restore(
    session: AsyncSession,
    employee: EmployeeId,  # noqa: ARG001  every finder is given it
    memory: list[Any],
) -> Sequence[Reference]:
    """Rules as they were, those excepted that were changed or removed since."""
    left = []
    owners = set()
    for told in memory:
        row = await session.get(RuleRow, told["rule"], populate_existing=True)
        is_same = row is not None and row.removed_at is None
        if row is None or not is_same or [row.document, row.is_on] != told["after"]:
            names = (told["name"], told["name"])
            left.append(Reference(KIND, told["rule"], names, told["whose"]))
            continue
        await announce(session, ChangeKind.RULES, (EmployeeId(row.employee_id),))
        row.document, row.is_on = told["before"]
        if not row.is_temporary:
            owners.add(EmployeeId(row.employee_id))
    await session.flush()
    await _keep(session, owners, NOBODY, datetime.now(UTC))
    return left


async def _keep(
    session: AsyncSession, owners: Iterable[EmployeeId], by: Author, now: datetime
) -> None:
    """Note what became of these secretaries."""
    for owner in sorted(owners):
        rules = [rule for rule in await _rules_of(session, owner) if not rule.is_temporary]
        await rule_versions.keep(session, owner, rules, by, now)


def without(
    rule: ForwardingRule, employee: EmployeeId, successor: EmployeeId | None
) -> ForwardingRule:
    """The rule with a successor, or nobody, in the employee's place."""
    then = _without(rule.then, employee, successor)
    otherwise = rule.otherwise and _without(rule.otherwise, employee, successor)
    if then is not None:
        return replace(rule, then=then, otherwise=otherwise)
    if otherwise is not None:
        return replace(rule, then=otherwise, otherwise=None)
    return replace(rule, is_on=False)


def _without(
    to: Destination, employee: EmployeeId, successor: EmployeeId | None
) -> Destination | None:
    match to:
        case Colleague(one) if one == employee:
            return None if successor is None else Colleague(successor)
        case Colleagues(people) if employee in people:
            changed = [successor if one == employee else one for one in people]
            left = tuple(dict.fromkeys(one for one in changed if one is not None))
            return replace(to, employees=left) if left else None
        case _:
            return to


async def _write(
    session: AsyncSession, found: _Found, changed: ForwardingRule, order: Order
) -> None:
    """Store one rule, unless that makes a problem that its owner's secretary did not have."""
    owner = EmployeeId(found.row.employee_id)
    rules = await _rules_of(session, owner)
    before = await refused_rules(session, owner, rules, order.now, order.country)
    wanted = [changed if rule.id == changed.id else rule for rule in rules]
    after = await refused_rules(session, owner, wanted, order.now, order.country)
    for refusal in after:
        if _is_new(refusal, before):
            raise HandOverError(KIND, found.row.id, refusal.problem, refusal.people)
    await announce(session, ChangeKind.RULES, (owner,))
    if found.row.is_temporary and not changed.is_on:
        found.row.removed_at = order.now
    found.row.is_on = changed.is_on
    found.row.document = documents.encode(changed.when, changed.then, changed.otherwise)
    await session.flush()


def _is_new(refusal: Refusal, before: Sequence[Refusal]) -> bool:
    known = {(old.position, old.problem) for old in before}
    return (refusal.position, refusal.problem) not in known


async def _rules_of(session: AsyncSession, owner: EmployeeId) -> list[ForwardingRule]:
    query = select(RuleRow).where(RuleRow.employee_id == owner, RuleRow.removed_at.is_(None))
    rows = await session.scalars(query.order_by(RuleRow.position))
    return [rule for row in rows if (rule := _rule(row)) is not None]


async def _found(session: AsyncSession, employee: EmployeeId) -> list[_Found]:
    """Found by how documents.py writes them; what only looks like it is sorted out."""
    patterns = (f'"employee":{employee}}}', *(f"{a}{employee}{b}" for a in "[," for b in ",]"))
    query = (
        select(RuleRow, EmployeeRow.name)
        .join(EmployeeRow, EmployeeRow.id == RuleRow.employee_id)
        .where(
            RuleRow.removed_at.is_(None),
            RuleRow.employee_id != employee,
            EmployeeRow.left_at.is_(None),
            or_(*(RuleRow.document.contains(text, autoescape=True) for text in patterns)),
        )
        .order_by(EmployeeRow.sort_name, RuleRow.position)
    )
    return [
        _Found(row, rule, owner)
        for row, owner in await session.execute(query)
        if (rule := _rule(row)) is not None and without(rule, employee, None) != rule
    ]


def _rule(row: RuleRow) -> ForwardingRule | None:
    try:
        when, then, otherwise = documents.decode(row.document)
    except documents.UnreadableDocumentError:
        return None
    return ForwardingRule(
        RuleId(row.id),
        row.name,
        when,
        then,
        otherwise,
        row.greeting,
        is_on=row.is_on,
        is_temporary=row.is_temporary,
    )


RULES = Finder(KIND, (Deed.HAND_OVER, Deed.REMOVE, Deed.LEAVE), find, settle, restore)
