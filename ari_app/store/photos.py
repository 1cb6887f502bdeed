"""Photos of employees: small pictures with a version, by which browsers keep them."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import ChangeKind, announce
from ari_app.store.errors import NotThereError
from ari_app.store.panel_rows import PhotoRow
from ari_app.store.rows import EmployeeRow


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as WebP; `version` changes with it."""

    image: bytes
    version: str


async def photo(session: AsyncSession, employee: EmployeeId) -> Photo | None:
    """The photo of an employee, if there is one."""
    row = await session.get(PhotoRow, employee)
    return None if row is None else Photo(row.image, row.version)


async def photo_version(session: AsyncSession, employee: EmployeeId) -> str:
    """Its version, "" where there is none."""
    query = select(PhotoRow.version).where(PhotoRow.employee_id == employee)
    return await session.scalar(query) or ""


async def set_photo(session: AsyncSession, employee: EmployeeId, image: bytes) -> str:
    """Store a photo over the one that is there, and return its version. Raises NotThereError."""
    await announce(session, ChangeKind.EMPLOYEE, (employee,))
    query = select(EmployeeRow.id).where(EmployeeRow.id == employee, EmployeeRow.left_at.is_(None))
    if await session.scalar(query) is None:
        raise NotThereError("employee", employee)
    row = await session.get(PhotoRow, employee) or PhotoRow(employee_id=employee)
    row.image, row.version = image, sha256(image).hexdigest()[:16]
    session.add(row)
    await session.flush()
    return row.version


async def remove_photo(session: AsyncSession, employee: EmployeeId) -> None:
    """Whether there was one or not, there is none afterwards."""
    await announce(session, ChangeKind.EMPLOYEE, (employee,))
    await session.execute(delete(PhotoRow).where(PhotoRow.employee_id == employee))
