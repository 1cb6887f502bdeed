"""Writing to a caller: from a template, looked at, sent once, and shown with the call."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ari_app.domain.calls import Ending
from ari_app.letters.contents import content
from ari_app.letters.layout import Envelope, laid_out
from ari_app.mail.providers import Encryption
from ari_app.missed import MissedCalls
from ari_app.settings import Settings
from ari_app.store import outbox
from ari_app.store.mail_servers import MailServer, save_mail_server
from ari_app.store.outbox import Outgoing
from ari_app.store.panel_rows import LetterRow
from tests.unit.call_history import CALLER, Rang, note
from tests.unit.panel import Answer, Browser, Office, browsing

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLIENT = "client@example.com"


async def called(office: Office, to: int = 105, **more: object) -> int:
    office.at = NOON
    return await note(office, Rang(to, Ending.NOT_TAKEN, **more))  # type: ignore[arg-type]


async def serve_mail(office: Office, whose: int | None = None) -> None:
    """A mail server: the company's, or somebody's own."""
    employee = None if whose is None else office.who(whose)
    name = "pbx" if whose is None else "emma.own"
    server = MailServer(
        employee,
        f"{name}@office.example",
        "127.0.0.1",
        25,
        Encryption.NONE.value,
        "",
        authorised_at=NOON,
    )
    async with office.sessions.begin() as session:
        await save_mail_server(session, server)


async def letters(office: Office) -> list[Outgoing]:
    async with office.sessions() as session:
        return await outbox.outgoing(session, None)


def letter(**more: Any) -> dict[str, Any]:
    return {"to": CLIENT, "subject": "Your call", "text": "Hello!\r\n\r\nHow are you?"} | more


def wrong(answer: Answer) -> list[str]:
    return [str(field.get("name")) for field in answer.html.select('[aria-invalid="true"]')]


async def test_a_visitor_is_sent_to_the_login(browser: Browser, office: Office) -> None:
    call = await called(office)
    assert (await browser.get(f"/calls/{call}/write")).status == 303


@pytest.mark.parametrize(("role", "status"), [("no_access", 403), ("employee", 404)])
async def test_about_somebody_elses_call_nobody_writes(
    browser: Browser, office: Office, role: str, status: int
) -> None:
    call = await called(office)
    await serve_mail(office)
    await office.give(104, role)
    await browser.log_in(104)
    path = f"/calls/{call}/write"
    assert (await browser.get(path)).status == status
    assert (await browser.post(path, **letter())).status == status
    assert await letters(office) == []


async def test_a_template_fills_subject_and_text(browser: Browser, office: Office) -> None:
    call = await called(office)
    await browser.log_in(105)
    page = await browser.get(f"/calls/{call}/write?template=sorry&language=ru")
    text = page.html.select_one("textarea")
    subject = page.html.select_one('[name="subject"]')
    assert text is not None
    assert subject is not None
    assert "23.11.2026" in text.text
    assert "С уважением,\nEmma Clarke" in text.text
    assert "23.11.2026" in str(subject["value"])
    english = await browser.get(f"/calls/{call}/write?template=sorry&language=en")
    assert "Kind regards,\nEmma Clarke" in english.text


@pytest.mark.parametrize(
    ("caller", "is_inside", "address"),
    [
        ("106", True, "james@demo-office.example"),
        ("+74951234506", False, "james@demo-office.example"),
        ("+79165550106", False, "james@demo-office.example"),
        (CALLER, False, ""),
        ("", False, ""),
        ("199", True, ""),
    ],
)
async def test_a_known_address_stands_there(
    browser: Browser, office: Office, caller: str, is_inside: bool, address: str
) -> None:
    call = await called(office, caller=caller, is_inside=is_inside)
    await browser.log_in(105)
    to = (await browser.get(f"/calls/{call}/write")).html.select_one('[name="to"]')
    assert to is not None
    assert to.get("value", "") == address


async def test_the_address_used_last_stands_there_the_next_time(
    browser: Browser, office: Office
) -> None:
    first = await called(office)
    later = await called(office, ago=timedelta(seconds=5))
    await serve_mail(office)
    await browser.log_in(105)
    await browser.post(f"/calls/{first}/write", **letter(to="old@example.com"))
    await browser.post(f"/calls/{first}/write", **letter())
    to = (await browser.get(f"/calls/{later}/write")).html.select_one('[name="to"]')
    assert to is not None
    assert to["value"] == CLIENT


async def test_a_letter_goes_out_by_the_company_with_the_writers_address(
    browser: Browser, office: Office
) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    answer = await browser.post(f"/calls/{call}/write", **letter(language="en"))
    assert (answer.status, answer.to) == (303, f"/calls/{call}")
    (sent,) = await letters(office)
    assert (sent.to_address, sent.sender, sent.language) == (CLIENT, office.who(105), "en")
    assert sent.values == {
        "subject": "Your call",
        "text": "Hello!\n\nHow are you?",
        "from_name": "Emma Clarke",
        "reply_to": "emma@demo-office.example",
    }


async def test_ones_own_address_comes_first(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await serve_mail(office, 105)
    await browser.log_in(105)
    page = await browser.get(f"/calls/{call}/write")
    assert "emma.own@office.example" in page.text
    assert "company" not in page.html.select_one("form.card").text  # type: ignore[union-attr]


@pytest.mark.parametrize("falls_back", [True, False])
async def test_without_a_server_nothing_is_sent_and_all_of_it_stays(
    office: Office, falls_back: bool
) -> None:
    call = await called(office)
    if not falls_back:
        await serve_mail(office)
        office.settings = Settings(_env_file=None, mail_falls_back=False)
    async with browsing(office) as browser:
        await browser.log_in(105)
        answer = await browser.post(f"/calls/{call}/write", **letter())
    assert answer.status == 422
    assert "How are you?" in answer.text
    assert await letters(office) == []


async def test_a_preview_sends_nothing(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    answer = await browser.post(f"/calls/{call}/write", **letter(text="<b>x</b>", preview="1"))
    shown = answer.html.select_one(".letter-preview")
    assert shown is not None
    assert (answer.status, shown.text) == (200, "<b>x</b>")
    assert "emma@demo-office.example" in answer.text
    assert await letters(office) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("to", ""),
        ("to", "nobody"),
        ("to", "a@example.com\r\nBcc: b@example.com"),
        ("to", "a@example.com, b@example.com"),
        ("to", f"{'a' * 400}@example.com"),
        ("subject", ""),
        ("subject", "Hello\r\nBcc: b@example.com"),
        ("subject", "x" * 201),
        ("text", ""),
        ("text", "   \n "),
        ("text", "x" * 10_001),
        ("text", "bell \x07"),
        ("language", "de"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    browser: Browser, office: Office, field: str, typed: str
) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    answer = await browser.post(f"/calls/{call}/write", **letter(**{field: typed}))
    assert (answer.status, wrong(answer)) == (422, [field])
    assert await letters(office) == []


async def test_a_letter_of_ten_thousand_characters_is_taken(
    browser: Browser, office: Office
) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    answer = await browser.post(f"/calls/{call}/write", **letter(text="ы" * 10_000))
    assert answer.status == 303


async def test_thirty_letters_within_an_hour_are_enough(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    token = await browser.token()
    path = f"/calls/{call}/write"
    sent = [letter(text=f"Hello {number}") for number in range(31)]
    statuses = [(await browser.post(path, token=token, **one)).status for one in sent]
    assert statuses == [303] * 30 + [422]
    assert len(await letters(office)) == 30
    office.at = NOON + timedelta(minutes=61)
    await browser.log_in(105)
    assert (await browser.post(path, **letter())).status == 303


async def test_a_second_click_writes_no_second_letter(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    token, path = await browser.token(), f"/calls/{call}/write"
    clicks = (browser.post(path, token=token, **letter()) for _ in "12")
    assert [303, 303] == [answer.status for answer in await asyncio.gather(*clicks)]
    assert 1 == len(await letters(office))
    await browser.post(path, **letter(text="One more thing"))
    office.at = NOON + timedelta(minutes=2)
    await browser.post(path, **letter())
    assert 3 == len(await letters(office))


async def test_a_stale_form_is_refused(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    answer = await browser.post(f"/calls/{call}/write", token="x", **letter())
    assert (answer.status, await letters(office)) == (403, [])


async def test_a_letter_shows_with_its_call_and_its_text_to_whom_it_concerns(
    browser: Browser, office: Office
) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    await browser.post(f"/calls/{call}/write", **letter())
    own = await browser.get(f"/calls/{call}")
    await office.give(104, "marketer")
    await browser.log_in(104)
    others = await browser.get(f"/calls/{call}")
    await browser.log_in(101)
    administrators = await browser.get(f"/calls/{call}")
    assert [CLIENT in page.text for page in (own, others, administrators)] == [True] * 3
    assert ["How are you?" in page.text for page in (own, others, administrators)] == [
        True,
        False,
        True,
    ]
    assert "waiting" in own.text
    async with office.sessions.begin() as session:
        failed = update(LetterRow).values(state="failed", fault="mailbox_full")
        await session.execute(failed)
    await browser.log_in(105)
    assert "mailbox is full" in (await browser.get(f"/calls/{call}")).text


async def test_a_letter_does_not_keep_the_notice_of_the_missed_call(
    browser: Browser, office: Office
) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    await browser.post(f"/calls/{call}/write", **letter())
    notices = MissedCalls(office.sessions, lambda: office.directory, office.now, "")
    assert await notices.write() == 1


async def test_the_message_itself_is_a_persons_letter(browser: Browser, office: Office) -> None:
    call = await called(office)
    await serve_mail(office)
    await browser.log_in(105)
    await browser.post(f"/calls/{call}/write", **letter(subject="Ваш звонок", language="ru"))
    (sent,) = await letters(office)
    envelope = Envelope("Emma", "pbx@x.example", CLIENT, "a@b", NOON, is_automatic=False)
    message = laid_out(content(sent.kind, sent.language, sent.values), envelope, "ru")
    assert message["Subject"] == "Ваш звонок"
    assert message["Auto-Submitted"] is None
    body = message.get_body(("plain",))
    assert body is not None
    assert "How are you?" in body.get_content()


async def test_in_russian(browser: Browser, office: Office) -> None:
    call = await called(office, to=102)
    await browser.log_in(102)
    page = await browser.get(f"/calls/{call}/write")
    for text in ("Получатель", "Тема", "Отправить", "Начать с шаблона", "Назад к звонку"):
        assert text in page.text
