"""Whom rules lead to."""

from collections.abc import Iterable

from ari_app.domain.directory import Colleague, Colleagues, Destination, ForwardingRule
from ari_app.domain.numbers import EmployeeId


def named_by(rules: Iterable[ForwardingRule]) -> set[EmployeeId]:
    """The colleagues whom these rules name."""
    return {
        employee
        for rule in rules
        for destination in (rule.then, rule.otherwise)
        for employee in people_in(destination)
    }


def people_in(destination: Destination | None) -> tuple[EmployeeId, ...]:
    """The colleagues whom a destination names."""
    match destination:
        case Colleague(employee):
            return (employee,)
        case Colleagues(employees):
            return employees
        case _:
            return ()
