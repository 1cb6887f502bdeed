"""When, then and otherwise of a rule as one JSON document, and back."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final, Literal

import msgspec
from msgspec import Struct

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    Farewell,
    Hours,
    OutsideNumbers,
    OwnPhones,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber, OwnStatusId

VERSION: Final = 1

Deeds = tuple[When, Destination, Destination | None]
"""A rule's `when`, `then` and `otherwise`."""


class UnreadableDocumentError(Exception):
    """A document that is damaged, or that a newer program wrote."""


class _Hours(Struct, omit_defaults=True):
    start: time = time(0)
    end: time = time(0)
    day_kind: DayKind = DayKind.ANY
    weekdays: list[int] = []
    on: date | None = None


class _When(Struct, omit_defaults=True):
    """Own statuses are numbers, the others names."""

    statuses: list[str | int]
    situations: list[Situation]
    callers: list[CallerKind]
    no_answer_seconds: int = 0
    numbers: list[str] = []
    since: datetime | None = None
    until: datetime | None = None
    hours: list[_Hours] = []


class _OwnPhones(Struct, tag="own_phones", tag_field="to"):
    order: RingOrder
    seconds: int


class _Colleague(Struct, tag="colleague", tag_field="to"):
    employee: int


class _Colleagues(Struct, tag="colleagues", tag_field="to"):
    employees: list[int]
    order: RingOrder
    seconds: int


class _Number(Struct):
    e164: str
    number_class: NumberClass


class _OutsideNumbers(Struct, tag="outside_numbers", tag_field="to"):
    numbers: list[_Number]
    order: RingOrder
    seconds: int
    confirm: bool


class _Voicemail(Struct, tag="voicemail", tag_field="to"):
    pass


class _SayGoodbye(Struct, tag="say_goodbye", tag_field="to"):
    farewell: Farewell


_Destination = _OwnPhones | _Colleague | _Colleagues | _OutsideNumbers | _Voicemail | _SayGoodbye


class _Document(Struct):
    version: Literal[1]
    when: _When
    then: _Destination
    otherwise: _Destination | None = None


def encode(when: When, then: Destination, otherwise: Destination | None) -> str:
    """The document of a rule."""
    document = _Document(
        VERSION,
        _encode_when(when),
        _encode_destination(then),
        None if otherwise is None else _encode_destination(otherwise),
    )
    return msgspec.json.encode(document).decode()


@lru_cache(maxsize=8192)
def decode(text: str) -> Deeds:
    """What a document says; equal ones share their values, which saves an office's memory.

    Raises UnreadableDocumentError.
    """
    try:
        document = msgspec.json.decode(text, type=_Document)
        otherwise = document.otherwise
        return (
            _decode_when(document.when),
            _decode_destination(document.then),
            None if otherwise is None else _decode_destination(otherwise),
        )
    except (msgspec.MsgspecError, ValueError) as error:
        raise UnreadableDocumentError(str(error)) from error


def _encode_when(when: When) -> _When:
    return _When(
        statuses=sorted(map(_encode_choice, when.statuses), key=str),
        situations=sorted(when.situations, key=lambda situation: situation.value),
        callers=sorted(when.callers, key=lambda caller: caller.value),
        no_answer_seconds=when.no_answer_seconds,
        numbers=list(when.numbers),
        since=when.since and when.since.astimezone(UTC),
        until=when.until and when.until.astimezone(UTC),
        hours=[
            _Hours(each.start, each.end, each.day_kind, sorted(each.weekdays), each.on)
            for each in when.hours
        ],
    )


def _decode_when(when: _When) -> When:
    return When(
        statuses=frozenset(map(_decode_choice, when.statuses)),
        situations=frozenset(when.situations),
        no_answer_seconds=when.no_answer_seconds,
        callers=frozenset(when.callers),
        numbers=tuple(when.numbers),
        since=when.since,
        until=when.until,
        hours=tuple(
            Hours(each.start, each.end, each.day_kind, frozenset(each.weekdays), each.on)
            for each in when.hours
        ),
    )


def _encode_choice(choice: StatusChoice) -> str | int:
    return choice.value if isinstance(choice, Status) else choice


def _decode_choice(choice: str | int) -> StatusChoice:
    return Status(choice) if isinstance(choice, str) else OwnStatusId(choice)


def _encode_destination(destination: Destination) -> _Destination:
    match destination:
        case OwnPhones(order, seconds):
            return _OwnPhones(order, seconds)
        case Colleague(employee):
            return _Colleague(employee)
        case Colleagues(employees, order, seconds):
            return _Colleagues(list(employees), order, seconds)
        case OutsideNumbers(numbers, order, seconds, confirm):
            written = [_Number(number.e164, number.number_class) for number in numbers]
            return _OutsideNumbers(written, order, seconds, confirm)
        case Voicemail():
            return _Voicemail()
        case SayGoodbye(farewell):
            return _SayGoodbye(farewell)


def _decode_destination(destination: _Destination) -> Destination:
    match destination:
        case _OwnPhones():
            return OwnPhones(destination.order, destination.seconds)
        case _Colleague():
            return Colleague(EmployeeId(destination.employee))
        case _Colleagues(employees=employees):
            people = tuple(map(EmployeeId, employees))
            return Colleagues(people, destination.order, destination.seconds)
        case _OutsideNumbers(numbers=numbers, order=order, seconds=seconds):
            read = tuple(OutsideNumber(each.e164, each.number_class) for each in numbers)
            return OutsideNumbers(read, order, seconds, destination.confirm)
        case _Voicemail():
            return Voicemail()
        case _SayGoodbye():
            return SayGoodbye(destination.farewell)
