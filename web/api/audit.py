"""The audit log by the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ari_app.domain.rights import Right
from ari_app.store import audit as store
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.pages.audit import AuditForm, wanted_lines
from web.visit import Visit
from web.words import N_

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditValue:
    """Who changed what, from where; `about` is its id."""

    id: int
    at: datetime
    who: int | None
    who_name: str
    address: str
    action: str
    about: int | None
    about_name: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditLines:
    """One page, the newest line first."""

    lines: list[AuditValue]
    total: int
    page: int
    pages: int


async def lines(visit: Visit, form: AuditForm) -> AuditLines:
    """What the log holds."""
    async with visit.panel.sessions() as session:
        wanted = await wanted_lines(visit, session, form)
        total = await store.count(session, wanted)
        pages = max(1, -(-total // _A_PAGE))
        page = min(max(form.page, 1), pages)
        found = await store.lines(session, wanted, _A_PAGE, (page - 1) * _A_PAGE)
    return AuditLines([_value(one) for one in found], total, page, pages)


def _value(one: store.AuditLine) -> AuditValue:
    who, about = one.who, one.about
    return AuditValue(
        one.id,
        who.at,
        who.employee,
        who.name,
        who.address,
        one.action,
        about.id,
        about.name,
        dict(one.before),
        dict(one.after),
    )


OPERATIONS = (
    ApiRoute(
        "GET",
        f"{V1}/audit",
        lines,
        Right.SEE_AUDIT,
        TokenScope.AUDIT_READ,
        N_("Who changed what, the newest first"),
        AuditLines,
        query=AuditForm,
    ),
)
