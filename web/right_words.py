"""Rights, and how far they reach, in words."""

from collections.abc import Mapping

from ari_app.domain.rights import Right, Scope
from web.words import N_

SCOPES: Mapping[Scope, str] = {
    Scope.SELF: N_("For oneself"),
    Scope.DEPARTMENT: N_("My department"),
    Scope.EVERYONE: N_("Everyone"),
}

RIGHTS: Mapping[Right, tuple[str, str]] = {
    Right.SEE_EMPLOYEES: (N_("See employees"), N_("Find people in the list and open their cards.")),
    Right.CHANGE_CARDS: (
        N_("Change cards"),
        N_("Name, extension, e-mail, mobile, position, department, language, photo."),
    ),
    Right.CHANGE_CONTACT_CENTRE: (
        N_("Change the contact centre settings"),
        N_("Whether the status counts, own statuses, seconds after a call, what may be dialled."),
    ),
    Right.CHANGE_PHONES: (
        N_("Change phones"),
        N_("The phones and numbers at which somebody is reached, and their order."),
    ),
    Right.ADD_EMPLOYEES: (
        N_("Add employees"),
        N_("Add people one by one or from a file, and send them the letter to register."),
    ),
    Right.DELETE_EMPLOYEES: (
        N_("Delete employees"),
        N_("Delete people, hand over what refers to them, and take that back for a day."),
    ),
    Right.ASSIGN_ROLES: (
        N_("Assign roles"),
        N_("Give people roles that stand no higher than one's own."),
    ),
    Right.CHANGE_STATUS: (N_("Change the status"), N_("Online, Break and so on.")),
    Right.SEE_RULES: (N_("See the secretary"), N_("Read where calls go, and why.")),
    Right.CONFIGURE_RULES: (
        N_("Configure individual call handling rules (Autosecretary)"),
        N_("Write the rules by which calls are forwarded."),
    ),
    Right.SEE_CALLS: (N_("See calls"), N_("The history of calls with their path and reasons.")),
    Right.SEE_BOARD: (N_("See the board"), N_("Who is ready, talking or away right now.")),
    Right.SEE_REPORTS: (
        N_("See reports"),
        N_("Time in each status and missed calls, by person and hour."),
    ),
    Right.MANAGE_OFFICE: (
        N_("Manage the office"),
        N_("Departments, groups and own statuses."),
    ),
    Right.MANAGE_ROLES: (
        N_("Manage roles"),
        N_("Add, change and remove roles, none above one's own."),
    ),
    Right.MANAGE_MAIL: (
        N_("Manage mail"),
        N_("The company's mail server, and the letters that leave."),
    ),
    Right.SEE_AUDIT: (N_("See the audit log"), N_("Who changed what, when and from where.")),
    Right.USE_API: (N_("Use the API"), N_("Make tokens for programs that act in one's name.")),
}
"""What each right is called, and what it lets people do."""

_WHOLE_OFFICE = frozenset(
    {
        Right.MANAGE_OFFICE,
        Right.MANAGE_ROLES,
        Right.MANAGE_MAIL,
        Right.SEE_AUDIT,
        Right.USE_API,
    }
)
_OTHERS = frozenset({Right.ADD_EMPLOYEES, Right.DELETE_EMPLOYEES, Right.ASSIGN_ROLES})


def scopes_of(right: Right) -> tuple[Scope, ...]:
    """How far this right can reach: what belongs to the whole office is held whole or not."""
    if right in _WHOLE_OFFICE:
        return (Scope.EVERYONE,)
    return (Scope.DEPARTMENT, Scope.EVERYONE) if right in _OTHERS else tuple(Scope)
