"""Lamps: what phones that watch an employee show."""

from datetime import timedelta

from ari_app.asterisk.hints import DEVICES_FAMILY, Lamps
from ari_app.domain.directory import Declared, Phone, Status
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId, Endpoint
from tests.unit.fake_asterisk import FakeAstDB, FakeDeviceStates
from tests.unit.people import MOBILE, MONDAY_NOON, directory, employee

CODES: dict[Status | ForwardKind, str] = {Status.ONLINE: "31", Status.BREAK: "33"}


async def test_the_lamp_of_somebody_on_a_break_is_lit_and_so_is_the_key_of_that_status() -> None:
    states = FakeDeviceStates()
    await Lamps(states, FakeAstDB(), CODES).reconcile(
        directory(employee(101, Status.BREAK)), MONDAY_NOON
    )
    assert states.states == {"Stasis:as-101": "BUSY", "Stasis:as-101-33": "INUSE"}


async def test_a_change_of_status_moves_the_light_from_one_key_to_the_other() -> None:
    states = FakeDeviceStates()
    lamps = Lamps(states, FakeAstDB(), CODES)
    await lamps.reconcile(directory(employee(101, Status.BREAK)), MONDAY_NOON)
    states.sent.clear()
    await lamps.refresh(directory(employee(101)), [EmployeeId(101)], MONDAY_NOON)
    assert sorted(states.sent) == [
        ("Stasis:as-101", "NOT_INUSE"),
        ("Stasis:as-101", "removed"),
        ("Stasis:as-101-31", "INUSE"),
        ("Stasis:as-101-33", "NOT_INUSE"),
    ]


async def test_states_that_drifted_while_the_service_was_away_are_put_right() -> None:
    states = FakeDeviceStates(
        {"Stasis:as-101": "BUSY", "Stasis:as-999": "BUSY", "Stasis:else": "INUSE"}
    )
    await Lamps(states, FakeAstDB(), {}).reconcile(directory(employee(101)), MONDAY_NOON)
    assert states.states == {"Stasis:else": "INUSE"}


async def test_the_lamp_follows_a_status_that_ends_by_itself() -> None:
    until = MONDAY_NOON + timedelta(minutes=5)
    declared = Declared(Status.OFFLINE, None, until, Declared(Status.ONLINE))
    office, states = directory(employee(101, declared=declared)), FakeDeviceStates()
    lamps = Lamps(states, FakeAstDB(), {})
    await lamps.reconcile(office, MONDAY_NOON)
    await lamps.tick(office, until)
    assert [state for _, state in states.sent] == ["BUSY", "NOT_INUSE", "removed"]


async def test_the_devices_of_an_extension_are_its_own_sip_phones() -> None:
    database = FakeAstDB()
    phones = (Phone(Endpoint("101")), Phone(MOBILE), Phone(Endpoint("anna-desk")))
    await Lamps(FakeDeviceStates(), database, {}).reconcile(
        directory(employee(101, phones=phones)), MONDAY_NOON
    )
    assert database.families[DEVICES_FAMILY] == {"101": "PJSIP/101&PJSIP/anna-desk"}
