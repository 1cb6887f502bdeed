"""What holds for every office, every call and every moment."""

from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from ari_app.asterisk.steps import decode_step, encode_plan, parse_attempts
from ari_app.domain.calls import Attempt, Call, Caller, CallerKind, Outcome
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Declared,
    Destination,
    Directory,
    Employee,
    Farewell,
    ForwardingRule,
    Hours,
    Limits,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
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
from ari_app.domain.routing import ends_the_call, route, unfold
from ari_app.domain.steps import Plan, Play
from tests.unit.people import directory, employee, rung, tried

PEOPLE = range(100, 106)
NUMBERS = [OutsideNumber(f"+7916555010{n}", NumberClass.MOBILE) for n in range(4)]

ids = st.sampled_from([EmployeeId(n) for n in (*PEOPLE, 999)])
orders = st.sampled_from(RingOrder)
destinations: st.SearchStrategy[Destination] = st.one_of(
    st.builds(OwnPhones, orders, st.integers(0, 60)),
    st.builds(Colleague, ids),
    st.builds(Colleagues, st.lists(ids, max_size=4).map(tuple), orders, st.integers(1, 60)),
    st.builds(
        OutsideNumbers,
        st.lists(st.sampled_from(NUMBERS), max_size=3).map(tuple),
        orders,
        st.integers(1, 60),
        st.booleans(),
    ),
    st.just(Voicemail()),
    st.builds(SayGoodbye, st.sampled_from(Farewell)),
)
whens = st.builds(
    When,
    st.frozensets(st.sampled_from(Status), max_size=3),
    st.frozensets(st.sampled_from(Situation), max_size=3),
    st.integers(0, 60),
    st.frozensets(st.sampled_from(CallerKind), min_size=1),
    st.lists(st.sampled_from(["+7916*", "10?", "*"]), max_size=1).map(tuple),
    hours=st.lists(st.builds(Hours, st.times(), st.times()), max_size=1).map(tuple),
)


def _numbered(rules: Iterable[ForwardingRule]) -> tuple[ForwardingRule, ...]:
    return tuple(
        ForwardingRule(RuleId(n), f"r{n}", r.when, r.then, r.otherwise, r.greeting)
        for n, r in enumerate(rules, 1)
    )


rule_lists = st.lists(
    st.builds(
        ForwardingRule,
        st.just(RuleId(0)),
        st.just("r"),
        whens,
        destinations,
        st.none() | destinations,
        st.none() | st.just("autosecretary/away"),
    ),
    max_size=4,
).map(_numbered)
addresses = st.one_of(st.sampled_from(NUMBERS), st.sampled_from([Endpoint(f"{n}") for n in PEOPLE]))


@st.composite
def offices(draw: st.DrawFn) -> Directory:
    people: list[Employee] = [
        employee(
            n,
            draw(st.sampled_from(Status)),
            *draw(rule_lists),
            declared=Declared(draw(st.sampled_from(Status))),
            phones=draw(st.lists(st.builds(Phone, addresses), max_size=3).map(tuple)),
            ring_order=draw(orders),
            has_voicemail=draw(st.booleans()),
            uses_status=draw(st.booleans()),
            number=draw(st.none() | st.just(f"+7916555010{n - 100}")),
            may_dial=draw(st.frozensets(st.sampled_from(NumberClass))),
        )
        for n in PEOPLE
    ]
    return directory(
        *people, limits=Limits(steps=draw(st.integers(1, 20)), hops=draw(st.integers(0, 6)))
    )


callers = st.builds(Caller, st.sampled_from(["", "+79165550100", "105", "x" * 300]), st.booleans())
calls = st.builds(Call, callers, st.sampled_from([Extension(str(n)) for n in (*PEOPLE, 7777)]))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
outcomes = st.sampled_from([o for o in Outcome if o not in (Outcome.ANSWERED, Outcome.DONE)])


def _stepped(call: Call, office: Directory, now: datetime, came_to: list[Outcome]) -> list[Plan]:
    """What the dial plan does: ask, carry out, ask again with what was tried."""
    plans = [route(call, office, now)]
    while not ends_the_call(plans[-1].step):
        outcome = came_to[len(plans) % len(came_to)]
        call = Call(call.caller, call.called, (*call.attempts, tried(plans[-1].step, outcome)))
        plans.append(route(call, office, now))
    return plans


@settings(max_examples=150, deadline=None)
@given(offices(), calls, moments, st.lists(outcomes, min_size=1, max_size=5))
def test_every_call_ends_within_its_limits_and_nobody_is_rung_twice(
    office: Directory, call: Call, now: datetime, came_to: list[Outcome]
) -> None:
    plans = _stepped(call, office, now, came_to)
    addresses = [address for plan in plans for address in rung(plan.step)]
    assert len(addresses) == len(set(addresses))
    assert len(plans) <= office.limits.steps + 1
    assert len({plan.step.key for plan in plans}) == len(plans)


@settings(max_examples=150, deadline=None)
@given(offices(), calls, moments, outcomes)
def test_stepping_route_gives_the_chain_that_unfold_gives(
    office: Directory, call: Call, now: datetime, outcome: Outcome
) -> None:
    unfolded = [plan.step for plan in unfold(call, office, now, outcome)]
    assert [plan.step for plan in _stepped(call, office, now, [outcome])] == unfolded


@settings(max_examples=100, deadline=None)
@given(offices(), calls, moments)
def test_no_number_is_dialled_that_nobody_on_the_way_may_dial(
    office: Directory, call: Call, now: datetime
) -> None:
    may_anybody = any(NumberClass.MOBILE in p.may_dial for p in office.employees.values())
    dialled = [a for p in unfold(call, office, now) for a in rung(p.step) if a.startswith("+")]
    assert may_anybody or not dialled


@settings(max_examples=100, deadline=None)
@given(
    offices(),
    calls,
    moments,
    st.lists(
        st.builds(
            Attempt,
            st.text(max_size=8) | st.sampled_from(["102p", "101r1t", "z", "x", "103v"]),
            st.sampled_from(Outcome),
            st.integers(-5, 10_000),
            st.frozensets(st.text(max_size=5)),
        ),
        max_size=6,
    ),
)
def test_route_never_raises_whatever_was_tried(
    office: Directory, call: Call, now: datetime, attempts: list[Attempt]
) -> None:
    plan = route(Call(call.caller, call.called, tuple(attempts)), office, now)
    assert plan == route(Call(call.caller, call.called, tuple(attempts)), office, now)


@settings(max_examples=100, deadline=None)
@given(offices(), calls, moments)
def test_every_step_survives_the_way_through_the_dial_plan(
    office: Directory, call: Call, now: datetime
) -> None:
    for plan in unfold(call, office, now):
        line = encode_plan(plan)
        written = decode_step(line)
        assert written is not None
        assert (written.key, written.addresses) == (plan.step.key, tuple(rung(plan.step)))
        assert written.because == plan.because
        if not ends_the_call(plan.step):
            status = "DONE" if isinstance(plan.step, Play) else "NOANSWER"
            fields = line.split("|")
            attempt = parse_attempts(f"{fields[1]}|{status}|19|{fields[2]}|{fields[3]}#")
            assert attempt == (tried(plan.step, Outcome.NO_ANSWER),)


@given(st.text())
def test_no_text_makes_the_decoders_fail(text: str) -> None:
    assert isinstance(parse_attempts(text), tuple)
    decode_step(text)
