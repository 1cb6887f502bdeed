"""Who gets another e-mail address is told so at the one that is left."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.cards import zone
from ari_app.store.letters import Letter, LetterKind, queue_many
from ari_app.store.newcomers import Addressee, addressees
from web.visit import Visit
from web.words import Words


async def tell_moved(
    visit: Visit, session: AsyncSession, addresses: Mapping[EmployeeId, str | None]
) -> None:
    """Write to those who use the panel and will have another address; before the cards change."""
    people = await addressees(session, addresses, are_registered=True)
    moved = [_letter(visit, one) for one in people if one.email != addresses[one.employee]]
    await queue_many(session, moved, visit.now)


def _letter(visit: Visit, to: Addressee) -> Letter:
    moment = Words(to.language, zone(to.zone)).moment(visit.now)
    values = {"name": to.name, "login": to.login, "moment": moment}
    return Letter(LetterKind.ADDRESS_CHANGED, to.employee, to.email, to.language, values)
