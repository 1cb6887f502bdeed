"""Where calls go while somebody has their calls forwarded, and what the lamps show of it."""

from ari_app.asterisk.hints import Lamps
from ari_app.domain.calls import Outcome
from ari_app.domain.directory import (
    Colleague,
    Destination,
    Directory,
    ForwardingRule,
    OutsideNumbers,
    Phone,
    Situation,
    Status,
    Voicemail,
)
from ari_app.domain.forwards import ForwardKind, when_of
from ari_app.domain.numbers import EmployeeId, Endpoint
from ari_app.domain.routing import unfold
from ari_app.domain.steps import HangUp, Ring, TakeMessage
from tests.unit.fake_asterisk import FakeAstDB, FakeDeviceStates
from tests.unit.people import MOBILE, MONDAY_NOON, call, directory, employee, for_, rule

KEYS: dict[Status | ForwardKind, str] = {ForwardKind.ALL: "72", ForwardKind.BUSY: "90"}
TO_BORIS = Colleague(EmployeeId(102))


def forward(kind: ForwardKind, to: Destination = TO_BORIS) -> ForwardingRule:
    return rule(7, to, when_of(kind), is_temporary=True)


def rung(office: Directory, came_to: Outcome = Outcome.NO_ANSWER) -> list[str]:
    """The addresses that a call to 101 rings one after the other, and how it ends."""
    told = []
    for plan in unfold(call(101), office, MONDAY_NOON, came_to):
        match plan.step:
            case Ring(legs=legs):
                told += [leg.address for leg in legs]
            case TakeMessage():
                told.append("message")
            case HangUp():
                told.append("end")
    return told


def anna(status: Status, *rules: ForwardingRule, **more: object) -> Directory:
    own = {"phones": (Phone(Endpoint("101")),), **more}
    boris = employee(102, phones=(Phone(Endpoint("102")),))
    return directory(employee(101, status, *rules, **own), boris)


def test_all_calls_are_forwarded_before_the_own_phone_rings() -> None:
    assert rung(anna(Status.ONLINE, forward(ForwardKind.ALL)))[0] == "102"


def test_calls_are_forwarded_under_every_status() -> None:
    for status in Status:
        assert rung(anna(status, forward(ForwardKind.ALL)))[0] == "102", status


def test_calls_are_forwarded_for_somebody_whose_status_does_not_count() -> None:
    office = anna(Status.ONLINE, forward(ForwardKind.ALL), uses_status=False)
    assert rung(office)[0] == "102"


def test_a_forwarded_call_that_nobody_takes_goes_on_to_the_secretary() -> None:
    secretary = rule(1, Voicemail())
    office = anna(Status.BREAK, forward(ForwardKind.ALL), secretary)
    assert rung(office) == ["102", "message"]


def test_a_forwarded_call_that_nobody_takes_comes_to_an_end_without_a_secretary() -> None:
    assert rung(anna(Status.ONLINE, forward(ForwardKind.ALL))) == ["102", "end"]


def test_calls_are_forwarded_when_busy_and_only_then() -> None:
    office = anna(Status.ONLINE, forward(ForwardKind.BUSY))
    assert rung(office, Outcome.BUSY) == ["101", "102", "end"]
    assert rung(office) == ["101", "end"]


def test_calls_are_forwarded_without_an_answer_and_from_a_phone_that_is_off() -> None:
    office = anna(Status.ONLINE, forward(ForwardKind.NO_ANSWER, OutsideNumbers((MOBILE,))))
    for came_to in (Outcome.NO_ANSWER, Outcome.UNREACHABLE):
        assert rung(office, came_to)[:2] == ["101", MOBILE.e164], came_to
    assert rung(office, Outcome.BUSY) == ["101", "end"]


def test_a_forwarding_comes_before_the_secretarys_rule_for_the_same() -> None:
    own = rule(1, Voicemail(), for_(Situation.NO_ANSWER))
    office = anna(Status.ONLINE, forward(ForwardKind.NO_ANSWER), own)
    assert rung(office) == ["101", "102", "message"]


async def test_the_lamp_of_a_forwarding_is_lit_while_it_is_on() -> None:
    states = FakeDeviceStates({"Stasis:as-101-90": "INUSE"})
    lamps = Lamps(states, FakeAstDB(), KEYS)
    await lamps.reconcile(anna(Status.ONLINE, forward(ForwardKind.ALL)), MONDAY_NOON)
    assert states.states == {"Stasis:as-101-90": "NOT_INUSE", "Stasis:as-101-72": "INUSE"}
    await lamps.refresh(anna(Status.ONLINE), [EmployeeId(101)], MONDAY_NOON)
    assert states.states["Stasis:as-101-72"] == "NOT_INUSE"
