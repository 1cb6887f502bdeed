"""What the editor of a secretary shows: rules as sentences with their marks, and one open form."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel.dates import get_day_names
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.advice import advice
from ari_app.domain.calls import CallerKind
from ari_app.domain.checks import refusals
from ari_app.domain.directory import Farewell, ForwardingRule, Situation
from ari_app.domain.numbers import EmployeeId, Endpoint, RuleId
from ari_app.explain import Names
from ari_app.store.finding import Person, people_of
from ari_app.store.greetings import choices
from ari_app.store.rule_versions import Author
from ari_app.store.sightings import gone_since
from web.draft import Draft
from web.forms import Filled
from web.pages.card_head import Head
from web.people_words import ORDERS, statuses_offered
from web.rule_form import RuleForm
from web.rule_people import named_by
from web.rule_templates import TEMPLATES
from web.rule_words import (
    CALLERS,
    DAYS,
    DESTINATIONS,
    FAREWELLS,
    NOTICES,
    SITUATIONS,
    RuleTold,
    RuleWords,
)
from web.visit import Visit
from web.what_if_form import Asking
from web.words import N_

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that rules may name, with its names; `sounds` by what Asterisk calls them.

    `gone_since` tells of SIP devices that have not been registered for days.
    """

    people: Mapping[EmployeeId, Person]
    sounds: Mapping[str, str]
    gone_since: Mapping[Endpoint, datetime]

    def label(self, employee: EmployeeId) -> str:
        """As the field shows a colleague; "" for one who is still to be chosen."""
        person = self.people.get(employee)
        return "" if person is None else person.label

    def by_label(self) -> dict[str, EmployeeId]:
        return {person.label: who for who, person in self.people.items()}


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to say of a rule; an error keeps it from being saved."""

    text: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule of the list."""

    id: RuleId
    place: int
    told: RuleTold
    marks: Sequence[Mark]
    is_open: bool
    is_changed: bool

    @property
    def is_wrong(self) -> bool:
        return any(mark.is_error for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen in a rule's form."""

    statuses: Sequence[Option]
    situations: Sequence[Option]
    callers: Sequence[Option]
    greetings: Sequence[Option]
    destinations: Sequence[Option]
    orders: Sequence[Option]
    farewells: Sequence[Option]
    notices: Sequence[Option]
    days: Sequence[Option]
    weekdays: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else has saved; `clashes` are theirs and mine, in sentences, by rule."""

    by: Author
    at: datetime | None
    changes: Sequence[str]
    clashes: Sequence[tuple[RuleId, str, str]]


@dataclass(frozen=True, slots=True)
class SecretaryPage:
    """The whole editor; without `draft` the rules can only be read."""

    head: Head
    what_if: Asking
    rules: Sequence[RuleShown]
    temporary: Sequence[tuple[RuleId, str]]
    general: Sequence[Mark]
    draft: str
    is_changed: bool
    can_undo: bool
    form: Filled[RuleForm] | None
    options: Options | None
    templates: Sequence[tuple[str, str, str, str]]
    order: str
    zone: str
    tried: bool = False
    error: str = ""
    meanwhile: Meanwhile | None = None


async def known_to(
    session: AsyncSession, visit: Visit, employee: EmployeeId, rules: Sequence[ForwardingRule]
) -> Known:
    """The names of all that `rules` name, and of the greetings that can be chosen."""
    people = await people_of(session, named_by(rules), with_left=True)
    sounds = await choices(session, employee)
    own = visit.words.own
    gone = await gone_since(session, _devices(visit, {employee, *people}), visit.now)
    return Known(people, {one.sound: own((one.name_ru, one.name_en)) for one in sounds}, gone)


def _devices(visit: Visit, people: Iterable[EmployeeId]) -> set[Endpoint]:
    found = filter(None, map(visit.directory.employees.get, people))
    phones = (phone.address for person in found for phone in person.phones)
    return {Endpoint(address) for address in phones if isinstance(address, str)}


def teller(visit: Visit, head: Head, known: Known) -> RuleWords:
    """Tells rules with these names."""
    names = {who: person.name for who, person in known.people.items()}
    return RuleWords(visit.words, names, head.own, known.sounds)


async def shown_rules(
    visit: Visit, head: Head, known: Known, draft: Draft, stored: Sequence[ForwardingRule]
) -> tuple[list[RuleShown], list[Mark]]:
    """The rules with their marks, and what there is to say of all of them together."""
    marks, general = await _marks(visit, head.id, draft.rules, known)
    words, was = teller(visit, head, known), {rule.id: rule for rule in stored}
    shown = [
        RuleShown(
            rule.id,
            place,
            words.rule(rule),
            marks.get(place, ()),
            draft.open == rule.id,
            was.get(rule.id) != rule,
        )
        for place, rule in enumerate(draft.rules)
    ]
    return shown, general


async def _marks(
    visit: Visit, employee: EmployeeId, rules: Sequence[ForwardingRule], known: Known
) -> tuple[dict[int, list[Mark]], list[Mark]]:
    directory, now = visit.directory, visit.now
    found: dict[int, list[Mark]] = {}
    general: list[Mark] = []
    # Both walk through every situation there can be: beside the loop that decides calls.
    refused = await asyncio.to_thread(refusals, directory, employee, rules, now)
    told = visit.storyteller(_names(visit, rules, known))
    for refusal in refused:
        mark = Mark(_sentence(told.why_refused(refusal)), is_error=True)
        found.setdefault(refusal.position, []).append(mark)
    for one in await asyncio.to_thread(advice, directory, employee, rules, now, known.gone_since):
        mark = Mark(_sentence(told.advice(one)), is_error=False)
        if one.position is None:
            general.append(mark)
        elif one.position not in found or not found[one.position][0].is_error:
            found.setdefault(one.position, []).append(mark)
    return found, general


def _names(visit: Visit, rules: Sequence[ForwardingRule], known: Known) -> Names:
    names = visit.storyteller().names
    people = {**names.employees, **{who: one.name for who, one in known.people.items()}}
    return replace(names, employees=people, rules={rule.id: rule.name for rule in rules})


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def options(visit: Visit, head: Head, known: Known) -> Options:
    """Every list of the form, in the reader's language."""
    say = visit.words.say
    days = get_day_names("abbreviated", locale=visit.words.locale)
    chosen = [("chosen", say(N_("on these days"))), ("on", say(N_("on one day")))]
    return Options(
        statuses_offered(visit.words, head.own),
        [(one.value, say(SITUATIONS[one])) for one in Situation],
        [(one.value, say(CALLERS[one])) for one in CallerKind],
        [("", say(N_("none"))), *known.sounds.items()],
        [(key, say(text)) for key, text in DESTINATIONS.items()],
        [(order.value, say(text)) for order, text in ORDERS.items()],
        [(one.value, say(FAREWELLS[one])) for one in Farewell],
        [(one.value, say(text)) for one, text in NOTICES.items()],
        [
            ("any", say(N_("every day"))),
            *((k.value, say(t)) for k, t in DAYS.items() if t),
            *chosen,
        ],
        [(str(day), days[day]) for day in range(7)],
    )


def templates(visit: Visit) -> list[tuple[str, str, str, str]]:
    """Key, icon, name and hint of each."""
    say = visit.words.say
    return [(one.key, one.icon, say(one.name), say(one.hint)) for one in TEMPLATES.values()]
