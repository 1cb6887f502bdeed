"""Everything in the office that refers to an employee: one finder for each kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import Problem
from ari_app.domain.numbers import EmployeeId
from ari_app.store.cards import read_employees
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import HandOverError, NotThereError
from ari_app.store.groups import group, groups, set_members
from ari_app.store.handover import Deed, Finder, Order, Reference
from ari_app.store.people import card_of, searched
from ari_app.store.rows import EmployeeRow, RuleRow
from ari_app.store.rule_references import RULES
from ari_app.store.rules import refused_rules

_Problems = Mapping[tuple[EmployeeId, int, Problem], tuple[EmployeeId, ...]]


async def _find_groups(session: AsyncSession, employee: EmployeeId) -> Sequence[Reference]:
    found = await groups(session, of=employee)
    return [Reference("groups", one.id, (one.name_ru, one.name_en)) for one in found]


async def _settle_groups(session: AsyncSession, order: Order) -> list[Any]:
    memory = []
    for one in await groups(session, of=order.employee):
        is_handed = order.deeds.get(one.id) is Deed.HAND_OVER
        successor = order.successor if is_handed else None
        changed = [successor if who == order.employee else who for who in one.members]
        after = list(dict.fromkeys(who for who in changed if who is not None))
        await set_members(session, one.id, after)
        names = [one.name_ru, one.name_en]
        memory.append(
            {"group": one.id, "names": names, "before": list(one.members), "after": after}
        )
    return memory


async def _restore_groups(
    session: AsyncSession, employee: EmployeeId, memory: list[Any]
) -> Sequence[Reference]:
    """The place that they had; the last one in a group that has changed since."""
    left = []
    for told in memory:
        names = (told["names"][0], told["names"][1])
        try:
            one = await group(session, told["group"])
        except NotThereError:
            left.append(Reference("groups", told["group"], names))
            continue
        if list(one.members) == told["after"]:
            await set_members(session, one.id, told["before"])
            continue
        await set_members(session, one.id, [*one.members, employee])
        left.append(Reference("groups", one.id, names))
    return left


async def _find_number(session: AsyncSession, employee: EmployeeId) -> Sequence[Reference]:
    row = await session.get(EmployeeRow, employee)
    if row is None or row.number is None:
        return ()
    return (Reference("number", employee, (row.number, row.number)),)


async def _settle_number(session: AsyncSession, order: Order) -> list[Any]:
    row = await _row(session, order.employee)
    number, successor = row.number, order.successor
    is_handed = order.deeds.get(order.employee) is Deed.HAND_OVER
    if number is None or successor is None or not is_handed:
        return []
    other = await _row(session, successor)
    if other.number is not None:
        raise HandOverError("number", order.employee, None)
    before = await _problems(session, number, order)
    row.number = None
    await session.flush()
    await _give_number(session, other, number)
    after = await _problems(session, number, order)
    for key in after.keys() - before.keys():
        raise HandOverError("number", order.employee, key[2], after[key])
    return [{"number": number, "to": successor}]


async def _restore_number(
    session: AsyncSession, employee: EmployeeId, memory: list[Any]
) -> Sequence[Reference]:
    for told in memory:
        number = str(told["number"])
        other = await session.get(EmployeeRow, told["to"], populate_existing=True)
        if other is None or other.number != number:
            return (Reference("number", employee, (number, number)),)
        await _give_number(session, other, None)
        await _give_number(session, await _row(session, employee), number)
    return ()


async def _give_number(session: AsyncSession, row: EmployeeRow, number: str | None) -> None:
    employee = EmployeeId(row.id)
    await announce(session, ChangeKind.EMPLOYEE, (employee,))
    row.number = number
    await session.flush()
    if row.left_at is None:
        row.search = searched(await card_of(session, employee))
        await session.flush()


async def _problems(session: AsyncSession, number: str, order: Order) -> _Problems:
    """What is wrong with the rules that lead to a number."""
    query = select(RuleRow.employee_id).where(
        RuleRow.document.contains(f'"{number}"', autoescape=True), RuleRow.removed_at.is_(None)
    )
    owners = set(map(EmployeeId, await session.scalars(query)))
    people = await read_employees(session, await read_own_statuses(session), owners)
    found: dict[tuple[EmployeeId, int, Problem], tuple[EmployeeId, ...]] = {}
    for owner in people:
        refused = await refused_rules(session, owner.id, owner.rules, order.now, order.country)
        found |= {(owner.id, one.position, one.problem): one.people for one in refused}
    return found


async def _row(session: AsyncSession, employee: EmployeeId) -> EmployeeRow:
    row = await session.get(EmployeeRow, employee, populate_existing=True)
    if row is None:
        raise NotThereError("employee", employee)
    return row


GROUPS = Finder(
    "groups", (Deed.HAND_OVER, Deed.REMOVE), _find_groups, _settle_groups, _restore_groups
)
NUMBER = Finder(
    "number", (Deed.HAND_OVER, Deed.LEAVE), _find_number, _settle_number, _restore_number
)
FINDERS: tuple[Finder, ...] = (RULES, GROUPS, NUMBER)
"""Campaigns and scheduled calls add theirs here; what they forbid, they say by `forbids`."""
