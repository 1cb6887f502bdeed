"""The command line: `autosecretary serve | panel | status | why | history | doctor | migrate`."""

from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
import uvloop
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from ari_app.doctor import examine_asterisk, examine_rules
from ari_app.domain.calls import Call, Caller
from ari_app.domain.directory import Declared, Directory, Employee, Status
from ari_app.domain.numbers import EmployeeId, parse_extension
from ari_app.domain.routing import unfold
from ari_app.explain import N_, Names, Storyteller, names_in, translations
from ari_app.findings import Finding, worst
from ari_app.logs import set_up_logs
from ari_app.numbering import caller_number
from ari_app.places import examine_places
from ari_app.service import limits, now, serve, serve_panel
from ari_app.settings import Settings
from ari_app.store import history as stored_history
from ari_app.store.database import newest_version, opened
from ari_app.store.directory import load
from ari_app.store.errors import StoreError
from ari_app.store.past import PastCall
from ari_app.store.sealed import reseal
from ari_app.store.statuses import declare
from ari_app.vault import KeyUnfitError, begin_rotation, end_rotation

app = typer.Typer(
    help="A contact centre next to Asterisk in which no caller is lost.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_STATUSES = ", ".join(status.value for status in Status)


@app.command("serve")
def serve_command() -> None:
    """Run the call service until Ctrl-C."""
    settings = _settings()
    set_up_logs(as_json=settings.log_json)
    _run(settings, serve(settings))


@app.command("panel")
def panel_command() -> None:
    """Run the panel alone, without Asterisk, until Ctrl-C."""
    settings = _settings()
    if not settings.panel_port:
        _fail(_say(settings)(N_("the panel is switched off: set AUTOSECRETARY_PANEL_PORT")))
    set_up_logs(as_json=settings.log_json)
    _run(settings, serve_panel(settings))


@app.command("rotate-key")
def rotate_key_command() -> None:
    """Encrypt all secrets with a new key; restart the service afterwards."""
    settings = _settings()
    say = _say(settings)
    if settings.key.get_secret_value():
        _fail(say(N_("the key is in AUTOSECRETARY_KEY: put it into a file first")))
    _run(settings, _rotate_key(settings))


async def _rotate_key(settings: Settings) -> None:
    vault = begin_rotation(settings.key_file)
    async with opened(settings.database_url) as sessions, sessions.begin() as session:
        count = await reseal(session, vault.anew)
    end_rotation(settings.key_file)
    text = N_("secrets encrypted anew: {count}; restart the service now")
    out.print(_say(settings)(text).format(count=count))


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema; creates it where there is none."""
    from ari_app.store.upgrade import migrate  # noqa: PLC0415  11 MB that `serve` does not need

    settings = _settings()
    _run(settings, migrate(settings.database_url))
    say = _say(settings)
    out.print(say(N_("the database is at version {version}")).format(version=newest_version()))


@app.command("status")
def status_command(
    employee: Annotated[str, typer.Argument(help="extension, or a part of the name")],
    status: Annotated[str, typer.Argument(help=f"{_STATUSES}, or the name of an own status")],
    until: Annotated[
        str, typer.Option(help="HH:MM, or YYYY-MM-DD HH:MM, in the employee's time zone")
    ] = "",
) -> None:
    """Set an employee's status."""
    settings = _settings()
    _run(settings, _set_status(settings, employee, status, until))


async def _set_status(settings: Settings, who: str, status: str, until: str) -> None:
    say = _say(settings)
    async with opened(settings.database_url) as sessions, sessions.begin() as session:
        directory = await load(session, limits(settings), country=settings.country)
        employee = _employee(directory, who, say)
        chosen = _declared(directory, status, say)
        end = _moment(until, employee.zone, say) if until else None
        choice = chosen.base if chosen.own is None else chosen.own
        declared = await declare(session, employee.id, choice, end, now())
    storyteller = Storyteller(settings.language, names_in(directory))
    out.print(f"{escape(employee.name)}: {escape(storyteller.declared(declared, employee.zone))}")


@app.command("why")
def why_command(
    caller: Annotated[str, typer.Argument(metavar="FROM", help="extension, number, or anonymous")],
    to: Annotated[str, typer.Argument(help="extension")],
    at: Annotated[str, typer.Option(help="HH:MM, or YYYY-MM-DD HH:MM, in their zone")] = "",
    status: Annotated[str, typer.Option(help="as if the employee called had this status")] = "",
) -> None:
    """Say where a call would go, step by step, and why, without making it."""
    settings = _settings()
    _run(settings, _why(settings, caller, to, at, status))


async def _why(settings: Settings, caller: str, to: str, at: str, status: str) -> None:
    say = _say(settings)
    async with opened(settings.database_url) as sessions, sessions() as session:
        directory = await load(session, limits(settings), country=settings.country)
    called = parse_extension(to)
    if called is None:
        _fail(say(N_("{text} is not an extension: 2 to 7 digits")).format(text=to))
    employee = directory.employees.get(directory.extensions.get(called, EmployeeId(-1)))
    moment = now()
    if employee is not None:
        moment = _moment(at, employee.zone, say, later=False) if at else moment
        if status:
            employee = replace(employee, declared=_declared(directory, status, say))
            people = {**directory.employees, employee.id: employee}
            directory = replace(directory, employees=people)
    call = Call(_caller(directory, caller, settings), called)
    storyteller = Storyteller(settings.language, names_in(directory))
    table = Table("", say(N_("step")), say(N_("because")))
    for place, plan in enumerate(unfold(call, directory, moment), 1):
        table.add_row(
            str(place), escape(storyteller.plan(plan)), escape(storyteller.reasons(plan.because))
        )
    out.print(table)


@app.command("history")
def history_command(
    call: Annotated[str, typer.Option(help="the call with this id of Asterisk's")] = "",
    employee: Annotated[str, typer.Option(help="extension, or a part of the name")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 10,
) -> None:
    """Tell past calls: where each went, step by step, and why. Fails when there are none."""
    settings = _settings()
    _run(settings, _history(settings, call, employee, limit))


async def _history(settings: Settings, call_id: str, who: str, limit: int) -> None:
    say = _say(settings)
    async with opened(settings.database_url) as sessions, sessions() as session:
        directory = await load(session, limits(settings), country=settings.country)
        employee = _employee(directory, who, say).id if who else None
        calls = await stored_history.recent(
            session, limit, employee=employee, linked_id=call_id or None
        )
        names = await stored_history.names(session)
    if not calls:
        _fail(say(N_("there are no such calls")))
    storyteller = Storyteller(settings.language, Names(*names, directory.own_statuses))
    for call in reversed(calls):
        _tell(call, storyteller)


def _tell(call: PastCall, storyteller: Storyteller) -> None:
    ending = storyteller.end(call.ending.value) if call.ending else storyteller.say(N_("going on"))
    caller = call.caller_number or storyteller.say(N_("anonymous"))
    out.print(
        f"[bold]{call.began_at.astimezone():%Y-%m-%d %H:%M:%S}  {escape(caller)} → "
        f"{escape(call.called)}[/]  {escape(ending)}"
    )
    for step in call.steps:
        came_to = storyteller.outcome(step.outcome.value) if step.outcome else "…"
        deed = storyteller.step(step.kind, step.addresses, step.seconds, step.target)
        by_mirror = storyteller.say(N_(" (stored plan)")) if step.by_mirror else ""
        out.print(f"  {escape(deed)}: [italic]{escape(came_to)}[/]{escape(by_mirror)}")
        if step.because:
            out.print(f"    [dim]{escape(storyteller.reasons(step.because))}[/]")


@app.command("doctor")
def doctor_command() -> None:
    """Check database, Asterisk and rules, and say for each failing point what to do."""
    settings = _settings()
    set_up_logs(as_json=settings.log_json, quiet=True)
    _run(settings, _examine(settings))


async def _examine(settings: Settings) -> None:
    say = _say(settings)
    async with opened(settings.database_url) as sessions, sessions() as session:
        directory = await load(session, limits(settings), country=settings.country)
    findings = [Finding(say(N_("database")), is_well=True, seen=newest_version())]
    findings += await examine_asterisk(settings, directory, say)
    findings += examine_places(settings, now(), say)
    storyteller = Storyteller(settings.language, names_in(directory))
    findings += examine_rules(directory, now(), storyteller)
    table = Table("", say(N_("point")), say(N_("seen")), say(N_("what to do")))
    for finding in findings:
        mark = (
            "[green]✓[/]"
            if finding.is_well
            else "[yellow]![/]"
            if finding.is_warning
            else "[red]✗[/]"
        )
        table.add_row(mark, escape(finding.point), escape(finding.seen), escape(finding.todo))
    out.print(table)
    if worst(findings):
        raise typer.Exit(1)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "".join(f"AUTOSECRETARY_{part}".upper() + ": " for part in problem["loc"])
            err.print(escape(f"{name}{problem['msg'].removeprefix('Value error, ')}"))
        raise typer.Exit(2) from None


def _say(settings: Settings) -> Any:
    return translations(settings.language).gettext


def _run(settings: Settings, work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; what an administrator can mend is one sentence and exit status 1."""
    say = _say(settings)
    try:
        uvloop.run(work)
    except StoreError as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(say(N_("the database refuses: {why}")).format(why=str(error.orig)))
    except (OSError, KeyUnfitError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(message: str) -> NoReturn:
    err.print(escape(message), style="red")
    raise typer.Exit(1)


def _employee(directory: Directory, who: str, say: Any) -> Employee:
    extension = parse_extension(who)
    if extension is not None and extension in directory.extensions:
        return directory.employees[directory.extensions[extension]]
    found = [p for p in directory.employees.values() if who.casefold() in p.name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{person.name} ({person.extension})" for person in found[:10])
        _fail(say(N_("more than one employee: {names}")).format(names=names))
    _fail(say(N_("there is no employee {who}")).format(who=who))


def _declared(directory: Directory, text: str, say: Any) -> Declared:
    for status in Status:
        if text.casefold() in (status.value, status.value.replace("_", " ")):
            return Declared(status)
    for own in directory.own_statuses.values():
        if text.casefold() in (own.name_ru.casefold(), own.name_en.casefold()):
            return Declared(own.base, own.id)
    known = [status.value for status in Status]
    known += [own.name_ru for own in directory.own_statuses.values()]
    _fail(
        say(N_("there is no status {text}; there are: {known}")).format(
            text=text, known=", ".join(known)
        )
    )


def _moment(text: str, zone: ZoneInfo, say: Any, *, later: bool = True) -> datetime:
    """HH:MM of today (tomorrow if it has passed and `later`), or a date and a time."""
    local = now().astimezone(zone)
    try:
        if len(text) > len("HH:MM"):
            return datetime.fromisoformat(text).replace(tzinfo=zone)
        clock = time.fromisoformat(text)
    except ValueError:
        _fail(say(N_("{text} is not a time: HH:MM, or YYYY-MM-DD HH:MM")).format(text=text))
    moment = datetime.combine(local.date(), clock, zone)
    return moment + timedelta(days=1) if later and moment <= local else moment


def _caller(directory: Directory, text: str, settings: Settings) -> Caller:
    extension = parse_extension(text)
    if extension is not None and extension in directory.extensions:
        return Caller(extension, is_inside=True)
    return Caller(caller_number(text, settings.country), is_inside=False)
