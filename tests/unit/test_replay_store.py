"""Calls of the history as they can be led once more."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Declared, OwnStatus, Status
from ari_app.domain.numbers import EmployeeId, OwnStatusId, RuleId
from ari_app.domain.replay import Heard, Stop
from ari_app.domain.steps import Fact, Reason
from ari_app.store.past import PastCall, PastStep
from ari_app.store.replay import Log, happened
from ari_app.store.reports import Said

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BORIS, ANNA = EmployeeId(2), EmployeeId(1)
LUNCH = OwnStatus(OwnStatusId(3), "На обеде", "At lunch", Status.BREAK)
EMPTY = Log({}, {})


def step(
    kind: str, *addresses: str, outcome: Outcome | None = None, because: tuple[Reason, ...] = ()
) -> PastStep:
    at = NOON + timedelta(seconds=3)
    return PastStep(
        "k", at, kind, 25, addresses, "102", "", "", because, False, outcome, None
    )  # fmt: skip


def call(ending: Ending, *steps: PastStep, talked: int = 0) -> PastCall:
    end = NOON + timedelta(seconds=40)
    return PastCall(
        1, "c", "c", NOON, "+79165550177", "", False, "102", BORIS, ending, end, talked, steps
    )


def test_who_was_rung_last_answered_after_so_many_seconds() -> None:
    past = call(
        Ending.ANSWERED, step("ring", "102", outcome=Outcome.BUSY), step("ring", "101"), talked=30
    )
    found = happened(past, EMPTY)
    assert {"102": Heard(Outcome.BUSY), "101": Heard(Outcome.ANSWERED, 6)} == found.heard


def test_greetings_are_no_stops_and_messages_are_known_by_their_mailbox() -> None:
    past = call(Ending.MESSAGE, step("play"), step("ring", "101", "102"), step("message"))
    stops = (Stop("ring", frozenset({"101", "102"})), Stop("message", frozenset({"102"})))
    assert stops == happened(past, EMPTY).stops


def test_a_caller_who_hung_up_leaves_no_answer_behind() -> None:
    past = call(Ending.ABANDONED, step("ring", "102"))
    assert {"102": Heard(Outcome.NO_ANSWER)} == happened(past, EMPTY).heard


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(-1, None), (1, Declared(Status.BREAK, LUNCH.id)), (31, Declared(Status.ONLINE))],
)
def test_a_status_holds_until_its_end(minutes: int, status: Declared | None) -> None:
    lunch = Said(NOON, "own-3", NOON + timedelta(minutes=30), "online")
    log = Log({BORIS: [lunch]}, {LUNCH.id: LUNCH})
    assert status == log.declared(BORIS, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize("detail", ["own-9", "own-x", "own-", "asleep", ""])
def test_a_status_that_nobody_knows_is_none(detail: str) -> None:
    assert EMPTY.status(detail) is None


def test_what_the_call_was_decided_by_counts_more_than_the_log() -> None:
    log = Log({BORIS: [Said(NOON, "online")], ANNA: [Said(NOON, "offline")]}, {})
    why = (
        Reason(Fact.RULE_BY_STATUS, BORIS, RuleId(1), "break"),
        Reason(Fact.UNANSWERED, ANNA, None, "no_answer"),
    )
    found = happened(call(Ending.NOT_TAKEN, step("hangup", because=why)), log)
    assert {BORIS: Declared(Status.BREAK), ANNA: Declared(Status.OFFLINE)} == found.declared
