"""Where does this call go next, and why: one pure, total function, and the chain it would give."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.availability import holding, readiness
from ari_app.domain.calls import Call, Outcome
from ari_app.domain.conditions import applies, fires_on_situation, fires_on_status
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Declared,
    Destination,
    Directory,
    Employee,
    ForwardingRule,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
)
from ari_app.domain.endings import ending, farewell, take_message
from ari_app.domain.numbers import EmployeeId, OutsideNumber
from ari_app.domain.ringing import Phones, phone_legs, ring_phones
from ari_app.domain.steps import Cause, DiversionReason, Fact, HangUp, Plan, Play, Ring, Step
from ari_app.domain.trip import Diverter, Trip, offer, ring, start

Way = Generator[Plan, Outcome, bool]
"""Yields plans, is sent outcomes, and returns whether somebody took the call."""
Assumed = Outcome | Callable[[Ring], Outcome]
"""How rings come out that nobody hears: all of them so, or each as a function says."""

_SITUATIONS = {
    Outcome.NO_ANSWER: Situation.NO_ANSWER,
    Outcome.BUSY: Situation.BUSY,
    Outcome.REFUSED: Situation.BUSY,
}
_DIVERSIONS = {
    Situation.NO_ANSWER: DiversionReason.NO_ANSWER,
    Situation.BUSY: DiversionReason.USER_BUSY,
    Situation.UNREACHABLE: DiversionReason.UNAVAILABLE,
}


def route(call: Call, directory: Directory, now: datetime) -> Plan:
    """The next step of `call` at `now`, and the facts behind it: same question, same answer."""
    return next(_way(call, directory, now))


def unfold(
    call: Call, directory: Directory, now: datetime, assume: Assumed = Outcome.NO_ANSWER
) -> tuple[Plan, ...]:
    """The chain that `route` gives when rings come out as `assume` says, up to the last step."""
    way = _way(call, directory, now)
    plans = [next(way)]
    while not ends_the_call(plans[-1].step):
        plans.append(way.send(_assumed(plans[-1].step, assume)))
    return tuple(plans)


def _assumed(step: Step, assume: Assumed) -> Outcome:
    if not isinstance(step, Ring):
        return Outcome.DONE
    return assume(step) if callable(assume) else assume


def ends_the_call(step: Step) -> bool:
    """Whether nothing comes after `step` once Asterisk has carried it out."""
    return not isinstance(step, Ring | Play)


@dataclass(frozen=True, slots=True)
class _Followed:
    """A rule being followed: whose it is, why it fired, and the stem of its steps' keys."""

    owner: Employee
    rule: ForwardingRule
    diverter: Diverter
    stem: str


def _way(call: Call, directory: Directory, now: datetime) -> Generator[Plan, Outcome, None]:
    trip = start(call, directory, now)
    employee = directory.employees.get(directory.extensions.get(call.called, EmployeeId(-1)))
    if employee is None:
        trip.note(Fact.UNKNOWN_EXTENSION)
        yield trip.plan(HangUp("x", Cause.UNALLOCATED, "autosecretary/unallocated"))
    elif not (yield from _visit(trip, employee)):
        yield from _last_resort(trip, employee)
    yield trip.plan(HangUp("z", Cause.NORMAL))


def _visit(trip: Trip, employee: Employee) -> Way:
    """The way of a call to one employee: rules for the status, own phones, rules for the rest."""
    trip.visited.add(employee.id)
    declared = holding(employee.declared, trip.now)
    was_followed = False
    for rule in _rules(trip, employee):
        if not (employee.uses_status or rule.is_temporary):
            continue
        if fires_on_status(rule.when, declared):
            was_followed = True
            trip.note_rule(Fact.RULE_BY_STATUS, employee, rule, status_detail(declared))
            if (yield from _follow(trip, employee, rule, _away(declared))):
                return True
    if was_followed:
        return False
    if not readiness(employee, trip.now).direct:
        trip.note(Fact.NOT_READY, employee, status_detail(declared))
        if declared.base is Status.DO_NOT_DISTURB:
            trip.last = Outcome.BUSY
        return False
    _note_readiness(trip, employee, declared)
    return (yield from _ring_and_follow(trip, employee))


