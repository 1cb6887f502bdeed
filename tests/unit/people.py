"""Employees, directories and calls for tests of the decision."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ari_app.domain.calls import Attempt, Call, Caller, Outcome
from ari_app.domain.directory import (
    Declared,
    Destination,
    Directory,
    Employee,
    ForwardingRule,
    Limits,
    Phone,
    Situation,
    Status,
    Trunk,
    When,
)
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
    RuleId,
)
from ari_app.domain.steps import Play, Ring, Step

MONDAY_NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""12:00 in Moscow, a working day."""

OUTSIDER = Caller("+79165550100", is_inside=False)
INSIDER = Caller("105", is_inside=True)
ANONYMOUS = Caller("", is_inside=False)
MOBILE = OutsideNumber("+79165550199", NumberClass.MOBILE)
LANDLINE = OutsideNumber("+74951112233", NumberClass.LOCAL)


def rule(
    number: int, then: Destination, when: When | None = None, **more: object
) -> ForwardingRule:
    made = ForwardingRule(RuleId(number), f"rule {number}", when or When(), then)
    return replace(made, **more)  # type: ignore[arg-type]


def for_(*situations: Situation, seconds: int = 0) -> When:
    return When(frozenset(), frozenset(situations), seconds)


def employee(
    digits: int, status: Status = Status.ONLINE, *rules: ForwardingRule, **more: object
) -> Employee:
    extension = Extension(str(digits))
    made = Employee(
        EmployeeId(digits),
        f"Employee {digits}",
        extension,
        Declared(status),
        phones=(Phone(Endpoint(extension)),),
        rules=rules,
        zone=ZoneInfo("Europe/Moscow"),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def directory(*employees: Employee, **more: object) -> Directory:
    made = Directory(
        employees={person.id: person for person in employees},
        extensions={person.extension: person.id for person in employees},
        numbers={person.number: person.id for person in employees if person.number},
        trunks=(Trunk("outside", "PJSIP/{number}@outside", company_number="+74951234500"),),
        limits=Limits(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def call(called: int, *attempts: Attempt, caller: Caller = OUTSIDER) -> Call:
    return Call(caller, Extension(str(called)), attempts)


def tried(step: Step, outcome: Outcome) -> Attempt:
    """What the dial plan remembers of `step`."""
    if isinstance(step, Ring):
        addresses = frozenset(leg.address for leg in step.legs)
        return Attempt(step.key, outcome, step.seconds, addresses)
    return Attempt(step.key, Outcome.DONE if isinstance(step, Play) else outcome)


def rung(step: Step) -> list[str]:
    return [leg.address for leg in step.legs] if isinstance(step, Ring) else []
