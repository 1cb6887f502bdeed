"""Accounts: a login for every employee, the password they chose themselves, and their role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import Declared, Status
from ari_app.domain.logins import login_from, stem_of
from ari_app.domain.numbers import EmployeeId, NumberClass, OwnStatusId
from ari_app.domain.rights import EMPLOYEE, Actor, Role, Subject
from ari_app.numbering import outside_number
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.panel_rows import AccountRow, RoleRow
from ari_app.store.roles import role_of
from ari_app.store.rows import EmployeeRow

_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Account:
    """An employee's account as the panel knows it; the password's hash stays in the store."""

    employee: EmployeeId
    name: str
    extension: str
    login: str
    email: str | None
    mobile: str | None
    department: int | None
    language: str
    zone: str
    role: Role
    theme: str
    has_password: bool
    has_second_factor: bool
    own_statuses: frozenset[OwnStatusId] | None = None
    """Own statuses that may be declared (None: all of them)."""
    left_with: Declared | None = None
    """The status at the last logout, or before all devices went silent."""
    gone_since: datetime | None = None
    """The status is what the silence of all devices has made it, since then."""

    @property
    def actor(self) -> Actor:
        return Actor(self.employee, self.department, self.role)

    @property
    def subject(self) -> Subject:
        return Subject(self.employee, self.department, self.role.rank)


async def open_accounts(
    session: AsyncSession, people: Sequence[tuple[EmployeeId, str]], role_id: int = EMPLOYEE.id
) -> None:
    """Give each of `people` (id, name) a login that nobody has or ever had."""
    if not people:
        return
    latin = [anyascii(name) for _, name in people]
    # Only those that could be in the way: an office of thousands grows slice by slice.
    stems = {stem_of(one).rstrip(_DIGITS) for one in latin}
    beginning = func.rtrim(AccountRow.login, _DIGITS)
    query = select(AccountRow.login).where(beginning.in_(stems))
    taken = set(await session.scalars(query))
    for (employee, _), name in zip(people, latin, strict=True):
        login = login_from(name, taken)
        taken.add(login)
        session.add(_new_row(employee, login, role_id))
    await session.flush()


async def complete(session: AsyncSession) -> int:
    """Open accounts for employees that have none (an older version added them); how many."""
    await take_turn(session)
    without = (
        select(EmployeeRow)
        .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .where(AccountRow.employee_id.is_(None), EmployeeRow.left_at.is_(None))
        .order_by(EmployeeRow.id)
    )
    rows = list(await session.scalars(without))
    await open_accounts(session, [(EmployeeId(row.id), row.name) for row in rows])
    return len(rows)


async def account(session: AsyncSession, employee: EmployeeId) -> Account:
    """The account of somebody who has not left. Raises NotThereError."""
    found = await _one(session, EmployeeRow.id == employee)
    if found is None:
        raise NotThereError("account", employee)
    return found


async def account_typed(
    session: AsyncSession, typed: str, countries: Sequence[str]
) -> Account | None:
    """Whose login, mobile number (one of `countries`, as typed) or e-mail address this is."""
    stored = login_typed(typed, countries)
    if "@" in stored:
        return await _one(session, EmployeeRow.email == stored)
    if _mobile_typed(typed, countries):
        return await _one(session, EmployeeRow.mobile == stored)
    return await _one(session, AccountRow.login == stored)


def login_typed(typed: str, countries: Sequence[str]) -> str:
    """What was typed, as it would be stored: the same for all ways to write one number."""
    typed = typed.strip()
    if "@" in typed:
        return normal_email(typed) or typed.lower()
    return _mobile_typed(typed, countries) or typed.lower()


def _mobile_typed(typed: str, countries: Sequence[str]) -> str | None:
    numbers = (outside_number(typed, country) for country in countries)
    mobiles = (one for one in numbers if one and one.number_class is NumberClass.MOBILE)
    return next((one.e164 for one in mobiles), None)


def normal_email(typed: str) -> str:
    """An address as it is stored and compared, "" for what is none (email-validator)."""
    try:
        checked = validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        return ""
    return checked.normalized.lower()


async def give_role(session: AsyncSession, employee: EmployeeId, role_id: int) -> None:
    """Raises NotThereError for a role or account that is not there."""
    if await session.get(RoleRow, role_id) is None:
        raise NotThereError("role", role_id)
    row = await row_of(session, employee)
    row.role_id = role_id
    await session.flush()


async def new_login(session: AsyncSession, employee: EmployeeId, name: str) -> str:
    """Generate the login anew, from the name as it is now; the old one stays nobody's."""
    await take_turn(session)
    row = await row_of(session, employee)
    taken = set(await session.scalars(select(AccountRow.login)))
    row.login = login_from(anyascii(name), taken)
    await session.flush()
    return row.login


