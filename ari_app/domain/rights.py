"""Who may do what, and to whom: rights, how far each reaches, and roles that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from ari_app.domain.numbers import EmployeeId


class Right(Enum):
    """One thing an account may do; values are stored, and named in the API."""

    SEE_EMPLOYEES = "see_employees"
    CHANGE_CARDS = "change_cards"
    CHANGE_CONTACT_CENTRE = "change_contact_centre"
    CHANGE_PHONES = "change_phones"
    ADD_EMPLOYEES = "add_employees"
    DELETE_EMPLOYEES = "delete_employees"
    ASSIGN_ROLES = "assign_roles"
    CHANGE_STATUS = "change_status"
    SEE_RULES = "see_rules"
    CONFIGURE_RULES = "configure_rules"
    """The reference's "configure individual call handling rules (Autosecretary)"."""
    SEE_CALLS = "see_calls"
    SEE_BOARD = "see_board"
    SEE_REPORTS = "see_reports"
    MANAGE_OFFICE = "manage_office"
    """Departments, groups and own statuses."""
    MANAGE_ROLES = "manage_roles"
    MANAGE_MAIL = "manage_mail"
    """The company's mail server, and the letters that leave."""
    SEE_AUDIT = "see_audit"
    USE_API = "use_api"


class Scope(IntEnum):
    """How far a right reaches; a wider one holds the narrower ones."""

    SELF = 1
    DEPARTMENT = 2
    EVERYONE = 3


Grants = Mapping[Right, Scope]


@dataclass(frozen=True, slots=True)
class Role:
    """What an account is given; `rank` says who stands above whom (0 to 100)."""

    id: int
    name_ru: str
    name_en: str
    rank: int
    grants: Grants = field(default_factory=dict)
    needs_second_factor: bool = False
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody that something is done to."""

    employee: EmployeeId
    department: int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: an employee with a role."""

    employee: EmployeeId
    department: int | None
    role: Role

    def scope(self, right: Right) -> Scope | None:
        """How far this right reaches, None without it."""
        return self.role.grants.get(right)

    def may(self, right: Right, subject: Subject | None = None) -> bool:
        """Whether the right is held at all, or for this `subject`.

        What changes somebody else stops at those whose role stands above one's own.
        """
        scope = self.scope(right)
        if scope is None or subject is None:
            return scope is not None
        if subject.employee == self.employee:
            return True
        if right in _CHANGING and subject.rank > self.role.rank:
            return False
        in_department = self.department is not None and subject.department == self.department
        return scope is Scope.EVERYONE or (scope is Scope.DEPARTMENT and in_department)

    def may_give(self, role: Role) -> bool:
        """Whether this role may be given to somebody: none above one's own, nor wider rights."""
        return role.rank <= self.role.rank and all(
            (self.scope(right) or 0) >= scope for right, scope in role.grants.items()
        )


_CHANGING = frozenset(
    {
        Right.CHANGE_CARDS,
        Right.CHANGE_CONTACT_CENTRE,
        Right.CHANGE_PHONES,
        Right.DELETE_EMPLOYEES,
        Right.ASSIGN_ROLES,
        Right.CHANGE_STATUS,
        Right.CONFIGURE_RULES,
    }
)

_OWN = dict.fromkeys((Right.CHANGE_STATUS, Right.SEE_RULES, Right.SEE_CALLS), Scope.SELF)
_EMPLOYEE = {
    **_OWN,
    Right.SEE_EMPLOYEES: Scope.EVERYONE,
    Right.SEE_BOARD: Scope.DEPARTMENT,
}
_SENIOR = {
    **_EMPLOYEE,
    Right.CONFIGURE_RULES: Scope.SELF,
    Right.SEE_CALLS: Scope.DEPARTMENT,
    Right.SEE_REPORTS: Scope.DEPARTMENT,
    Right.SEE_RULES: Scope.DEPARTMENT,
}
_GROUP_HEAD = {
    **_SENIOR,
    Right.CHANGE_CARDS: Scope.DEPARTMENT,
    Right.CHANGE_CONTACT_CENTRE: Scope.DEPARTMENT,
    Right.CHANGE_PHONES: Scope.DEPARTMENT,
    Right.CHANGE_STATUS: Scope.DEPARTMENT,
    Right.CONFIGURE_RULES: Scope.DEPARTMENT,
}
_COMPANY_HEAD = dict.fromkeys(set(Right) - {Right.MANAGE_ROLES}, Scope.EVERYONE)

PRESETS: tuple[Role, ...] = (
    Role(1, "Нет доступа", "No access", 0, {}, preset="no_access"),
    Role(2, "Сотрудник", "Employee", 10, _EMPLOYEE, preset="employee"),
    Role(3, "Старший сотрудник", "Senior employee", 20, _SENIOR, preset="senior"),
    Role(4, "Руководитель группы", "Head of a group", 30, _GROUP_HEAD, preset="group_head"),
    Role(
        5,
        "Маркетолог",
        "Marketer",
        20,
        {
            **_EMPLOYEE,
            Right.SEE_CALLS: Scope.EVERYONE,
            Right.SEE_REPORTS: Scope.EVERYONE,
            Right.SEE_BOARD: Scope.EVERYONE,
        },
        preset="marketer",
    ),
    Role(
        6,
        "Бухгалтер",
        "Accountant",
        20,
        {**_EMPLOYEE, Right.SEE_REPORTS: Scope.EVERYONE},
        preset="accountant",
    ),
    Role(
        7, "Руководитель компании", "Head of the company", 80, _COMPANY_HEAD, preset="company_head"
    ),
    Role(
        8,
        "Администратор",
        "Administrator",
        100,
        dict.fromkeys(Right, Scope.EVERYONE),
        preset="administrator",
    ),
)
"""The roles that every office begins with (FEATURES, section 4.3)."""

NO_ACCESS, EMPLOYEE, *_, ADMINISTRATOR = PRESETS
