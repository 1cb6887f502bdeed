"""An employee's secretary: checked and stored as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import Refusal, refusals
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    ForwardingRule,
    OutsideNumbers,
)
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store import documents, rule_versions
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.directory import load_office, refresh
from ari_app.store.errors import NotThereError, RulesRefusedError
from ari_app.store.rows import EmployeeRow, RuleRow
from ari_app.store.rule_versions import Author

NOBODY = Author(None, "")
"""Who saves where no account does: a seed, an import, a hand-over."""


async def save_rules(  # noqa: PLR0913  one call stores, checks and notes
    session: AsyncSession,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
    country: str = "",
    *,
    by: Author = NOBODY,
) -> list[RuleId]:
    """Make `rules`, in their order, the whole secretary of an employee; their ids.

    A rule that has an id of this employee's keeps it, every other one gets a new id; temporary
    rules are left alone. What was saved is kept as a version. `country` is as in
    `directory.load`. Raises RulesRefusedError, and stores nothing, when one of them
    cannot work; NotThereError for an employee who is not there.
    """
    await announce(session, ChangeKind.RULES, (employee_id,))
    refused = await refused_rules(session, employee_id, rules, now, country)
    if refused:
        raise RulesRefusedError(refused)
    ids = await _store(session, employee_id, rules, now)
    kept = [replace(rule, id=new) for rule, new in zip(rules, ids, strict=True)]
    await rule_versions.keep(session, employee_id, kept, by, now)
    return ids


async def refused_rules(
    session: AsyncSession,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
    country: str = "",
) -> tuple[Refusal, ...]:
    """Why `rules` could not become this employee's secretary now. Raises NotThereError."""
    around = await _surroundings(session, employee_id, rules, now, country)
    if employee_id not in around.employees:
        raise NotThereError("employee", employee_id)
    return refusals(around, employee_id, rules, now)


async def _store(
    session: AsyncSession, employee_id: EmployeeId, rules: Sequence[ForwardingRule], now: datetime
) -> list[RuleId]:
    query = select(RuleRow).where(
        RuleRow.employee_id == employee_id,
        RuleRow.removed_at.is_(None),
        RuleRow.is_temporary.is_(False),
    )
    kept = {row.id: row for row in await session.scalars(query)}
    rows = []
    for position, rule in enumerate(rules):
        row = kept.pop(rule.id, None) or RuleRow(employee_id=employee_id)
        row.position, row.name, row.is_on, row.greeting = (
            position,
            rule.name,
            rule.is_on,
            rule.greeting,
        )
        row.notice = rule.notice.value
        row.document = documents.encode(rule.when, rule.then, rule.otherwise)
        session.add(row)
        rows.append(row)
    for removed in kept.values():
        removed.removed_at = now
    await session.flush()
    return [RuleId(row.id) for row in rows]


async def _surroundings(
    session: AsyncSession,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
    country: str,
) -> Directory:
    """The office with those employees whom the checks can meet, as they are stored now."""
    directory = await load_office(session, today=now.date(), country=country)
    destinations = list(_destinations(rules))
    wanted = {employee_id} | {
        colleague
        for destination in destinations
        if isinstance(destination, Colleagues)
        for colleague in destination.employees
    }
    seen: set[EmployeeId] = set()
    while destinations or wanted:
        wanted |= await _led_to(session, destinations)
        fresh, wanted = wanted - seen, set()
        seen |= fresh
        directory = await refresh(session, directory, fresh)
        people = filter(None, map(directory.employees.get, fresh - {employee_id}))
        destinations = list(_destinations(rule for person in people for rule in person.rules))
    return directory


async def _led_to(session: AsyncSession, destinations: Sequence[Destination]) -> set[EmployeeId]:
    """Whose secretaries come next, by `Colleague` and by own outside numbers."""
    numbers = {
        number.e164
        for destination in destinations
        if isinstance(destination, OutsideNumbers)
        for number in destination.numbers
    }
    query = select(EmployeeRow.id).where(
        EmployeeRow.number.in_(numbers), EmployeeRow.left_at.is_(None)
    )
    found = (await session.scalars(query)).all() if numbers else ()
    colleagues = {each.employee for each in destinations if isinstance(each, Colleague)}
    return colleagues | set(map(EmployeeId, found))


def _destinations(rules: Iterable[ForwardingRule]) -> Iterable[Destination]:
    for rule in rules:
        yield rule.then
        if rule.otherwise is not None:
            yield rule.otherwise
