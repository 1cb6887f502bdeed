"""Actions of the audit log, and the fields that they changed, in words."""

from collections.abc import Mapping

from web.right_words import RIGHTS
from web.words import N_

ACTIONS: Mapping[str, str] = {
    "department.added": N_("Department added"),
    "department.renamed": N_("Department renamed"),
    "department.removed": N_("Department removed"),
    "department.brought_back": N_("Department brought back"),
    "group.added": N_("Group added"),
    "group.renamed": N_("Group renamed"),
    "group.members": N_("Members of a group changed"),
    "group.removed": N_("Group removed"),
    "group.brought_back": N_("Group brought back"),
    "own_status.added": N_("Own status added"),
    "own_status.changed": N_("Own status changed"),
    "own_status.retired": N_("Own status retired"),
    "own_status.brought_back": N_("Own status brought back"),
    "role.added": N_("Role added"),
    "role.changed": N_("Role changed"),
    "role.removed": N_("Role removed"),
    "role.brought_back": N_("Role brought back"),
    "role.given": N_("Role given"),
    "token.made": N_("API token made"),
    "token.revoked": N_("API token revoked"),
    "employee.added": N_("Employee added"),
    "employee.deleted": N_("Employee deleted"),
    "employee.restored": N_("Deletion taken back"),
    "card.added": N_("Card added"),
    "card.changed": N_("Card changed"),
    "contact_centre.changed": N_("Contact centre settings changed"),
    "phones.changed": N_("Phones changed"),
    "photo.changed": N_("Photo changed"),
    "photo.removed": N_("Photo removed"),
    "login.changed": N_("Login generated anew"),
    "status.changed": N_("Status changed"),
    "session.began": N_("Logged in"),
    "session.ended": N_("Logged out"),
    "password.set": N_("Password set"),
    "password.changed": N_("Password changed"),
}
"""What each action is called; one that is not here is shown as it is written."""

FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "name_ru": N_("Name in Russian"),
    "name_en": N_("Name in English"),
    "extension": N_("Extension"),
    "email": N_("E-mail"),
    "mobile": N_("Mobile"),
    "position": N_("Position"),
    "department": N_("Department"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "number": N_("Own outside number"),
    "people": N_("Employees"),
    "members": N_("Members"),
    "base": N_("Behaves as"),
    "colour": N_("Colour"),
    "at_login": N_("On the login page"),
    "rank": N_("Rank"),
    "needs_second_factor": N_("Second factor"),
    "role": N_("Role"),
    "login": N_("Login"),
    "scopes": N_("What it opens"),
    "expires_at": N_("Ends"),
    "status": N_("Status"),
    "until": N_("Until"),
    "phones": N_("Phones"),
    "rules": N_("Rules"),
    "groups": N_("Groups"),
    "rules_to": N_("Rules go to"),
    "groups_to": N_("Places in groups go to"),
    "number_to": N_("Own outside number goes to"),
    **{f"right.{right.value}": name for right, (name, _) in RIGHTS.items()},
}
"""What each field is called; one that is not here is shown as it is written."""

VALUES: Mapping[str, str] = {
    "self": N_("For oneself"),
    "department": N_("My department"),
    "everyone": N_("Everyone"),
    "online": N_("Online"),
    "do_not_disturb": N_("Do not disturb"),
    "break": N_("Break"),
    "outbound_calls": N_("Outbound calls"),
    "all_calls": N_("All calls"),
    "offline": N_("Offline"),
}
"""Stored values that have a name."""
