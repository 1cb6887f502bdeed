"""Making a version of a secretary the secretary again."""

from ari_app.domain.numbers import EmployeeId
from ari_app.store import rule_versions
from ari_app.store.errors import NotThereError
from web.acts.secretary import save
from web.visit import Visit


async def restore(visit: Visit, employee: EmployeeId, number: int, base: int | None) -> int:
    """Store a version once more, over the version `base`; the number of the version replaced.

    Without `base` it is whichever holds. Raises as `secretary.save`.
    """
    async with visit.panel.sessions() as session:
        wanted = await rule_versions.version(session, employee, number)
        newest = await rule_versions.newest(session, employee)
    if wanted is None:
        raise NotThereError("version", number)
    over = newest if base is None else base
    await save(visit, employee, over, wanted.rules, deed="rules.restored")
    return over
