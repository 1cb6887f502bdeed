"""Employees from a file by the API: sent, looked at line by line, applied or forgotten."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from ari_app.domain.rights import Right
from ari_app.store import transfer
from ari_app.store.errors import NotThereError
from ari_app.transfer import UnreadableError
from web.acts.transfer import (
    ImportForm,
    RefusedError,
    apply_file,
    check_file,
    demand,
    drop_file,
    no_progress,
)
from web.api.problems import ProblemError
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute, Raw
from web.api.values import MadeValue
from web.pages.transfer import ShownForm, fault, told_verdicts
from web.verdicts import Kind, unpack
from web.visit import Visit
from web.words import N_

_PAGE = 100
_FILES = Raw(("text/csv", "application/octet-stream"))


@dataclass(frozen=True, slots=True)
class ChangeValue:
    """What stands in a field, and what would stand there."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineValue:
    """What becomes of a line, and what is wrong about it, in words."""

    number: int
    kind: Kind
    name: str
    extension: str
    changes: list[ChangeValue]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class ImportValue:
    """What a file would do; `departments` are those that would have to be made.

    `addressed` are the new employees with an e-mail address, `letters` those who were sent the
    letter to finish the registration when the file was applied.
    """

    id: int
    made_at: datetime
    applied_at: datetime | None
    new: int
    changed: int
    same: int
    error: int
    departments: list[str]
    addressed: int
    letters: int
    lines: list[LineValue]
    pages: int


async def send(visit: Visit, raw: bytes) -> MadeValue:
    """Look at a file and keep it."""
    demand(visit)
    try:
        return MadeValue(await check_file(visit, "api.csv", raw, no_progress))
    except UnreadableError as error:
        text = fault(visit, error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    raise ProblemError(status, N_("The file cannot be read"), {"": text})


async def preview(visit: Visit, form: ShownForm) -> ImportValue:
    """What it would do, a page of lines at a time."""
    demand(visit)
    number = visit.number("id")
    async with visit.panel.sessions() as session:
        kept = await transfer.kept_import(session, visit.me, number)
    kind = None if form.kind == "all" else Kind(form.kind)
    first = (form.page - 1) * _PAGE
    verdicts, total = await asyncio.to_thread(unpack, kept.verdicts, kind, first, _PAGE)
    lines = [
        LineValue(
            line.verdict.number,
            line.verdict.kind,
            line.verdict.name,
            line.verdict.extension,
            [ChangeValue(*change) for change in line.changes],
            line.problems,
        )
        for line in told_verdicts(visit, verdicts)
    ]
    counts = kept.counts
    return ImportValue(
        number,
        kept.made_at,
        kept.applied_at,
        new=int(counts[Kind.NEW.value]),
        changed=int(counts[Kind.CHANGED.value]),
        same=int(counts[Kind.SAME.value]),
        error=int(counts[Kind.ERROR.value]),
        departments=[str(name) for name in counts["departments"]],
        addressed=int(counts.get("addressed", 0)),
        letters=int(counts.get("letters", 0)),
        lines=lines,
        pages=max(1, -(-total // _PAGE)),
    )


async def apply(visit: Visit, form: ImportForm) -> None:
    """Write all that the file says, or nothing."""
    try:
        await apply_file(visit, visit.number("id"), form, no_progress)
    except RefusedError:
        pass
    else:
        return
    raise ProblemError(
        HTTPStatus.CONFLICT,
        N_("The file cannot be applied as it is: look at what it would do"),
    )


async def forget(visit: Visit) -> None:
    """Forget a file; nothing was changed."""
    number = visit.number("id")
    demand(visit)
    async with visit.panel.sessions() as session:
        kept = await transfer.kept_import(session, visit.me, number)
    if kept.applied_at is not None:
        raise NotThereError("import", number)
    await drop_file(visit, number)


_RIGHT, _WRITE = Right.ADD_EMPLOYEES, TokenScope.EMPLOYEES_WRITE
_ALL, _ONE = f"{V1}/import", f"{V1}/import/{{id}}"

OPERATIONS = (
    ApiRoute(
        "POST",
        _ALL,
        send,
        _RIGHT,
        _WRITE,
        N_("Send a file of employees, to be looked at"),
        MadeValue,
        _FILES,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute(
        "GET",
        _ONE,
        preview,
        _RIGHT,
        _WRITE,
        N_("What the file would do, line by line"),
        ImportValue,
        query=ShownForm,
    ),
    ApiRoute(
        "POST",
        f"{_ONE}/apply",
        apply,
        _RIGHT,
        _WRITE,
        N_("Write all that the file says, or nothing"),
        body=ImportForm,
        refuses=(HTTPStatus.CONFLICT,),
    ),
    ApiRoute("DELETE", _ONE, forget, _RIGHT, _WRITE, N_("Forget the file")),
)
