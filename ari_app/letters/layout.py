"""A letter laid out as a message that mail programs show, dark or light, with or without HTML."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ari_app.letters.contents import Content


class UnwritableError(Exception):
    """An address or a text that no message can hold."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom; `message_id` stays the same however often the letter is sent."""

    sender_name: str
    sender: str
    to: str
    message_id: str
    at: datetime
    reply_to: str = ""
    is_automatic: bool = True


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `kind` is its media type."""

    name: str
    kind: str
    content: bytes


def laid_out(
    letter: Content, envelope: Envelope, language: str, attachment: Attachment | None = None
) -> EmailMessage:
    """The message. Raises UnwritableError for an address that is none."""
    message = EmailMessage()
    try:
        message["From"] = _address(envelope.sender_name, envelope.sender)
        message["To"] = _address("", envelope.to)
        if envelope.reply_to:
            message["Reply-To"] = _address("", envelope.reply_to)
        message["Subject"] = _one_line(letter.subject)
        message["Message-ID"] = f"<{envelope.message_id}>"
        message["Date"] = format_datetime(envelope.at)
        message["Content-Language"] = language
        if envelope.is_automatic:
            message["Auto-Submitted"] = "auto-generated"
    except (EmailNotValidError, ValueError, MessageError, IndexError) as error:
        raise UnwritableError(str(error)) from error
    values = {"letter": letter, "language": language}
    message.set_content(_templates().get_template("letter.txt").render(values).strip() + "\n")
    html = _templates().get_template("letter.html").render(values)
    message.add_alternative(html, subtype="html")
    if attachment is not None:
        main, _, sub = attachment.kind.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=attachment.name
        )
    return message


def _address(name: str, address: str) -> Address:
    """An address that stands in one header line; a Cyrillic domain as DNS knows it."""
    checked = validate_email(address, check_deliverability=False, allow_quoted_local=True)
    return Address(_one_line(name), username=checked.local_part, domain=checked.ascii_domain)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:250]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
