"""Whom somebody means who typed a name or an extension."""

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.rights import Right
from ari_app.store.finding import Person, typed_people
from web.forms import Refused
from web.visit import Visit
from web.words import N_


async def person_typed(visit: Visit, session: AsyncSession, typed: str, field: str) -> Person:
    """The one person that this actor may see and means. Raises Refused beside `field`."""
    found = [
        person
        for person in await typed_people(session, typed)
        if visit.may(Right.SEE_EMPLOYEES, person.subject)
    ]
    if not found:
        raise Refused(field, N_("Nobody has this extension or name"))
    if len(found) > 1:
        raise Refused(field, N_("Several people are called so: type the extension"))
    return found[0]
