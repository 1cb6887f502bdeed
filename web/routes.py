"""The whole URL map: what leads where, and what it takes to come in."""

from ari_app.domain.rights import Right
from web.live import live
from web.pages import calls, home, report_times, reports
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
)

__all__ = ["ROUTES", "Right"]
