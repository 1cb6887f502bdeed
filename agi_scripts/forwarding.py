"""Forwarding by phone: on with a number, off without one, and what came of it said aloud."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from agi_scripts.codes import NOT_UNDERSTOOD, TRIES, Office, OtherCode, identify
from agi_scripts.conversation import Conversation
from ari_app.domain.checks import Problem
from ari_app.domain.directory import Destination
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId, Extension, parse_extension
from ari_app.settings import Settings

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

ENTER_NUMBER = "autosecretary/forward-enter-number"
OFF = "autosecretary/forward-off"
UNKNOWN = "autosecretary/forward-unknown"
NOT_ALLOWED = "autosecretary/forward-not-allowed"
CIRCLE = "autosecretary/forward-circle"
ON = {
    ForwardKind.ALL: "autosecretary/forward-all",
    ForwardKind.BUSY: "autosecretary/forward-busy",
    ForwardKind.NO_ANSWER: "autosecretary/forward-no-answer",
}
SOUNDS = frozenset({ENTER_NUMBER, OFF, UNKNOWN, NOT_ALLOWED, CIRCLE, *ON.values()})
"""Every sentence that these codes may say; digits are said with Asterisk's own sounds."""

_REFUSED = {
    Problem.MAY_NOT_DIAL: NOT_ALLOWED,
    Problem.CIRCLE: CIRCLE,
    Problem.MYSELF: CIRCLE,
}
_LONGEST_NUMBER = 20
_TIMEOUT_MS = 6000
_OWN = re.compile(r"(?P<number>\+?[0-9]{2,20})?#?", re.ASCII)
_OTHERS = re.compile(r"\*(?P<extension>[0-9]{2,7})(?:[*#](?P<number>\+?[0-9]{2,20}))?#?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """Where calls would go, and the digits that are said of it."""

    to: Destination
    digits: str


class Forwards(Protocol):
    """The office's forwardings, as these codes change them."""

    def target(self, number: str) -> Target | None:
        """What a number as people dial it stands for."""
        ...

    async def forward(
        self, employee: EmployeeId, kind: ForwardKind, to: Destination
    ) -> Problem | None:
        """Set a forwarding, or say why it cannot be."""
        ...

    async def end(self, employee: EmployeeId, kind: ForwardKind) -> None: ...

    async def is_on(self, employee: EmployeeId, kind: ForwardKind) -> bool: ...


def forwarding_codes(
    office: Office, forwards: Forwards, settings: Settings
) -> Mapping[str, OtherCode]:
    """The six codes: on and off for all calls, when busy, and without an answer."""
    pairs = {
        ForwardKind.ALL: (settings.code_forward, settings.code_forward_off),
        ForwardKind.BUSY: (settings.code_forward_busy, settings.code_forward_busy_off),
        ForwardKind.NO_ANSWER: (
            settings.code_forward_no_answer,
            settings.code_forward_no_answer_off,
        ),
    }
    on = {code: _switch_on(office, forwards, kind) for kind, (code, _) in pairs.items()}
    off = {code: _switch_off(office, forwards, kind) for kind, (_, code) in pairs.items()}
    return {**on, **off}


def _switch_on(office: Office, forwards: Forwards, kind: ForwardKind) -> OtherCode:
    async def code(conversation: Conversation, rest: str) -> None:
        dialled = _dialled(rest)
        if dialled is None:
            await conversation.stream(NOT_UNDERSTOOD)
            return
        extension, number = dialled
        employee = await identify(conversation, office, extension)
        if employee is None:
            await conversation.hangup()
            return
        # A code with an extension alone is what a lamp key dials: a lit one switches off.
        if extension and not number and await forwards.is_on(employee, kind):
            await forwards.end(employee, kind)
            await conversation.stream(OFF)
            return
        target = await _target(conversation, forwards, number)
        if target is not None:
            await _forward(conversation, forwards, (employee, kind), target)

    return code


def _switch_off(office: Office, forwards: Forwards, kind: ForwardKind) -> OtherCode:
    async def code(conversation: Conversation, rest: str) -> None:
        dialled = _dialled(rest)
        if dialled is None or dialled[1]:
            await conversation.stream(NOT_UNDERSTOOD)
            return
        employee = await identify(conversation, office, dialled[0])
        if employee is None:
            await conversation.hangup()
            return
        await forwards.end(employee, kind)
        log.info("forwarding ended", by="code", employee=employee, kind=kind.value)
        await conversation.stream(OFF)

    return code


async def _target(conversation: Conversation, forwards: Forwards, number: str) -> Target | None:
    """The number dialled, or the one that is asked for; what is none is said to be none."""
    if number:
        target = forwards.target(number)
        if target is None:
            await conversation.stream(UNKNOWN)
        return target
    for _ in range(TRIES):
        typed = await conversation.get_digits(ENTER_NUMBER, _TIMEOUT_MS, _LONGEST_NUMBER)
        target = forwards.target(typed)
        if target is not None:
            return target
        await conversation.stream(UNKNOWN)
    return None


async def _forward(
    conversation: Conversation,
    forwards: Forwards,
    what: tuple[EmployeeId, ForwardKind],
    target: Target,
) -> None:
    employee, kind = what
    problem = await forwards.forward(employee, kind, target.to)
    if problem is not None:
        log.info("forwarding refused", employee=employee, reason=problem.value)
        await conversation.stream(_REFUSED.get(problem, UNKNOWN))
        return
    log.info("forwarding set", by="code", employee=employee, kind=kind.value)
    await conversation.stream(ON[kind])
    for digit in target.digits:
        await conversation.stream(f"digits/{digit}")


def _dialled(rest: str) -> tuple[Extension | None, str] | None:
    """For whom, and the number: ``89165550100``, ``*102``, ``*102*89165550100``, or nothing."""
    if own := _OWN.fullmatch(rest):
        return None, own["number"] or ""
    if others := _OTHERS.fullmatch(rest):
        return parse_extension(others["extension"]), others["number"] or ""
    return None
