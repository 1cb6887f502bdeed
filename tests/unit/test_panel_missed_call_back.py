"""The button that calls somebody back: whom it calls, what it says, what it refuses."""

from dataclasses import dataclass, field

import pytest

from ari_app.domain.call_back import CallBackAnswer
from ari_app.domain.calls import Ending
from ari_app.domain.numbers import EmployeeId, Extension, OutsideNumber
from ari_app.store import audit
from tests.unit.call_history import CALLER, Rang, note
from tests.unit.panel import Browser, Office, browsing
from tests.unit.test_panel_missed_calls import MINUTE, miss, text_of


@dataclass
class Switchboard:
    """Where calls back end up in these tests: it notes them and answers as it is told."""

    answer: CallBackAnswer = CallBackAnswer.RINGING
    placed: list[tuple[EmployeeId, OutsideNumber | Extension]] = field(default_factory=list)

    async def place(self, by: EmployeeId, number: OutsideNumber | Extension) -> CallBackAnswer:
        self.placed.append((by, number))
        return self.answer


async def test_the_caller_of_an_entry_is_called_back(office: Office) -> None:
    (entry,) = await miss(office, Rang(102, Ending.NOT_TAKEN))
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        await browser.log_in(102)
        page = await browser.get("/missed")
        assert page.html.select_one('form[action="/call-back"]') is not None
        answer = await browser.post("/call-back", entry=entry, back="/missed")
        after = await browser.get(answer.to)
    ((by, number),) = board.placed
    assert (by, getattr(number, "e164", number)) == (office.who(102), CALLER)
    assert "Ваш телефон звонит" in text_of(after, ".alert-success")
    async with office.sessions() as session:
        (line, *_) = await audit.lines(session, audit.Wanted(), 1)
    assert line.action == "call.back"


async def test_a_colleague_is_called_by_the_extension(office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.ABANDONED, caller="106", is_inside=True))
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        await browser.log_in(105)
        await browser.post("/call-back", entry=entry)
    assert board.placed == [(office.who(105), "106")]


@pytest.mark.parametrize("answer", list(CallBackAnswer))
async def test_what_is_in_the_way_is_told(office: Office, answer: CallBackAnswer) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    async with browsing(office, office.panel(call_back=Switchboard(answer).place)) as browser:
        await browser.log_in(105)
        await browser.post("/call-back", entry=entry)
        told = await browser.get("/missed")
    is_good = answer in {CallBackAnswer.RINGING, CallBackAnswer.TWICE}
    assert text_of(told, ".alert-success" if is_good else ".alert-danger")


async def test_a_panel_without_asterisk_says_so_and_has_no_button(
    browser: Browser, office: Office
) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(105)
    page = await browser.get("/missed")
    assert page.html.select_one('form[action="/call-back"]') is None
    assert "runs without Asterisk" in page.text
    await browser.post("/call-back", entry=entry)
    assert "runs without Asterisk" in text_of(await browser.get("/calls"), ".alert-danger")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"number": "+74951112233"},
        {"number": "112"},
        {"number": "106"},
        {"number": "+79165550177&Local/x@y"},
        {"number": "1" * 200},
        {"entry": "2"},
        {"entry": "77"},
        {"entry": "x"},
        {"call": "2"},
    ],
    ids=str,
)
async def test_a_number_that_called_nobody_one_may_see_is_not_dialled(
    office: Office, fields: dict[str, str]
) -> None:
    await miss(
        office,
        Rang(105, Ending.NOT_TAKEN, 2 * MINUTE),
        Rang(102, Ending.NOT_TAKEN, MINUTE, caller="+74951112233"),
    )
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        await browser.log_in(105)
        assert (await browser.post("/call-back", **fields)).status == 404
    assert board.placed == []


async def test_a_number_that_tried_or_a_call_that_one_sees_will_do(office: Office) -> None:
    await miss(office, Rang(105, Ending.NOT_TAKEN, 2 * MINUTE))
    call = await note(office, Rang(105, Ending.ANSWERED, MINUTE, caller="+74951112233"))
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        await browser.log_in(105)
        for fields in ({"number": CALLER}, {"call": call}):
            assert (await browser.post("/call-back", **fields)).status == 303
    numbers = [getattr(number, "e164", "") for _, number in board.placed]
    assert numbers == [CALLER, "+74951112233"]


async def test_a_withheld_number_cannot_be_called(office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN, caller="", name=""))
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        await browser.log_in(105)
        page = await browser.get("/missed")
        assert page.html.select_one('form[action="/call-back"]') is None
        await browser.post("/call-back", entry=entry)
    assert board.placed == []
