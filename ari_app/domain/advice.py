"""What is worth knowing of a secretary's rules though they can be saved: what goes unused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import tee

from ari_app.domain.directory import Directory, Employee, ForwardingRule
from ari_app.domain.gaps import Gap, gaps
from ari_app.domain.gone_phones import gone_phones
from ari_app.domain.long_ringing import long_ringing
from ari_app.domain.never_reached import never_reached
from ari_app.domain.numbers import EmployeeId, Endpoint
from ari_app.domain.occasions import Asked, Occasion, occasions
from ari_app.domain.surroundings import around, settled

_MOST_PEOPLE = 30
"""Whoever is further away counts as somebody who may leave the call to the next rule."""


class AdviceKind(Enum):
    """What is worth knowing; `Advice.detail` is given in brackets."""

    NEVER_REACHED = "never_reached"  # (`Why`) `by` are the rules that come first
    GAP = "gap"  # `gap`; a message is taken then if the card has voicemail ("voicemail")
    TOO_LONG = "too_long"  # (`TooLongFor`) `seconds` of ringing, of which `most` are good
    NOT_REGISTERED = "not_registered"  # (days) `people` whose phones are all gone


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
    gap: Gap | None = None
    seconds: int = 0
    most: int = 0


def advice(
    directory: Directory,
    employee_id: EmployeeId,
    rules: Sequence[ForwardingRule],
    now: datetime,
    gone_since: Mapping[Endpoint, datetime] | None = None,
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
    asked = Asked(around(owner, directory, _MOST_PEOPLE, settled), directory, now)
    for_reached, for_length = tee(occasions(asked))
    return (
        *_never_reached(asked, for_reached),
        *_gaps(owner, directory, now),
        *_too_long(asked, for_length),
        *_not_registered(owner, directory, now, gone_since or {}),
    )


def unused_rules(directory: Directory, now: datetime) -> Iterator[tuple[EmployeeId, Advice]]:
    """The rules of all employees that no call comes to, with whose they are.

    The rest of the advice is for the eyes of who edits: a gap may well be meant.
    """
    for owner in directory.employees.values():
        if any(rule.is_on for rule in owner.rules):
            asked = Asked(around(owner, directory, _MOST_PEOPLE, settled), directory, now)
            for found in _never_reached(asked, occasions(asked)):
                yield owner.id, found


def _never_reached(asked: Asked, everything: Iterable[Occasion]) -> list[Advice]:
    rules = asked.called.rules
    return [
        Advice(
            found.place,
            rules[found.place].name,
            AdviceKind.NEVER_REACHED,
            found.why.value,
            by=found.by,
            by_names=tuple(rules[place].name for place in found.by),
        )
        for found in never_reached(asked, everything)
    ]


def _gaps(owner: Employee, directory: Directory, now: datetime) -> list[Advice]:
    then = "voicemail" if owner.has_voicemail else ""
    return [
        Advice(None, "", AdviceKind.GAP, then, gap=found) for found in gaps(owner, directory, now)
    ]


def _too_long(asked: Asked, everything: Iterable[Occasion]) -> list[Advice]:
    return [
        Advice(
            found.place,
            "" if found.place is None else asked.called.rules[found.place].name,
            AdviceKind.TOO_LONG,
            found.too_long_for.value,
            seconds=found.seconds,
            most=found.most,
        )
        for found in long_ringing(asked, everything)
    ]


def _not_registered(
    owner: Employee, directory: Directory, now: datetime, gone_since: Mapping[Endpoint, datetime]
) -> list[Advice]:
    return [
        Advice(
            found.place,
            owner.rules[found.place].name,
            AdviceKind.NOT_REGISTERED,
            str(found.days),
            (found.whose,),
        )
        for found in gone_phones(owner, directory, now, gone_since)
    ]
