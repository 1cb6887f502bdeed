"""The office's own greetings, and which of them rules and cards use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.greetings import BUILT_IN, Choice, Origin, Sound, sound_of
from ari_app.domain.numbers import EmployeeId
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.rows import EmployeeRow, RuleRow
from ari_app.store.secretary_rows import GreetingRow

MOST = 50
"""As many as one employee, or the office, may have."""
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Greeting:
    """A greeting without its sound; without `employee` it is the office's."""

    id: int
    employee: EmployeeId | None
    name: str
    origin: Origin
    text: str
    language: str
    milliseconds: int
    fingerprint: str
    made_at: datetime

    @property
    def sound(self) -> str:
        return sound_of(self.id)


@dataclass(frozen=True, slots=True)
class NewGreeting:
    """What is to be stored; `text` and `language` of a spoken one."""

    name: str
    origin: Origin
    sound: Sound
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Where a greeting is used: in a `rule`, or (None) before somebody's messages."""

    employee: EmployeeId
    name: str
    rule: str | None


async def add(
    session: AsyncSession, employee: EmployeeId | None, new: NewGreeting, now: datetime
) -> int:
    """Store a greeting and return its id. Raises NotThereError, InvalidError (name, greetings)."""
    await _announce(session, employee)
    if employee is not None:
        query = select(EmployeeRow.id).where(
            EmployeeRow.id == employee, EmployeeRow.left_at.is_(None)
        )
        if await session.scalar(query) is None:
            raise NotThereError("employee", employee)
    if await _count(session, employee) >= MOST:
        raise InvalidError("greetings", f"at most {MOST}")
    row = GreetingRow(
        employee_id=employee,
        name=_name(new.name),
        origin=new.origin.value,
        text=new.text,
        language=new.language,
        made_at=now,
    )
    _put(row, new.sound)
    session.add(row)
    await session.flush()
    return row.id


async def of_employee(session: AsyncSession, employee: EmployeeId | None) -> list[Greeting]:
    """An employee's own greetings, or the office's, in the order of their names."""
    query = select(GreetingRow).where(
        GreetingRow.employee_id == employee, GreetingRow.removed_at.is_(None)
    )
    found = [_greeting(row) for row in await session.scalars(query.order_by(GreetingRow.id))]
    return sorted(found, key=lambda one: one.name.casefold())


async def greeting(session: AsyncSession, which: int, *, removed: bool = False) -> Greeting:
    """One of them, or with `removed` one that was removed. Raises NotThereError."""
    return _greeting(await _row(session, which, removed=removed))


async def audio(session: AsyncSession, which: int) -> bytes | None:
    """The WAV file of one, also of a removed one."""
    query = select(GreetingRow.audio).where(GreetingRow.id == which)
    return await session.scalar(query)


async def fingerprints(session: AsyncSession) -> Mapping[int, str]:
    """Every greeting that is there, with the fingerprint of its sound."""
    query = select(GreetingRow.id, GreetingRow.fingerprint).where(GreetingRow.removed_at.is_(None))
    return {one.id: one.fingerprint for one in await session.execute(query)}


async def rename(session: AsyncSession, which: int, name: str) -> None:
    """Raises NotThereError, InvalidError."""
    row = await _to_change(session, which)
    row.name = _name(name)
    await session.flush()


async def replace_sound(session: AsyncSession, which: int, new: NewGreeting, now: datetime) -> None:
    """Put another sound in its place; name and uses stay. Raises NotThereError."""
    row = await _to_change(session, which)
    row.origin, row.text, row.language, row.made_at = new.origin.value, new.text, new.language, now
    _put(row, new.sound)
    await session.flush()


async def remove(session: AsyncSession, which: int, now: datetime) -> None:
    """It can be brought back. Raises NotThereError, InvalidError (used) while something uses it."""
    row = await _to_change(session, which)
    if (await uses(session, [which]))[which]:
        raise InvalidError("used", "rules or cards use it")
    row.removed_at = now
    await session.flush()


async def bring_back(session: AsyncSession, which: int) -> None:
    """Undo a removal. Raises NotThereError, InvalidError when there are MOST others meanwhile."""
    row = await _to_change(session, which, removed=True)
    owner = None if row.employee_id is None else EmployeeId(row.employee_id)
    if await _count(session, owner) >= MOST:
        raise InvalidError("greetings", f"at most {MOST}")
    row.removed_at = None
    await session.flush()


