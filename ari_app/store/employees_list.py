"""The list of employees: searched, filtered, sorted, and read a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy import Row as Found
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.availability import READINESS
from ari_app.domain.directory import Declared, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Subject
from ari_app.store.call_list import Reach, within
from ari_app.store.cards import OwnStatuses, declared
from ari_app.store.panel_rows import AccountRow, PhotoRow, RoleRow
from ari_app.store.rows import EmployeeRow, EmployeeStatusRow

_READY = sorted(status.value for status, readiness in READINESS.items() if readiness.is_ready)
_Element = SQLColumnExpression[Any]
_NOWHERE = 0
"""A department that nobody is in: those without one are asked for."""


class SortBy(Enum):
    """A column that the list can be sorted by."""

    NAME = "name"
    EXTENSION = "extension"
    STATUS = "status"
    DEPARTMENT = "department"
    POSITION = "position"
    MOBILE = "mobile"
    EMAIL = "email"
    LOGIN = "login"
    ROLE = "role"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which employees of those in reach, as it is `now`, and in which order.

    `words` must all stand in the card or the login; or else `digits` in one of the numbers.
    `department` 0 means those without one. `department_order` sorts by their names.
    """

    reach: Reach
    now: datetime
    words: tuple[str, ...] = ()
    digits: str = ""
    department: int | None = None
    status: StatusChoice | None = None
    is_ready: bool | None = None
    sort_by: SortBy = SortBy.NAME
    is_down: bool = False
    department_order: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list; `photo` is the version of the picture ("": there is none)."""

    id: EmployeeId
    name: str
    extension: str
    declared: Declared
    uses_status: bool
    department: int | None
    position: str
    mobile: str | None
    email: str | None
    number: str | None
    login: str
    role_names: tuple[str, str]
    rank: int
    photo: str

    @property
    def subject(self) -> Subject:
        return Subject(self.id, self.department, self.rank)


async def count_employees(session: AsyncSession, sought: Sought) -> int:
    """How many there are."""
    found = select(EmployeeRow.id).where(*_conditions(sought))
    query = select(func.count()).select_from(_joined(found).subquery())
    return await session.scalar(query) or 0


async def page_of_employees(
    session: AsyncSession,
    sought: Sought,
    own: OwnStatuses,
    limit: int,
    offset: int,
) -> Sequence[Listed]:
    """Those of one page, in their order: one query."""
    query = (
        _joined(select(*_COLUMNS))
        .outerjoin(RoleRow, RoleRow.id == AccountRow.role_id)
        .outerjoin(PhotoRow, PhotoRow.employee_id == EmployeeRow.id)
        .where(*_conditions(sought))
        .order_by(*_order(sought))
        .limit(limit)
        .offset(offset)
    )
    return [_listed(row, own) for row in await session.execute(query)]


_COLUMNS = (
    EmployeeRow.id,
    EmployeeRow.name,
    EmployeeRow.extension,
    EmployeeRow.uses_status,
    EmployeeRow.department_id,
    EmployeeRow.position,
    EmployeeRow.mobile,
    EmployeeRow.email,
    EmployeeRow.number,
    EmployeeStatusRow.base,
    EmployeeStatusRow.own_status_id,
    EmployeeStatusRow.temporary_base,
    EmployeeStatusRow.temporary_own_status_id,
    EmployeeStatusRow.until,
    AccountRow.login,
    RoleRow.name_ru,
    RoleRow.name_en,
    RoleRow.rank,
    PhotoRow.version,
)


def _joined(query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
    return (
        query.select_from(EmployeeRow)
        .outerjoin(EmployeeStatusRow, EmployeeStatusRow.employee_id == EmployeeRow.id)
        .outerjoin(AccountRow, AccountRow.employee_id == EmployeeRow.id)
    )


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [EmployeeRow.left_at.is_(None)]
    seen = within(sought.reach)
    if seen is not None:
        found.append(seen)
    if sought.words or sought.digits:
        found.append(_text(sought))
    if sought.department is not None:
        nowhere = sought.department == _NOWHERE
        found.append(EmployeeRow.department_id == (None if nowhere else sought.department))
    if sought.status is not None:
        found.append(_in_force(sought.status, sought.now))
    if sought.is_ready is not None:
        is_ready = or_(EmployeeRow.uses_status.is_(False), _base(sought.now).in_(_READY))
        found.append(is_ready if sought.is_ready else ~is_ready)
    return found


def _text(sought: Sought) -> ColumnElement[bool]:
    texts = and_(
        *(
            EmployeeRow.search.contains(word, autoescape=True)
            | AccountRow.login.contains(word, autoescape=True)
            for word in sought.words
        )
    )
    if not sought.digits:
        return texts
    numbers = EmployeeRow.search.contains(sought.digits, autoescape=True)
    return or_(texts, numbers) if sought.words else numbers


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Whether the temporary status holds."""
    return and_(EmployeeStatusRow.until > now, EmployeeStatusRow.temporary_base.is_not(None))


