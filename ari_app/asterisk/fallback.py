"""Mirrors the chain of every employee into AstDB, for the time when nobody answers a question."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from ari_app.asterisk.steps import encode_short
from ari_app.domain.calls import Call, Caller
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    Directory,
    Employee,
    OutsideNumbers,
)
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.routing import unfold

FAMILY = "autosecretary"
"""Keys are ``inside-101-1`` and so on, one for each step, as the dial plan reads them."""

_LONGEST = 1000
"""A line of AMI holds 1022 bytes; what is longer would be read as another action."""

_CALLERS = {
    "inside": Caller("", is_inside=True),
    # A country code that nobody has: somebody outside whom no rule names.
    "outside": Caller("+99900000000", is_inside=False),
}
_BATCH = 20
_AT_ONCE = 2000


class AsteriskDatabase(Protocol):
    """AstDB, as AMI gives it."""

    async def database_tree(self, family: str) -> dict[str, str]: ...
    async def database_delete(self, family: str, key: str) -> None: ...
    async def put_many(self, items: Iterable[tuple[str, str, str]]) -> None: ...


class Mirror:
    """What has been written to AstDB; only differences are written.

    Of every line only the hash is kept: there are some sixty thousand in an office of thousands.
    """

    def __init__(self, database: AsteriskDatabase) -> None:
        self._database = database
        self._written: dict[str, int] = {}

    async def reconcile(self, directory: Directory, now: datetime) -> None:
        """Make AstDB say what the directory says, whatever it said before."""
        tree = await self._database.database_tree(FAMILY)
        self._written = {key: hash(line) for key, line in tree.items()}
        del tree
        await self._write(directory, directory.employees.values(), now)
        stale = {key for key in self._written if _extension(key) not in directory.extensions}
        await self._delete(stale)

    async def refresh(
        self, before: Directory, directory: Directory, changed: Iterable[EmployeeId], now: datetime
    ) -> None:
        """Write the chains of those who changed, and of everybody whose chain leads to them."""
        affected = leading_to(directory, changed)
        people = [directory.employees[i] for i in affected if i in directory.employees]
        await self._write(directory, people, now)
        gone = {
            person.extension
            for i in affected
            if (person := before.employees.get(i)) is not None
            and person.extension not in directory.extensions
        }
        if gone:
            await self._delete({key for key in self._written if _extension(key) in gone})

    async def tick(self, directory: Directory, now: datetime) -> None:
        """Write those chains again that depend on the time of day."""
        clocked = [p.id for p in directory.employees.values() if depends_on_time(p)]
        await self.refresh(directory, directory, clocked, now)

    async def _write(self, directory: Directory, people: Iterable[Employee], now: datetime) -> None:
        steps: dict[str, str] = {}
        for number, person in enumerate(people, 1):
            steps |= _steps(directory, person, now)
            if number % _BATCH == 0:
                await asyncio.sleep(0)
            if len(steps) > _AT_ONCE:
                await self._put(steps)
                steps = {}
        await self._put(steps)

    async def _put(self, steps: dict[str, str]) -> None:
        """Bring these whole chains up to date."""
        news = {key: line for key, line in steps.items() if self._written.get(key) != hash(line)}
        await self._database.put_many((FAMILY, key, line) for key, line in news.items())
        self._written |= {key: hash(line) for key, line in news.items()}
        await self._delete(list(self._beyond(steps)))

    def _beyond(self, steps: Iterable[str]) -> Iterator[str]:
        """Steps of an earlier, longer chain that come after the last one of `steps`."""
        known = set(steps)
        for key in known:
            stem, _, place = key.rpartition("-")
            after = int(place) + 1
            while (further := f"{stem}-{after}") in self._written and further not in known:
                yield further
                after += 1

    async def _delete(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            await self._database.database_delete(FAMILY, key)
            self._written.pop(key, None)


def _extension(key: str) -> str:
    return key.split("-")[1] if key.count("-") == 2 else ""


def _steps(directory: Directory, person: Employee, now: datetime) -> dict[str, str]:
    return {
        f"{origin}-{person.extension}-{place}": encode_short(plan, _LONGEST)
        for origin, caller in _CALLERS.items()
        for place, plan in enumerate(unfold(Call(caller, person.extension), directory, now), 1)
    }


def depends_on_time(employee: Employee) -> bool:
    """Whether the chain may change without anybody changing anything."""
    return employee.declared.until is not None or any(
        rule.when.hours or rule.when.since or rule.when.until for rule in employee.rules
    )


def leading_to(directory: Directory, targets: Iterable[EmployeeId]) -> frozenset[EmployeeId]:
    """`targets` and everybody whose rules lead to one of them, over any number of colleagues."""
    found = set(targets)
    forwards = _forwards(directory)
    fringe = list(found)
    while fringe:
        fringe = [source for i in fringe for source in forwards.get(i, ()) if source not in found]
        found.update(fringe)
    return frozenset(found)


def _forwards(directory: Directory) -> dict[EmployeeId, list[EmployeeId]]:
    """Who forwards to whom, seen from the destination."""
    sources: dict[EmployeeId, list[EmployeeId]] = {}
    for person in directory.employees.values():
        for rule in person.rules:
            for target in _named(directory, rule.then, rule.otherwise):
                sources.setdefault(target, []).append(person.id)
    return sources


def _named(directory: Directory, *destinations: Destination | None) -> Iterator[EmployeeId]:
    for destination in destinations:
        match destination:
            case Colleague(employee):
                yield employee
            case Colleagues(employees):
                yield from employees
            case OutsideNumbers(numbers):
                found = (directory.numbers.get(number.e164) for number in numbers)
                yield from (employee for employee in found if employee is not None)
            case _:
                continue
