"""Employees to a file and from one: export, upload, preview, and applying it with progress."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from ari_app.domain.rights import Right, Scope
from ari_app.store import office, transfer
from ari_app.store.errors import NotThereError
from ari_app.store.roles import roles
from ari_app.store.transfer import Import
from ari_app.transfer import MOST_BYTES, MOST_COLUMNS, MOST_LINES, Fault, UnreadableError
from web.acts.transfer import (
    ImportForm,
    Progress,
    RefusedError,
    apply_file,
    check_file,
    demand,
    drop_file,
    no_progress,
)
from web.forms import Filled, Form, filled_with
from web.render import show, show_again
from web.roster import TEXTS, Column, NoColumnError, cells_of
from web.spreadsheet import Rows, send_table
from web.verdicts import Kind, Verdict, unpack
from web.visit import Visit
from web.words import N_

_PAGE = 100
_FAULTS: Mapping[Fault, str] = {
    Fault.EMPTY: N_("The file is empty"),
    Fault.TOO_LARGE: N_("The file is larger than {megabytes} MB: send it in parts"),
    Fault.NOT_TEXT: N_("This is not a text file. In Excel, save it as “CSV UTF-8”"),
    Fault.TOO_MANY_COLUMNS: N_("Line {line} has more than {columns} columns"),
    Fault.TOO_MANY_LINES: N_("The file has more than {lines} lines: send it in parts"),
    Fault.BAD_QUOTES: N_("Quotation marks are not closed, from line {line} on"),
    Fault.LONG_CELL: N_("A cell of line {line} is too long"),
}


class ShownForm(Form):
    """Which lines of the preview are shown."""

    kind: Literal["all", "new", "changed", "same", "error"] = "all"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@dataclass(frozen=True, slots=True)
class UploadPage:
    form: Filled[Form]
    columns: list[str]
    megabytes: int = MOST_BYTES // 1024 // 1024
    lines: int = MOST_LINES


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """A line of the preview in the reader's words."""

    verdict: Verdict
    changes: list[tuple[str, str, str]]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    kept: Import
    lines: list[VerdictLine]
    shown: ShownForm
    pages: int
    can_apply: bool
    addressed: int
    letters: int | None
    """How many letters were queued, None before it was applied."""
    form: Filled[ImportForm] = field(default_factory=Filled)


async def export_employees(visit: Visit) -> web.StreamResponse:
    """Everybody's card as a line of a table that can be read back."""
    _demand_export(visit)
    header = [visit.words.say(TEXTS[column]) for column in Column]
    return await send_table(visit, f"employees-{visit.now:%Y-%m-%d}", header, _slices(visit))


async def upload_page(visit: Visit) -> web.StreamResponse:
    """Where a file is chosen."""
    demand(visit)
    return show(visit, "import.html", _upload(visit, Filled()))


async def upload(visit: Visit) -> web.StreamResponse:
    """Look at a file, and on to what was found in it."""
    demand(visit)
    sent = (await visit.form()).get("file")
    if not isinstance(sent, web.FileField):
        return _wrong(visit, visit.words.say(N_("Please choose a file")))
    raw = await asyncio.to_thread(sent.file.read)
    if not raw:
        return _wrong(visit, visit.words.say(N_("Please choose a file that is not empty")))
    name = "".join(sign for sign in sent.filename if sign.isprintable())[:200]

    async def work(progress: Progress) -> str:
        return f"/employees/import/{await check_file(visit, name, raw, progress)}"

    try:
        return await _watched(visit, work)
    except UnreadableError as error:
        return _wrong(visit, fault(visit, error))


async def preview(visit: Visit) -> web.StreamResponse:
    """What the file would do, line by line."""
    demand(visit)
    asked = visit.asked(ShownForm).value or ShownForm()
    kept = await _kept(visit)
    begun = filled_with(ImportForm(send_letters=bool(kept.counts.get("addressed"))))
    return show(visit, "import_preview.html", await _preview(visit, kept, asked, begun))


async def apply(visit: Visit) -> web.StreamResponse:
    """Write what the file says, with progress for those who watch."""
    demand(visit)
    filled = await visit.filled(ImportForm)
    kept = await _kept(visit)
    here = f"/employees/import/{kept.id}"
    form = filled.value or ImportForm()
    missing = kept.counts["departments"] and not form.create_departments
    if missing and kept.applied_at is None:
        text = visit.words.say(N_("Tick this, or correct the departments in the file"))
        refused = filled.with_errors({"create_departments": text})
        page = await _preview(visit, kept, ShownForm(), refused)
        return show_again(visit, "import_preview.html", page)

    async def work(progress: Progress) -> str:
        await apply_file(visit, kept.id, form, progress)
        return here

    try:
        return await _watched(visit, work)
    except RefusedError as error:
        meanwhile = N_("The cards have changed meanwhile. Send the file again.")
        text = visit.words.say(error.text or meanwhile)
        page = await _preview(visit, kept, ShownForm(), filled.with_errors({"": text}))
        return show_again(visit, "import_preview.html", page)


