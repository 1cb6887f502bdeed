"""Calling back: what is rung, what forbids it, what Asterisk is asked, what the history keeps."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ari_app.asterisk.call_back import CallsBack
from ari_app.asterisk.rest import AriGone, Response
from ari_app.domain.call_back import CallBack, CallBackAnswer, call_back
from ari_app.domain.calls import Ending
from ari_app.domain.directory import CallerIdPolicy, Directory, Phone, RingOrder, Trunk
from ari_app.domain.numbers import EmployeeId, Endpoint, Extension, NumberClass, OutsideNumber
from ari_app.domain.steps import InsideLeg, OutsideLeg
from ari_app.record import Recorder
from ari_app.store import board, call_list, history, reports
from ari_app.store.call_list import Reach, Wanted
from ari_app.store.rows import CallRow
from tests.unit.office import Sessions, seeded
from tests.unit.people import LANDLINE, MOBILE, directory, employee
from tests.unit.test_record import line

ANNA, BORIS = EmployeeId(101), EmployeeId(102)
OWN = "+74951234501"


def office(**more: Any) -> Directory:
    anna = replace(employee(101, number=OWN), **more)
    return directory(anna, employee(102, number="+74951234502"))


def placed(
    by: EmployeeId, number: OutsideNumber | Extension, people: Directory | None = None
) -> CallBack:
    wanted = call_back(by, number, people or office())
    assert isinstance(wanted, CallBack)
    return wanted


def test_a_number_outside_is_dialled_by_the_trunk_with_ones_own_number() -> None:
    wanted = placed(ANNA, MOBILE)
    assert wanted.to == MOBILE.e164
    assert wanted.dial is not None
    assert wanted.dial.legs == (OutsideLeg(MOBILE, f"PJSIP/{MOBILE.e164}@outside", OWN),)
    assert wanted.dial.diversion is None


def test_the_trunk_says_whose_number_is_shown() -> None:
    trunk = Trunk("t", "PJSIP/{number}@t", CallerIdPolicy.COMPANY, "+74951234500")
    wanted = placed(ANNA, MOBILE, replace(office(), trunks=(trunk,)))
    assert wanted.dial is not None
    (leg,) = wanted.dial.legs
    assert isinstance(leg, OutsideLeg)
    assert leg.caller_id == "+74951234500"


@pytest.mark.parametrize(
    "number", [Extension("102"), OutsideNumber("+74951234502", NumberClass.LOCAL)]
)
def test_a_colleague_is_called_inside(number: OutsideNumber | Extension) -> None:
    wanted = placed(ANNA, number)
    assert (wanted.to, wanted.dial) == ("102", None)


@pytest.mark.parametrize(
    ("order", "rung"),
    [
        (RingOrder.AT_ONCE, ["anna-desk", "anna-soft"]),
        (RingOrder.IN_TURN, ["anna-desk"]),
        (RingOrder.MAIN_ONLY, ["anna-desk"]),
    ],
)
def test_ones_own_sip_phones_ring_as_the_card_says(order: RingOrder, rung: list[str]) -> None:
    phones = (Phone(LANDLINE, 5), Phone(Endpoint("anna-desk"), 12), Phone(Endpoint("anna-soft"), 9))
    wanted = placed(ANNA, MOBILE, office(phones=phones, ring_order=order))
    assert [leg.address for leg in wanted.own.legs] == rung
    assert wanted.own.seconds == 12


def test_ones_own_phones_ring_thirty_seconds_at_most() -> None:
    phones = (Phone(Endpoint("anna-desk"), 120),)
    wanted = placed(ANNA, MOBILE, office(phones=phones))
    assert wanted.own.seconds == 30
    assert wanted.own.legs == (InsideLeg(Endpoint("anna-desk")),)


@pytest.mark.parametrize(
    ("people", "number", "answer"),
    [
        (office(phones=()), MOBILE, CallBackAnswer.NO_PHONE),
        (office(phones=(Phone(LANDLINE),)), MOBILE, CallBackAnswer.NO_PHONE),
        (directory(), MOBILE, CallBackAnswer.NO_PHONE),
        (office(), Extension("101"), CallBackAnswer.MYSELF),
        (office(), OutsideNumber(OWN, NumberClass.LOCAL), CallBackAnswer.MYSELF),
        (office(), Extension("199"), CallBackAnswer.NOBODY),
        (office(may_dial=frozenset()), MOBILE, CallBackAnswer.MAY_NOT_DIAL),
        (
            office(may_dial=frozenset({NumberClass.LOCAL})),
            OutsideNumber("+442071234567", NumberClass.INTERNATIONAL),
            CallBackAnswer.MAY_NOT_DIAL,
        ),
        (replace(office(), trunks=()), MOBILE, CallBackAnswer.NO_TRUNK),
    ],
)
def test_what_forbids_it_is_told(
    people: Directory, number: OutsideNumber | Extension, answer: CallBackAnswer
) -> None:
    assert call_back(ANNA, number, people) is answer


@dataclass
class Exchange:
    """An Asterisk that answers ARI's requests as it is told, and notes them."""

    states: dict[str, str] = field(default_factory=lambda: {"101": "online"})
    status: int = 200
    is_gone: bool = False
    originated: list[dict[str, Any]] = field(default_factory=list)

    async def over_http(
        self,
        method: str,
        uri: str,
        query: dict[str, str] | None = None,
        json: object = None,
    ) -> Response:
        if self.is_gone:
            raise AriGone("away")
        if method == "GET":
            return self._endpoint(uri.rpartition("/")[2])
        assert isinstance(json, dict)
        self.originated.append(json)
        return Response(self.status, "{}")

    def _endpoint(self, name: str) -> Response:
        if name not in self.states:
            return Response(404)
        told = {"technology": "PJSIP", "resource": name, "state": self.states[name]}
        return Response(200, json.dumps(told))


