"""One question from the dial plan, answered or handed back."""

from dataclasses import dataclass, field

import pytest

from ari_app.asterisk.events import CallBroadcast, Caller, Channel, StasisEnd, StasisStart
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
    told: list[tuple[str, ...]] = field(default_factory=list)

    async def claim(self, channel_id: str) -> bool:
        self.told.append(("claim", channel_id))
        return True

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
    await conductor(switchboard, OFFICE).on_event(StasisEnd(channel=channel()))
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
