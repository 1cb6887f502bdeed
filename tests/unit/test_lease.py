"""Whose devices go silent, and what becomes of their status."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.directory import Declared, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.lease import Lease, silent_after
from ari_app.settings import Settings
from ari_app.store import devices, lease, statuses
from ari_app.store.accounts import Account, account
from ari_app.store.devices import Place
from tests.unit.panel import Office, browsing

NINE = (datetime.now(UTC) + timedelta(days=1)).replace(hour=6, minute=0, second=0, microsecond=0)
"""Nine in Moscow, after everything that the demo office declares when it is made."""
MINUTE = timedelta(minutes=1)
LONGEST = 10 * MINUTE
ONLINE, OFFLINE = Declared(Status.ONLINE), Declared(Status.OFFLINE)


class Desk:
    """The office with a lease, and a clock that is moved as if somebody waited."""

    def __init__(self, office: Office, **settings: object) -> None:
        self.office = office
        office.at = NINE
        self.lease = Lease(
            Settings(_env_file=None, **settings),  # type: ignore[arg-type]
            office.sessions,
            office.now,
        )
        self.open: list[int] = []
        """Devices that are heard of."""

    async def log_in(self, extension: int) -> int:
        async with self.office.sessions.begin() as session:
            place = Place("127.0.0.1", "test")
            who = self.office.who(extension)
            await devices.begin(session, who, self.office.now(), place)
            found = max(one.id for one in await devices.of(session, who, self.office.now()))
        self.open.append(found)
        return found

    async def wait(self, minutes: float) -> None:
        end = self.office.now() + minutes * MINUTE
        while self.office.now() < end:
            self.office.at = self.office.now() + MINUTE / 2
            async with self.office.sessions.begin() as session:
                for device in self.open:
                    await devices.seen(session, device, self.office.now())
            await self.lease.look()

    async def log_out(self, extension: int, device: int) -> bool:
        self.open.remove(device)
        async with self.office.sessions.begin() as session:
            await devices.end(session, device, self.office.now())
            return await lease.left(session, self.office.who(extension), self.office.now(), LONGEST)

    async def declare(
        self, extension: int, choice: Status | OwnStatusId, until: datetime | None = None
    ) -> None:
        async with self.office.sessions.begin() as session:
            now = self.office.now()
            await statuses.declare(session, self.office.who(extension), choice, until, now)

    async def declared(self, extension: int) -> Declared:
        async with self.office.sessions() as session:
            return await statuses.declared_by(session, self.office.who(extension))

    async def account(self, extension: int) -> Account:
        async with self.office.sessions() as session:
            return await account(session, self.office.who(extension))


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


async def test_who_is_heard_of_keeps_the_status(desk: Desk) -> None:
    await desk.log_in(101)
    await desk.wait(25)
    assert await desk.declared(101) == ONLINE


async def test_who_is_silent_for_long_becomes_offline(desk: Desk) -> None:
    device = await desk.log_in(101)
    await desk.wait(11)
    desk.open.remove(device)
    await desk.wait(9)
    assert await desk.declared(101) == ONLINE
    await desk.wait(2)
    assert await desk.declared(101) == OFFLINE
    person = await desk.account(101)
    assert person.left_with == ONLINE
    assert person.gone_since is not None


async def test_one_device_that_answers_is_enough(desk: Desk) -> None:
    first = await desk.log_in(101)
    await desk.log_in(101)
    desk.open.remove(first)
    await desk.wait(25)
    assert await desk.declared(101) == ONLINE


@pytest.mark.parametrize(
    ("silent_status", "expected"),
    [("break", Declared(Status.BREAK)), ("keep", ONLINE), ("offline", OFFLINE)],
)
async def test_the_settings_say_what_silence_makes_of_a_status(
    office: Office, silent_status: str, expected: Declared
) -> None:
    desk = Desk(office, silent_status=silent_status, silent_minutes=5)
    await desk.log_in(101)
    desk.open.clear()
    await desk.wait(7)
    assert await desk.declared(101) == expected


async def test_a_break_does_not_let_calls_through_to_who_wanted_none(office: Office) -> None:
    desk = Desk(office, silent_status="break")
    await desk.log_in(103)
    await desk.log_in(106)
    desk.open.clear()
    await desk.wait(21)
    assert await desk.declared(103) == Declared(Status.DO_NOT_DISTURB)
    assert await desk.declared(106) == OFFLINE


async def test_people_without_the_panel_are_never_touched(desk: Desk) -> None:
    await desk.wait(25)
    assert await desk.declared(101) == ONLINE


async def test_a_status_by_phone_after_the_last_sign_of_life_stays(desk: Desk) -> None:
    await desk.log_in(101)
    desk.open.clear()
    await desk.wait(5)
    await desk.declare(101, Status.ALL_CALLS)
    await desk.wait(25)
    assert await desk.declared(101) == Declared(Status.ALL_CALLS)
    assert (await desk.account(101)).gone_since is None


async def test_a_status_by_phone_after_silence_has_struck_counts(desk: Desk) -> None:
    await desk.log_in(101)
    desk.open.clear()
    await desk.wait(11)
    assert await desk.declared(101) == OFFLINE
    await desk.declare(101, Status.ONLINE)
    await desk.wait(25)
    assert await desk.declared(101) == ONLINE
    assert (await desk.account(101)).gone_since is None


async def test_silence_strikes_again_after_somebody_was_back(desk: Desk) -> None:
    device = await desk.log_in(101)
    desk.open.clear()
    await desk.wait(11)
    desk.open.append(device)
    await desk.wait(1)
    await desk.declare(101, Status.ONLINE)
    await desk.wait(1)
    desk.open.clear()
    await desk.wait(11)
    assert await desk.declared(101) == OFFLINE


async def test_nobody_pays_for_the_services_own_absence(office: Office) -> None:
    desk = Desk(office)
    await desk.log_in(101)
    office.at = NINE + timedelta(hours=3)
    again = Desk.__new__(Desk)
    again.office, again.open = office, []
    again.lease = Lease(Settings(_env_file=None), office.sessions, office.now)
    await again.wait(9)
    assert await again.declared(101) == ONLINE
    await again.wait(2)
    assert await again.declared(101) == OFFLINE


async def test_nobody_pays_for_a_machine_that_slept(desk: Desk, office: Office) -> None:
    await desk.log_in(101)
    await desk.wait(15)
    office.at = office.now() + timedelta(hours=2)
    await desk.lease.look()
    assert await desk.declared(101) == ONLINE


async def test_the_last_logout_makes_offline_and_remembers_the_status(desk: Desk) -> None:
    device = await desk.log_in(107)
    was_last = await desk.log_out(107, device)
    assert was_last
    assert await desk.declared(107) == OFFLINE
    assert (await desk.account(107)).left_with == Declared(Status.BREAK, OwnStatusId(1))


async def test_what_is_remembered_has_no_temporary_part(desk: Desk) -> None:
    device = await desk.log_in(101)
    await desk.declare(101, Status.BREAK, NINE + timedelta(hours=1))
    await desk.log_out(101, device)
    assert (await desk.account(101)).left_with == ONLINE
    assert await desk.declared(101) == OFFLINE


async def test_a_logout_that_is_not_the_last_changes_nothing(desk: Desk) -> None:
    first = await desk.log_in(101)
    await desk.log_in(101)
    was_last = await desk.log_out(101, first)
    assert not was_last
    assert await desk.declared(101) == ONLINE


async def test_a_silent_device_does_not_keep_the_status_at_a_logout(desk: Desk) -> None:
    silent = await desk.log_in(101)
    second = await desk.log_in(101)
    desk.open.remove(silent)
    await desk.wait(11)
    assert await desk.log_out(101, second)
    assert await desk.declared(101) == OFFLINE


async def test_a_logout_after_silence_keeps_what_was_remembered(desk: Desk) -> None:
    device = await desk.log_in(101)
    desk.open.clear()
    await desk.wait(11)
    desk.open.append(device)
    await desk.log_out(101, device)
    assert (await desk.account(101)).left_with == ONLINE


async def test_who_comes_back_is_told_and_goes_back_at_a_click(desk: Desk, office: Office) -> None:
    await desk.log_in(101)
    desk.open.clear()
    await desk.wait(11)
    await office.reload()
    async with browsing(office) as browser:
        await browser.log_in(101)
        shown = (await browser.get("/status")).html.select_one(".gone")
        assert shown is not None
        assert "09:1" in shown.get_text()
        await browser.post("/status/back")
        await office.reload()
        assert (await browser.get("/status")).html.select_one(".gone") is None
    assert await desk.declared(101) == ONLINE


async def test_who_comes_back_may_stay_offline(desk: Desk, office: Office) -> None:
    await desk.log_in(101)
    desk.open.clear()
    await desk.wait(11)
    await office.reload()
    async with browsing(office) as browser:
        await browser.log_in(101)
        await browser.post("/status/stay")
        assert (await browser.get("/status")).html.select_one(".gone") is None
    assert await desk.declared(101) == OFFLINE


def test_the_settings_say_how_long_silence_may_last() -> None:
    assert silent_after(Settings(_env_file=None, silent_minutes=7)) == 7 * MINUTE
