"""Feature codes: what happens when somebody dials one, from the own phone or from any other."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from agi_scripts.conversation import AgiError, Conversation
from agi_scripts.dialled import (
    Codes,
    SayStatus,
    SetStatus,
    endpoint_of,
    next_moment,
    parse_dialled,
)
from agi_scripts.server import Script
from ari_app.domain.availability import holding
from ari_app.domain.directory import Declared, Status, StatusChoice
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, parse_extension

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

TRIES = 3
DIGIT_TIMEOUT_MS = 6000
LONGEST_EXTENSION = 7
LONGEST_PIN = 12

ENTER_EXTENSION = "autosecretary/enter-extension"
ENTER_PIN = "autosecretary/enter-pin"
WRONG_PIN = "autosecretary/wrong-pin"
NOT_UNDERSTOOD = "autosecretary/not-understood"
UNTIL = "autosecretary/until"
ANSWERED = "AS_ANSWERED"
_CODE_LENGTH = 3


class Office(Protocol):
    """What feature codes need to know of the office, and the one thing that they change."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...

    async def employee_of_endpoint(self, endpoint: Endpoint) -> EmployeeId | None:
        """Whose phone this is; a trunk is nobody's."""
        ...

    async def employee_of_extension(self, extension: Extension) -> EmployeeId | None: ...

    async def check_pin(self, extension: Extension, pin: str) -> EmployeeId | None:
        """Whose extension this is, if `pin` is right; None says nothing about what is wrong.

        Counts wrong ones, and lets none pass for a while after too many.
        """
        ...

    async def declare(
        self, employee: EmployeeId, choice: StatusChoice, until: datetime | None
    ) -> Declared:
        """Store a status, and return what holds now that it is stored."""
        ...

    async def declared(self, employee: EmployeeId) -> Declared: ...

    async def zone(self, employee: EmployeeId) -> ZoneInfo: ...


OtherCode = Callable[[Conversation, str], Awaitable[None]]
"""What another code does, given what was dialled after it."""


def feature_code(
    office: Office, codes: Codes, others: Mapping[str, OtherCode] | None = None
) -> Script:
    """The script behind ``agi://…/code``: `agi_extension` is what was dialled.

    `others` are the codes that have nothing to do with statuses.

    The channel variable AS_ANSWERED is 1 afterwards if the caller has been told how it came out.
    AGISTATUS does not say so: it is FAILURE after a sound that is not there, and SUCCESS after
    a connection that was cut off.
    """

    async def script(conversation: Conversation) -> None:
        try:
            other = (others or {}).get(conversation.request.extension[:_CODE_LENGTH])
            if other is not None:
                await other(conversation, conversation.request.extension[_CODE_LENGTH:])
            else:
                await _answer(conversation, office, codes)
        except AgiError:
            raise
        except Exception:
            # The dial plan sees only that the connection ended; the caller must hear something.
            log.exception("feature code failed", dialled=conversation.request.extension)
            await conversation.stream(NOT_UNDERSTOOD)
        await conversation.set_variable(ANSWERED, "1")

    return script


async def _answer(conversation: Conversation, office: Office, codes: Codes) -> None:
    wish = parse_dialled(conversation.request.extension, codes)
    if wish is None:
        await conversation.stream(NOT_UNDERSTOOD)
        return
    employee = await identify(conversation, office, wish.extension)
    if employee is None:
        await conversation.hangup()
        return
    match wish:
        case SetStatus():
            await set_status(conversation, office, employee, wish)
        case SayStatus():
            await say_status(conversation, office, employee)


async def set_status(
    conversation: Conversation, office: Office, employee: EmployeeId, wish: SetStatus
) -> None:
    """Declare the status wished for, and say what was stored.

    A code with an extension is what a lamp key dials, so there a status that already holds is
    switched off, as telephones do with a lit key: back to Online.
    """
    status = wish.status
    if wish.extension and wish.until is None:
        held = holding(await office.declared(employee), office.now())
        if held.base is status:
            status = Status.ONLINE
    zone = await office.zone(employee)
    until = next_moment(wish.until, zone, office.now()) if wish.until is not None else None
    stored = await office.declare(employee, status, until)
    log.info("status declared", by="code", employee=employee, status=stored.base.value)
    await _say(conversation, stored, zone)


async def say_status(conversation: Conversation, office: Office, employee: EmployeeId) -> None:
    """Say which status holds, and until when."""
    held = holding(await office.declared(employee), office.now())
    await _say(conversation, held, await office.zone(employee))


async def identify(
    conversation: Conversation, office: Office, extension: Extension | None
) -> EmployeeId | None:
    """Whose status this is about: by the phone it is dialled from, else by extension and PIN."""
    owner = await owner_of_phone(conversation, office, extension)
    return owner if owner is not None else await by_pin(conversation, office, extension)


async def by_pin(
    conversation: Conversation, office: Office, extension: Extension | None
) -> EmployeeId | None:
    """Whoever knows the PIN of an extension, which is asked for unless it is given."""
    for _ in range(TRIES):
        asked = extension or parse_extension(await _digits(conversation, ENTER_EXTENSION))
        pin = await _digits(conversation, ENTER_PIN)
        # Asked for an unknown extension too, so that nobody can find out which ones there are.
        employee = await office.check_pin(asked, pin) if asked and pin else None
        if employee is not None:
            return employee
        await conversation.stream(WRONG_PIN)
    log.warning("three wrong PINs", channel=conversation.request.channel, extension=extension)
    return None


async def owner_of_phone(
    conversation: Conversation, office: Office, extension: Extension | None
) -> EmployeeId | None:
    """Whose phone is dialled from; nobody's, where it is not that of `extension`."""
    endpoint = endpoint_of(conversation.request.channel)
    owner = await office.employee_of_endpoint(endpoint) if endpoint else None
    if owner is None or extension is None:
        return owner
    return owner if owner == await office.employee_of_extension(extension) else None


async def _digits(conversation: Conversation, prompt: str) -> str:
    longest = LONGEST_EXTENSION if prompt == ENTER_EXTENSION else LONGEST_PIN
    return await conversation.get_digits(prompt, DIGIT_TIMEOUT_MS, longest)


async def _say(conversation: Conversation, declared: Declared, zone: ZoneInfo) -> None:
    await conversation.stream(_status(declared.base))
    if declared.until is None:
        return
    # A moment between two minutes is over in the later one.
    local = (declared.until + timedelta(seconds=59)).astimezone(zone)
    for sound in (UNTIL, _hour(local.hour), _minute(local.minute)):
        await conversation.stream(sound)


def _status(status: Status) -> str:
    return f"autosecretary/status-{status.value}"


def _hour(hour: int) -> str:
    return f"autosecretary/hour-{hour}"


def _minute(minute: int) -> str:
    return f"autosecretary/minute-{minute}"


SOUNDS = frozenset(
    {ENTER_EXTENSION, ENTER_PIN, WRONG_PIN, NOT_UNDERSTOOD, UNTIL}
    | {_status(status) for status in Status}
    | {_hour(hour) for hour in range(24)}
    | {_minute(minute) for minute in range(60)}
)
"""Every sound that a feature code may play, in each language."""
