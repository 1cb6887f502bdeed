"""Circles: colleagues whose secretaries pass a call on until it comes back to the first."""

from collections.abc import Iterator

from ari_app.domain.directory import Colleague, Directory, ForwardingRule, OutsideNumbers
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
