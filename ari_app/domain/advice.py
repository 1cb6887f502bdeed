"""What is worth knowing of a secretary's rules though they can be saved: what goes unused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from ari_app.domain.directory import Directory, Employee, ForwardingRule
from ari_app.domain.never_reached import never_reached
from ari_app.domain.numbers import EmployeeId, Endpoint


class AdviceKind(Enum):
    """What is worth knowing; `Advice.detail` is given in brackets."""

    NEVER_REACHED = "never_reached"  # (`Why`) `by` are the rules that come first


@dataclass(frozen=True, slots=True)
class Advice:
    """A warning: the rule's place in the list (from 0; None: all of them), its name, and what.

    `by` are the places of other rules and `by_names` their names, `people` those it is about.
    """

    position: int | None
    rule: str
    kind: AdviceKind
    detail: str = ""
    people: tuple[EmployeeId, ...] = ()
    by: tuple[int, ...] = ()
    by_names: tuple[str, ...] = ()


def advice(
    directory: Directory,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
    gone_since: Mapping[Endpoint, datetime] | None = None,  # noqa: ARG001
) -> tuple[Advice, ...]:
    """What is worth knowing of `rules` as the secretary of this employee from `now` on.

    `gone_since` tells of phones that are not registered. Rules that are off, and rules that
    `checks.refusals` refuses for their period or hours, are left out. Temporary rules will go
    again: they neither get advice nor hide other rules.
    """
    owner = directory.employees.get(employee_id)
    if owner is None:
        return ()
    owner = replace(owner, rules=tuple(rules))
    return tuple(_never_reached(owner, directory, now))


def _never_reached(owner: Employee, directory: Directory, now: datetime) -> list[Advice]:
    return [
        Advice(
            found.place,
            owner.rules[found.place].name,
            AdviceKind.NEVER_REACHED,
            found.why.value,
            by=found.by,
            by_names=tuple(owner.rules[place].name for place in found.by),
        )
        for found in never_reached(owner, directory, now)
    ]