async def uses(session: AsyncSession, which: Sequence[int]) -> Mapping[int, list[Use]]:
    """Where greetings are used: in rules that were not removed, and before messages."""
    found: dict[int, list[Use]] = {greeting: [] for greeting in which}
    of_sound = {sound_of(greeting): greeting for greeting in which}
    in_rules = (
        select(RuleRow.greeting, RuleRow.name, EmployeeRow.id, EmployeeRow.name)
        .join(EmployeeRow, EmployeeRow.id == RuleRow.employee_id)
        .where(RuleRow.greeting.in_(of_sound), RuleRow.removed_at.is_(None))
        .where(EmployeeRow.left_at.is_(None))
        .order_by(EmployeeRow.sort_name, RuleRow.position)
    )
    for sound, rule, employee, name in await session.execute(in_rules):
        found[of_sound[str(sound)]].append(Use(EmployeeId(employee), name, rule))
    on_cards = (
        select(EmployeeRow.voicemail_greeting, EmployeeRow.id, EmployeeRow.name)
        .where(EmployeeRow.voicemail_greeting.in_(of_sound), EmployeeRow.left_at.is_(None))
        .order_by(EmployeeRow.sort_name)
    )
    for sound, employee, name in await session.execute(on_cards):
        found[of_sound[str(sound)]].append(Use(EmployeeId(employee), name, None))
    return found


async def choices(session: AsyncSession, employee: EmployeeId | None) -> Sequence[Choice]:
    """What an employee's rules and card may name: built-in ones, the office's, their own."""
    is_theirs = or_(GreetingRow.employee_id.is_(None), GreetingRow.employee_id == employee)
    query = select(GreetingRow.id, GreetingRow.name, GreetingRow.employee_id).where(
        is_theirs, GreetingRow.removed_at.is_(None)
    )
    found = (await session.execute(query)).all()
    found = sorted(found, key=lambda one: (one.employee_id is not None, one.name.casefold()))
    return [*BUILT_IN, *(Choice(sound_of(one.id), one.name, one.name, one.id) for one in found)]


async def voicemail_greeting(session: AsyncSession, employee: EmployeeId | None) -> str | None:
    """What is said before somebody's messages; None: the built-in sentence."""
    query = select(EmployeeRow.voicemail_greeting).where(EmployeeRow.id == employee)
    return await session.scalar(query)


async def set_voicemail_greeting(
    session: AsyncSession, employee: EmployeeId, sound: str | None
) -> str | None:
    """Say `sound` (None: the built-in sentence) before messages; what it was before.

    Raises NotThereError, InvalidError for a sound that is not among the `choices`.
    """
    await announce(session, ChangeKind.EMPLOYEE, (employee,))
    row = await session.get(EmployeeRow, employee, populate_existing=True)
    if row is None or row.left_at is not None:
        raise NotThereError("employee", employee)
    if sound is not None and sound not in {one.sound for one in await choices(session, employee)}:
        raise InvalidError("voicemail_greeting", "no such greeting")
    before, row.voicemail_greeting = row.voicemail_greeting, sound
    await session.flush()
    return before


async def _announce(session: AsyncSession, employee: int | None) -> None:
    whose = None if employee is None else (EmployeeId(employee),)
    await announce(session, ChangeKind.GREETINGS, whose)


async def _to_change(session: AsyncSession, which: int, *, removed: bool = False) -> GreetingRow:
    await take_turn(session)
    row = await _row(session, which, removed=removed)
    await _announce(session, row.employee_id)
    return row


async def _count(session: AsyncSession, employee: EmployeeId | None) -> int:
    query = select(func.count()).where(
        GreetingRow.employee_id == employee, GreetingRow.removed_at.is_(None)
    )
    return await session.scalar(query) or 0


async def _row(session: AsyncSession, which: int, *, removed: bool = False) -> GreetingRow:
    row = await session.get(GreetingRow, which, populate_existing=True)
    if row is None or (row.removed_at is not None) is not removed:
        raise NotThereError("greeting", which)
    return row


def _name(name: str) -> str:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidError("name", "empty, long, or with control characters")
    return name.strip()


def _put(row: GreetingRow, sound: Sound) -> None:
    row.audio, row.milliseconds = sound.wav, sound.milliseconds
    row.fingerprint = sound.fingerprint


def _greeting(row: GreetingRow) -> Greeting:
    return Greeting(
        row.id,
        None if row.employee_id is None else EmployeeId(row.employee_id),
        row.name,
        Origin(row.origin),
        row.text,
        row.language,
        row.milliseconds,
        row.fingerprint,
        row.made_at,
    )
