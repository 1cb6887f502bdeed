"""Days off and moved working days: a country's public holidays, and the office's own days."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import holidays
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.store.rows import OfficeRow

log = structlog.get_logger()

_YEARS_AHEAD = 5


class Calendar(NamedTuple):
    """Days off beside weekends, and weekend days that are worked."""

    free_days: frozenset[date]
    working_days: frozenset[date]


async def read_calendar(session: AsyncSession, country: str, today: date) -> Calendar:
    """The office's calendar from the year before `today`'s to five years after it.

    `country` counts where the office has not said which one is its own.
    """
    office = await session.get(OfficeRow, 1)
    if office is None:
        return public_calendar(country, today.year)
    public = public_calendar(office.country or country, today.year)
    free = frozenset(map(date.fromisoformat, office.free_days))
    working = frozenset(map(date.fromisoformat, office.working_days))
    return Calendar((public.free_days | free) - working, (public.working_days | working) - free)


@lru_cache(maxsize=16)
def public_calendar(country: str, year: int) -> Calendar:
    """What the law of a country says; nothing for a country that the library does not know."""
    if not country:
        return Calendar(frozenset(), frozenset())
    years = range(year - 1, year + _YEARS_AHEAD + 1)
    try:
        found = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        log.warning("calendar.unknown_country", country=country)
        return Calendar(frozenset(), frozenset())
    return Calendar(frozenset(found), frozenset(getattr(found, "weekend_workdays", ())))
