"""Missed calls by the API: listed, closed, opened again, called back."""

from datetime import timedelta

import pytest

from ari_app.domain.call_back import CallBackAnswer
from ari_app.domain.calls import Ending
from tests.unit.api import program_of
from tests.unit.call_history import CALLER, Rang
from tests.unit.panel import Browser, Office, browsing
from tests.unit.test_panel_missed_call_back import Switchboard
from tests.unit.test_panel_missed_calls import MINUTE, miss
from web.api.scopes import TokenScope


async def test_they_are_listed_with_why_and_how_often(browser: Browser, office: Office) -> None:
    await miss(office, Rang(105, Ending.NOT_TAKEN, MINUTE), Rang(105, Ending.MESSAGE, 2 * MINUTE))
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.CALLS_READ})
    said = (await program.get("/missed-calls")).json
    assert (said["open"], said["newer"], said["older"]) == (2, None, None)
    (one, other) = said["missed_calls"]
    assert (one["call"]["caller_number"], one["call"]["ending"]) == (CALLER, "not_taken")
    assert (other["call"]["ending"], other["tries"]) == ("message", 2)
    assert (one["caller"], one["closed_at"], one["closed_how"]) == ("Иван", None, "")


async def test_a_long_list_goes_on_at_its_place(browser: Browser, office: Office) -> None:
    await miss(office, *(Rang(105, Ending.ABANDONED, number * MINUTE) for number in range(1, 53)))
    program = program_of(browser)
    await program.takes_token(101)
    first = (await program.get("/missed-calls")).json
    rest = (await program.get(f"/missed-calls?place={first['older']}")).json
    assert (len(first["missed_calls"]), len(rest["missed_calls"])) == (50, 2)


async def test_they_are_closed_and_opened_by_hand(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN, timedelta(minutes=1)))
    program = program_of(browser)
    await program.takes_token(101)
    assert (await program.post(f"/missed-calls/{entry + 1}/close")).status == 404
    assert (await program.post(f"/missed-calls/{entry}/close")).status == 204
    (one,) = (await program.get("/missed-calls?state=closed")).json["missed_calls"]
    assert (one["closed_how"], one["closed_by"]) == ("by_hand", "Анна Кузнецова")
    assert (await program.post(f"/missed-calls/{entry}/open")).status == 204
    assert (await program.get("/missed-calls")).json["open"] == 1


async def test_reading_is_no_right_to_close_or_to_call(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.CALLS_READ})
    statuses = [
        (await program.post(f"/missed-calls/{entry}/close")).status,
        (await program.post("/call-back", entry=entry)).status,
    ]
    assert statuses == [403, 403]


@pytest.mark.parametrize("answer", [CallBackAnswer.RINGING, CallBackAnswer.PHONE_AWAY])
async def test_a_caller_is_called_back(office: Office, answer: CallBackAnswer) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    board = Switchboard(answer)
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        program = program_of(browser)
        await program.takes_token(101)
        said = await program.post("/call-back", entry=entry)
    assert (said.status, said.json["result"]) == (200, answer.value)
    assert said.json["number"] == CALLER
    assert len(board.placed) == 1


@pytest.mark.parametrize("sent", [{}, {"entry": 9}, {"call": 9}, {"number": "112"}])
async def test_nobody_is_called_who_has_not_called(office: Office, sent: dict[str, object]) -> None:
    await miss(office, Rang(105, Ending.NOT_TAKEN))
    board = Switchboard()
    async with browsing(office, office.panel(call_back=board.place)) as browser:
        program = program_of(browser)
        await program.takes_token(101)
        assert (await program.post("/call-back", **sent)).status == 404
    assert board.placed == []


@pytest.mark.parametrize("sent", [{"entry": "x"}, {"entry": 0}, {"number": 5}, {"number": "1\n"}])
async def test_what_is_no_caller_is_told(
    browser: Browser, office: Office, sent: dict[str, object]
) -> None:
    program = program_of(browser)
    await program.takes_token(101)
    said = await program.post("/call-back", **sent)
    assert said.status in {404, 422}


async def test_without_asterisk_it_is_said(browser: Browser, office: Office) -> None:
    (entry,) = await miss(office, Rang(105, Ending.NOT_TAKEN))
    program = program_of(browser)
    await program.takes_token(101)
    assert (await program.post("/call-back", entry=entry)).json["result"] == "alone"