def _base(now: datetime) -> ColumnElement[str]:
    """The status in force; who never declared one is Online."""
    below = func.coalesce(EmployeeStatusRow.base, Status.ONLINE.value)
    return case((_is_over(now), EmployeeStatusRow.temporary_base), else_=below)


def _own(now: datetime) -> ColumnElement[int | None]:
    over = EmployeeStatusRow.temporary_own_status_id
    return case((_is_over(now), over), else_=EmployeeStatusRow.own_status_id)


def _in_force(choice: StatusChoice, now: datetime) -> ColumnElement[bool]:
    if isinstance(choice, Status):
        return and_(_base(now) == choice.value, _own(now).is_(None))
    return _own(now) == choice


def _order(sought: Sought) -> list[_Element]:
    """By the column, those without a value last; people of the same value by their name."""
    last, keys = _keys(sought)
    turned = [key.desc() if sought.is_down else key.asc() for key in keys]
    ends: list[_Element] = [EmployeeRow.sort_name.asc(), EmployeeRow.id.asc()]
    return [*last, *turned, *ends]


def _keys(sought: Sought) -> tuple[list[_Element], list[_Element]]:
    plain: dict[SortBy, _Element] = {
        SortBy.NAME: EmployeeRow.sort_name,
        SortBy.POSITION: EmployeeRow.position,
        SortBy.MOBILE: EmployeeRow.mobile,
        SortBy.EMAIL: EmployeeRow.email,
        SortBy.NUMBER: EmployeeRow.number,
        SortBy.LOGIN: AccountRow.login,
        SortBy.ROLE: RoleRow.rank,
    }
    if sought.sort_by in plain:
        key = plain[sought.sort_by]
        return [or_(key.is_(None), key == "") if sought.sort_by in _TEXTS else key.is_(None)], [key]
    match sought.sort_by:
        case SortBy.EXTENSION:
            return [], [func.length(EmployeeRow.extension), EmployeeRow.extension]
        case SortBy.STATUS:
            places = {status.value: place for place, status in enumerate(Status)}
            return [], [
                case(places, value=_base(sought.now)),
                func.coalesce(_own(sought.now), 0),
            ]
        case _:
            office = EmployeeRow.department_id
            order = dict(sought.department_order) or {0: 0}
            return [office.is_(None)], [case(order, value=office, else_=len(order))]


_TEXTS = {SortBy.POSITION, SortBy.EMAIL}


def _listed(row: Found[*tuple[object, ...]], own: OwnStatuses) -> Listed:
    return Listed(
        id=EmployeeId(row.id),
        name=row.name,
        extension=row.extension,
        declared=Declared(Status.ONLINE) if row.base is None else declared(row, own),
        uses_status=row.uses_status,
        department=row.department_id,
        position=row.position,
        mobile=row.mobile,
        email=row.email,
        number=row.number,
        login=row.login or "",
        role_names=(row.name_ru or "", row.name_en or ""),
        rank=row.rank or 0,
        photo=row.version or "",
    )
