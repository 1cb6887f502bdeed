"""Rules that cannot work any more, and what their owners were written about them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store.rows import EmployeeRow, RuleRow


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule with the problems that its owner knows of, and where letters to the owner go."""

    rule: RuleId
    title: str
    owner: EmployeeId
    known: frozenset[str]
    name: str
    email: str | None
    language: str


async def watched(
    session: AsyncSession, owners: Collection[EmployeeId], rules: Collection[RuleId]
) -> list[Watched]:
    """Of these owners' rules those that somebody was written about, and these `rules`."""
    query = (
        select(RuleRow, EmployeeRow)
        .join(EmployeeRow, EmployeeRow.id == RuleRow.employee_id)
        .where(
            RuleRow.employee_id.in_(owners),
            RuleRow.removed_at.is_(None),
            EmployeeRow.left_at.is_(None),
            or_(RuleRow.broken != "", RuleRow.id.in_(rules)),
        )
        .order_by(RuleRow.id)
        .execution_options(populate_existing=True)
    )
    return [_watched(rule, card) for rule, card in await session.execute(query)]


async def know(session: AsyncSession, problems: Mapping[RuleId, Collection[str]]) -> None:
    """Note what the owners of these rules were written about; nothing where all is well again."""
    for rule, keys in problems.items():
        told = ",".join(sorted(keys))
        await session.execute(update(RuleRow).where(RuleRow.id == rule).values(broken=told))


def _watched(rule: RuleRow, card: EmployeeRow) -> Watched:
    return Watched(
        RuleId(rule.id),
        rule.name,
        EmployeeId(card.id),
        frozenset(filter(None, rule.broken.split(","))),
        card.name,
        card.email,
        card.language,
    )
