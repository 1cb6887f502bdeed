"""Photos of employees: made small, without anything that a camera writes beside the picture."""

import asyncio

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, photos
from ari_app.store.audit import About
from web.acts.people import changing
from web.forms import Refused
from web.visit import Visit
from web.words import N_

MOST_BYTES = 10 * 1024 * 1024


async def set_photo(visit: Visit, employee: EmployeeId, raw: bytes) -> None:
    """Raises Refused beside ``photo``, NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        await changing(visit, session, employee, Right.CHANGE_CARDS)
    if len(raw) > MOST_BYTES:
        raise Refused("photo", N_("The photo has more than 10 MB"))
    image = await asyncio.to_thread(_small, raw)
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.CHANGE_CARDS)
        before = await photos.photo_version(session, employee)
        version = await photos.set_photo(session, employee, image)
        change = ({"photo": before}, {"photo": version})
        await audit.note(session, visit.who, "photo.changed", About(employee, person.name), change)


async def remove_photo(visit: Visit, employee: EmployeeId) -> None:
    """Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.CHANGE_CARDS)
        before = await photos.photo_version(session, employee)
        if not before:
            return
        await photos.remove_photo(session, employee)
        change = ({"photo": before}, {"photo": ""})
        await audit.note(session, visit.who, "photo.changed", About(employee, person.name), change)


def _small(raw: bytes) -> bytes:
    from web.pictures import small  # noqa: PLC0415  9 MB, for those who send photos

    return small(raw)
