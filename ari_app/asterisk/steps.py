"""Steps and attempts as the dial plan writes them: the one place that knows the encoding.

A step is one line of fields parted by ``|``; lists inside a field are parted by ``&``, parts of
a list's item by ``^``, and attempts by ``#``. The dial plan reads the fields
with CUT(), see ``asterisk-config/autosecretary/extensions.conf``:

====  ============  =====================================================================
No.   field         what it holds
====  ============  =====================================================================
1     kind          ``ring``, ``play``, ``message`` or ``hangup``: the context that does it
2     key           names the step within the call
3     seconds       how long it rings
4     addresses     whom it rings, for the next question
5     target        dial string, sound, mailbox or cause (ITU-T Q.850)
6     outside       legs through ``autosecretary-outside``: dial string^caller id^seconds
                    to answer; the last only where the key 1 is asked for
7     diverter      number of the employee who forwards
8     reason        why, in the words of Asterisk's REDIRECTING()
9     sound         what is said before a message or a hang-up
10    patience      Dial()'s time limit: `seconds`, and time to press the key 1
11    because       facts: fact^employee^rule^detail
====  ============  =====================================================================

Only known characters pass; a leg whose dial string has another one is left out.
"""

import re
from dataclasses import dataclass, replace

from ari_app.domain.calls import Attempt, Outcome
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.steps import (
    Cause,
    DiversionReason,
    Fact,
    HangUp,
    InsideLeg,
    OutsideLeg,
    Plan,
    Play,
    Reason,
    Ring,
    Step,
    TakeMessage,
)

STEP_VARIABLE = "AS_STEP"
CALLED_VARIABLE = "AS_CALLED"
ORIGIN_VARIABLE = "AS_ORIGIN"
TRIED_VARIABLE = "AS_TRIED"

_SECONDS_TO_CONFIRM = 25
"""Time to hear "press 1" three times and to press it, after the mobile was picked up."""

_SAFE_DIAL = re.compile(r"[A-Za-z0-9_./@:+-]{1,200}")
_SAFE_SOUND = re.compile(r"[A-Za-z0-9_/-]{1,100}")
_UNSAFE_DETAIL = re.compile(r"[^A-Za-z0-9_+.:-]")

_Q850 = {
    Cause.NORMAL: "16",
    Cause.BUSY: "17",
    Cause.UNAVAILABLE: "19",
    Cause.UNREACHABLE: "20",
    Cause.UNALLOCATED: "1",
}
_REDIRECTING = {
    DiversionReason.UNCONDITIONAL: "cfu",
    DiversionReason.NO_ANSWER: "cfnr",
    DiversionReason.USER_BUSY: "cfb",
    DiversionReason.UNAVAILABLE: "unavailable",
    DiversionReason.AWAY: "away",
}
_DIAL_STATUSES = {
    "ANSWER": Outcome.ANSWERED,
    "BUSY": Outcome.BUSY,
    "NOANSWER": Outcome.NO_ANSWER,
    "CHANUNAVAIL": Outcome.UNREACHABLE,
    "CONGESTION": Outcome.FAILED,
    "CANCEL": Outcome.NO_ANSWER,
    "DONTCALL": Outcome.REFUSED,
    "TORTURE": Outcome.REFUSED,
    "INVALIDARGS": Outcome.FAILED,
    "DONE": Outcome.DONE,
    "FAILED": Outcome.FAILED,
}
_FACTS = frozenset(fact.value for fact in Fact)
_CALL_REJECTED = "21"
_MOST_ATTEMPTS = 64


def encode_plan(plan: Plan) -> str:
    """The line of fields for one step, with its reasons."""
    fields = _fields(plan.step) | {11: "&".join(_encode_reason(r) for r in plan.because)}
    return "|".join(fields.get(place, "") for place in range(1, 12))


def encode_short(plan: Plan, longest: int) -> str:
    """The line for one step in at most `longest` bytes: without reasons, then without legs."""
    line = encode_plan(plan)
    if len(line) > longest:
        plan = Plan(plan.step, ())
        line = encode_plan(plan)
    while len(line) > longest and isinstance(plan.step, Ring) and len(plan.step.legs) > 1:
        plan = Plan(replace(plan.step, legs=plan.step.legs[:-1]), ())
        line = encode_plan(plan)
    return line


