"""Forwarding set by a feature code or by a click: temporary rules above the secretary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import (
    Colleague,
    Destination,
    Directory,
    ForwardingRule,
    OutsideNumbers,
)
from ari_app.domain.forwards import ForwardKind, forwards_in, kind_of, when_of
from ari_app.domain.numbers import EmployeeId, RuleId, parse_extension
from ari_app.numbering import outside_number
from ari_app.settings import Settings
from ari_app.store import documents
from ari_app.store.cards import read_employees
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import NotThereError, RulesRefusedError
from ari_app.store.rows import RuleRow
from ari_app.store.rules import refused_rules


@dataclass(frozen=True, slots=True)
class Forward:
    """A forwarding that is wished for; `name` is what the call history calls its rule."""

    kind: ForwardKind
    to: Destination
    name: str


def codes_of(settings: Settings) -> dict[ForwardKind, str]:
    """The code that sets each kind; it is the name of the rule as well."""
    return {
        ForwardKind.ALL: settings.code_forward,
        ForwardKind.BUSY: settings.code_forward_busy,
        ForwardKind.NO_ANSWER: settings.code_forward_no_answer,
    }


def destination_of(text: str, directory: Directory, settings: Settings) -> Destination | None:
    """Where a number as people dial it leads: a colleague's extension comes first."""
    extension = parse_extension(text)
    employee = directory.extensions.get(extension) if extension else None
    if employee is not None:
        return Colleague(employee)
    number = outside_number(text, settings.country, settings.area_code)
    return None if number is None else OutsideNumbers((number,))


async def forwards(session: AsyncSession, employee: EmployeeId) -> list[ForwardingRule]:
    """The employee's forwardings, as rules. Raises NotThereError."""
    return [rule for rule in await _rules(session, employee) if rule.is_temporary]


async def forward(
    session: AsyncSession,
    employee: EmployeeId,
    wish: Forward,
    now: datetime,
    country: str = "",
) -> RuleId:
    """Set a forwarding in the place of one of the same kind; the id of its rule.

    Raises RulesRefusedError when it cannot work, and NotThereError.
    """
    await announce(session, ChangeKind.RULES, (employee,))
    rules = await _rules(session, employee)
    others = [one for one in rules if not (one.is_temporary and kind_of(one) is wish.kind)]
    rule = ForwardingRule(RuleId(0), wish.name, when_of(wish.kind), wish.to, is_temporary=True)
    refused = await refused_rules(session, employee, [rule, *others], now, country)
    mine = tuple(refusal for refusal in refused if refusal.position == 0)
    if mine:
        raise RulesRefusedError(mine)
    await _remove(session, _of_kind(rules, wish.kind), now)
    row = RuleRow(
        employee_id=employee,
        position=0,
        name=wish.name,
        is_on=True,
        is_temporary=True,
        document=documents.encode(rule.when, rule.then, None),
    )
    session.add(row)
    await session.flush()
    return RuleId(row.id)


async def end(
    session: AsyncSession, employee: EmployeeId, kind: ForwardKind, now: datetime
) -> bool:
    """End a forwarding; whether there was one. Raises NotThereError."""
    await announce(session, ChangeKind.RULES, (employee,))
    return await _remove(session, _of_kind(await _rules(session, employee), kind), now)


async def remove(
    session: AsyncSession, employee: EmployeeId, rule: RuleId, now: datetime
) -> ForwardingRule | None:
    """End the forwarding that this rule is; None where it is none now. Raises NotThereError."""
    await announce(session, ChangeKind.RULES, (employee,))
    found = next((one for one in await forwards(session, employee) if one.id == rule), None)
    if found is not None:
        await _remove(session, [rule], now)
    return found


async def ended(session: AsyncSession, employee: EmployeeId, rule: RuleId) -> Forward:
    """A forwarding that was ended, to be set once more. Raises NotThereError."""
    row = await session.get(RuleRow, rule, populate_existing=True)
    if row is None or row.employee_id != employee or not row.is_temporary or not row.removed_at:
        raise NotThereError("forwarding", rule)
    try:
        when, then, _ = documents.decode(row.document)
    except documents.UnreadableDocumentError as error:
        raise NotThereError("forwarding", rule) from error
    was = ForwardingRule(rule, row.name, when, then, is_temporary=True)
    return Forward(kind_of(was), then, row.name)


async def is_on(session: AsyncSession, employee: EmployeeId, kind: ForwardKind) -> bool:
    """Whether calls are forwarded so now. Raises NotThereError."""
    return kind in forwards_in(await _rules(session, employee))


def _of_kind(rules: Sequence[ForwardingRule], kind: ForwardKind) -> list[RuleId]:
    return [rule.id for rule in rules if rule.is_temporary and kind_of(rule) is kind]


async def _rules(session: AsyncSession, employee: EmployeeId) -> tuple[ForwardingRule, ...]:
    own = await read_own_statuses(session)
    found = await read_employees(session, own, [employee])
    if not found:
        raise NotThereError("employee", employee)
    return found[0].rules


async def _remove(session: AsyncSession, rules: Sequence[RuleId], now: datetime) -> bool:
    for rule in rules:
        row = await session.get_one(RuleRow, rule, populate_existing=True)
        row.removed_at = now
    await session.flush()
    return bool(rules)
