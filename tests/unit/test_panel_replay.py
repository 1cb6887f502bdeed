"""The last calls by rules that are being edited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ari_app.asterisk.steps import WrittenStep
from ari_app.domain.calls import Ending, Outcome
from ari_app.domain.directory import Colleague, Status, Voicemail
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.steps import Fact, Reason
from ari_app.store import history
from ari_app.store.past import NewCall
from ari_app.store.statuses import declare
from tests.unit.call_history import CALLER, Rang, note
from tests.unit.panel import Browser, Office
from tests.unit.test_panel_what_if import draft, on_break, words

REPLAY = "/employees/2/secretary/what-if/replay"
RUNG, ENDED = "ring", "hangup"


async def anna_took(office: Office, after: int, ago: timedelta = timedelta(hours=1)) -> None:
    """Boris was on a break, and his deputy answered."""
    at = office.now() - ago
    boris = office.who(102)
    why = (Reason(Fact.RULE_BY_STATUS, boris, None, "break"),)
    channel = f"{at.timestamp()}.a"
    async with office.sessions.begin() as session:
        call = NewCall(channel, channel, at, CALLER, "", False, "102", boris)
        await history.begin_call(session, call)
        ring = WrittenStep(RUNG, "1p", 25, ("101",), "", "", "", why)
        await history.add_step(session, channel, ring, by_mirror=False, at=at)
        end = at + timedelta(seconds=after + 60)
        await history.end_call(session, channel, Ending.ANSWERED, end, 60)


async def nobody_took(office: Office, ago: timedelta) -> None:
    """Boris was online, and did not answer."""
    at = office.now() - ago
    boris = office.who(102)
    channel = f"{at.timestamp()}.n"
    async with office.sessions.begin() as session:
        call = NewCall(channel, channel, at, CALLER, "", False, "102", boris)
        await history.begin_call(session, call)
        ring = WrittenStep(RUNG, "2p", 25, ("102",), "", "", "", ())
        await history.add_step(session, channel, ring, by_mirror=False, at=at)
        later = at + timedelta(seconds=25)
        await history.finish_step(session, channel, "2p", Outcome.NO_ANSWER, later)
        last = WrittenStep(ENDED, "2e", 0, (), "unavailable", "", "", ())
        await history.add_step(session, channel, last, by_mirror=False, at=later)
        await history.end_call(session, channel, Ending.NOT_TAKEN, later, 0)


async def test_calls_that_would_go_elsewhere_are_counted_and_listed(
    browser: Browser, office: Office
) -> None:
    await anna_took(office, 5)
    await anna_took(office, 5, timedelta(days=31))
    await browser.log_in(101)
    answer = await browser.post(REPLAY, draft=draft(on_break(Voicemail())))
    assert "По-другому пошли бы 1 из 1 звонка" in words(answer)
    row = answer.html.select("table.replayed tbody tr")
    assert 1 == len(row)
    assert row[0].select_one('a[href="/calls/1"]')
    then, now = (" ".join(cell.get_text(" ").split()) for cell in row[0].select("td")[1:])
    assert ("Анна Кузнецова" in then, "голосовая почта" in now) == (True, True)
    assert ("отвечен" in then, "оставлено сообщение" in now) == (True, True)


async def test_who_would_answer_just_the_same_is_no_difference(
    browser: Browser, office: Office
) -> None:
    await anna_took(office, 5)
    await browser.log_in(101)
    made = draft(on_break(Colleague(office.who(101))))
    assert "По-другому пошли бы 0 из 1 звонка" in words(await browser.post(REPLAY, draft=made))


@pytest.mark.parametrize(("status", "others"), [(Status.ONLINE, 0), (Status.BREAK, 1)])
async def test_the_status_of_that_moment_comes_from_the_log(
    browser: Browser, office: Office, status: Status, others: int
) -> None:
    first = office.now()
    office.at = first + timedelta(days=3)
    async with office.sessions.begin() as session:
        await declare(session, office.who(102), status, None, first)
        later = first + timedelta(days=2)
        await declare(session, office.who(102), Status.ONLINE, None, later)
    await nobody_took(office, timedelta(days=2, hours=12))
    boris = office.directory.employees[EmployeeId(2)]
    people = {**office.directory.employees, boris.id: replace(boris, has_voicemail=False)}
    office.directory = replace(office.directory, employees=people)
    await browser.log_in(101)
    answer = await browser.post(REPLAY, draft=draft(on_break(Voicemail())))
    assert f"пошли бы {others} из 1 звонка" in words(answer)


async def test_saved_rules_are_tried_where_nothing_is_edited(
    browser: Browser, office: Office
) -> None:
    await anna_took(office, 5)
    await browser.log_in(101)
    assert "пошли бы 0 из 1 звонка" in words(await browser.get(REPLAY))


async def test_without_calls_it_says_so(browser: Browser) -> None:
    await browser.log_in(101)
    assert "никто не звонил" in words(await browser.get(REPLAY))


async def test_calls_that_go_on_or_were_lost_are_left_out(browser: Browser, office: Office) -> None:
    await note(office, Rang(102, None))
    await note(office, Rang(102, Ending.LOST, timedelta(minutes=2)))
    await browser.log_in(101)
    assert "никто не звонил" in words(await browser.get(REPLAY))


async def test_when_there_are_too_many_calls_it_says_so(
    browser: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.replay.MOST", 3)
    for minutes in range(1, 6):
        await note(office, Rang(102, Ending.NOT_TAKEN, timedelta(minutes=minutes)))
    await browser.log_in(101)
    told = words(await browser.get(REPLAY))
    assert "пошли бы 3 из 3 звонков" in told
    assert "только последние" in told


async def test_who_may_not_see_these_calls_is_refused(browser: Browser, office: Office) -> None:
    """The head of a group sees rules and calls of the department, not of another one."""
    await browser.log_in(102)
    assert (await browser.get("/employees/3/secretary/what-if/replay")).status == 200
    assert (await browser.get("/employees/5/secretary/what-if/replay")).status == 403
    assert office is browser.office
