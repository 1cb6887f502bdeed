"""Forwarding rules from JSON and back."""

from collections.abc import Sequence
from datetime import UTC
from typing import assert_never

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, OutsideNumber, RuleId
from ari_app.numbering import outside_number
from ari_app.settings import Settings
from web.api.rule_bodies import (
    ColleagueBody,
    ColleaguesBody,
    DestinationBody,
    HoursBody,
    OutsideNumbersBody,
    OwnPhonesBody,
    RuleBody,
    SayGoodbyeBody,
    VoicemailBody,
    WhenBody,
    own_status,
)
from web.forms import Wrong
from web.words import N_


def rules_of(bodies: Sequence[RuleBody], settings: Settings) -> tuple[ForwardingRule, ...]:
    """What the bodies say; new rules have ids below zero."""
    return tuple(
        ForwardingRule(
            RuleId(-place if body.id is None else body.id),
            body.name,
            _when(body.when),
            _destination(body.then, settings),
            None if body.otherwise is None else _destination(body.otherwise, settings),
            body.greeting or None,
            is_on=body.is_on,
            notice=body.notice,
        )
        for place, body in enumerate(bodies, 1)
    )


def body_of(rule: ForwardingRule) -> RuleBody:
    """The rule as it is sent."""
    when = rule.when
    return RuleBody(
        id=rule.id,
        name=rule.name,
        is_on=rule.is_on,
        when=WhenBody(
            statuses=tuple(sorted(map(_status_text, when.statuses))),
            situations=tuple(one for one in Situation if one in when.situations),
            no_answer_seconds=when.no_answer_seconds,
            callers=tuple(one for one in CallerKind if one in when.callers),
            numbers=when.numbers,
            since=when.since,
            until=when.until,
            hours=tuple(
                HoursBody(
                    start=each.start,
                    end=each.end,
                    day_kind=each.day_kind,
                    weekdays=tuple(sorted(each.weekdays)),
                    on=each.on,
                )
                for each in when.hours
            ),
        ),
        greeting=rule.greeting,
        notice=rule.notice,
        then=_destination_body(rule.then),
        otherwise=None if rule.otherwise is None else _destination_body(rule.otherwise),
    )


def _when(body: WhenBody) -> When:
    return When(
        frozenset(map(_choice, body.statuses)),
        frozenset(body.situations),
        body.no_answer_seconds,
        frozenset(body.callers),
        tuple(body.numbers),
        body.since and body.since.astimezone(UTC),
        body.until and body.until.astimezone(UTC),
        tuple(
            Hours(
                each.start.replace(tzinfo=None, microsecond=0),
                each.end.replace(tzinfo=None, microsecond=0),
                each.day_kind,
                frozenset(each.weekdays),
                each.on,
            )
            for each in body.hours
        ),
    )


def _choice(text: str) -> StatusChoice:
    own = own_status(text)
    return Status(text) if own is None else own


def _status_text(choice: StatusChoice) -> str:
    return choice.value if isinstance(choice, Status) else f"own-{choice}"


def _destination(body: DestinationBody, settings: Settings) -> Destination:
    match body:
        case OwnPhonesBody():
            return OwnPhones(body.order, body.seconds)
        case ColleagueBody():
            return Colleague(EmployeeId(body.employee))
        case ColleaguesBody():
            people = tuple(map(EmployeeId, body.employees))
            return Colleagues(people, body.order, body.seconds)
        case OutsideNumbersBody():
            numbers = tuple(_number(number, settings) for number in body.numbers)
            return OutsideNumbers(numbers, body.order, body.seconds, body.confirm)
        case VoicemailBody():
            return Voicemail()
        case SayGoodbyeBody():
            return SayGoodbye(body.farewell)
    assert_never(body)


def _number(e164: str, settings: Settings) -> OutsideNumber:
    """`e164` was read by the form, so it is a number; its class depends on the office."""
    found = outside_number(e164, settings.country, settings.area_code)
    if found is None:
        raise Wrong(N_("This is not a telephone number: +7 916 123-45-67"))
    return found


def _destination_body(destination: Destination) -> DestinationBody:
    match destination:
        case OwnPhones(order, seconds):
            return OwnPhonesBody(to="own_phones", order=order, seconds=seconds)
        case Colleague(employee):
            return ColleagueBody(to="colleague", employee=employee)
        case Colleagues(employees, order, seconds):
            return ColleaguesBody(
                to="colleagues", employees=list(employees), order=order, seconds=seconds
            )
        case OutsideNumbers(numbers, order, seconds, confirm):
            return OutsideNumbersBody(
                to="outside_numbers",
                numbers=[number.e164 for number in numbers],
                order=order,
                seconds=seconds,
                confirm=confirm,
            )
        case Voicemail():
            return VoicemailBody(to="voicemail")
        case SayGoodbye(farewell):
            return SayGoodbyeBody(to="say_goodbye", farewell=farewell)
    assert_never(destination)
