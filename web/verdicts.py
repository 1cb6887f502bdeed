"""What a file of employees would do, line by line, before any of it is done."""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any

from ari_app.domain.directory import Phone
from ari_app.domain.numbers import EmployeeId, Endpoint, parse_endpoint
from ari_app.domain.rights import Actor, Right, Role, Subject
from ari_app.store.office import Department
from ari_app.store.transfer import Entry, Known
from ari_app.transfer import Line
from web.roster import Column, Places, read_cells, told_phones
from web.words import N_


class Kind(Enum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken; `text` is marked with N_, `column` is "" for the whole line."""

    column: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in a field, and what would stand there."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one line of the file."""

    number: int
    kind: Kind
    name: str
    extension: str
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with what would be written: `id` is None for somebody new."""

    verdict: Verdict
    id: EmployeeId | None
    entry: Entry | None
    department: str = ""
    """The name of a department that is not there yet."""


@dataclass(frozen=True, slots=True)
class Office:
    """What lines are judged by: who sends them, and what is there already."""

    actor: Actor
    country: str
    zone: str
    language: str
    known: Sequence[Known]
    departments: Sequence[Department]
    roles: Sequence[Role]


_RIGHTS = {
    Column.PHONES: Right.CHANGE_PHONES,
    Column.USES_STATUS: Right.CHANGE_CONTACT_CENTRE,
    Column.ROLE: Right.ASSIGN_ROLES,
}
_UNIQUE = (Column.EXTENSION, Column.EMAIL, Column.MOBILE)


class Judge:
    """Judges line after line, and at the end what they say together."""

    def __init__(self, office: Office, places: Places) -> None:
        self._office = office
        self._places = places
        self._people = {one.id: one for one in office.known}
        self._held = {
            column: {
                value: one.id
                for one in office.known
                if (value := getattr(one.entry, column.value)) is not None
            }
            for column in _UNIQUE
        }
        self._departments = {
            name.casefold(): int(one.id)
            for one in office.departments
            for name in (one.name_en, one.name_ru)
        }
        self._roles = {
            name.casefold(): role
            for role in office.roles
            for name in (role.name_en, role.name_ru, role.preset or "")
            if name
        }
        self._lines_of: dict[EmployeeId, int] = {}
        self._missing: dict[str, str] = {}

    def line(self, line: Line) -> Judged:
        """What this line would do by itself."""
        values, wrong = read_cells(line, self._places, self._office.country)
        problems = [Problem(column.value, e.text, e.values) for column, e in wrong.items()]
        before = self._found(values)
        problems += self._twice(before, line.number)
        department = self._resolve(values, problems)
        name, extension = (str(values.get(c) or "") for c in (Column.NAME, Column.EXTENSION))
        told = Verdict(line.number, Kind.ERROR, name, extension)
        if not problems:
            entry = self._entry(values, before)
            changes = _changes(before, entry, department, self)
            problems += self._forbidden(before, entry, changes)
        if problems:
            failed = replace(told, problems=tuple(problems))
            return Judged(failed, None if before is None else before.id, None)
        kind = Kind.NEW if before is None else Kind.CHANGED if changes else Kind.SAME
        shown = changes if before is not None else ()
        told = replace(told, kind=kind, changes=shown)
        return Judged(told, None if before is None else before.id, entry, department)

    def lines(self, lines: Sequence[Line]) -> list[Judged]:
        """What several of them would do."""
        return [self.line(line) for line in lines]

    def together(self, judged: Sequence[Judged]) -> list[Judged]:
        """The same lines, with errors where two people would have the same."""
        owners = {column: self._owners(column, judged) for column in _UNIQUE}
        return [self._beside(one, owners) for one in judged]

    def department(self, number: int | None) -> str:
        """What a department is called where a change is told."""
        found = (one.name_ru for one in self._office.departments if int(one.id) == number)
        return next(found, "")

    def role(self, number: int) -> Role | None:
        return next((role for role in self._office.roles if role.id == number), None)

    def _found(self, values: Mapping[Column, object]) -> Known | None:
        """Whom the line is about: by extension, else by e-mail, else by mobile."""
        for column in _UNIQUE:
            value = values.get(column)
            if value is not None and value in self._held[column]:
                return self._people[self._held[column][value]]
        return None

    def _twice(self, before: Known | None, number: int) -> list[Problem]:
        if before is None:
            return []
        first = self._lines_of.setdefault(before.id, number)
        if first == number:
            return []
        return [Problem("", N_("Line {line} is about the same employee"), {"line": first})]

    def _resolve(self, values: dict[Column, object], problems: list[Problem]) -> str:
        """Put ids where names were typed; the name of a department that is not there."""
        missing = ""
        if Column.DEPARTMENT in values:
            typed = str(values[Column.DEPARTMENT])
            found = self._departments.get(typed.casefold())
            values[Column.DEPARTMENT] = found
            if typed and found is None:
                missing = self._missing.setdefault(typed.casefold(), typed)
        if Column.ROLE in values:
            typed = str(values.pop(Column.ROLE))
            role = self._roles.get(typed.casefold())
            if role is not None:
                values[Column.ROLE] = role.id
            elif typed:
                problems.append(Problem("role", N_("There is no such role"), {}))
        return missing

    def _entry(self, values: Mapping[Column, object], before: Known | None) -> Entry:
        base = before.entry if before is not None else self._blank(values)
        said = {
            column.value: value
            for column, value in values.items()
            if value is not None or column in {Column.EMAIL, Column.MOBILE, Column.DEPARTMENT}
        }
        made: Entry = replace(base, **said)  # type: ignore[arg-type]
        # The class of a number (local, national) is not in the file.
        is_same = told_phones(made.phones) == told_phones(base.phones)
        return replace(made, phones=base.phones) if is_same else made

    def _blank(self, values: Mapping[Column, object]) -> Entry:
        extension = str(values[Column.EXTENSION])
        endpoint = parse_endpoint(extension) or Endpoint("")
        role = self._roles["employee"].id if "employee" in self._roles else 0
        return Entry(
            name="",
            extension=extension,
            email=None,
            mobile=None,
            position="",
            department=None,
            language=self._office.language,
            zone=self._office.zone,
            phones=(Phone(endpoint),),
            uses_status=True,
            role=role,
        )

    def _forbidden(
        self, before: Known | None, entry: Entry, changes: Iterable[Change]
    ) -> list[Problem]:
        actor = self._office.actor
        text = N_("Your role does not allow you to change this")
        if before is None:
            return self._role_forbidden(entry.role) if Column.ROLE in self._places else []
        subject = Subject(before.id, before.entry.department, before.rank)
        found = [
            Problem(change.column, text)
            for change in changes
            if not actor.may(_RIGHTS.get(Column(change.column), Right.CHANGE_CARDS), subject)
        ]
        is_changed = entry.role != before.entry.role
        return found + (self._role_forbidden(entry.role) if is_changed else [])

    def _role_forbidden(self, number: int) -> list[Problem]:
        role = self.role(number)
        if role is None or (role.preset == "employee"):
            return []
        actor = self._office.actor
        if actor.may(Right.ASSIGN_ROLES) and actor.may_give(role):
            return []
        return [Problem("role", N_("Your role does not allow you to give this role"))]

    def _owners(self, column: Column, judged: Sequence[Judged]) -> dict[str, list[Judged | Known]]:
        """Who would have which value afterwards."""
        owners: dict[str, list[Judged | Known]] = {}
        in_file = {one.id for one in judged if one.id is not None and one.entry is not None}
        for other in self._office.known:
            value = getattr(other.entry, column.value)
            if other.id not in in_file and value is not None:
                owners.setdefault(value, []).append(other)
        for one in judged:
            value = None if one.entry is None else getattr(one.entry, column.value)
            if value is not None:
                owners.setdefault(value, []).append(one)
        return owners

    def _beside(
        self, one: Judged, owners: Mapping[Column, Mapping[str, Sequence[Judged | Known]]]
    ) -> Judged:
        if one.entry is None:
            return one
        problems: list[Problem] = []
        for column in _UNIQUE:
            value = getattr(one.entry, column.value)
            others = [other for other in owners[column].get(value, ()) if other is not one]
            problems += [_taken(column, other) for other in others[:1]]
        if not problems:
            return one
        failed = replace(one.verdict, kind=Kind.ERROR, changes=(), problems=tuple(problems))
        return Judged(failed, one.id, None)


def _taken(column: Column, other: Judged | Known) -> Problem:
    if isinstance(other, Judged):
        values = {"line": other.verdict.number}
        return Problem(column.value, N_("Line {line} has the same"), values)
    values_of = {"name": other.entry.name, "extension": other.entry.extension}
    return Problem(column.value, N_("{name} ({extension}) has this already"), values_of)


def _changes(
    before: Known | None, entry: Entry, department: str, judge: Judge
) -> tuple[Change, ...]:
    if before is None:
        return ()
    found: list[Change] = []
    for column in Column:
        old, new = getattr(before.entry, column.value), getattr(entry, column.value)
        is_new_department = column is Column.DEPARTMENT and department
        if old != new or is_new_department:
            after = department if is_new_department else _told(column, new, judge)
            found.append(Change(column.value, _told(column, old, judge), after))
    return tuple(found)


def _told(column: Column, value: Any, judge: Judge) -> str:
    match column:
        case Column.DEPARTMENT:
            return judge.department(value)
        case Column.ROLE:
            role = judge.role(value)
            return "" if role is None else role.name_ru
        case Column.PHONES:
            return told_phones(value)
        case Column.USES_STATUS:
            return "✓" if value else "–"
        case _:
            return str(value or "")


def counted(judged: Sequence[Judged]) -> dict[str, Any]:
    """How many lines of each kind there are, and the departments that are not there yet.

    `addressed` are those of the new who have an e-mail address.
    """
    kinds = Counter(one.verdict.kind.value for one in judged)
    departments = sorted({one.department for one in judged if one.department and one.entry})
    new = (one.entry for one in judged if one.verdict.kind is Kind.NEW)
    addressed = sum(entry is not None and entry.email is not None for entry in new)
    told = {kind.value: kinds[kind.value] for kind in Kind}
    return {**told, "departments": departments, "addressed": addressed}


def pack(verdicts: Sequence[Verdict]) -> bytes:
    """Verdicts as the store keeps them: a line each, beginning with its kind.

    A line at a time, because one long JSON text would keep every other thread waiting.
    """
    told = (
        f"{one.kind.value} {json.dumps({**asdict(one), 'kind': ''}, ensure_ascii=False)}"
        for one in verdicts
    )
    return zlib.compress("\n".join(told).encode(), 1)


def unpack(packed: bytes, kind: Kind | None, first: int, size: int) -> tuple[list[Verdict], int]:
    """Some of the verdicts of a kind (None: of all), and how many there are of it."""
    text = zlib.decompress(packed).decode()
    lines = text.split("\n") if text else []
    if kind is not None:
        lines = [line for line in lines if line.startswith(f"{kind.value} ")]
    return [_verdict(line) for line in lines[first : first + size]], len(lines)


def _verdict(line: str) -> Verdict:
    kind, _, told = line.partition(" ")
    one = json.loads(told)
    return Verdict(
        one["number"],
        Kind(kind),
        one["name"],
        one["extension"],
        tuple(Change(**change) for change in one["changes"]),
        tuple(Problem(**problem) for problem in one["problems"]),
    )