async def cancel(visit: Visit) -> web.StreamResponse:
    """Forget a file."""
    await drop_file(visit, visit.number("id"))
    return visit.done("/employees/import", N_("The file is forgotten; nothing was changed"))


async def _watched(visit: Visit, work: Callable[[Progress], Awaitable[str]]) -> web.StreamResponse:
    """Do the work; with the header Panel-Progress, tell how far it is, a line of JSON at a time."""
    if "Panel-Progress" not in visit.request.headers:
        return visit.go(await work(no_progress))
    answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})

    async def tell(what: str, done: int, total: int) -> None:
        if not answer.prepared:
            await answer.prepare(visit.request)
        await answer.write(_line(what=what, done=done, all=total))

    try:
        to = await work(tell)
    except (RefusedError, UnreadableError):
        if not answer.prepared:
            raise
        await answer.write(_line(failed=True))
        await answer.write_eof()
        return answer
    if not answer.prepared:
        await answer.prepare(visit.request)
    await answer.write(_line(to=to))
    await answer.write_eof()
    return answer


def _line(**told: object) -> bytes:
    return json.dumps(told).encode() + b"\n"


def _demand_export(visit: Visit) -> None:
    if visit.scope(Right.SEE_EMPLOYEES) is not Scope.EVERYONE:
        raise web.HTTPForbidden


async def _slices(visit: Visit) -> AsyncIterator[Rows]:
    own = visit.words.own
    async with visit.panel.sessions() as session:
        offices = {
            int(one.id): own((one.name_ru, one.name_en))
            for one in await office.departments(session)
        }
        named = {role.id: own((role.name_ru, role.name_en)) for role in await roles(session)}
        async for some in transfer.everybody(session):
            entries = [one.entry for one in some]
            yield [
                cells_of(
                    entry,
                    offices.get(entry.department or 0, ""),
                    named.get(entry.role, ""),
                    visit.words.say,
                )
                for entry in entries
            ]


def _upload(visit: Visit, form: Filled[Form]) -> UploadPage:
    return UploadPage(form, [visit.words.say(TEXTS[column]) for column in Column])


def _wrong(visit: Visit, text: str) -> web.Response:
    form: Filled[Form] = Filled(errors={"file": text})
    return show_again(visit, "import.html", _upload(visit, form))


def fault(visit: Visit, error: UnreadableError) -> str:
    """Why a file cannot be read."""
    if isinstance(error, NoColumnError):
        return visit.words.say(error.text, column=visit.words.say(TEXTS[error.column]))
    return visit.words.say(
        _FAULTS[error.fault],
        line=error.line,
        lines=visit.words.number(MOST_LINES),
        columns=MOST_COLUMNS,
        megabytes=MOST_BYTES // 1024 // 1024,
    )


async def _kept(visit: Visit) -> Import:
    async with visit.panel.sessions() as session:
        try:
            return await transfer.kept_import(session, visit.me, visit.number("id"))
        except NotThereError as error:
            raise web.HTTPNotFound from error


async def _preview(
    visit: Visit, kept: Import, shown: ShownForm, form: Filled[ImportForm]
) -> PreviewPage:
    kind = None if shown.kind == "all" else Kind(shown.kind)
    first = (shown.page - 1) * _PAGE
    verdicts, total = await asyncio.to_thread(unpack, kept.verdicts, kind, first, _PAGE)
    has_work = bool(kept.counts["new"] or kept.counts["changed"])
    return PreviewPage(
        kept,
        told_verdicts(visit, verdicts),
        shown,
        -(-total // _PAGE),
        can_apply=not kept.counts["error"] and has_work and kept.applied_at is None,
        addressed=int(kept.counts.get("addressed", 0)),
        letters=kept.counts.get("letters"),
        form=form,
    )


def told_verdicts(visit: Visit, verdicts: Sequence[Verdict]) -> list[VerdictLine]:
    """Verdicts in the reader's words."""
    return [
        VerdictLine(
            one,
            [(_column(visit, c.column), c.before, c.after) for c in one.changes],
            [
                f"{_column(visit, p.column)}: {visit.words.say(p.text, **p.values)}"
                if p.column
                else visit.words.say(p.text, **p.values)
                for p in one.problems
            ],
        )
        for one in verdicts
    ]


def _column(visit: Visit, column: str) -> str:
    return visit.words.say(TEXTS[Column(column)]) if column else ""
