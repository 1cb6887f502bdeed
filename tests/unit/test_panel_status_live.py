"""Open pages hear of changes, and a page that was closed is no sign of life."""

import asyncio
import json

from aiohttp import ClientResponse

from ari_app.asterisk.events import Channel
from ari_app.asterisk.rest import AriGone
from ari_app.asterisk.verbs import Endpoint
from ari_app.domain.presence import PhoneUse, Use
from ari_app.phone_watch import PhoneWatch, phones_of
from tests.unit.panel import Browser, Office, browsing
from web.hub import Hub, Topic

CALL = Channel("1.1", "PJSIP/104-1", "Up", creationtime="2026-11-23T06:13:53.100+0000")
IDLE = [Endpoint("PJSIP", "104", "online"), Endpoint("PJSIP", "105", "offline")]
TALKING = [Endpoint("PJSIP", "104", "online", ("1.1",)), Endpoint("PJSIP", "105", "offline")]


class FakePhones:
    """An Asterisk whose phones do what a test says."""

    def __init__(self) -> None:
        self.shown: list[Endpoint] | None = IDLE
        self.looks = 0

    async def endpoints(self) -> list[Endpoint]:
        self.looks += 1
        if self.shown is None:
            raise AriGone("away")
        return self.shown

    async def channels(self) -> list[Channel]:
        return [CALL]


async def next_event(answer: ClientResponse) -> list[str]:
    """The topics of the next event."""
    async with asyncio.timeout(5):
        while True:
            line = (await answer.content.readline()).decode()
            if line.startswith("data: {"):
                told: list[str] = json.loads(line.removeprefix("data: "))["topics"]
                return told


async def until_followed(hub: Hub, pages: int) -> None:
    async with asyncio.timeout(5):
        while len(hub) != pages:  # noqa: ASYNC110  the hub has no event for this
            await asyncio.sleep(0.01)


async def test_an_open_page_hears_of_a_status(office: Office) -> None:
    hub = Hub()
    async with browsing(office, office.panel(hub=hub)) as browser:
        await browser.log_in(101)
        async with browser.client.get("/live") as answer:
            await until_followed(hub, 1)
            hub.tell(Topic.STATUS)
            assert await next_event(answer) == ["status"]


async def test_a_closed_page_follows_no_more(office: Office) -> None:
    hub = Hub()
    async with browsing(office, office.panel(hub=hub)) as browser:
        await browser.log_in(101)
        async with browser.client.get("/live") as answer:
            await until_followed(hub, 1)
            answer.close()
        hub.tell(Topic.STATUS)
        hub.tell(Topic.STATUS)
        await until_followed(hub, 0)


async def test_nobody_follows_without_a_login(browser: Browser) -> None:
    assert (await browser.get("/live")).status == 303


async def test_phones_are_watched_while_somebody_asks() -> None:
    asterisk, told = FakePhones(), asyncio.Event()
    watch = PhoneWatch(asterisk, told.set)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run())
        found = await watch.phones()
        running.cancel()
    assert found == {"104": PhoneUse(Use.IDLE), "105": PhoneUse(Use.GONE)}
    assert told.is_set()


async def test_phones_are_left_alone_while_nobody_asks() -> None:
    asterisk = FakePhones()
    watch = PhoneWatch(asterisk, lambda: None)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run())
        await asyncio.sleep(0)
        running.cancel()
    assert asterisk.looks == 0


async def test_without_asterisk_nothing_is_known_of_phones() -> None:
    asterisk = FakePhones()
    asterisk.shown = None
    watch = PhoneWatch(asterisk, lambda: None)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run())
        assert await watch.phones() is None
        running.cancel()


def test_a_phone_that_talks_says_since_when() -> None:
    found = phones_of(TALKING, [CALL])["104"]
    assert found.use is Use.TALKING
    assert found.since is not None
    assert found.since.isoformat() == "2026-11-23T06:13:53.100000+00:00"


def test_a_phone_that_is_called_rings() -> None:
    ringing = Channel("1.1", "PJSIP/104-1", "Ringing")
    assert phones_of(TALKING, [ringing])["104"] == PhoneUse(Use.RINGING)


async def test_a_page_that_came_too_late_is_told_how_new_it_should_be(office: Office) -> None:
    hub = Hub()
    async with browsing(office, office.panel(hub=hub)) as browser:
        await browser.log_in(101)
        shown = (await browser.get("/me")).html.select_one('meta[name="live"]')
        hub.tell(Topic.CALLS)
        async with browser.client.get("/live") as answer, asyncio.timeout(5):
            while not (line := await answer.content.readline()).startswith(b"data: "):
                pass
    assert shown is not None
    assert int(line.removeprefix(b"data: ")) == int(str(shown["content"])) + 1