async def wants_missed_call_letters(session: AsyncSession, employee: EmployeeId) -> bool:
    """Whether somebody wants to read of the calls that they missed."""
    query = select(AccountRow.missed_call_letters).where(AccountRow.employee_id == employee)
    return bool(await session.scalar(query))


async def want_missed_call_letters(
    session: AsyncSession, employee: EmployeeId, *, wanted: bool
) -> None:
    """Raises NotThereError."""
    (await row_of(session, employee)).missed_call_letters = wanted
    await session.flush()


async def set_preferences(
    session: AsyncSession, employee: EmployeeId, language: str, zone: str, theme: str
) -> None:
    """How the panel speaks to somebody, and looks. Raises NotThereError, InvalidError."""
    card = await session.get(EmployeeRow, employee)
    if card is None or card.left_at is not None:
        raise NotThereError("employee", employee)
    if (card.language, card.zone) != (language, zone):
        await announce(session, ChangeKind.EMPLOYEE, (employee,))
        card.language, card.zone = language, zone
    await set_theme(session, employee, theme)
    await session.flush()


async def set_theme(session: AsyncSession, employee: EmployeeId, theme: str) -> None:
    """Raises InvalidError for a theme that is none of auto, light, dark."""
    if theme not in {"auto", "light", "dark"}:
        raise InvalidError("theme", "auto, light or dark")
    await session.execute(
        update(AccountRow).where(AccountRow.employee_id == employee).values(theme=theme)
    )


def read_left_with(row: AccountRow) -> Declared | None:
    """The status that an account was left with, for the store's other modules."""
    if not row.left_with:
        return None
    base, own = row.left_with
    return Declared(Status(base), None if own is None else OwnStatusId(own))


async def row_of(session: AsyncSession, employee: EmployeeId) -> AccountRow:
    """The row, for the store's other modules. Raises NotThereError."""
    row = await session.get(AccountRow, employee, populate_existing=True)
    if row is None:
        raise NotThereError("account", employee)
    return row


async def _one(session: AsyncSession, condition: ColumnElement[bool]) -> Account | None:
    query = (
        select(EmployeeRow, AccountRow, RoleRow)
        .join(AccountRow, AccountRow.employee_id == EmployeeRow.id)
        .join(RoleRow, RoleRow.id == AccountRow.role_id)
        .where(condition, EmployeeRow.left_at.is_(None))
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else _account(*found)


def _account(card: EmployeeRow, row: AccountRow, role: RoleRow) -> Account:
    return Account(
        employee=EmployeeId(card.id),
        name=card.name,
        extension=card.extension,
        login=row.login,
        email=card.email,
        mobile=card.mobile,
        department=card.department_id,
        language=card.language,
        zone=card.zone,
        role=role_of(role),
        theme=row.theme,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp is not None,
        own_statuses=None
        if card.own_status_ids is None
        else frozenset(map(OwnStatusId, card.own_status_ids)),
        left_with=read_left_with(row),
        gone_since=row.gone_since,
    )


def _new_row(employee: EmployeeId, login: str, role_id: int) -> AccountRow:
    return AccountRow(
        employee_id=employee,
        login=login,
        role_id=role_id,
        theme="auto",
        totp_counter=0,
        recovery_hashes=[],
    )
