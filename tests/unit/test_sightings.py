"""Since when phones have been gone: noted now and then, and told where rules count on them."""

from dataclasses import dataclass
from datetime import timedelta

from ari_app.asterisk.verbs import Endpoint as Device
from ari_app.domain.numbers import Endpoint
from ari_app.sightings import look
from ari_app.store.sightings import gone_since
from tests.unit.office import Sessions
from tests.unit.panel import Browser, Office
from tests.unit.people import MONDAY_NOON
from tests.unit.rule_editor import Editor

DAY = timedelta(days=1)
HERE, AWAY = Endpoint("101"), Endpoint("102")


@dataclass
class FakeAsterisk:
    """With these devices, by their state."""

    devices: dict[str, str]

    async def endpoints(self) -> list[Device]:
        return [
            Device(technology="PJSIP", resource=name, state=state, channel_ids=())
            for name, state in self.devices.items()
        ]


async def gone(sessions: Sessions, days: int) -> dict[Endpoint, int]:
    now = MONDAY_NOON + days * DAY
    async with sessions() as session:
        found = await gone_since(session, [HERE, AWAY], now)
    return {endpoint: (now - since).days for endpoint, since in found.items()}


async def test_a_phone_that_is_gone_counts_from_when_it_was_there_last(sessions: Sessions) -> None:
    await look(FakeAsterisk({"101": "online", "102": "online"}), sessions, MONDAY_NOON)
    for day in (1, 2, 3, 4):
        later = MONDAY_NOON + day * DAY
        await look(FakeAsterisk({"101": "online", "102": "offline"}), sessions, later)
    assert {AWAY: 4} == await gone(sessions, 4)
    later = MONDAY_NOON + 5 * DAY
    await look(FakeAsterisk({"101": "online", "102": "online"}), sessions, later)
    assert {} == await gone(sessions, 5)


async def test_a_phone_that_was_never_there_counts_from_the_first_look(sessions: Sessions) -> None:
    await look(FakeAsterisk({"102": "offline"}), sessions, MONDAY_NOON)
    assert {} == await gone(sessions, 0)
    assert {AWAY: 7} == await gone(sessions, 7)


async def test_a_device_that_never_registers_by_itself_is_there(sessions: Sessions) -> None:
    for day in (0, 9):
        await look(FakeAsterisk({"102": "unknown"}), sessions, MONDAY_NOON + day * DAY)
    assert {} == await gone(sessions, 9)


async def test_the_editor_warns_of_a_deputy_whose_phone_has_been_gone_for_days(
    browser: Browser, office: Office
) -> None:
    office.at = MONDAY_NOON
    await look(FakeAsterisk({"101": "offline"}), office.sessions, MONDAY_NOON)
    await office.give(105, "administrator")
    office.at = MONDAY_NOON + 5 * DAY
    await browser.log_in(105)
    desk = await Editor(browser, office, 102).open()
    assert "no phone has been registered" in " ".join(desk.sentences)
