"""Whom a call can be passed on to by the rules of a secretary, and by the rules of those."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from ari_app.domain.directory import (
    Colleague,
    Directory,
    Employee,
    ForwardingRule,
    OutsideNumbers,
)
from ari_app.domain.numbers import EmployeeId


def leads_to(directory: Directory, rule: ForwardingRule) -> Iterator[EmployeeId]:
    """The employees whose secretary takes over where `rule` is followed, also by own numbers."""
    for destination in (rule.then, rule.otherwise):
        match destination:
            case Colleague(employee_id):
                yield employee_id
            case OutsideNumbers(numbers):
                for number in numbers:
                    if number.e164 in directory.numbers:
                        yield directory.numbers[number.e164]
            case _:
                continue


def colleagues_of(directory: Directory, person: Employee) -> Iterator[EmployeeId]:
    """Whom the rules of `person` that are on lead to, those who are gone too."""
    return (there for rule in person.rules if rule.is_on for there in leads_to(directory, rule))


def around(
    owner: Employee,
    directory: Directory,
    most: int,
    as_seen: Callable[[Employee], Employee] = lambda person: person,
) -> dict[EmployeeId, Employee]:
    """The owner, and whoever can be reached over any number of rules, the nearest first.

    `as_seen` says how each is looked at; whoever comes after the `most` nearest is left out.
    """
    found = {owner.id: as_seen(owner)}
    waiting = [owner.id]
    while waiting:
        for there in colleagues_of(directory, found[waiting.pop(0)]):
            person = directory.employees.get(there)
            if person is not None and there not in found:
                if len(found) >= most:
                    return found
                found[there] = as_seen(person)
                waiting.append(there)
    return found


def settled(person: Employee) -> Employee:
    """The person without the rules that a feature code made: they will go again."""
    rules = (replace(r, is_on=r.is_on and not r.is_temporary) for r in person.rules)
    return replace(person, rules=tuple(rules))
