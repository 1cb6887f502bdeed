"""Messages in the panel: listed, heard, marked and deleted by whose they are."""

import asyncio
from datetime import timedelta

import pytest

from ari_app.message_counts import MessageCounts
from ari_app.store import audit, messages
from ari_app.store.audit import Wanted
from ari_app.store.changes import Changed, ChangeKind
from tests.unit.call_history import Rang, note
from tests.unit.left_messages import CALLER, SAID, Left, leave
from tests.unit.panel import Browser, Office, browsing

BUTTONS = ("heard", "new", "remove")


async def _counts(office: Office, extension: int) -> tuple[int, int]:
    async with office.sessions() as session:
        return (await messages.counts(session)).get(office.who(extension), (0, 0))


async def test_one_reads_who_left_a_message_when_and_how_long_it_is(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(103)
    await leave(office, Left(103))
    answer = await browser.get("/messages")
    (message,) = answer.html.select("li.message")
    assert CALLER in message.text
    assert "0:01" in message.text
    assert "is-new" in message["class"]


async def test_a_colleague_is_shown_by_name(office: Office, browser: Browser) -> None:
    await browser.log_in(103)
    await leave(office, Left(103, caller="101", name="x", is_inside=True))
    answer = await browser.get("/messages")
    who = answer.html.select_one(".message-name")
    assert who is not None
    assert who.text == office.directory.employees[office.who(101)].name


async def test_without_messages_the_page_says_how_they_come(browser: Browser) -> None:
    await browser.log_in(103)
    assert "Сообщений нет" in (await browser.get("/messages")).text


async def test_one_cannot_see_hear_or_change_what_was_left_for_others(
    office: Office, browser: Browser
) -> None:
    await office.give(103, "employee")
    await browser.log_in(103)
    other = await leave(office, Left(102))
    assert "li" not in [
        one.name for one in (await browser.get("/messages")).html.select(".message")
    ]
    for path in ("audio", "wave.svg"):
        assert (await browser.get(f"/messages/{other}/{path}")).status == 404
    for button in (*BUTTONS, "restore"):
        assert (await browser.post(f"/messages/{other}/{button}")).status == 404
    assert await _counts(office, 102) == (1, 0)


async def test_who_may_see_others_calls_hears_their_messages_and_leaves_them_as_they_are(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(101)
    other = await leave(office, Left(102))
    assert not (await browser.get("/messages")).html.select("li.message")
    shown = await browser.get("/messages?whose=all")
    assert len(shown.html.select("li.message")) == 1
    assert not shown.html.select(f'form[action^="/messages/{other}"]')
    assert (await browser.get(f"/messages/{other}/wave.svg")).status == 200
    for button in BUTTONS:
        assert (await browser.post(f"/messages/{other}/{button}")).status == 403
    assert await _counts(office, 102) == (1, 0)


async def test_who_listens_to_others_messages_is_noted_once_for_a_hearing(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(101)
    other, own = await leave(office, Left(102)), await leave(office, Left(101))
    for message, part in ((own, "0-"), (other, "9999999-"), (other, "0-"), (other, "100-200")):
        headers = {"Range": f"bytes={part}"}
        async with browser.client.get(f"/messages/{message}/audio", headers=headers) as answer:
            assert answer.status in {206, 416}
    async with office.sessions() as session:
        (line,) = await audit.lines(session, Wanted(action="message.heard"), 5)
    assert (office.who(101), office.who(102)) == (line.who.employee, line.about.id)
    assert {"caller": CALLER, "message": other} == line.after


async def test_others_messages_are_found_by_name(office: Office, browser: Browser) -> None:
    await browser.log_in(101)
    await leave(office, Left(102))
    name = office.directory.employees[office.who(102)].name
    found = await browser.get(f"/messages?who={name.split()[0]}")
    assert len(found.html.select("li.message")) == 1
    assert not (await browser.get("/messages?who=nobody")).html.select("li.message")


async def test_without_the_right_to_see_calls_there_are_still_the_own_messages(
    office: Office, browser: Browser
) -> None:
    await office.give(103, "no_access")
    await browser.log_in(103)
    await leave(office, Left(103))
    await leave(office, Left(102, ago=timedelta(minutes=9)))
    assert len((await browser.get("/messages?whose=all")).html.select("li.message")) == 1


@pytest.mark.parametrize("button", [*BUTTONS, "restore"])
async def test_no_button_works_for_strangers_or_with_a_stale_form(
    office: Office, browser: Browser, button: str
) -> None:
    message = await leave(office, Left(103))
    assert (await browser.post(f"/messages/{message}/{button}", token="x")).status == 403
    await browser.log_in(103)
    assert (await browser.post(f"/messages/{message}/{button}", token="x")).status == 403
    assert (await browser.get(f"/messages/{message}/{button}")).status in {404, 405}
    assert await _counts(office, 103) == (1, 0)


async def test_a_message_is_heard_and_new_again(office: Office, browser: Browser) -> None:
    await browser.log_in(103)
    message = await leave(office, Left(103))
    for _ in range(2):
        assert (await browser.post(f"/messages/{message}/heard")).status == 303
        assert await _counts(office, 103) == (0, 1)
    assert (await browser.post(f"/messages/{message}/new")).status == 303
    assert await _counts(office, 103) == (1, 0)


async def test_a_deleted_message_is_gone_and_can_be_brought_back(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(103)
    message = await leave(office, Left(103))
    assert (await browser.post(f"/messages/{message}/remove")).status == 303
    after = await browser.get("/messages")
    undo = after.html.select_one(f'form[action="/messages/{message}/restore"]')
    assert (undo is not None, after.html.select("li.message")) == (True, [])
    assert (await browser.get(f"/messages/{message}/audio")).status == 404
    assert (await browser.post(f"/messages/{message}/remove")).status == 404
    assert (await browser.post(f"/messages/{message}/restore")).status == 303
    assert (await browser.post(f"/messages/{message}/restore")).status == 404
    assert await _counts(office, 103) == (1, 0)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        (None, 200, slice(None)),
        ("bytes=0-", 206, slice(0, None)),
        ("bytes=100-199", 206, slice(100, 200)),
        ("bytes=-50", 206, slice(-50, None)),
        ("bytes=0-9999999", 206, slice(0, None)),
        ("bytes=9999999-", 416, None),
        ("bytes=9-1", 416, None),
        ("lines=1-2", 416, None),
    ],
)
async def test_a_player_gets_the_part_of_the_sound_that_it_asks_for(
    office: Office, browser: Browser, asked: str | None, status: int, part: slice | None
) -> None:
    await browser.log_in(103)
    message = await leave(office, Left(103))
    headers = {} if asked is None else {"Range": asked}
    address = f"/messages/{message}/audio"
    async with browser.client.get(address, headers=headers) as answer:
        assert answer.status == status
        if part is not None:
            assert answer.content_type == "audio/wav"
            assert await answer.read() == SAID[part]


async def test_the_sound_has_a_picture_and_can_be_kept(office: Office, browser: Browser) -> None:
    await browser.log_in(103)
    message = await leave(office, Left(103))
    picture = await browser.get(f"/messages/{message}/wave.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert len(picture.html.select("rect")) > 100
    async with browser.client.get(f"/messages/{message}/audio?download") as kept:
        assert kept.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("asked", ["whose=x", "before=0", "before=x", "message=99999999999"])
async def test_what_is_asked_for_wrongly_is_said(browser: Browser, asked: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(f"/messages?{asked}")).status == 422


@pytest.mark.parametrize("number", ["0", "x", "999999999999"])
async def test_numbers_of_nothing_are_not_found(browser: Browser, number: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(f"/messages/{number}/audio")).status == 404


async def test_there_are_pages_and_the_letter_leads_to_its_message(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(103)
    made = [await leave(office, Left(103, ago=timedelta(minutes=i))) for i in range(60, 0, -1)]
    first = await browser.get("/messages")
    older = first.html.select_one('a[rel="next"]')
    assert older is not None
    second = await browser.get(str(older["href"]))
    assert (len(first.html.select("li.message")), len(second.html.select("li.message"))) == (50, 10)
    led = await browser.get(f"/messages?message={made[20]}")
    top = led.html.select("li.message")[0]
    assert top["id"] == f"message-{made[20]}"
    assert top.select_one("details[open]") is not None


async def test_hostile_names_are_only_text(office: Office, browser: Browser) -> None:
    await browser.log_in(103)
    await leave(office, Left(103, caller="<b>1", name='"><script>alert(1)</script>'))
    assert "<script>alert" not in (await browser.get("/messages")).text


async def test_the_call_is_one_click_away_and_calling_back_where_there_is_asterisk(
    office: Office,
) -> None:
    async def placed(*_: object) -> None:
        raise AssertionError

    panel = office.panel(call_back=placed)
    async with browsing(office, panel) as browser:
        await browser.log_in(103)
        rang = Rang(103, None, ago=timedelta(minutes=5))
        office.at = office.now()
        call = await note(office, rang)
        await leave(office, Left(103))
        shown = (await browser.get("/messages")).html
    assert shown.select_one(f'a[href="/calls/{call}"]') is not None
    assert shown.select_one('form[action="/call-back"] input[name="call"]') is not None


async def test_the_menu_counts_new_messages_and_refreshes_alone(office: Office) -> None:
    counts = MessageCounts(office.sessions)
    told = asyncio.Event()
    counts.on_counted.append(told.set)
    async with browsing(office, office.panel(new_messages=counts.new_of)) as browser:
        await browser.log_in(103)
        assert (await browser.get("/messages")).html.select(".menu-count .badge") == []
        await leave(office, Left(103))
        counts.on_change(Changed(frozenset(), False, 1, frozenset({ChangeKind.MESSAGES})))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(counts.run())
            await told.wait()
            running.cancel()
        (badge,) = (await browser.get("/messages")).html.select(".menu-count .badge")
        part = await browser.get("/messages/count", **{"Panel-Part": "message_count"})
    assert badge.text.startswith("1")
    assert part.html.text.strip().startswith("1")


async def test_a_live_refresh_gets_the_list_alone_and_russian_is_russian(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(103)
    await leave(office, Left(103))
    part = await browser.get("/messages", **{"Panel-Part": "list"})
    assert "<html" not in part.text
    assert "Отметить прослушанным" in part.text
