"""Mirrors the chain of every employee into AstDB, for the time when nobody answers a question."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from ari_app.asterisk.steps import encode_chain
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
"""Keys are ``inside-101`` and ``outside-101``, as the dial plan reads them."""

_CALLERS = {
    "inside": Caller("", is_inside=True),
    # A country code that nobody has: somebody outside whom no rule names.
    "outside": Caller("+99900000000", is_inside=False),
}
_BATCH = 20


class AsteriskDatabase(Protocol):
    """AstDB, as AMI gives it."""

    async def database_tree(self, family: str) -> dict[str, str]: ...
    async def database_delete(self, family: str, key: str) -> None: ...
    async def put_many(self, items: Iterable[tuple[str, str, str]]) -> None: ...


class Mirror:
    """What has been written to AstDB; only differences are written."""

    def __init__(self, database: AsteriskDatabase) -> None:
        self._database = database
        self._written: dict[str, str] = {}

    async def reconcile(self, directory: Directory, now: datetime) -> None:
        """Make AstDB say what the directory says, whatever it said before."""
        self._written = await self._database.database_tree(FAMILY)
        await self._write(directory, directory.employees.values(), now)
        wanted = {key for extension in directory.extensions for key in _keys(extension)}
        await self._delete(self._written.keys() - wanted)

    async def refresh(
        self, before: Directory, directory: Directory, changed: Iterable[EmployeeId], now: datetime
    ) -> None:
        """Write the chains of those who changed, and of everybody whose chain leads to them."""
        affected = leading_to(directory, changed)
        people = [directory.employees[i] for i in affected if i in directory.employees]
        await self._write(directory, people, now)
        gone = {
            key
            for i in affected
            if (person := before.employees.get(i)) is not None
            and person.extension not in directory.extensions
            for key in _keys(person.extension)
        }
        await self._delete(gone & self._written.keys())

    async def tick(self, directory: Directory, now: datetime) -> None:
        """Write those chains again that depend on the time of day."""
        clocked = [p.id for p in directory.employees.values() if depends_on_time(p)]
        await self.refresh(directory, directory, clocked, now)

    async def _write(self, directory: Directory, people: Iterable[Employee], now: datetime) -> None:
        batch: dict[str, str] = {}
        for number, person in enumerate(people, 1):
            batch |= _chains(directory, person, now)
            if number % _BATCH == 0:
                await asyncio.sleep(0)
        news = {key: chain for key, chain in batch.items() if self._written.get(key) != chain}
        await self._database.put_many((FAMILY, key, chain) for key, chain in news.items())
        self._written |= news

    async def _delete(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            await self._database.database_delete(FAMILY, key)
            self._written.pop(key, None)


def _keys(extension: str) -> tuple[str, ...]:
    return tuple(f"{origin}-{extension}" for origin in _CALLERS)


def _chains(directory: Directory, person: Employee, now: datetime) -> dict[str, str]:
    return {
        f"{origin}-{person.extension}": encode_chain(
            unfold(Call(caller, person.extension), directory, now)
        )
        for origin, caller in _CALLERS.items()
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
