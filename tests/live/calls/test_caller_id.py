"""Whose number the other side sees, and who diverted the call and why."""

import re

import pytest

from ari_app.domain.calls import Caller
from ari_app.domain.directory import (
    CallerIdPolicy,
    Colleague,
    OutsideNumbers,
    Situation,
    Status,
    Trunk,
    When,
)
from ari_app.domain.numbers import EmployeeId
from demo.baresip import Invite
from tests.live.calls.cards import OUTSIDER, card
from tests.live.phones import Phones, until
from tests.live.rig import Rig
from tests.unit.people import MOBILE, directory, for_, rule

COMPANY, OWN = "+74951234500", "+74951234507"
ORIGINAL, OF_COMPANY, OF_EMPLOYEE = CallerIdPolicy
OUTSIDE = Caller(OUTSIDER, is_inside=False)
INSIDE = Caller("108", is_inside=True)
ANONYMOUS = Caller("", is_inside=False)


def shown(invite: Invite) -> str:
    """The number in the From header."""
    return re.sub(r".*<sip:(.*)@.*", r"\1", invite.headers["From"])


def diverted(invite: Invite) -> tuple[str, str]:
    """Number and reason of the Diversion header (RFC 5806)."""
    header = invite.headers.get("Diversion", "")
    found = re.fullmatch(r".*<sip:(.*)@.*>.*;reason=\"?([^;\"]*)\"?.*", header)
    return (found[1], found[2]) if found else ("", header)


@pytest.mark.parametrize("confirm", [False, True], ids=["plain", "press 1"])
@pytest.mark.parametrize(
    ("policy", "caller", "number"),
    [
        (ORIGINAL, OUTSIDE, OUTSIDER),
        (ORIGINAL, INSIDE, OWN),
        (ORIGINAL, ANONYMOUS, OWN),
        (OF_COMPANY, OUTSIDE, COMPANY),
        (OF_COMPANY, INSIDE, COMPANY),
        (OF_COMPANY, ANONYMOUS, COMPANY),
        (OF_EMPLOYEE, OUTSIDE, OWN),
        (OF_EMPLOYEE, INSIDE, OWN),
        (OF_EMPLOYEE, ANONYMOUS, OWN),
    ],
    ids=lambda value: getattr(value, "value", getattr(value, "kind", "")),
)
async def test_a_trunk_shows_the_number_that_its_policy_says(
    rig: Rig, phones: Phones, policy: CallerIdPolicy, caller: Caller, number: str, confirm: bool
) -> None:
    away = card(107, Status.OFFLINE, rule(1, OutsideNumbers((MOBILE,), confirm=confirm)))
    rig.directory = directory(
        card(107, Status.OFFLINE, *away.rules, number=OWN),
        card(108),
        trunks=(Trunk("outside", "PJSIP/{number}@outside", policy, COMPANY),),
    )
    outside = await phones.outside()
    password = rig.asterisk.secrets["108"] if caller.is_inside else ""

    call = phones.sipp_call(caller.number, "107", password=password)
    await until(outside.invites)
    call.stop()
    rig.asterisk.cli("channel request hangup all")

    (invite,) = outside.invites()
    assert number == shown(invite)
    assert (OWN, "away") == diverted(invite)
    assert MOBILE.e164 == invite.number
    assert "108" not in invite.headers["From"].partition("<")[0]


@pytest.mark.parametrize(
    ("when", "status", "reason"),
    [
        (When(frozenset({Status.DO_NOT_DISTURB})), Status.DO_NOT_DISTURB, "unconditional"),
        (When(), Status.BREAK, "away"),
        (for_(Situation.NO_ANSWER, seconds=1), Status.ONLINE, "no-answer"),
        (for_(Situation.BUSY), Status.ONLINE, "user-busy"),
        (for_(Situation.UNREACHABLE), Status.ONLINE, "unavailable"),
    ],
    ids=["unconditional", "away", "no-answer", "user-busy", "unavailable"],
)
async def test_a_diverted_call_says_who_diverted_it_and_why_inside_and_outside(
    rig: Rig, phones: Phones, when: When, status: Status, reason: str
) -> None:
    rules = (rule(1, Colleague(EmployeeId(101)), when), rule(2, OutsideNumbers((MOBILE,)), when))
    rig.directory = directory(card(101), card(102, status, *rules))
    anna, outside = await phones.employee("101"), await phones.outside()
    anna.declines()
    if reason != "unavailable":
        boris = await phones.employee("102")
        if reason == "user-busy":
            boris.declines()

    call = phones.sipp_call(OUTSIDER, "102")
    await until(outside.invites)
    call.stop()
    rig.asterisk.cli("channel request hangup all")

    assert ("102", reason) == diverted(anna.invites()[0])
    assert (COMPANY, reason) == diverted(outside.invites()[0])


async def test_a_direct_call_has_no_diversion(rig: Rig, phones: Phones) -> None:
    anna = await phones.employee("101")
    anna.answers()

    phones.sipp_call(OUTSIDER, "101", talk_seconds=0.2)
    await rig.way(OUTSIDER)

    (invite,) = anna.invites()
    assert OUTSIDER == shown(invite)
    assert "Diversion" not in invite.headers
