"""The panel's menu: what this person may see."""

from dataclasses import dataclass

from ari_app.domain.rights import Right
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class Entry:
    text: str
    path: str
    icon: str
    right: Right | None
    is_here: bool = False
    count: int = 0


ENTRIES = (
    Entry(N_("Board"), "/board", "layout-dashboard", Right.SEE_BOARD),
    Entry(N_("Employees"), "/employees", "users", Right.SEE_EMPLOYEES),
    Entry(N_("Calls"), "/calls", "phone-call", Right.SEE_CALLS),
    Entry(N_("Missed calls"), "/missed", "phone-x", Right.SEE_CALLS),
    Entry(N_("Messages"), "/messages", "message", None),
    Entry(N_("Reports"), "/reports", "chart-bar", Right.SEE_REPORTS),
    Entry(N_("Office"), "/office", "building", Right.MANAGE_OFFICE),
    Entry(N_("Roles"), "/roles", "shield", Right.MANAGE_ROLES),
    Entry(N_("Mail"), "/mail", "mail", Right.MANAGE_MAIL),
    Entry(N_("Audit log"), "/audit", "history", Right.SEE_AUDIT),
)


def menu(visit: Visit) -> list[Entry]:
    """The entries for this person, with the one that leads here marked."""
    here = visit.request.path
    return [
        Entry(
            entry.text,
            entry.path,
            entry.icon,
            entry.right,
            is_here=here == entry.path or here.startswith(f"{entry.path}/"),
            count=visit.panel.new_messages(visit.me) if entry.right is None else 0,
        )
        for entry in ENTRIES
        if visit.account is not None and (entry.right is None or visit.may(entry.right))
    ]
