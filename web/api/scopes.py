"""What a token may be used for: less than its owner may do, never more."""

from collections.abc import Mapping
from enum import Enum

from web.words import N_


class TokenScope(Enum):
    """One thing that a token opens; values are stored, and named in the API."""

    ACCOUNT = "account"
    STATUS = "status"
    EMPLOYEES_READ = "employees:read"
    EMPLOYEES_WRITE = "employees:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    BOARD_READ = "board:read"
    CALLS_READ = "calls:read"
    CALLS_WRITE = "calls:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    REPORTS_READ = "reports:read"
    OFFICE_READ = "office:read"
    OFFICE_WRITE = "office:write"
    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    AUDIT_READ = "audit:read"
    MAIL_READ = "mail:read"
    MAIL_WRITE = "mail:write"


TEXTS: Mapping[TokenScope, str] = {
    TokenScope.ACCOUNT: N_("One's own account, e-mail, devices and tokens"),
    TokenScope.STATUS: N_("Read and change statuses"),
    TokenScope.EMPLOYEES_READ: N_("Read employees and their cards"),
    TokenScope.EMPLOYEES_WRITE: N_("Add, change and delete employees"),
    TokenScope.RULES_READ: N_("Read where calls go, and why"),
    TokenScope.RULES_WRITE: N_("Change the rules of secretaries"),
    TokenScope.BOARD_READ: N_("Read the board"),
    TokenScope.CALLS_READ: N_("Read the history of calls"),
    TokenScope.CALLS_WRITE: N_("Call back, and close missed calls"),
    TokenScope.MESSAGES_READ: N_("Read and hear messages that callers left"),
    TokenScope.MESSAGES_WRITE: N_("Mark messages as heard, and delete them"),
    TokenScope.REPORTS_READ: N_("Read reports"),
    TokenScope.OFFICE_READ: N_("Read departments, groups and own statuses"),
    TokenScope.OFFICE_WRITE: N_("Change departments, groups and own statuses"),
    TokenScope.ROLES_READ: N_("Read roles"),
    TokenScope.ROLES_WRITE: N_("Change roles, and who has them"),
    TokenScope.AUDIT_READ: N_("Read the audit log"),
    TokenScope.MAIL_READ: N_("Read outgoing letters and the company's mail server"),
    TokenScope.MAIL_WRITE: N_("Retry and remove letters, change the company's mail server"),
}
"""What each opens, in words."""
