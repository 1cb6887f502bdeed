"""Cards with short patience, and what the tests of calls ask of phones and of Asterisk."""

from dataclasses import replace
from pathlib import Path

from ari_app.domain.directory import Employee, ForwardingRule, Phone, Status
from ari_app.domain.numbers import Endpoint, OutsideNumber
from demo import sipp
from tests.live.sound import likeness, samples
from tests.unit.people import employee

BRIEFLY = 2
"""Seconds that a phone rings here."""

OUTSIDER = "+79165550100"


def card(
    digits: int, status: Status = Status.ONLINE, *rules: ForwardingRule, **more: object
) -> Employee:
    """An employee whose phone rings briefly."""
    made = employee(digits, status, *rules, phones=(desk(digits),))
    return replace(made, **more)  # type: ignore[arg-type]


def desk(digits: int, seconds: int = BRIEFLY) -> Phone:
    """A desk phone."""
    return Phone(Endpoint(str(digits)), seconds)


def mobile(number: OutsideNumber, seconds: int = BRIEFLY) -> Phone:
    """A mobile of an employee's."""
    return Phone(number, seconds)


def answers(call: sipp.Call) -> list[str]:
    """What the caller's SIP phone was told, without repetitions: "180 Ringing", "200 OK"."""
    said = [one.what for one in call.said() if not one.sent and one.what[:1].isdigit()]
    return list(dict.fromkeys(what for what in said if what[:3] not in ("100", "401")))


def is_heard(recorded: Path, sentence: Path) -> bool:
    """Whether the sentence is in what a phone heard."""
    return likeness(samples(recorded), samples(sentence)) > 0.8
