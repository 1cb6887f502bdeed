"""One question from the dial plan, answered or handed back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from ari_app.asterisk.events import (
    ApplicationReplaced,
    CallBroadcast,
    Caller,
    Channel,
    StasisStart,
)
from ari_app.asterisk.steps import decode_step
from ari_app.conduct import Conductor, read_call
from ari_app.domain.calls import Attempt, Call, Outcome
from ari_app.domain.calls import Caller as DomainCaller
from ari_app.domain.directory import Colleague, Directory, Status
from ari_app.domain.numbers import EmployeeId, Extension
from ari_app.metrics import Metrics
from tests.unit.people import MONDAY_NOON, directory, employee, rule


@dataclass
class FakeSwitchboard:
    """Asterisk as far as one question needs it; remembers what it was told."""

    is_there: bool = True
    is_ours: bool = True
    told: list[tuple[str, ...]] = field(default_factory=list)

    async def claim(self, channel_id: str, meanwhile: Callable[[], None]) -> bool:
        self.told.append(("claim", channel_id))
        meanwhile()
        return self.is_ours

    async def answer_question(self, channel_id: str, variable: str, value: str) -> bool:
        self.told.append(("answer", channel_id, variable, value))
        return self.is_there

    async def let_go(self, channel_id: str) -> bool:
        self.told.append(("let_go", channel_id))
        return True


OFFICE = directory(
    employee(101), employee(102, Status.BREAK, rule(1, Colleague(EmployeeId(101)))), employee(105)
)


def channel(called: str = "102", origin: str = "outside", number: str = "89165550100") -> Channel:
    variables = {"AS_CALLED": called, "AS_ORIGIN": origin, "AS_TRIED": ""}
    return Channel(id="c1", caller=Caller(number=number), channelvars=variables)


def conductor(switchboard: FakeSwitchboard, office: Directory | None = None) -> Conductor:
    def now_directory() -> Directory:
        if office is None:
            raise LookupError("no directory")
        return office

    return Conductor(switchboard, now_directory, lambda: MONDAY_NOON, "RU", Metrics())


async def test_a_call_that_is_offered_is_claimed() -> None:
    switchboard = FakeSwitchboard()
    await conductor(switchboard, OFFICE).on_event(CallBroadcast(channel=channel()))
    assert switchboard.told == [("claim", "c1")]


async def test_a_question_is_answered_with_one_step() -> None:
    switchboard = FakeSwitchboard()
    await conductor(switchboard, OFFICE).on_event(StasisStart(channel=channel()))
    ((verb, channel_id, variable, value),) = switchboard.told
    step = decode_step(value)
    assert step is not None
    assert (verb, channel_id, variable, step.addresses) == ("answer", "c1", "AS_STEP", ("101",))


@dataclass
class CountingClock:
    """Every answer that is made asks it once."""

    asked: int = 0

    def __call__(self) -> datetime:
        self.asked += 1
        return MONDAY_NOON


def with_clock(switchboard: FakeSwitchboard, clock: CountingClock) -> Conductor:
    return Conductor(switchboard, lambda: OFFICE, clock, "RU", Metrics())


def rung(switchboard: FakeSwitchboard) -> list[tuple[str, ...]]:
    """Whom the answers ring."""
    steps = [decode_step(told[3]) for told in switchboard.told if told[0] == "answer"]
    return [step.addresses for step in steps if step is not None]


async def test_the_answer_is_ready_before_the_call_arrives() -> None:
    switchboard, clock = FakeSwitchboard(), CountingClock()
    conducting = with_clock(switchboard, clock)
    await conducting.on_event(CallBroadcast(channel=channel()))
    await conducting.on_event(StasisStart(channel=channel()))
    assert (rung(switchboard), clock.asked) == ([("101",)], 1)


async def test_a_rule_changed_between_claim_and_arrival_counts() -> None:
    switchboard = FakeSwitchboard()
    offices = [OFFICE]
    conducting = Conductor(switchboard, lambda: offices[-1], lambda: MONDAY_NOON, "RU", Metrics())
    await conducting.on_event(CallBroadcast(channel=channel()))
    offices.append(directory(employee(101), employee(102)))
    await conducting.on_event(StasisStart(channel=channel()))
    assert rung(switchboard) == [("102",)]


async def test_a_call_that_arrives_with_other_variables_is_another_question() -> None:
    switchboard = FakeSwitchboard()
    conducting = conductor(switchboard, OFFICE)
    await conducting.on_event(CallBroadcast(channel=channel()))
    await conducting.on_event(StasisStart(channel=channel(called="105")))
    assert rung(switchboard) == [("105",)]


async def test_an_answer_to_a_call_of_another_service_is_thrown_away() -> None:
    switchboard, clock = FakeSwitchboard(is_ours=False), CountingClock()
    conducting = with_clock(switchboard, clock)
    await conducting.on_event(CallBroadcast(channel=channel()))
    await conducting.on_event(StasisStart(channel=channel()))
    assert clock.asked == 2


async def test_a_claim_outlives_an_answer_that_cannot_be_made() -> None:
    switchboard = FakeSwitchboard()
    conducting = conductor(switchboard)
    with pytest.raises(LookupError):
        await conducting.on_event(CallBroadcast(channel=channel()))
    with pytest.raises(LookupError):
        await conducting.on_event(StasisStart(channel=channel()))
    assert switchboard.told == [("claim", "c1"), ("let_go", "c1")]


async def test_a_caller_who_is_gone_is_no_error() -> None:
    switchboard = FakeSwitchboard(is_there=False)
    await conductor(switchboard, OFFICE).on_event(StasisStart(channel=channel()))
    assert len(switchboard.told) == 1


async def test_whatever_fails_the_channel_is_handed_back() -> None:
    switchboard = FakeSwitchboard()
    with pytest.raises(LookupError):
        await conductor(switchboard).on_event(StasisStart(channel=channel()))
    assert switchboard.told == [("let_go", "c1")]


async def test_a_channel_without_our_variables_is_handed_back() -> None:
    switchboard = FakeSwitchboard()
    await conductor(switchboard, OFFICE).on_event(StasisStart(channel=Channel(id="c1")))
    assert switchboard.told == [("let_go", "c1")]


async def test_other_events_are_nothing_to_us() -> None:
    switchboard = FakeSwitchboard()
    await conductor(switchboard, OFFICE).on_event(ApplicationReplaced())
    assert switchboard.told == []


@pytest.mark.parametrize(
    ("origin", "number", "expected"),
    [
        ("inside", "105", DomainCaller("105", is_inside=True)),
        ("outside", "105", DomainCaller("105", is_inside=False)),
        ("inside", "89165550100", DomainCaller("+79165550100", is_inside=False)),
        ("outside", "anonymous", DomainCaller("", is_inside=False)),
        ("rubbish", "", DomainCaller("", is_inside=False)),
    ],
)
def test_a_caller_is_inside_only_as_one_of_us_on_one_of_our_phones(
    origin: str, number: str, expected: DomainCaller
) -> None:
    call = read_call(channel(origin=origin, number=number), OFFICE, "RU")
    assert call.caller == expected


def test_what_was_tried_is_read_from_the_channel() -> None:
    variables = {"AS_CALLED": "102", "AS_ORIGIN": "inside", "AS_TRIED": "102p|BUSY|17|25|102#"}
    asked = Channel(id="c1", caller=Caller(number="105"), channelvars=variables)
    tried = Attempt("102p", Outcome.BUSY, 25, frozenset({"102"}))
    assert read_call(asked, OFFICE, "RU") == Call(
        DomainCaller("105", is_inside=True), Extension("102"), (tried,)
    )
