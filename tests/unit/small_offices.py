"""Small offices for Hypothesis, and every walk of a call through one, found by trying all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from ari_app.domain.calls import Call, Caller, CallerKind, Outcome
from ari_app.domain.conditions import applies
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Declared,
    Destination,
    Directory,
    ForwardingRule,
    Hours,
    Limits,
    OutsideNumbers,
    OwnPhones,
    OwnStatus,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    RuleId,
)
from ari_app.domain.routing import ends_the_call, route
from ari_app.domain.steps import Plan, Ring
from tests.unit.people import MOBILE, directory, employee, rung, tried

NOW = datetime(2026, 10, 20, 9, 10, tzinfo=UTC)
"""A Tuesday; on the next Sunday Berlin's clocks are put back from three to two."""
CLOCK_CHANGE = date(2026, 10, 25)
FREE_DAY, WORKED_SATURDAY = date(2026, 10, 22), date(2026, 10, 24)
HALF_HOURS = [NOW + timedelta(minutes=30 * n) for n in range(48 * 21)]
"""Two weeks after the last thing that is special, and what comes before."""
ANNA, BORIS, VERA = (EmployeeId(number) for number in (101, 102, 103))
PEOPLE = (ANNA, BORIS, VERA)
OWN_NUMBERS = {who: OutsideNumber(f"+7495123450{who % 10}", NumberClass.LOCAL) for who in PEOPLE}
LUNCH = OwnStatusId(7)
MASKS = ("1*", "+*", "?2", "12", "*", "11?")
CALLERS = [
    *(Caller(number, is_inside=True) for number in ("11", "12", "13", "22", "23", "110", "200")),
    *(Caller(number, is_inside=False) for number in ("1", "+", "2", "12", "+2", "22", "33")),
    *(Caller(number, is_inside=False) for number in ("11", "13", "110", "+33", "333")),
    Caller("", is_inside=False),
]
"""One at least for each set of the masks above."""

_clocks = st.sampled_from([time(0), time(2, 30), time(9), time(12), time(18), time(22)])
_hours = st.builds(
    Hours,
    _clocks,
    _clocks,
    st.sampled_from(DayKind),
    st.sampled_from([frozenset(), frozenset({0}), frozenset({4, 5}), frozenset({0, 1, 2, 3})]),
    st.sampled_from([None, None, None, CLOCK_CHANGE, FREE_DAY]),
)
_edges = st.sampled_from([*[None] * 7, NOW + timedelta(hours=5), NOW + timedelta(days=2)])
_kinds = st.just(frozenset(CallerKind)) | st.frozensets(
    st.sampled_from(CallerKind), min_size=1, max_size=2
)
_statuses: list[StatusChoice] = [Status.ONLINE, Status.BREAK, Status.OFFLINE, LUNCH]
DECLARED = [
    *map(Declared, Status),
    Declared(Status.BREAK, LUNCH),
]
_OUTCOMES = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.UNREACHABLE)
_State = tuple[Declared, Outcome]
_triggers: st.SearchStrategy[tuple[frozenset[StatusChoice], frozenset[Situation]]] = st.one_of(
    st.tuples(st.frozensets(st.sampled_from(_statuses), min_size=1), st.just(frozenset())),
    st.tuples(st.just(frozenset()), st.frozensets(st.sampled_from(Situation), min_size=1)),
    st.just((frozenset(Status), frozenset(Situation))),
)


@st.composite
def whens(draw: st.DrawFn) -> When:
    statuses, situations = draw(_triggers)
    return When(
        statuses,
        situations,
        callers=draw(
            st.just(frozenset(CallerKind)) | st.frozensets(st.sampled_from(CallerKind), min_size=1)
        ),
        numbers=draw(st.just(()) | st.lists(st.sampled_from(MASKS), max_size=2).map(tuple)),
        since=draw(_edges),
        until=draw(_edges),
        hours=draw(st.just(()) | st.lists(_hours, max_size=2).map(tuple)),
    )


def _destinations(others: list[EmployeeId]) -> st.SearchStrategy[Destination]:
    return st.one_of(
        st.just(Voicemail()),
        st.just(SayGoodbye()),
        st.just(OwnPhones(RingOrder.AT_ONCE, 5)),
        st.just(OutsideNumbers((MOBILE,), seconds=5)),
        st.sampled_from(others).map(Colleague),
        st.sampled_from(others).map(Colleague),
        st.sampled_from(others).map(lambda who: Colleagues((who,), seconds=5)),
        st.sampled_from(others).map(lambda who: OutsideNumbers((OWN_NUMBERS[who], MOBILE))),
    )