async def place(exchange: Exchange, people: Directory | None = None) -> CallBackAnswer:
    known = people or office()
    return await CallsBack(exchange, lambda: known).place(ANNA, MOBILE)


async def test_asterisk_is_asked_once_for_a_local_channel() -> None:
    exchange = Exchange()
    assert await place(exchange) is CallBackAnswer.RINGING
    (asked,) = exchange.originated
    assert asked["endpoint"] == "Local/s@autosecretary-call-back-phones/n"
    assert (asked["context"], asked["extension"]) == ("autosecretary-call-back", "s")
    variables = asked["variables"]
    assert (variables["AS_BACK_TO"], variables["AS_BACK_BY"]) == (MOBILE.e164, "101")
    assert variables["AS_BACK_OWN"].split("|")[4] == "${PJSIP_DIAL_CONTACTS(101)}"
    assert variables["AS_BACK_STEP"].split("|")[5] == f"PJSIP/{MOBILE.e164}@outside^{OWN}^"


async def test_a_colleague_needs_no_dial_string() -> None:
    exchange = Exchange()
    await CallsBack(exchange, office).place(ANNA, Extension("102"))
    assert exchange.originated[0]["variables"]["AS_BACK_STEP"] == ""


async def test_a_name_cannot_break_out_of_its_variable() -> None:
    exchange = Exchange()
    await place(exchange, office(name='A"\r\nn<n>a\\'))
    assert exchange.originated[0]["variables"]["AS_BACK_NAME"] == "Anna"


@pytest.mark.parametrize(
    ("exchange", "answer"),
    [
        (Exchange({"101": "offline"}), CallBackAnswer.PHONE_AWAY),
        (Exchange({}), CallBackAnswer.PHONE_AWAY),
        (Exchange({"101": "unknown"}), CallBackAnswer.RINGING),
        (Exchange(status=500), CallBackAnswer.ASTERISK_AWAY),
        (Exchange(is_gone=True), CallBackAnswer.ASTERISK_AWAY),
    ],
)
async def test_what_asterisk_does_not_do_is_told(
    exchange: Exchange, answer: CallBackAnswer
) -> None:
    assert await place(exchange) is answer