def _note_readiness(trip: Trip, employee: Employee, declared: Declared) -> None:
    if not employee.uses_status:
        trip.note(Fact.STATUS_NOT_COUNTED, employee)
    elif declared.base is Status.BREAK:
        trip.note(Fact.STATUS_RINGS_ANYWAY, employee, status_detail(declared))
    else:
        trip.note(Fact.READY, employee, status_detail(declared))


def _ring_and_follow(trip: Trip, employee: Employee) -> Way:
    """Ring the employee's own phones, then follow the rules for what came of it."""
    impatient = _rules_for(trip, employee, Situation.NO_ANSWER)
    patience = next((rule.when.no_answer_seconds for rule in impatient), 0)
    came_to = Outcome.UNREACHABLE
    if employee.phones:
        own = Phones(employee, employee.phones, employee.ring_order, together=patience)
        came_to = yield from ring_phones(trip, f"{employee.id}p", own)
    else:
        trip.note(Fact.NO_PHONE, employee)
    if came_to is Outcome.ANSWERED:
        return True
    trip.note(Fact.UNANSWERED, employee, came_to.value)
    situation = _SITUATIONS.get(came_to, Situation.UNREACHABLE)
    for rule in _rules_for(trip, employee, situation):
        trip.note_rule(Fact.RULE_BY_SITUATION, employee, rule, situation.value)
        if (yield from _follow(trip, employee, rule, _DIVERSIONS[situation])):
            return True
    return False


def _rules(trip: Trip, employee: Employee) -> Iterable[ForwardingRule]:
    return (
        rule
        for rule in employee.rules
        if applies(rule, employee, trip.call.caller, trip.directory, trip.now)
    )


def _rules_for(trip: Trip, employee: Employee, situation: Situation) -> Iterable[ForwardingRule]:
    return (r for r in _rules(trip, employee) if fires_on_situation(r.when, situation))


def _follow(trip: Trip, owner: Employee, rule: ForwardingRule, reason: DiversionReason) -> Way:
    """Carry out one rule: its greeting, its destination, and what it says for otherwise."""
    followed = _Followed(owner, rule, Diverter(owner, reason), f"{owner.id}r{rule.id}")
    if rule.greeting is not None:
        yield from offer(trip, Play(f"{followed.stem}g", rule.greeting))
    if (yield from _go_to(trip, followed, rule.then, f"{followed.stem}t")):
        return True
    if rule.otherwise is None:
        return False
    trip.note_rule(Fact.OTHERWISE, owner, rule, trip.last.value)
    return (yield from _go_to(trip, followed, rule.otherwise, f"{followed.stem}o"))


def _go_to(trip: Trip, followed: _Followed, destination: Destination, stem: str) -> Way:
    match destination:
        case OwnPhones(order, seconds):
            own = Phones(
                followed.owner, followed.owner.phones, order, seconds, diverter=followed.diverter
            )
            return (yield from ring_phones(trip, stem, own)) is Outcome.ANSWERED
        case Colleague(employee_id):
            return (yield from _pass_to_colleague(trip, followed, employee_id))
        case Colleagues():
            return (yield from _ring_colleagues(trip, followed, destination, stem))
        case OutsideNumbers():
            return (yield from _ring_outside(trip, followed, destination, stem))
        case Voicemail():
            yield from offer(trip, take_message(stem, followed.owner))
            return False
        case SayGoodbye(kind):
            yield from offer(trip, farewell(stem, kind))
            return True


