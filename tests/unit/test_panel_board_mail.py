"""Letters that have not left, on the board: a line for those who see to mail."""

from sqlalchemy import text

from ari_app.store import outbox
from ari_app.store.letters import Letter, LetterKind, queue
from tests.unit.panel import Browser, Office


async def queued(office: Office, failed: int, waiting: int) -> None:
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))
        for number in range(failed + waiting):
            letter = Letter(LetterKind.TEST, None, "a@example.com", "en", {})
            made = await queue(session, letter, office.now())
            if number < failed:
                await outbox.given_up(session, made, office.now(), "refused", "550")


async def test_who_sees_to_mail_is_led_to_letters_that_could_not_be_sent(
    browser: Browser, office: Office
) -> None:
    await queued(office, 1, 2)
    await browser.log_in(101)
    line = (await browser.get("/board")).html.select_one('a[href="/mail?state=failed"]')
    assert line is not None
    assert line.text == "1 letter could not be sent, 2 letters wait to be sent"
    shown = (await browser.get("/mail?state=failed")).html
    assert len(shown.select("main tbody tr")) == 1


async def test_others_and_wall_screens_are_told_nothing_of_mail(
    browser: Browser, office: Office
) -> None:
    await queued(office, 1, 1)
    await browser.log_in(101)
    assert "could not be sent" not in (await browser.get("/board?wall=1")).text
    await browser.log_in(103)
    assert "could not be sent" not in (await browser.get("/board")).text


async def test_an_empty_outbox_is_not_mentioned(browser: Browser, office: Office) -> None:
    await queued(office, 0, 0)
    await browser.log_in(101)
    assert "to be sent" not in (await browser.get("/board")).text
