"""Every version of every secretary: who saved what when, and what it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import ForwardingRule, MissedNotice
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store import documents
from ari_app.store.secretary_rows import RuleVersionRow

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Author:
    """Who saved a version; without an `id` it was nobody with a card."""

    id: EmployeeId | None
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """A secretary as it was saved; `rules` in their order."""

    id: int
    at: datetime
    by: Author
    rules: tuple[ForwardingRule, ...]


class _Written(msgspec.Struct):
    id: int
    name: str
    is_on: bool
    greeting: str | None
    document: str
    notice: MissedNotice = MissedNotice.AS_SET


def write_rules(rules: Sequence[ForwardingRule]) -> str:
    """Rules in their order as one JSON document; `read_rules` reads it."""
    written = [
        _Written(
            rule.id,
            rule.name,
            rule.is_on,
            rule.greeting,
            documents.encode(rule.when, rule.then, rule.otherwise),
            rule.notice,
        )
        for rule in rules
    ]
    return msgspec.json.encode(written).decode()


def read_rules(text: str | bytes) -> tuple[ForwardingRule, ...]:
    """The rules that `write_rules` wrote. Raises documents.UnreadableDocumentError."""
    try:
        written = msgspec.json.decode(text, type=list[_Written])
    except (msgspec.MsgspecError, ValueError) as error:
        raise documents.UnreadableDocumentError(str(error)) from error
    return tuple(map(_rule, written))


async def keep(
    session: AsyncSession,
    employee: EmployeeId,
    rules: Sequence[ForwardingRule],
    by: Author,
    now: datetime,
) -> int:
    """Note what has been saved, and return the number of the version."""
    row = RuleVersionRow(
        employee_id=employee, at=now, by_id=by.id, by_name=by.name, document=write_rules(rules)
    )
    session.add(row)
    await session.flush()
    return row.id


async def newest(session: AsyncSession, employee: EmployeeId) -> int:
    """The number of the version that holds; 0 where nothing was ever saved."""
    query = select(func.max(RuleVersionRow.id)).where(RuleVersionRow.employee_id == employee)
    return await session.scalar(query) or 0


async def versions(
    session: AsyncSession, employee: EmployeeId, most: int, before: int | None = None
) -> list[Version]:
    """The newest versions first, `before` a number; what cannot be read is left out."""
    query = (
        select(RuleVersionRow)
        .where(RuleVersionRow.employee_id == employee)
        .order_by(RuleVersionRow.id.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(RuleVersionRow.id < before)
    found = [_version(row) for row in await session.scalars(query)]
    return [version for version in found if version is not None]


async def version(session: AsyncSession, employee: EmployeeId, number: int) -> Version | None:
    """One version of this employee's."""
    query = select(RuleVersionRow).where(
        RuleVersionRow.employee_id == employee, RuleVersionRow.id == number
    )
    row = await session.scalar(query)
    return None if row is None else _version(row)


def _version(row: RuleVersionRow) -> Version | None:
    try:
        rules = read_rules(row.document)
    except documents.UnreadableDocumentError as error:
        log.warning("version.unreadable", version=row.id, reason=str(error))
        return None
    by = Author(None if row.by_id is None else EmployeeId(row.by_id), row.by_name)
    return Version(row.id, row.at, by, rules)


def _rule(written: _Written) -> ForwardingRule:
    when, then, otherwise = documents.decode(written.document)
    return ForwardingRule(
        RuleId(written.id),
        written.name,
        when,
        then,
        otherwise,
        written.greeting,
        is_on=written.is_on,
        notice=written.notice,
    )
