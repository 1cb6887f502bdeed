"""Thirty calls of all kinds at once: each is in the history, whole, with exactly one ending."""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ari_app.domain.calls import Ending
from ari_app.store.past import PastCall
from tests.live.phones import Phone, Phones
from tests.live.service.office import Office

_CUSTOMER = "+7916555{:04}"


async def test_every_call_of_a_crowd_has_one_ending_reasons_and_times_in_order(
    office: Office, phones: Phones
) -> None:
    anna, emma = await phones.employee("101"), await phones.employee("105")
    anna.answers(after=0.3)
    emma.answers(after=0.5)
    await phones.employee("107")
    (await phones.outside()).declines()
    (await phones.employee("108")).declines()
    hasty = [await phones.outside(_CUSTOMER.format(n)) for n in range(3)]

    placed = [
        phones.sipp_call(_CUSTOMER.format(100 + n), to, talk_seconds=0.3 + n % 3)
        for n, to in enumerate(["101", "102", "103", "104", "105", "106", "108", "199", "102"] * 3)
    ]
    for phone, to in zip(hasty, ("107", "102", "103"), strict=True):
        await phone.dial(to)
    await hang_up_early(hasty)
    await office.take_place(*placed, seconds=60)

    past = await office.calls(len(placed) + len(hasty), seconds=30)
    assert len(past) == 30
    assert Counter(ending_lines(office, past)) == Counter({call.channel_id: 1 for call in past})
    assert [call for call in past if not is_in_order(call)] == []
    assert [call for call in past if not all(is_founded(call))] == []
    assert {call.ending for call in past} >= {Ending.ANSWERED, Ending.NOT_TAKEN, Ending.ABANDONED}


async def hang_up_early(hasty: list[Phone]) -> None:
    for phone in hasty:
        phone.hang_up()
        await phone.until("idle")


def ending_lines(office: Office, past: Sequence[PastCall]) -> list[str]:
    known = {call.channel_id for call in past}
    journal = office.asterisk.directory / "log/cel-custom/autosecretary.csv"
    with journal.open(newline="") as lines:
        ends = [row[2] for row in csv.reader(lines) if row[0] == "AS_END"]
    return [channel for channel in ends if channel in known]


def is_in_order(call: PastCall) -> bool:
    moments = [call.began_at]
    for step in call.steps:
        moments += [step.at, step.finished_at or step.at]
    moments.append(call.ended_at or call.began_at)
    return all(earlier <= later for earlier, later in pairwise(moments))


def is_founded(call: PastCall) -> list[bool]:
    """Whether the first step has a reason; a leg of one's own row of phones may need none."""
    return [bool(step.because) for step in call.steps[:1]] or [False]
