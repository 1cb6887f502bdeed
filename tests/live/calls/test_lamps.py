"""Lamps on desk phones: an extension's, and those of the status keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from ari_app.domain.directory import Declared, Directory, Status
from ari_app.domain.numbers import EmployeeId
from tests.live.calls.cards import OUTSIDER
from tests.live.phones import Phones, until
from tests.live.rig import Rig

DARK, BLINKS, LIT = "terminated", "early", "confirmed"
ANNA = EmployeeId(101)


def declared(rig: Rig, declared: Declared) -> Directory:
    people = dict(rig.directory.employees)
    people[ANNA] = replace(people[ANNA], declared=declared)
    return replace(rig.directory, employees=people)


async def test_lamps_follow_the_status(rig: Rig, phones: Phones) -> None:
    await phones.employee("101")
    lamp, key = phones.watch("101", by="108"), phones.watch("*33*101", by="108")
    other = phones.watch("*32*101", by="108")
    await until(lambda: [lamp.states(), key.states(), other.states()] == [[DARK]] * 3)

    rig.directory = declared(rig, Declared(Status.BREAK))
    await until(lambda: [lamp.states()[-1], key.states()[-1]] == [LIT, LIT])
    rig.directory = declared(rig, Declared(Status.DO_NOT_DISTURB))
    await until(lambda: [key.states()[-1], other.states()[-1]] == [DARK, LIT])
    rig.directory = declared(rig, Declared(Status.ONLINE))
    await until(lambda: [lamp.states()[-1], other.states()[-1]] == [DARK, DARK])

    assert [DARK, LIT, DARK] == [state for state, _ in groupby(lamp.states())]
    assert [DARK, LIT, DARK] == [state for state, _ in groupby(key.states())]


async def test_a_lamp_blinks_while_the_phone_rings_and_is_lit_while_it_talks(
    rig: Rig, phones: Phones
) -> None:
    anna = await phones.employee("101")
    lamp = phones.watch("101", by="108")
    await until(lambda: lamp.states() == [DARK])

    call = phones.sipp_call(OUTSIDER, "101", talk_seconds=0.5)
    await until(lambda: lamp.states()[-1] == BLINKS)
    anna.answer()
    await until(lambda: lamp.states()[-1] == LIT)
    await until(lambda: call.is_over)

    await until(lambda: lamp.states()[-1] == DARK)


async def test_a_status_that_changes_while_a_call_rings_shows_when_the_ringing_ends(
    rig: Rig, phones: Phones
) -> None:
    anna = await phones.employee("101")
    lamp, key = phones.watch("101", by="108"), phones.watch("*33*101", by="108")
    await until(lambda: [lamp.states(), key.states()] == [[DARK], [DARK]])

    phones.sipp_call(OUTSIDER, "101")
    await until(lambda: lamp.states()[-1] == BLINKS)
    rig.directory = declared(rig, Declared(Status.BREAK))
    await until(lambda: key.states()[-1] == LIT)
    assert "ringing" == anna.state.value
    anna.hang_up()

    await until(lambda: lamp.states()[-1] == LIT)
    await rig.way(OUTSIDER)


async def test_the_end_of_a_temporary_status_puts_the_lamp_out(rig: Rig, phones: Phones) -> None:
    await phones.employee("101")
    lamp = phones.watch("101", by="108")
    await until(lambda: lamp.states() == [DARK])
    soon = datetime.now(UTC) + timedelta(seconds=1.5)

    rig.directory = declared(rig, Declared(Status.BREAK, None, soon, Declared(Status.ONLINE)))
    await until(lambda: lamp.states()[-1] == LIT)

    await until(lambda: lamp.states()[-1] == DARK)
    assert datetime.now(UTC) >= soon


async def test_the_lamp_of_a_phone_that_is_off_is_dark_unless_the_person_is_away(
    rig: Rig, phones: Phones
) -> None:
    lamp = phones.watch("101", by="108")
    await until(lamp.states)

    rig.directory = declared(rig, Declared(Status.BREAK))
    await until(lambda: lamp.states()[-1] == LIT)
    rig.directory = declared(rig, Declared(Status.ONLINE))

    await until(lambda: lamp.states()[-1] == DARK)
