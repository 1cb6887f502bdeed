"""The whole URL map: what leads where, and what it takes to come in."""

from ari_app.domain.rights import Right
from web.live import live
from web.pages import (
    audit,
    calls,
    deletion,
    departments,
    groups,
    home,
    mail,
    office,
    own_statuses,
    report_times,
    reports,
    roles,
    transfer,
)
from web.visit import Access, Route

_LOGGED_IN = Access.LOGGED_IN
_PUBLIC = Access.PUBLIC

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", home.home, _LOGGED_IN),
    Route("GET", "/live", live, _LOGGED_IN),
    # Calls, reports, and employees as files.
    Route("GET", "/calls", calls.calls, Right.SEE_CALLS),
    Route("GET", "/calls/export", calls.export_calls, Right.SEE_CALLS),
    Route("GET", "/calls/{id}", calls.one_call, Right.SEE_CALLS),
    Route("GET", "/reports", reports.missed, Right.SEE_REPORTS),
    Route("GET", "/reports/missed", reports.missed, Right.SEE_REPORTS),
    Route("GET", "/reports/missed/export", reports.export_missed, Right.SEE_REPORTS),
    Route("GET", "/reports/times", report_times.times, Right.SEE_REPORTS),
    Route("GET", "/reports/times/export", report_times.export_times, Right.SEE_REPORTS),
    Route("GET", "/employees/export", transfer.export_employees, Right.SEE_EMPLOYEES),
    Route("GET", "/employees/import", transfer.upload_page, Right.ADD_EMPLOYEES),
    Route("POST", "/employees/import", transfer.upload, Right.ADD_EMPLOYEES),
    Route("GET", "/employees/import/{id}", transfer.preview, Right.ADD_EMPLOYEES),
    Route("POST", "/employees/import/{id}/apply", transfer.apply, Right.ADD_EMPLOYEES),
    Route("POST", "/employees/import/{id}/cancel", transfer.cancel, Right.ADD_EMPLOYEES),
    # The office, roles, the audit log, and deletion.
    Route("GET", "/office", departments.departments, Right.MANAGE_OFFICE),
    Route("POST", "/office/departments", departments.add, Right.MANAGE_OFFICE),
    Route("GET", "/office/departments/{id}", departments.department, Right.MANAGE_OFFICE),
    Route("POST", "/office/departments/{id}", departments.rename, Right.MANAGE_OFFICE),
    Route("POST", "/office/departments/{id}/remove", departments.remove, Right.MANAGE_OFFICE),
    Route("GET", "/office/groups", groups.groups, Right.MANAGE_OFFICE),
    Route("POST", "/office/groups", groups.add, Right.MANAGE_OFFICE),
    Route("GET", "/office/groups/{id}", groups.group, Right.MANAGE_OFFICE),
    Route("POST", "/office/groups/{id}", groups.rename, Right.MANAGE_OFFICE),
    Route("POST", "/office/groups/{id}/remove", groups.remove, Right.MANAGE_OFFICE),
    Route("POST", "/office/groups/{id}/members", groups.add_member, Right.MANAGE_OFFICE),
    Route(
        "POST",
        "/office/groups/{id}/members/{employee}/remove",
        groups.remove_member,
        Right.MANAGE_OFFICE,
    ),
    Route(
        "POST",
        "/office/groups/{id}/members/{employee}/move",
        groups.move_member,
        Right.MANAGE_OFFICE,
    ),
    Route("GET", "/office/statuses", own_statuses.own_statuses, Right.MANAGE_OFFICE),
    Route("POST", "/office/statuses", own_statuses.add, Right.MANAGE_OFFICE),
    Route("GET", "/office/statuses/{id}", own_statuses.own_status, Right.MANAGE_OFFICE),
    Route("POST", "/office/statuses/{id}", own_statuses.change, Right.MANAGE_OFFICE),
    Route("POST", "/office/statuses/{id}/retire", own_statuses.retire, Right.MANAGE_OFFICE),
    Route("POST", "/office/undo/{id}", office.undo, Right.MANAGE_OFFICE),
    Route("GET", "/find/people", office.find, Right.SEE_EMPLOYEES),
    Route("GET", "/roles", roles.roles, Right.MANAGE_ROLES),
    Route("POST", "/roles", roles.add, Right.MANAGE_ROLES),
    Route("GET", "/roles/new", roles.new, Right.MANAGE_ROLES),
    Route("POST", "/roles/undo/{id}", office.undo, Right.MANAGE_ROLES),
    Route("GET", "/roles/{id}", roles.role, Right.MANAGE_ROLES),
    Route("POST", "/roles/{id}", roles.change, Right.MANAGE_ROLES),
    Route("GET", "/roles/{id}/people", roles.people, Right.MANAGE_ROLES),
    Route("POST", "/roles/{id}/remove", roles.remove, Right.MANAGE_ROLES),
    Route("GET", "/audit", audit.audit, Right.SEE_AUDIT),
    Route("GET", "/audit/export", audit.export, Right.SEE_AUDIT),
    Route("GET", "/employees/deleted", deletion.deleted, Right.DELETE_EMPLOYEES),
    Route("GET", "/employees/{id}/delete", deletion.preview, Right.DELETE_EMPLOYEES),
    Route("POST", "/employees/{id}/delete", deletion.delete, Right.DELETE_EMPLOYEES),
    Route("GET", "/employees/{id}/restore", deletion.coming_back, Right.DELETE_EMPLOYEES),
    Route("POST", "/employees/{id}/restore", deletion.restore, Right.DELETE_EMPLOYEES),
    # Mail.
    Route("GET", "/mail", mail.outgoing, Right.MANAGE_MAIL),
    Route("POST", "/mail/{id}/retry", mail.retry, Right.MANAGE_MAIL),
    Route("POST", "/mail/{id}/remove", mail.remove, Right.MANAGE_MAIL),
    Route("GET", "/mail/server", mail.company, Right.MANAGE_MAIL),
    Route("POST", "/mail/server", mail.change_company, Right.MANAGE_MAIL),
    Route("POST", "/mail/server/forget", mail.forget_company, Right.MANAGE_MAIL),
    Route("GET", "/mail/letters", mail.letters, Right.MANAGE_MAIL),
    Route("GET", "/mail/letters/{kind}", mail.preview, Right.MANAGE_MAIL),
    Route("GET", "/mail/provider", mail.find_provider, _LOGGED_IN),
    Route("GET", "/me/mail", mail.own, _LOGGED_IN),
    Route("POST", "/me/mail", mail.change_own, _LOGGED_IN),
    Route("POST", "/me/mail/forget", mail.forget_own, _LOGGED_IN),
)

__all__ = ["ROUTES", "Right"]
