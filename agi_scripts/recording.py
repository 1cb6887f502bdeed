"""A greeting recorded by phone: said, listened to, said again, kept."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import structlog

from agi_scripts.codes import NOT_UNDERSTOOD, Office, OtherCode, identify
from agi_scripts.conversation import Conversation
from ari_app.domain.numbers import EmployeeId, Extension, parse_extension

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

SAY = "autosecretary/record-greeting"
CHOOSE = "autosecretary/record-choose"
SAVED = "autosecretary/record-saved"
NOTHING = "autosecretary/record-nothing"
NOT_SAVED = "autosecretary/record-not-saved"
SOUNDS = frozenset({SAY, CHOOSE, SAVED, NOTHING, NOT_SAVED})
"""Every sound that this code may play, in each language."""

_TRIES = 5
_ASKED = 8
_SILENCE_SECONDS = 6
_TIMEOUT_MS = 6000

Keep = Callable[[EmployeeId, bytes], Awaitable[bool | None]]
"""Store a recording: True when it was, None for silence, False when it could not be."""


def record_greeting(office: Office, folder: Path, longest_seconds: int, keep: Keep) -> OtherCode:
    """The code of recordings; Asterisk records into `folder`, and the service reads there."""

    async def code(conversation: Conversation, rest: str) -> None:
        extension = _extension(rest)
        if rest and extension is None:
            await conversation.stream(NOT_UNDERSTOOD)
            return
        employee = await identify(conversation, office, extension)
        if employee is None:
            await conversation.hangup()
            return
        file = folder / f"{uuid4().hex}.wav"
        try:
            await _recorded(conversation, file, longest_seconds, lambda raw: keep(employee, raw))
        finally:
            await asyncio.to_thread(_remove, file)

    return code


async def _recorded(
    conversation: Conversation,
    file: Path,
    longest_seconds: int,
    keep: Callable[[bytes], Awaitable[bool | None]],
) -> None:
    """Record until something is kept, or given up."""
    for _ in range(_TRIES):
        await conversation.stream(SAY)
        status = await conversation.record(str(file), _SILENCE_SECONDS, longest_seconds)
        if status == "ERROR":
            log.error("recording failed", file=str(file), todo="may Asterisk write there?")
            break
        wish = await _wish(conversation, file, longest_seconds)
        if wish == "":
            break
        if wish == "2":
            continue
        is_kept = await keep(await asyncio.to_thread(_read, file))
        if is_kept:
            await conversation.stream(SAVED)
            return
        if is_kept is False:
            break
        await conversation.stream(NOTHING)
    await conversation.stream(NOT_SAVED)


async def _wish(conversation: Conversation, file: Path, longest_seconds: int) -> str:
    """1 to keep it, 2 to say it again; nothing where nobody chooses."""
    for _ in range(_ASKED):
        key = await conversation.get_digits(CHOOSE, _TIMEOUT_MS, 1)
        if key == "3":
            await conversation.stream(str(file.with_suffix("")), "#", longest_seconds)
        elif key in {"1", "2"}:
            return key
    return ""


def _extension(rest: str) -> Extension | None:
    """The extension of ``*102``, as with the other codes."""
    return parse_extension(rest.removeprefix("*")) if rest.startswith("*") else None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        log.error("recording not readable", reason=str(error))  # noqa: TRY400
        return b""


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        log.warning("recording not removed", reason=str(error))
