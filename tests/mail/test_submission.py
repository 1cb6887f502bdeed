"""Handing letters over to a real server: what works, and what each failure is called."""

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from ari_app.mail.errors import Fault, LaterError, MailError, RefusedError
from ari_app.mail.providers import Encryption
from ari_app.mail.submission import Server, Stage, logged_in, stages
from demo.ports import free_port
from tests.mail.certificates import Authority, authority
from tests.mail.exim import Exim, exim


def letter(subject: str = "Проверка связи") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Анна Кузнецова <robot@example.com>"
    made["To"] = "boris@example.com"
    made["Subject"] = subject
    made["Message-ID"] = f"<{uuid4().hex}@example.com>"
    made.set_content("Здравствуйте! Это письмо.\n")
    return made


async def _failed(server: Server, sent: EmailMessage | None = None) -> tuple[Stage, MailError]:
    passed = [one async for one in stages(server, "robot@example.com", sent)]
    last = passed[-1]
    assert last.error is not None
    return last.stage, last.error


@pytest.mark.parametrize("way", ["over_tls", "over_starttls"])
async def test_a_letter_arrives_with_every_stage_told(
    way: str, request: pytest.FixtureRequest, mail_server: Exim
) -> None:
    server: Server = request.getfixturevalue(way)
    sent = letter(f"Письмо {uuid4().hex}")
    sent.add_attachment(b"\x00\xff" * 5000, maintype="audio", subtype="wav", filename="звонок.wav")
    passed = [one async for one in stages(server, "robot@example.com", sent)]
    assert [(one.stage, one.error) for one in passed] == [(stage, None) for stage in Stage]
    arrived = mail_server.wait_for(sent["Subject"])
    attachment = next(arrived[sent["Subject"]].iter_attachments())
    assert (attachment.get_filename(), attachment.get_content()) == (
        "звонок.wav",
        b"\x00\xff" * 5000,
    )


async def test_without_a_letter_nothing_is_sent(over_tls: Server, mail_server: Exim) -> None:
    before = len(mail_server.letters())
    passed = [one async for one in stages(over_tls, "robot@example.com")]
    assert (passed[-1].stage, passed[-1].error) == (Stage.SENDER, None)
    assert len(mail_server.letters()) == before


async def test_a_wrong_password_is_called_so(over_starttls: Server) -> None:
    stage, error = await _failed(replace(over_starttls, password="wrong"))
    assert (stage, error.fault, error.code) == (Stage.LOGIN, Fault.WRONG_PASSWORD, 535)


async def test_a_password_never_travels_without_tls(over_starttls: Server) -> None:
    stage, error = await _failed(replace(over_starttls, encryption=Encryption.NONE))
    assert (stage, error.fault) == (Stage.LOGIN, Fault.TLS_NOT_OFFERED)


async def test_a_certificate_of_nobody_known_is_refused(over_tls: Server) -> None:
    stage, error = await _failed(replace(over_tls, trusted=authority("Somebody").context()))
    assert (stage, error.fault) == (Stage.TLS, Fault.CERTIFICATE_UNKNOWN)


@pytest.mark.parametrize(
    ("name", "days", "fault"),
    [
        ("localhost", -1, Fault.CERTIFICATE_EXPIRED),
        ("mail.example.com", 30, Fault.CERTIFICATE_NAME),
    ],
)
async def test_a_bad_certificate_is_refused_by_its_fault(
    name: str, days: int, fault: Fault, known: Authority, over_tls: Server, tmp_path: Path
) -> None:
    certificate = known.server(tmp_path / "certificate", name, days=days)
    with exim(tmp_path / "exim", certificate) as bad:
        for port, encryption in ((bad.tls, Encryption.TLS), (bad.starttls, Encryption.STARTTLS)):
            server = replace(over_tls, port=port, encryption=encryption)
            stage, error = await _failed(server)
            assert (stage, error.fault) == (Stage.TLS, fault)


async def test_starttls_on_the_port_of_implicit_tls_times_out_in_words(over_tls: Server) -> None:
    server = replace(over_tls, encryption=Encryption.STARTTLS, seconds=1)
    stage, error = await _failed(server)
    assert (stage, error.fault) == (Stage.TLS, Fault.SILENT)


async def test_implicit_tls_on_the_port_of_starttls_is_told(over_starttls: Server) -> None:
    stage, error = await _failed(replace(over_starttls, encryption=Encryption.TLS))
    assert (stage, error.fault) == (Stage.TLS, Fault.TLS_FAILED)


async def test_a_port_where_nobody_listens_may_be_open_later(over_tls: Server) -> None:
    stage, error = await _failed(replace(over_tls, port=free_port()))
    assert (stage, error.fault, type(error)) == (Stage.CONNECTION, Fault.PORT_CLOSED, LaterError)


async def test_a_name_that_does_not_exist_is_told(over_tls: Server) -> None:
    stage, error = await _failed(replace(over_tls, host="no-such-host.invalid"))
    assert (stage, error.fault) == (Stage.NAME, Fault.NAME_UNKNOWN)


async def test_an_address_of_the_own_network_can_be_forbidden(over_tls: Server) -> None:
    stage, error = await _failed(replace(over_tls, allows_private=False))
    assert (stage, error.fault) == (Stage.NAME, Fault.FORBIDDEN_HOST)


async def test_an_unknown_recipient_is_final(over_tls: Server) -> None:
    sent = letter()
    sent.replace_header("To", "nobody-here@example.com")
    stage, error = await _failed(over_tls, sent)
    assert (stage, error.fault, type(error)) == (
        Stage.LETTER,
        Fault.RECIPIENT_REFUSED,
        RefusedError,
    )
    assert "unknown user" in error.said


async def test_without_a_login_the_server_says_that_it_needs_one(over_tls: Server) -> None:
    stage, error = await _failed(replace(over_tls, login=""), letter())
    assert (stage, error.fault) == (Stage.LETTER, Fault.RECIPIENT_REFUSED)


async def test_several_letters_go_over_one_connection(over_tls: Server, mail_server: Exim) -> None:
    subjects = {f"Письмо {uuid4().hex}" for _ in range(3)}
    async with logged_in(over_tls) as way:
        for subject in subjects:
            await way.hand_over("robot@example.com", letter(subject))
    assert subjects <= mail_server.wait_for(*subjects).keys()
