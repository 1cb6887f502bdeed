"""The audit log: who changed what, from where, before and after; searched, and as a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.store import audit as store
from ari_app.store.audit import AuditLine, Wanted
from web.acts.finding import person_typed
from web.audit_words import ACTIONS, FIELDS, VALUES
from web.forms import Filled, Form, PageNumber, Refused, refused
from web.period import Day, midnight
from web.render import show, show_again
from web.spreadsheet import send_table
from web.visit import Visit
from web.words import N_, Words

_A_PAGE = 50
_A_SLICE = 500


class AuditForm(Form):
    """What is looked for."""

    search: str = ""
    action: str = ""
    person: str = ""
    since: Day | None = None
    until: Day | None = None
    page: PageNumber = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what stood there, and what stands there now."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Line:
    line: AuditLine
    action: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log, and the form above it."""

    form: Filled[AuditForm]
    actions: list[tuple[str, str]]
    lines: list[Line]
    total: int = 0
    number: int = 1
    pages: int = 1
    query: str = ""


async def audit(visit: Visit) -> web.StreamResponse:
    """The log, the newest first."""
    form = visit.asked(AuditForm)
    async with visit.panel.sessions() as session:
        known = await store.actions(session)
        try:
            wanted = await wanted_lines(visit, session, form.value or AuditForm())
        except Refused as error:
            form = form.with_errors(refused(error, visit.words))
        if form.value is None:
            return show_again(visit, "audit.html", Page(form, _names(visit, known), []))
        total = await store.count(session, wanted)
        pages = max(1, -(-total // _A_PAGE))
        number = min(max(form.value.page, 1), pages)
        found = await store.lines(session, wanted, _A_PAGE, (number - 1) * _A_PAGE)
    lines = [_line(visit.words, line) for line in found]
    query = urlencode({name: form.text(name) for name in form.typed if name != "page"})
    page = Page(form, _names(visit, known), lines, total, number, pages, query)
    return show(visit, "audit.html", page)


async def export(visit: Visit) -> web.StreamResponse:
    """The same lines as a file."""
    form = visit.asked(AuditForm)
    async with visit.panel.sessions() as session:
        try:
            wanted = await wanted_lines(visit, session, form.value or AuditForm())
        except Refused as error:
            raise web.HTTPBadRequest from error
    if form.value is None:
        raise web.HTTPBadRequest
    titles = (
        N_("When"),
        N_("Who"),
        N_("Network address"),
        N_("Action"),
        N_("About whom or what"),
        N_("Changes"),
    )
    header = [visit.words.say(title) for title in titles]
    return await send_table(visit, "audit", header, _slices(visit, wanted))


async def _slices(visit: Visit, wanted: Wanted) -> AsyncIterator[Sequence[Sequence[str]]]:
    oldest: int | None = None
    while True:
        async with visit.panel.sessions() as session:
            found = await store.lines(session, wanted, _A_SLICE, before=oldest)
        if not found:
            return
        oldest = found[-1].id
        yield [_cells(visit.words, _line(visit.words, line)) for line in found]


def _cells(words: Words, told: Line) -> list[str]:
    changes = [
        f"{change.field}: {'—' if change.before is None else change.before}"
        f" → {'—' if change.after is None else change.after}"
        for change in told.changes
    ]
    who = told.line.who
    at = who.at.astimezone(words.zone).strftime("%Y-%m-%d %H:%M:%S")
    return [at, who.name, who.address, told.action, told.line.about.name, "; ".join(changes)]


async def wanted_lines(visit: Visit, session: AsyncSession, asked: AuditForm) -> Wanted:
    """The lines that the form asks for. Raises Refused beside ``person``."""
    person = None
    if asked.person:
        person = (await person_typed(visit, session, asked.person, "person")).id
    words, until = visit.words, asked.until
    return Wanted(
        text=asked.search[:200],
        action=asked.action,
        person=person,
        since=None if asked.since is None else midnight(asked.since, words),
        until=None if until is None else midnight(until + timedelta(days=1), words),
    )


def _names(visit: Visit, known: Sequence[str]) -> list[tuple[str, str]]:
    told = [(action, _action(visit.words, action)) for action in known]
    return sorted(told, key=lambda pair: pair[1].casefold())


def _action(words: Words, action: str) -> str:
    return words.say(ACTIONS[action]) if action in ACTIONS else action


def _line(words: Words, line: AuditLine) -> Line:
    keys = dict.fromkeys((*line.before, *line.after))
    changes = [
        Change(
            words.say(FIELDS[key]) if key in FIELDS else key,
            _value(words, line.before.get(key)),
            _value(words, line.after.get(key)),
        )
        for key in keys
    ]
    return Line(line, _action(words, line.action), changes)


def _value(words: Words, value: object) -> str | None:
    """A stored value in words; None for nothing."""
    match value:
        case None | "" | []:
            return None
        case bool():
            return words.say(N_("yes") if value else N_("no"))
        case list():
            return words.listed([_value(words, part) or "—" for part in value])
        case str() if value in VALUES:
            return words.say(VALUES[value])
        case dict():
            return words.listed(
                [f"{key}: {_value(words, part) or '—'}" for key, part in value.items()]
            )
        case _:
            return str(value)
