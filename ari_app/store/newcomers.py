"""What is asked before somebody is added or renumbered: what is free, and who has what is not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.finding import Person, people_of
from ari_app.store.panel_rows import AccountRow
from ari_app.store.people import sorted_by
from ari_app.store.roles import keepers
from ari_app.store.rows import EmployeeRow

_LONGEST = 7
_UNIQUE = {
    "extension": EmployeeRow.extension,
    "number": EmployeeRow.number,
    "email": EmployeeRow.email,
    "mobile": EmployeeRow.mobile,
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter with a link is for."""

    employee: EmployeeId
    name: str
    login: str
    email: str
    language: str
    zone: str


async def addressees(
    session: AsyncSession, whose: Collection[EmployeeId], *, are_registered: bool = False
) -> list[Addressee]:
    """Those of them who have an e-mail address, and a password or not."""
    password = AccountRow.password_hash
    query = (
        select(EmployeeRow, AccountRow.login)
        .join(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .where(
            EmployeeRow.id.in_(whose),
            EmployeeRow.email.is_not(None),
            EmployeeRow.left_at.is_(None),
            password.is_not(None) if are_registered else password.is_(None),
        )
        .order_by(EmployeeRow.id)
    )
    return [
        Addressee(EmployeeId(row.id), row.name, login, row.email or "", row.language, row.zone)
        for row, login in await session.execute(query)
    ]


async def next_extension(session: AsyncSession) -> str:
    """The one after the highest, "" where that has too many digits; 101 in an empty office."""
    query = (
        select(EmployeeRow.extension)
        .where(EmployeeRow.left_at.is_(None))
        .order_by(func.length(EmployeeRow.extension).desc(), EmployeeRow.extension.desc())
    )
    highest = await session.scalar(query.limit(1))
    if highest is None:
        return "101"
    following = str(int(highest) + 1).zfill(len(highest))
    return following if len(following) <= _LONGEST else ""


async def namesakes(session: AsyncSession, name: str, most: int = 5) -> Sequence[Person]:
    """Those who have this name already, however its letters are written."""
    query = (
        select(EmployeeRow.id)
        .where(EmployeeRow.sort_name == sorted_by(name), EmployeeRow.left_at.is_(None))
        .order_by(EmployeeRow.id)
        .limit(most)
    )
    found = (await session.scalars(query)).all()
    people = await people_of(session, found)
    return [people[EmployeeId(one)] for one in found]


async def who_has(session: AsyncSession, field: str, value: str) -> Person | None:
    """Whose extension, number, e-mail or mobile this is."""
    if field not in _UNIQUE:
        return None
    query = select(EmployeeRow.id).where(_UNIQUE[field] == value, EmployeeRow.left_at.is_(None))
    found = await session.scalar(query.limit(1))
    return None if found is None else (await people_of(session, [found])).get(EmployeeId(found))


async def nobody_administers(session: AsyncSession) -> bool:
    """Whether nobody who manages roles could log in: a new office, or one from before the panel."""
    who = select(AccountRow.employee_id).where(
        AccountRow.employee_id.in_(await keepers(session)), AccountRow.password_hash.is_not(None)
    )
    return await session.scalar(who.limit(1)) is None