async def test_a_double_click_is_one_wish_and_other_people_and_numbers_are_others() -> None:
    exchange = Exchange({"101": "online", "102": "online"})
    calls_back = CallsBack(exchange, office)
    answers = [
        await calls_back.place(ANNA, MOBILE),
        await calls_back.place(ANNA, MOBILE),
        await calls_back.place(ANNA, LANDLINE),
        await calls_back.place(BORIS, MOBILE),
    ]
    ringing, twice = CallBackAnswer.RINGING, CallBackAnswer.TWICE
    assert answers == [ringing, twice, ringing, ringing]
    assert len(exchange.originated) == 3


async def test_what_did_not_ring_is_told_again_and_not_that_it_rings() -> None:
    exchange = Exchange({"101": "offline"})
    calls_back = CallsBack(exchange, office)
    answers = [await calls_back.place(ANNA, MOBILE), await calls_back.place(ANNA, MOBILE)]
    exchange.states["101"] = "online"
    answers.append(await calls_back.place(ANNA, MOBILE))
    away = CallBackAnswer.PHONE_AWAY
    assert answers == [away, away, CallBackAnswer.RINGING]


STEP = "service|ring|caller|60|+79165550177|PJSIP/+79165550177@outside|||||60|"
CALLED_BACK = (
    line("AS_CALL", "+79165550177|inside", number="101")
    + line("AS_STEP", STEP, after=0.1)
    + line("AS_END", "ring|caller|ANSWER|16|42|", after=50)
)
IN_VAIN = (
    line("AS_CALL", "+79165550177|inside", number="101")
    + line("AS_STEP", STEP, after=0.1)
    + line("AS_DONE", "caller|BUSY|17", after=3)
    + line("AS_STEP", "service|hangup|end|0||17||||||", after=3)
    + line("AS_END", "hangup|end|BUSY|17||", after=7)
)


async def recorded(sessions: Sessions, journal: Path, text: str) -> CallRow:
    people = await seeded(sessions)
    journal.write_text(text)
    await Recorder(journal, sessions, lambda: people, "RU").catch_up()
    async with sessions() as session:
        (row,) = await session.scalars(select(CallRow))
    return row


async def test_a_call_back_stands_in_the_history_as_a_call_by_the_employee(
    sessions: Sessions, tmp_path: Path
) -> None:
    row = await recorded(sessions, tmp_path / "journal", CALLED_BACK)
    assert (row.caller_number, row.called, row.is_inside) == ("101", "+79165550177", True)
    assert (row.employee_id, row.ending, row.talked_seconds) == (None, "answered", 42)
    assert row.by_employee_id is not None


async def test_a_call_back_in_vain_is_no_missed_call_of_anybody(
    sessions: Sessions, tmp_path: Path
) -> None:
    row = await recorded(sessions, tmp_path / "journal", IN_VAIN)
    assert row.ending == Ending.NOT_TAKEN.value
    me = EmployeeId(row.by_employee_id or 0)
    everyone, since = Reach(me, everyone=True), datetime(2000, 1, 1, tzinfo=UTC)
    async with sessions() as session:
        assert await board.missed_by_employee(session, [me], since) == {}
        assert sum((await reports.in_all(session, everyone, Wanted())).values()) == 0
        assert await reports.by_person(session, everyone, Wanted(), 0, 10) == []
        (call,) = await history.recent(session, 10)
    assert call.by == me
    assert [step.kind for step in call.steps] == ["ring", "hangup"]


async def test_who_called_back_finds_it_in_the_own_calls_and_nobody_else_does(
    sessions: Sessions, tmp_path: Path
) -> None:
    row = await recorded(sessions, tmp_path / "journal", CALLED_BACK)
    me = EmployeeId(row.by_employee_id or 0)
    other = EmployeeId(me + 1)
    async with sessions() as session:
        seen = [
            len((await call_list.page_of_calls(session, reach, wanted, 10)).calls)
            for reach, wanted in (
                (Reach(me), Wanted()),
                (Reach(other), Wanted()),
                (Reach(other, everyone=True), Wanted()),
                (Reach(other, everyone=True), Wanted(employee=me)),
                (Reach(other, everyone=True), Wanted(employee=other)),
            )
        ]
    assert seen == [1, 0, 1, 1, 0]