def _fields(step: Step) -> dict[int, str]:
    match step:
        case Ring():
            return _ring_fields(step)
        case Play(key, sound):
            return {1: "play", 2: key, 3: "0", 5: _sound(sound)}
        case TakeMessage(key, mailbox, sound):
            return {1: "message", 2: key, 3: "0", 5: mailbox, 9: _sound(sound)}
        case HangUp(key, cause, sound):
            return {1: "hangup", 2: key, 3: "0", 5: _Q850[cause], 9: _sound(sound or "")}


def _ring_fields(step: Ring) -> dict[int, str]:
    dialled: list[str] = []
    through: list[str] = []
    asks = False
    for leg in step.legs:
        match leg:
            case InsideLeg(endpoint):
                dialled.append(f"${{PJSIP_DIAL_CONTACTS({endpoint})}}")
            case OutsideLeg(_, dial, caller_id, confirm) if _SAFE_DIAL.fullmatch(dial):
                if not confirm and not caller_id:
                    dialled.append(dial)
                    continue
                asks = asks or confirm
                through.append(f"{dial}^{caller_id}^{step.seconds if confirm else ''}")
                dialled.append(f"Local/{len(through)}@autosecretary-outside")
            case OutsideLeg():
                continue
    fields = {
        1: "ring",
        2: step.key,
        3: str(step.seconds),
        4: "&".join(leg.address for leg in step.legs),
        5: "&".join(dialled),
        6: "&".join(through),
        10: str(step.seconds + _SECONDS_TO_CONFIRM if asks else step.seconds),
    }
    if step.diversion is not None:
        fields |= {7: step.diversion.number, 8: _REDIRECTING[step.diversion.reason]}
    return fields


def _sound(name: str) -> str:
    return name if _SAFE_SOUND.fullmatch(name) else ""


def _encode_reason(reason: Reason) -> str:
    detail = _UNSAFE_DETAIL.sub("", reason.detail)[:40]
    return f"{reason.fact.value}^{reason.employee or ''}^{reason.rule or ''}^{detail}"


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step as the journal tells it: what was done, to whom, and why."""

    kind: str
    key: str
    seconds: int
    addresses: tuple[str, ...]
    target: str
    diverter: str
    sound: str
    because: tuple[Reason, ...]


def decode_step(line: str) -> WrittenStep | None:
    """The step that a line of fields tells, or None if it is none."""
    fields = line.split("|")
    if len(fields) != 11 or not fields[1]:
        return None
    target = fields[4]
    if fields[0] == "hangup":
        target = next((c.value for c, number in _Q850.items() if number == target), target)
    return WrittenStep(
        kind=fields[0],
        key=fields[1],
        seconds=_whole(fields[2]),
        addresses=tuple(filter(None, fields[3].split("&"))),
        target=target,
        diverter=fields[6],
        sound=fields[8],
        because=tuple(filter(None, map(_decode_reason, fields[10].split("&")))),
    )


def _decode_reason(text: str) -> Reason | None:
    parts = text.split("^")
    if len(parts) != 4 or parts[0] not in _FACTS:
        return None
    employee, rule = _whole(parts[1]), _whole(parts[2])
    return Reason(
        Fact(parts[0]),
        EmployeeId(employee) if employee else None,
        RuleId(rule) if rule else None,
        parts[3],
    )


def parse_attempts(text: str) -> tuple[Attempt, ...]:
    """What the dial plan has tried: ``key|DIALSTATUS|cause|seconds|addresses#`` for each step."""
    attempts = (_attempt(part.split("|")) for part in text.split("#")[:_MOST_ATTEMPTS])
    return tuple(attempt for attempt in attempts if attempt is not None)


def _attempt(fields: list[str]) -> Attempt | None:
    if len(fields) != 5 or not fields[0]:
        return None
    key, status, cause, seconds, addresses = fields
    return Attempt(
        key, outcome(status, cause), _whole(seconds), frozenset(filter(None, addresses.split("&")))
    )


def outcome(dial_status: str, cause: str) -> Outcome:
    """What Asterisk's DIALSTATUS and HANGUPCAUSE say of a step; app_dial counts 21 as no route."""
    if dial_status == "CHANUNAVAIL" and cause == _CALL_REJECTED:
        return Outcome.REFUSED
    return _DIAL_STATUSES.get(dial_status, Outcome.FAILED)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
