"""The board: whom it shows, in which order, and what it says of each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ari_app.domain.calls import Ending
from ari_app.domain.directory import Declared, Employee, Phone, Status
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
)
from ari_app.domain.presence import Phones, PhoneUse, Presence, Use, presence
from ari_app.store import history, statuses
from ari_app.store.past import NewCall
from tests.unit.panel import Answer, Browser, Office, browsing

NOW = datetime.now(UTC)
MOBILE = OutsideNumber("+79165550101", NumberClass.MOBILE)


@dataclass
class Told:
    """What Asterisk is said to tell of phones."""

    phones: Phones | None = None

    async def __call__(self) -> Phones | None:
        return self.phones


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def watcher(office: Office, told: Told) -> AsyncIterator[Browser]:
    """A browser in front of a panel that knows of phones."""
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))
    async with browsing(office, office.panel(phones=told)) as opened:
        yield opened


def names(answer: Answer) -> list[str]:
    return [name.get_text() for name in answer.html.select(".board-number")]


def tile(answer: Answer, extension: int) -> str:
    found = next(
        tile
        for tile in answer.html.select(".board-tile")
        if str(extension) in tile.select_one(".board-number").get_text()  # type: ignore[union-attr]
    )
    return " ".join(found.get_text(" ").split())


async def miss(office: Office, extension: int, channel: str, ending: Ending) -> None:
    async with office.sessions.begin() as session:
        who = office.who(extension)
        number = "+79161234567"
        at = datetime.now(UTC)
        call = NewCall(channel, channel, at, number, "", False, str(extension), who)
        await history.begin_call(session, call)
        await history.end_call(session, channel, ending, at, 0)


async def test_who_may_see_everybody_sees_every_department(watcher: Browser) -> None:
    await watcher.log_in(101)
    answer = await watcher.get("/board")
    assert sorted(names(answer)) == [str(number) for number in range(101, 109)]
    assert [head.get_text() for head in answer.html.select("h2")] == ["Sales", "Support"]


async def test_a_department_can_be_chosen(watcher: Browser) -> None:
    await watcher.log_in(101)
    answer = await watcher.get("/board?department=2")
    assert sorted(names(answer)) == ["105", "106", "107", "108"]


async def test_an_employee_sees_the_own_department_alone(watcher: Browser) -> None:
    await watcher.log_in(106)
    for path in ("/board", "/board?department=1", "/board?department=none"):
        answer = await watcher.get(path)
        assert sorted(names(answer)) == ["105", "106", "107", "108"]
        assert answer.html.select_one("#board-department") is None


async def test_who_has_no_department_sees_only_themselves(watcher: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        wanted = {"one": office.who(106)}
        query = text("UPDATE employees SET department_id = NULL WHERE id = :one")
        await session.execute(query, wanted)
    await watcher.log_in(106)
    assert names(await watcher.get("/board")) == ["106"]


async def test_without_the_right_there_is_no_board(watcher: Browser, office: Office) -> None:
    await office.give(106, "no_access")
    await watcher.log_in(106)
    assert (await watcher.get("/board")).status == 403


async def test_without_a_login_there_is_no_board(browser: Browser) -> None:
    assert (await browser.get("/board")).to == "/login?next=%2Fboard"


async def test_problems_come_first(watcher: Browser, told: Told) -> None:
    told.phones = {
        "102": PhoneUse(Use.IDLE),
        "103": PhoneUse(Use.IDLE),
        "104": PhoneUse(Use.TALKING, NOW - timedelta(minutes=3)),
    }
    await watcher.log_in(101)
    answer = await watcher.get("/board?department=1")
    assert names(answer) == ["101", "104", "102", "103"]
    assert "Not reachable" in tile(answer, 101)
    assert "the phone is not registered" in tile(answer, 101)
    assert "On a call " in tile(answer, 104)


async def test_a_mobile_is_always_reachable(watcher: Browser, told: Told) -> None:
    told.phones = {}
    await watcher.log_in(101)
    assert "All calls" in tile(await watcher.get("/board?department=2"), 105)


async def test_without_asterisk_phones_count_as_unknown(watcher: Browser) -> None:
    await watcher.log_in(101)
    answer = await watcher.get("/board")
    assert "only statuses are shown" in answer.text
    assert "Online" in tile(answer, 101)


async def test_a_break_says_until_when(watcher: Browser, office: Office) -> None:
    end = datetime.now(UTC) + timedelta(minutes=20)
    async with office.sessions.begin() as session:
        who = office.who(101)
        await statuses.declare(session, who, Status.BREAK, end, datetime.now(UTC))
    await office.reload()
    await watcher.log_in(101)
    shown = tile(await watcher.get("/board"), 101)
    assert "Break" in shown
    assert "until" in shown


async def test_missed_calls_of_today_are_counted_and_lead_to_the_list(
    watcher: Browser, office: Office
) -> None:
    await miss(office, 103, "a", Ending.NOT_TAKEN)
    await miss(office, 103, "b", Ending.ABANDONED)
    await miss(office, 103, "c", Ending.ANSWERED)
    await watcher.log_in(101)
    answer = await watcher.get("/board")
    assert "2 missed" in tile(answer, 103)
    link = f"/calls?ending=missed&employee={office.who(103)}"
    assert answer.html.select_one(f'a[href="{link}"]') is not None
    assert (await watcher.get(link)).status == 200


async def test_the_board_leads_to_statuses_that_may_be_changed(
    watcher: Browser, office: Office
) -> None:
    await watcher.log_in(106)
    answer = await watcher.get("/board")
    links = [str(link["href"]) for link in answer.html.select(".board-change")]
    assert links == [f"/employees/{office.who(106)}/status"]


async def test_a_part_is_fetched_alone(watcher: Browser) -> None:
    await watcher.log_in(101)
    answer = await watcher.get("/board", **{"Panel-Part": "board"})
    assert answer.status == 200
    assert "<html" not in answer.text
    assert len(names(answer)) == 8


async def test_a_wall_has_no_menu_and_nothing_to_change(watcher: Browser) -> None:
    await watcher.log_in(101)
    answer = await watcher.get("/board?wall=1")
    assert answer.html.select_one("nav.side") is None
    assert answer.html.select_one(".board-change") is None
    assert len(names(answer)) == 8


@pytest.mark.parametrize(
    "query", ["department=x", "department=-1", "page=0", "page=99999999999", "department=77"]
)
async def test_an_odd_address_is_borne(watcher: Browser, query: str) -> None:
    await watcher.log_in(101)
    assert (await watcher.get(f"/board?{query}")).status == 200


async def test_the_board_speaks_russian(watcher: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'ru'"))
    await watcher.log_in(101)
    answer = await watcher.get("/board")
    assert "показаны только статусы" in answer.text
    assert "Продажи" in answer.text


@pytest.mark.parametrize(
    ("status", "address", "phones", "expected"),
    [
        (Status.ONLINE, Endpoint("9"), None, Presence.READY),
        (Status.ONLINE, Endpoint("9"), {}, Presence.UNREACHABLE),
        (Status.ONLINE, MOBILE, {}, Presence.READY),
        (Status.ONLINE, Endpoint("9"), {"9": PhoneUse(Use.IDLE)}, Presence.READY),
        (Status.BREAK, Endpoint("9"), {}, Presence.AWAY),
        (Status.OFFLINE, Endpoint("9"), {}, Presence.OFFLINE),
        (Status.OFFLINE, Endpoint("9"), {"9": PhoneUse(Use.TALKING)}, Presence.TALKING),
        (Status.DO_NOT_DISTURB, Endpoint("9"), {"9": PhoneUse(Use.RINGING)}, Presence.RINGING),
    ],
)
def test_presence_is_one_word(
    status: Status, address: Endpoint | OutsideNumber, phones: Phones | None, expected: Presence
) -> None:
    phone = (Phone(address),)
    person = Employee(EmployeeId(1), "A", Extension("9"), Declared(status), phones=phone)
    assert presence(person, phones, NOW) == expected
