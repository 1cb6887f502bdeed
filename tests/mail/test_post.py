"""The outbox is emptied: nothing lost, nothing forgotten, each failure with its reason."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.numbers import EmployeeId
from ari_app.mail.providers import Encryption
from ari_app.mail.submission import Server
from ari_app.post import Post, PostSettings
from ari_app.store import outbox
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.mail_servers import MailServer, MailState, mail_server, save_mail_server
from ari_app.store.outbox import LetterState, Outgoing
from ari_app.vault import Vault
from demo.ports import free_port
from tests.mail.certificates import Authority
from tests.mail.moody import LOGIN, PASSWORD, Moods, moody
from tests.unit.panel import KEY, Sessions, demo_office

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Room:
    """The mail room with its clock, its database and a server in a mood."""

    sessions: Sessions
    post: Post
    moods: Moods
    port: int
    at: datetime = START

    async def letters(self) -> list[Outgoing]:
        async with self.sessions() as session:
            return await outbox.outgoing(session, None)

    async def newest(self) -> Outgoing:
        return (await self.letters())[0]

    async def write(
        self, to: str = "anna@example.com", name: str = "Анна", sender: int | None = None
    ) -> None:
        values = {
            "name": name,
            "login": "a.kuznetsova",
            "until": "завтра",
            "reply_to": "a@own.example",
        }
        letter = Letter(
            LetterKind.REGISTRATION, None, to, "ru", values, _vault().close("https://x/y")
        )
        async with self.sessions.begin() as session:
            number = await queue(session, letter, self.at)
            if sender is not None:
                await outbox.send_as(session, number, EmployeeId(sender))

    async def server(self, employee: int | None = None, port: int | None = None) -> None:
        whose = None if employee is None else EmployeeId(employee)
        made = MailServer(
            whose,
            LOGIN if employee is None else "own@example.com",
            "localhost",
            port or self.port,
            Encryption.STARTTLS.value,
            LOGIN,
            "Autosecretary",
            _vault().close(PASSWORD),
            authorised_at=START,
        )
        async with self.sessions.begin() as session:
            await save_mail_server(session, made)

    async def pass_time(self, **by: float) -> bool:
        self.at += timedelta(**by)
        return await self.post.send_due()


def _vault() -> Vault:
    return Vault((KEY,))


@pytest.fixture
async def room(
    panel_sessions: async_sessionmaker[AsyncSession], known: Authority, tmp_path: Path
) -> AsyncIterator[Room]:
    await demo_office(panel_sessions)
    moods = Moods()
    with moody(known.server(tmp_path / "certificate"), moods) as port:

        def reached(stored: MailServer) -> Server:
            return Server(
                stored.host,
                stored.port,
                Encryption(stored.encryption),
                stored.login,
                _vault().open(stored.closed_secret or ""),
                trusted=known.context(),
                seconds=3,
            )

        post = Post(panel_sessions, _vault(), reached, lambda: made.at, PostSettings("pbx.example"))
        made = Room(panel_sessions, post, moods, port)
        yield made


async def test_a_letter_is_sent_with_its_link_which_is_then_forgotten(room: Room) -> None:
    await room.server()
    await room.write()
    assert await room.post.send_due()
    (arrived,) = room.moods.letters
    assert arrived["Message-ID"] == f"<{(await room.newest()).message_id}@pbx.example>"
    plain = arrived.get_body(("plain",))
    assert plain is not None
    assert "https://x/y" in plain.get_content()
    assert "Анна" in str(arrived["Subject"])
    assert ((await room.newest()).state, (await room.newest()).closed_secret) == (
        LetterState.SENT,
        None,
    )


async def test_nothing_is_sent_twice(room: Room) -> None:
    await room.server()
    await room.write()
    await room.post.send_due()
    assert not await room.pass_time(days=1)
    assert len(room.moods.letters) == 1


async def test_without_a_server_letters_wait_and_say_so(room: Room) -> None:
    await room.write()
    await room.post.send_due()
    waiting = await room.newest()
    assert (waiting.state, waiting.fault) == (LetterState.WAITING, "no_server")
    await room.server()
    async with room.sessions.begin() as session:
        await outbox.wake(session)
    await room.post.send_due()
    assert (await room.newest()).state is LetterState.SENT


async def test_a_greylisted_letter_is_tried_again_later(room: Room) -> None:
    await room.server()
    await room.write()
    room.moods.answers = ["451 4.7.1 Greylisted, try again in 5 minutes"]
    await room.post.send_due()
    assert (await room.newest()).state is LetterState.WAITING
    assert not await room.pass_time(seconds=20)
    await room.pass_time(minutes=2)
    assert ((await room.newest()).state, len(room.moods.letters)) == (LetterState.SENT, 1)


async def test_a_full_mailbox_is_final_with_the_servers_words(room: Room) -> None:
    await room.server()
    await room.write()
    room.moods.answers = ["552 5.2.2 Mailbox full"]
    await room.post.send_due()
    failed = await room.newest()
    assert (failed.state, failed.fault) == (LetterState.FAILED, "mailbox_full")
    assert "Mailbox full" in failed.said


async def test_one_refused_letter_does_not_hold_up_the_others(room: Room) -> None:
    await room.server()
    for name in ("Анна", "Борис", "Вера"):
        await room.write(name=name)
    room.moods.answers = ["554 5.7.1 spam"]
    while await room.post.send_due():
        pass
    states = [letter.state for letter in await room.letters()]
    assert states == [LetterState.SENT, LetterState.SENT, LetterState.FAILED]


async def test_too_many_letters_slow_everything_to_that_server_down(room: Room) -> None:
    await room.server()
    for _ in range(3):
        await room.write()
    room.moods.answers = ["421 4.7.0 Too many letters, slow down"]
    await room.post.send_due()
    assert await room.pass_time(seconds=1)
    assert room.moods.letters == []
    for _ in range(4):
        await room.pass_time(minutes=5)
    assert len(room.moods.letters) == 3


async def test_a_connection_cut_after_data_sends_the_same_message_id_again(room: Room) -> None:
    await room.server()
    await room.write()
    room.moods.answers = ["drop"]
    await room.post.send_due()
    await room.pass_time(minutes=2)
    ids = [str(letter["Message-ID"]) for letter in room.moods.letters]
    assert (len(ids), len(set(ids))) == (2, 1)
    assert (await room.newest()).state is LetterState.SENT


async def test_a_server_that_is_down_for_a_while_loses_nothing(room: Room) -> None:
    await room.server(port=free_port())
    await room.write()
    await room.post.send_due()
    waiting = await room.newest()
    assert (waiting.state, waiting.fault) == (LetterState.WAITING, "port_closed")
    await room.server()
    await room.pass_time(minutes=1)
    assert (await room.newest()).state is LetterState.SENT


async def test_a_server_that_talks_nonsense_or_nothing_is_called_so(room: Room) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        await room.server(port=deaf.getsockname()[1])
        await room.write()
        await room.post.send_due()
    assert ((await room.newest()).fault) == "silent"


async def test_a_refused_password_marks_the_account_and_letters_wait(room: Room) -> None:
    await room.server()
    await room.write()
    room.moods.password = "changed"
    await room.post.send_due()
    async with room.sessions() as session:
        company = await mail_server(session, None)
    assert company is not None
    assert (company.state, company.fault) == (MailState.REFUSED, "wrong_password")
    assert (await room.newest()).state is LetterState.WAITING
    room.moods.password = PASSWORD
    await room.pass_time(hours=1)
    async with room.sessions() as session:
        company = await mail_server(session, None)
    assert company is not None
    assert company.state is MailState.AUTHORISED


async def test_an_employees_letter_falls_back_to_the_company_with_reply_to(room: Room) -> None:
    await room.server()
    await room.server(employee=1)
    await room.write(sender=1)
    room.moods.password = "changed"
    await room.post.send_due()
    room.moods.password = PASSWORD
    await room.pass_time(seconds=1)
    (arrived,) = room.moods.letters
    assert (LOGIN in str(arrived["From"]), str(arrived["Reply-To"])) == (True, "a@own.example")


async def test_a_letter_lost_with_a_killed_service_is_sent_by_the_next(room: Room) -> None:
    await room.server()
    await room.write()
    async with room.sessions.begin() as session:
        (taken,) = await outbox.take(session, room.at, 10)
    assert not await room.pass_time(seconds=30) or room.moods.letters == []
    await room.pass_time(minutes=6)
    (arrived,) = room.moods.letters
    assert taken.message_id in str(arrived["Message-ID"])


@pytest.mark.parametrize(
    "to", ["", "no-address", "a@b@c@", "x@exa mple.com", "evil@example.com\nBcc: all@example.com"]
)
async def test_an_address_that_is_none_fails_that_letter_alone(room: Room, to: str) -> None:
    await room.server()
    await room.write(to)
    await room.write()
    while await room.post.send_due():
        pass
    good, bad = await room.letters()
    assert (good.state, bad.state) == (LetterState.SENT, LetterState.FAILED)
    assert all("Bcc" not in letter for letter in room.moods.letters)


@pytest.mark.parametrize(
    "to", ['"odd name"@example.com', "анна@почта.рф", "a+b@xn--e1aybc.xn--p1ai"]
)
async def test_unusual_addresses_are_written_to(room: Room, to: str) -> None:
    await room.server()
    await room.write(to)
    await room.post.send_due()
    assert (await room.newest()).state is LetterState.SENT


async def test_a_name_with_line_breaks_makes_no_header(room: Room) -> None:
    await room.server()
    await room.write(name="Анна\r\nBcc: all@example.com")
    await room.post.send_due()
    (arrived,) = room.moods.letters
    assert "Bcc" not in arrived


async def test_letters_survive_a_key_that_does_not_fit(room: Room, tmp_path: Path) -> None:
    await room.server()
    await room.write()
    other = Vault(("b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=",))
    post = Post(room.sessions, other, room.post._server_of, lambda: room.at, PostSettings("x"))
    await post.send_due()
    waiting = await room.newest()
    assert (waiting.state, waiting.fault) == (LetterState.WAITING, "key_unfit")
    await room.pass_time(minutes=5)
    assert (await room.newest()).state is LetterState.SENT
