"""Messages heard by phone: how many, each with its time, again, next, deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import structlog

from agi_scripts.codes import NOT_UNDERSTOOD, Office, OtherCode, by_pin, owner_of_phone
from agi_scripts.conversation import Conversation
from ari_app.domain.numbers import EmployeeId, Extension, parse_extension

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

NONE = "autosecretary/messages-none"
NO_NEW = "autosecretary/messages-no-new"
MANY_NEW = "autosecretary/messages-new-many"
END = "autosecretary/messages-end"
CHOOSE = "autosecretary/message-choose"
DELETED = "autosecretary/message-deleted"
AT = "autosecretary/message-at"
DAYS = ("autosecretary/message-today", "autosecretary/message-yesterday")
EARLIER = "autosecretary/message-earlier"
_MOST_COUNTED = 9
_AGAIN, _NEXT, _DELETE = "1", "2", "3"
_KEYS = _AGAIN + _NEXT + _DELETE
_ASKED = 2
_BYTES_A_SECOND = 16_000
_TIMEOUT_MS = 6000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message; `at` is when it was left."""

    id: int
    at: datetime
    is_new: bool


class Mailbox(Protocol):
    """What is kept for people."""

    async def extension_with_pin(self, employee: EmployeeId) -> Extension | None:
        """The extension whose PIN lets in; None for somebody who has no PIN."""
        ...

    async def waiting(self, employee: EmployeeId) -> Sequence[Waiting]:
        """In the order in which they are played."""
        ...

    async def sound(self, message: int) -> bytes | None:
        """A WAV file; None where it was removed meanwhile."""
        ...

    async def heard(self, employee: EmployeeId, message: int) -> None: ...

    async def remove(self, employee: EmployeeId, message: int) -> None: ...


def listen(office: Office, mailbox: Mailbox, folder: Path) -> OtherCode:
    """The code of messages; what is played lies in `folder` meanwhile, where Asterisk reads."""

    async def code(conversation: Conversation, rest: str) -> None:
        extension = parse_extension(rest.removeprefix("*")) if rest.startswith("*") else None
        if rest and extension is None:
            await conversation.stream(NOT_UNDERSTOOD)
            return
        employee = await _let_in(conversation, office, mailbox, extension)
        if employee is None:
            await conversation.hangup()
            return
        await _Listening(conversation, office, mailbox, folder, employee).run()

    return code


async def _let_in(
    conversation: Conversation, office: Office, mailbox: Mailbox, extension: Extension | None
) -> EmployeeId | None:
    """The own phone lets in whoever has no PIN; anybody else needs one."""
    owner = await owner_of_phone(conversation, office, extension)
    if owner is not None:
        extension = await mailbox.extension_with_pin(owner)
        if extension is None:
            return owner
    return await by_pin(conversation, office, extension)


@dataclass(frozen=True, slots=True)
class _Listening:
    """One caller who listens."""

    conversation: Conversation
    office: Office
    mailbox: Mailbox
    folder: Path
    employee: EmployeeId

    async def run(self) -> None:
        """One message after another, until the last one or until no key is pressed."""
        messages = await self.mailbox.waiting(self.employee)
        await self.conversation.stream(_how_many(messages))
        for message in messages:
            if not await self._one(message):
                return
        if messages:
            await self.conversation.stream(END)

    async def _one(self, message: Waiting) -> bool:
        """Play one as often as is asked for; whether to go on."""
        wav = await self.mailbox.sound(message.id)
        if wav is None:
            return True
        file, seconds = self.folder / f"{uuid4().hex}.wav", len(wav) / _BYTES_A_SECOND
        await asyncio.to_thread(_put, file, wav)
        try:
            key = _AGAIN
            while key == _AGAIN:
                key = await self._played(message, str(file.with_suffix("")), seconds)
        finally:
            await asyncio.to_thread(file.unlink, missing_ok=True)
        if key == _DELETE:
            await self.mailbox.remove(self.employee, message.id)
            await self.conversation.stream(DELETED)
        return key != ""

    async def _played(self, message: Waiting, sound: str, seconds: float) -> str:
        """Tell when it was left, play it, and ask; the key, or nothing."""
        for told in await self._moment(message.at):
            if key := await self.conversation.stream(told, _KEYS):
                return key
        if message.is_new:
            await self.mailbox.heard(self.employee, message.id)
        if key := await self.conversation.stream(sound, _KEYS, seconds):
            return key
        for _ in range(_ASKED):
            key = await self.conversation.get_digits(CHOOSE, _TIMEOUT_MS, 1)
            if key and key in _KEYS:
                return key
        return ""

    async def _moment(self, at: datetime) -> list[str]:
        zone = await self.office.zone(self.employee)
        local = at.astimezone(zone)
        days = (self.office.now().astimezone(zone).date() - local.date()).days
        day = DAYS[days] if 0 <= days < len(DAYS) else EARLIER
        minute = [f"autosecretary/minute-{local.minute}"] if local.minute else []
        return [day, AT, f"autosecretary/hour-{local.hour}", *minute]


def _how_many(messages: Sequence[Waiting]) -> str:
    if not messages:
        return NONE
    new = sum(message.is_new for message in messages)
    if new > _MOST_COUNTED:
        return MANY_NEW
    return _counted(new) if new else NO_NEW


def _counted(new: int) -> str:
    return f"autosecretary/messages-new-{new}"


def _put(file: Path, wav: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(wav)


SOUNDS = frozenset(
    {NONE, NO_NEW, MANY_NEW, END, CHOOSE, DELETED, AT, EARLIER, *DAYS}
    | {_counted(number) for number in range(1, _MOST_COUNTED + 1)}
)
"""Every sentence of its own that this code may play, in each language."""
