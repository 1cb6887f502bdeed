"""What reports have in common: whom they are about, their period, and their pages."""

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from ari_app.domain.rights import Right
from ari_app.store.call_list import Reach
from web.call_filter import offered, query, reach_of
from web.forms import Filled, Line
from web.period import SPANS, Period, PeriodForm, Span, period, told_period, translated
from web.visit import Visit

PEOPLE = 20
"""People on one page of a report."""
_MOST_DAYS = 92
_Id = Annotated[int, Field(ge=1, le=999_999_999)]


class ReportForm(PeriodForm):
    """What a report is about; `page` counts from 1."""

    period: Span = Span.WEEK
    department: _Id | None = None
    who: Line = ""
    employee: _Id | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What every report's page holds."""

    form: Filled[ReportForm]
    value: ReportForm
    period: Period
    title: str
    departments: list[tuple[int, str]]
    spans: list[tuple[str, str]]
    reach: Reach
    export: str
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    colour: str
    text: str


async def asked_for(visit: Visit, kind: str, right: Right = Right.SEE_REPORTS) -> Asked:
    form = visit.asked(ReportForm)
    value = form.value or ReportForm()
    shown = period(value, visit.words, visit.now, _MOST_DAYS)
    async with visit.panel.sessions() as session:
        offices = await offered(visit, session, right)
    form = replace(form, typed={"period": [value.period.value], **form.typed})
    return Asked(
        form,
        value,
        shown,
        told_period(visit.words, shown),
        offices,
        translated(visit.words, SPANS),
        reach_of(visit, right),
        f"/reports/{kind}/export?{query(visit, ReportForm.model_fields, page='')}",
    )


def paged(visit: Visit, asked: Asked, kind: str, *, has_more: bool) -> Asked:
    """With the links to the pages before and after."""
    here = asked.value.page

    def link(page: int) -> str:
        return f"/reports/{kind}?{query(visit, ReportForm.model_fields, page=str(page))}"

    newer = link(here - 1) if here > 1 else ""
    return replace(asked, newer=newer, older=link(here + 1) if has_more else "")