@st.composite
def _rules(
    draw: st.DrawFn, who: EmployeeId, others: list[EmployeeId], most: int
) -> list[ForwardingRule]:
    count = draw(st.integers(2 if who == ANNA else 0, most))
    return [
        ForwardingRule(
            RuleId(who * 10 + number),
            f"rule {number}",
            draw(whens()),
            draw(_destinations(others)),
            draw(st.none() | _destinations(others)),
            is_on=draw(st.sampled_from([True] * 5 + [False])),
        )
        for number in range(count)
    ]


@st.composite
def small_offices(draw: st.DrawFn, most_rules: int = 3) -> Directory:
    """Two or three people, of whom Anna is called; numbers, phones and rules drawn."""
    who = PEOPLE[: draw(st.integers(2, 3))]
    zone = ZoneInfo(draw(st.sampled_from(["Europe/Moscow", "Europe/Berlin"])))
    elsewhere = ZoneInfo("Asia/Vladivostok") if zone.key == "Europe/Moscow" else zone
    people = []
    for each in who:
        phones = draw(st.sampled_from([(Phone(Endpoint(str(each)), 5),)] * 4 + [()]))
        rules = draw(_rules(each, [other for other in who if other != each], most_rules))
        people.append(
            employee(
                each,
                Status.ONLINE,
                *rules,
                phones=phones,
                number=OWN_NUMBERS[each].e164,
                zone=draw(st.sampled_from([zone, elsewhere])),
                uses_status=draw(st.sampled_from([True] * 4 + [False])),
            )
        )
    return directory(
        *people,
        limits=Limits(steps=50, ringing_seconds=3600),
        own_statuses={LUNCH: OwnStatus(LUNCH, "Обед", "Lunch", Status.BREAK)},
        free_days=frozenset({FREE_DAY}),
        working_days=frozenset({WORKED_SATURDAY}),
    )


@dataclass(frozen=True)
class Walk:
    """One call to Anna: when, by whom, with whose statuses, and all that the plans said."""

    moment: datetime
    caller: Caller
    office: Directory
    plans: tuple[Plan, ...]


def occasions(
    office: Directory, callers: list[Caller] = CALLERS
) -> Iterator[tuple[datetime, Caller]]:
    """Every half hour and caller, without those for whom the same rules apply as before."""
    rules = [(person, rule) for person in office.employees.values() for rule in person.rules]
    callers, seen = different_callers(office, office.employees), set()
    for moment in HALF_HOURS:
        for caller in callers:
            key = tuple(applies(rule, who, caller, office, moment) for who, rule in rules)
            if key not in seen:
                seen.add(key)
                yield moment, caller


def different_callers(office: Directory, people: Collection[EmployeeId]) -> list[Caller]:
    """The callers above, each kind once for the same rules of these people."""
    rules = [
        (replace(rule, when=replace(rule.when, since=None, until=None, hours=())), person)
        for person in map(office.employees.__getitem__, people)
        for rule in person.rules
    ]
    by_rules = {
        (caller.kind, *(applies(rule, who, caller, office, NOW) for rule, who in rules)): caller
        for caller in CALLERS
    }
    return list(by_rules.values())


def walks(office: Directory) -> Iterator[Walk]:
    """Every call to Anna there can be: whatever status people have, however each phone rings."""
    for moment, caller in occasions(office):
        yield from _walks(Walk(moment, caller, office, ()), {})


def _walks(asked: Walk, states: Mapping[EmployeeId, _State]) -> Iterator[Walk]:
    """Every walk in which people are as `states` says; it is told of those who are met."""
    office = declare(asked.office, {who: declared for who, (declared, _) in states.items()})
    came_to = {str(who): outcome for who, (_, outcome) in states.items()}
    plans = tuple(walk(office, asked.moment, asked.caller, came_to))
    unknown = next((who for who in PEOPLE if who not in states and _meets(plans, who)), None)
    if unknown is None:
        yield replace(asked, office=office, plans=plans)
        return
    for state in product(DECLARED, _OUTCOMES):
        yield from _walks(asked, {**states, unknown: state})


def _meets(plans: tuple[Plan, ...], who: EmployeeId) -> bool:
    return any(
        str(who) in rung(plan.step) or any(reason.employee == who for reason in plan.because)
        for plan in plans
    )


def declare(office: Directory, declared: Mapping[EmployeeId, Declared]) -> Directory:
    people = {
        who: replace(person, declared=declared.get(who, person.declared))
        for who, person in office.employees.items()
    }
    return replace(office, employees=people)


def walk(
    office: Directory, moment: datetime, caller: Caller, came_to: Mapping[str, Outcome]
) -> Iterator[Plan]:
    call = Call(caller, office.employees[ANNA].extension)
    while True:
        plan = route(call, office, moment)
        yield plan
        if ends_the_call(plan.step):
            return
        outcome = Outcome.NO_ANSWER
        if isinstance(plan.step, Ring):
            outcome = came_to.get(plan.step.legs[0].address, Outcome.NO_ANSWER)
        call = replace(call, attempts=(*call.attempts, tried(plan.step, outcome)))