def _pass_to_colleague(trip: Trip, followed: _Followed, employee_id: EmployeeId) -> Way:
    colleague = _colleague(trip, followed, employee_id)
    if colleague is None:
        return False
    if colleague.id in trip.visited:
        trip.note(Fact.CIRCLE, colleague)
        return False
    if len(trip.visited) > trip.directory.limits.hops:
        trip.note(Fact.LIMIT, colleague, "hops")
        return False
    before, trip.diverter = trip.diverter, followed.diverter
    was_taken = yield from _visit(trip, colleague)
    trip.diverter = before
    return was_taken


def _colleague(trip: Trip, followed: _Followed, employee_id: EmployeeId) -> Employee | None:
    colleague = trip.directory.employees.get(employee_id)
    if colleague is None:
        trip.note_rule(Fact.COLLEAGUE_GONE, followed.owner, followed.rule, str(employee_id))
    return colleague


def _ring_colleagues(trip: Trip, followed: _Followed, to: Colleagues, stem: str) -> Way:
    """Ring those who take group calls; who was asked before is left out."""
    ready = [
        Phones(colleague, colleague.phones, RingOrder.AT_ONCE, diverter=followed.diverter)
        for employee_id in to.employees
        if (colleague := _ready_colleague(trip, followed, employee_id)) is not None
    ]
    if to.order is RingOrder.AT_ONCE:
        legs = [leg for phones in ready for leg in phone_legs(trip, phones, phones.phones)]
        came_to = yield from ring(trip, stem, legs, to.seconds, followed.diverter)
        return came_to is Outcome.ANSWERED
    for phones in ready[:1] if to.order is RingOrder.MAIN_ONLY else ready:
        legs = phone_legs(trip, phones, phones.phones)
        key = f"{stem}e{phones.owner.id}"
        if (yield from ring(trip, key, legs, to.seconds, followed.diverter)) is Outcome.ANSWERED:
            return True
    return False


def _ready_colleague(trip: Trip, followed: _Followed, employee_id: EmployeeId) -> Employee | None:
    colleague = _colleague(trip, followed, employee_id)
    if colleague is None or readiness(colleague, trip.now).group:
        return colleague
    detail = status_detail(holding(colleague.declared, trip.now))
    trip.note(Fact.COLLEAGUE_NOT_READY, colleague, detail)
    return None


def _ring_outside(trip: Trip, followed: _Followed, to: OutsideNumbers, stem: str) -> Way:
    """Ring numbers outside; one that is an employee's own number is a call to that employee."""
    outside: list[OutsideNumber] = []
    for number in to.numbers:
        employee_id = trip.directory.numbers.get(number.e164)
        if employee_id is None:
            outside.append(number)
            continue
        trip.note_rule(Fact.OWN_NUMBER, followed.owner, followed.rule, number.e164)
        if (yield from _pass_to_colleague(trip, followed, employee_id)):
            return True
    phones = Phones(
        followed.owner,
        tuple(Phone(number, to.seconds) for number in outside),
        to.order,
        diverter=followed.diverter,
        confirm=to.confirm,
    )
    return bool(outside) and (yield from ring_phones(trip, stem, phones)) is Outcome.ANSWERED


def _last_resort(trip: Trip, employee: Employee) -> Generator[Plan, Outcome, None]:
    """Nobody took the call: a message if the card has voicemail, else a sentence and a cause."""
    if employee.has_voicemail:
        trip.note(Fact.VOICEMAIL, employee)
        yield from offer(trip, take_message(f"{employee.id}v", employee))
    else:
        trip.note(Fact.NO_VOICEMAIL, employee)
    yield from offer(trip, ending(f"{employee.id}e", trip.last))


def _away(declared: Declared) -> DiversionReason:
    is_away = declared.base in (Status.OFFLINE, Status.BREAK)
    return DiversionReason.AWAY if is_away else DiversionReason.UNCONDITIONAL


def status_detail(declared: Declared) -> str:
    """A status as `Reason.detail` holds it: the base's value, or ``own-`` and its number."""
    return declared.base.value if declared.own is None else f"own-{declared.own}"
