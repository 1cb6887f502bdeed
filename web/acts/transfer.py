"""Employees from a file: looked at line by line, and written all together or not at all."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Scope
from ari_app.store import audit, office, transfer
from ari_app.store.audit import About
from ari_app.store.changes import take_turn
from ari_app.store.errors import NotThereError
from ari_app.store.people import add_employees
from ari_app.store.roles import roles
from ari_app.store.transfer import Import, Known, Noted
from ari_app.transfer import Table, read_table
from web.acts.moved import tell_moved
from web.acts.registration import invite_many
from web.acts.roles import keep_a_keeper
from web.forms import Form, Refused, Ticked
from web.roster import Header, read_header
from web.verdicts import Judge, Judged, Kind, Office, counted, pack
from web.visit import Visit

Progress = Callable[[str, int, int], Awaitable[None]]
_SLICE = 100
_WRITTEN_AT_ONCE = 100
_TRIES = 3


class ImportForm(Form):
    """How a file is applied."""

    create_departments: Ticked = False
    send_letters: Ticked = False
    """Send everybody new the letter to finish the registration."""


class RefusedError(Exception):
    """Nothing was written: `counts` tells what is in the way, as it is now."""

    def __init__(self, counts: dict[str, Any], text: str = "") -> None:
        """`text` (marked with N_) says why, where no line by itself is wrong."""
        super().__init__("the file cannot be applied")
        self.counts = counts
        self.text = text


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was read and judged, while `position` was the newest change of a card."""

    judged: Sequence[Judged]
    counts: dict[str, Any]
    position: int
    header: Header


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is to be written, and how."""

    kept: Import
    looked: Looked
    form: ImportForm


async def no_progress(_what: str, _done: int, _all: int) -> None:
    """For those who do not watch."""


def demand(visit: Visit) -> None:
    """Raises HTTPForbidden without the right to add employees everywhere."""
    if visit.scope(Right.ADD_EMPLOYEES) is not Scope.EVERYONE:
        raise web.HTTPForbidden


async def check_file(visit: Visit, name: str, raw: bytes, progress: Progress) -> int:
    """Look at a file and keep it, and return its id. Raises UnreadableError."""
    demand(visit)
    looked = await _look(visit, raw, progress)
    verdicts = [one.verdict for one in looked.judged]
    packed = await asyncio.to_thread(pack, verdicts)
    file = await asyncio.to_thread(zlib.compress, raw, 1)
    counts = {**looked.counts, "unknown": list(looked.header.unknown)}
    kept = Import(0, name, visit.now, None, counts, file, packed)
    async with visit.panel.sessions.begin() as session:
        return await transfer.keep_import(session, visit.me, kept)


async def apply_file(visit: Visit, import_id: int, form: ImportForm, progress: Progress) -> Import:
    """Write all that the file says, in one transaction; what it says is judged anew before.

    Raises HTTPNotFound for a file that is not there, or was applied; RefusedError when nothing
    could be written; HTTPConflict when others keep changing cards.
    """
    demand(visit)
    kept = await _kept(visit, import_id)
    raw = await asyncio.to_thread(zlib.decompress, kept.file)
    for _ in range(_TRIES):
        looked = await _look(visit, raw, progress)
        is_missing = bool(looked.counts["departments"]) and not form.create_departments
        if looked.counts[Kind.ERROR.value] or is_missing:
            raise RefusedError(looked.counts)
        async with visit.panel.sessions.begin() as session:
            await take_turn(session)
            if await transfer.cards_position(session) == looked.position:
                await _write(visit, session, _Writing(kept, looked, form), progress)
                return kept
    raise web.HTTPConflict


async def drop_file(visit: Visit, import_id: int) -> None:
    """Forget a file that was not applied."""
    demand(visit)
    async with visit.panel.sessions.begin() as session:
        await transfer.forget_import(session, visit.me, import_id)


async def _kept(visit: Visit, import_id: int) -> Import:
    async with visit.panel.sessions() as session:
        try:
            kept = await transfer.kept_import(session, visit.me, import_id)
        except NotThereError as error:
            raise web.HTTPNotFound from error
    if kept.applied_at is not None:
        raise web.HTTPNotFound
    return kept


async def _look(visit: Visit, raw: bytes, progress: Progress) -> Looked:
    table = await asyncio.to_thread(read_table, raw)
    header = read_header(table.header)
    async with visit.panel.sessions() as session:
        position = await transfer.cards_position(session)
        known = [one async for some in transfer.everybody(session) for one in some]
        judged_by = Office(
            visit.actor,
            visit.panel.settings.country,
            visit.signed_in.zone,
            visit.signed_in.language,
            known,
            await office.departments(session),
            await roles(session),
        )
    judge = await asyncio.to_thread(Judge, judged_by, header.places)
    judged = [one async for one in _judged(judge, table, progress)]
    judged = await asyncio.to_thread(judge.together, judged)
    return Looked(judged, await asyncio.to_thread(counted, judged), position, header)


async def _judged(judge: Judge, table: Table, progress: Progress) -> AsyncIterator[Judged]:
    lines = table.lines
    for first in range(0, len(lines), _SLICE):
        some = lines[first : first + _SLICE]
        for one in await asyncio.to_thread(judge.lines, some):
            yield one
        await progress("check", first + len(some), len(lines))


async def _write(
    visit: Visit,
    session: AsyncSession,
    what: _Writing,
    progress: Progress,
) -> None:
    kept, looked = what.kept, what.looked
    made = {
        name: int(await office.add_department(session, name, name))
        for name in looked.counts["departments"]
    }
    changed = [one for one in looked.judged if one.verdict.kind is Kind.CHANGED]
    added = [one for one in looked.judged if one.verdict.kind is Kind.NEW]
    total = len(changed) + len(added)
    letters = 0
    for first in range(0, len(changed), _WRITTEN_AT_ONCE):
        some = [_settled(one, made) for one in changed[first : first + _WRITTEN_AT_ONCE]]
        await _change(visit, session, some)
        await progress("write", min(first + _WRITTEN_AT_ONCE, len(changed)), total)
    for first in range(0, len(added), _WRITTEN_AT_ONCE):
        some = [_settled(one, made) for one in added[first : first + _WRITTEN_AT_ONCE]]
        ids = await _add(visit, session, some)
        letters += await invite_many(visit, session, ids) if what.form.send_letters else 0
        await progress("write", len(changed) + first + len(some), total)
    await _keep_a_keeper(session, looked)
    facts = {"file": kept.name, "new": len(added), "changed": len(changed), "letters": letters}
    about = About(None, kept.name)
    await audit.note(session, visit.who, "employees.imported", about, ({}, facts))
    counts = {**kept.counts, **looked.counts, "letters": letters}
    await transfer.import_applied(session, kept.id, visit.now, counts)


async def _keep_a_keeper(session: AsyncSession, looked: Looked) -> None:
    try:
        await keep_a_keeper(session, "")
    except Refused as error:
        raise RefusedError(looked.counts, error.text) from error


def _settled(one: Judged, made: dict[str, int]) -> Judged:
    """With the department that was made for it."""
    if one.entry is None or not one.department:
        return one
    return replace(one, entry=replace(one.entry, department=made[one.department]))


async def _change(visit: Visit, session: AsyncSession, some: Sequence[Judged]) -> None:
    known = [Known(one.id, one.entry, 0) for one in some if one.id and one.entry]
    await tell_moved(visit, session, {one.id: one.entry.email for one in known})
    await transfer.change_many(session, known)
    given = {
        one.id: one.entry.role
        for one in some
        if one.id and one.entry and any(change.column == "role" for change in one.verdict.changes)
    }
    await transfer.give_roles(session, given)
    await transfer.note_many(session, visit.who, [_noted(one) for one in some])


def _noted(one: Judged) -> Noted:
    changes = one.verdict.changes
    return Noted(
        "card.changed",
        EmployeeId(one.id or 0),
        one.verdict.name,
        {change.column: change.before for change in changes},
        {change.column: change.after for change in changes},
    )


async def _add(visit: Visit, session: AsyncSession, some: Sequence[Judged]) -> list[EmployeeId]:
    entries = [one.entry for one in some if one.entry is not None]
    ids = await add_employees(session, [transfer.card_from(entry) for entry in entries])
    people = list(zip(ids, entries, strict=True))
    given = {who: entry.role for who, entry in people if entry.role}
    await transfer.give_roles(session, given)
    noted = [
        Noted("card.added", who, entry.name, {}, {"extension": entry.extension})
        for who, entry in people
    ]
    await transfer.note_many(session, visit.who, noted)
    return ids
