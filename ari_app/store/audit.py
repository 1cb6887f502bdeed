"""Who changed what, from where, before and after; never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.panel_rows import AuditRow

Facts = Mapping[str, Any]
"""What stood in the fields: JSON values by the fields' names."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who does something: an employee (None: nobody is logged in), and the address it came from."""

    employee: EmployeeId | None
    name: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """What was changed: its id, and the name it had; an employee where it is a card's."""

    id: int | None
    name: str


NOTHING = About(None, "")


async def note(
    session: AsyncSession,
    who: Who,
    action: str,
    about: About = NOTHING,
    change: tuple[Facts, Facts] = ({}, {}),
) -> None:
    """Write one line in the transaction of what it tells; only what differs is kept.

    `action` is ``noun.verb`` (``card.changed``), `change` what stood in the fields before and
    what stands there after.
    """
    before, after = change
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    session.add(
        AuditRow(
            at=who.at,
            actor_id=who.employee,
            actor_name=who.name[:200],
            address=who.address[:64],
            action=action,
            subject_id=about.id,
            subject_name=about.name[:200],
            before={key: value for key, value in before.items() if key not in same},
            after={key: value for key, value in after.items() if key not in same},
        )
    )
    await session.flush()
