"""A caller's message arrives as a sound file that every phone plays."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import av
import numpy as np
import pytest

from ari_app.asterisk.recordings import wav
from ari_app.domain.numbers import EmployeeId
from ari_app.letters import attached as attaching
from ari_app.mail.submission import Server
from ari_app.post import Post, PostSettings
from ari_app.sound.errors import Fault, SoundError
from ari_app.store import messages, outbox
from ari_app.store.letters import Letter, LetterKind, queue
from ari_app.store.mail_servers import MailServer, save_mail_server
from ari_app.store.messages import NewMessage
from ari_app.store.outbox import LetterState
from ari_app.vault import Vault
from tests.mail.exim import LOGIN, Exim
from tests.unit.panel import KEY, Office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_TONE = np.sin(np.arange(3 * 8000) * 2 * np.pi * 440 / 8000) * 9000
SAID = wav(_TONE.astype("<i2").tobytes())


async def _sent(office: Office, over_starttls: Server, subject: str, *, gone: bool = False) -> None:
    """Leave Vera a message with its letter, and empty the outbox."""
    vera = office.who(103)
    async with office.sessions.begin() as session:
        account = MailServer(None, LOGIN, over_starttls.host, over_starttls.port, "starttls", LOGIN)
        await save_mail_server(session, replace(account, authorised_at=NOW))
        new = NewMessage(vera, f"103/{subject}.wav", "1", subject, "", False, NOW, 3000, SAID)
        number = await messages.keep(session, new)
        assert number is not None
        values = {"caller": subject, "moment": "12:00", "duration": "0:03", "file": "12"}
        kind, to = LetterKind.VOICEMAIL, "vera@example.com"
        letter = Letter(kind, EmployeeId(vera), to, "en", values, recording=number)
        await queue(session, letter, NOW)
        if gone:
            await messages.remove(session, vera, number, NOW)
            await messages.forget(session, NOW + timedelta(days=2), 90)
    settings = PostSettings("pbx.example")
    post = Post(office.sessions, Vault((KEY,)), lambda _: over_starttls, lambda: NOW, settings)
    await post.send_due()
    async with office.sessions() as session:
        assert (await outbox.outgoing(session, None))[0].state is LetterState.SENT


def _arrived(mail_server: Exim, caller: str) -> EmailMessage:
    subject = f"Voice message from {caller}, 12:00"
    return mail_server.wait_for(subject)[subject]


async def test_the_message_is_attached_as_mp3_beside_both_texts(
    office: Office, mail_server: Exim, over_starttls: Server
) -> None:
    await _sent(office, over_starttls, "+79165550101")
    letter = _arrived(mail_server, "+79165550101")
    (file,) = letter.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("audio/mpeg", "message-12.mp3")
    assert {letter.get_body(("plain",)) is None, letter.get_body(("html",)) is None} == {False}
    with av.open(io.BytesIO(file.get_content()), mode="r") as container:
        heard = np.concatenate([one.to_ndarray()[0] for one in container.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(heard[:16000]))
    assert abs(int(spectrum.argmax()) - 440) <= 2
    assert 2.9 < len(heard) / 16000 < 3.3


async def test_a_message_that_was_deleted_meanwhile_is_written_about_without_it(
    office: Office, mail_server: Exim, over_starttls: Server
) -> None:
    await _sent(office, over_starttls, "+79165550102", gone=True)
    assert list(_arrived(mail_server, "+79165550102").iter_attachments()) == []


async def test_what_cannot_be_converted_goes_as_it_is(
    office: Office, mail_server: Exim, over_starttls: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(_: bytes) -> bytes:
        raise SoundError(Fault.BROKEN)

    monkeypatch.setattr(attaching, "as_mp3", failing)
    await _sent(office, over_starttls, "+79165550103")
    (file,) = _arrived(mail_server, "+79165550103").iter_attachments()
    assert (file.get_content_type(), file.get_content()) == ("audio/wav", SAID)
