"""A week of supposed calls: for each status, with its holes, saved beside edited."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ari_app.domain.directory import Hours, OutsideNumbers, Status, Voicemail, When
from ari_app.domain.numbers import EmployeeId, RuleId
from tests.unit.panel import Answer, Browser, Office
from tests.unit.people import MOBILE
from tests.unit.test_panel_what_if import draft, on_break

WEEK = "/employees/{}/secretary/what-if/week"
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def weeks(answer: Answer) -> dict[str, int]:
    """How many pictures each status has."""
    return {
        one.select("h4 .dot-line")[0].get_text(strip=True): len(one.select("svg.week"))
        for one in answer.html.select("section.weeks")
    }


def runs(answer: Answer, status: str) -> list[str]:
    section = next(
        one for one in answer.html.select("section.weeks") if status in one.select("h4")[0].text
    )
    return [str(run["aria-label"]) for run in section.select("g.run")]


async def test_every_status_has_its_week_and_own_ones_where_they_matter(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await browser.log_in(101)
    six = ["На линии", "Все звонки", "Обзвон", "Перерыв", "Не беспокоить", "Не в сети"]
    assert dict.fromkeys(six, 1) == weeks(await browser.get(WEEK.format(2)))
    answer = await browser.get(WEEK.format(7))
    assert dict.fromkeys([*six, "На обеде"], 1) == weeks(answer)
    assert "вт 24.11 11:00–16:00: Emma Clarke" in " ".join(runs(answer, "На обеде"))
    assert "сб 28.11 00:00–24:00" in " ".join(runs(answer, "На обеде"))
    assert "никто: 168 ч" in answer.text


async def test_a_holiday_of_the_coming_week_is_a_day_off(browser: Browser, office: Office) -> None:
    office.at = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    await browser.log_in(101)
    told = runs(await browser.get(WEEK.format(6)), "Не в сети")
    holiday = [one for one in told if one.startswith("ср 4.11")]
    assert ["ср 4.11 00:00–24:00: голосовая почта"] == holiday
    assert 3 == len([one for one in told if one.startswith("чт 5.11")])


async def test_the_week_begins_with_the_day_that_is_asked_for(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await browser.get(WEEK.format(2) + "?if_date=2027-01-01&if_caller=inside")
    assert runs(answer, "Перерыв")[0].startswith("пт 1.01")
    assert "Коллега" in answer.text


async def test_only_weeks_that_differ_stand_beside_each_other(browser: Browser) -> None:
    await browser.log_in(101)
    nights = Hours(time(18), time(9))
    evening = replace(
        on_break(OutsideNumbers((MOBILE,))),
        when=When(frozenset({Status.BREAK}), hours=(nights,)),
    )
    office_hours = replace(on_break(Voicemail()), id=RuleId(-2))
    answer = await browser.post(WEEK.format(2), draft=draft(evening, office_hours))
    found = weeks(answer)
    assert (2, 1) == (found["Перерыв"], found["На линии"])
    told = " ".join(runs(answer, "Перерыв"))
    assert "18:00–24:00: +79165550199; если никто не ответит: голосовая почта" in told
    assert "изменённые правила здесь ничего не меняют" in answer.text


async def test_a_card_that_leaves_the_status_out_has_one_week(
    browser: Browser, office: Office
) -> None:
    boris = office.directory.employees[EmployeeId(2)]
    people = {**office.directory.employees, boris.id: replace(boris, uses_status=False)}
    office.directory = replace(office.directory, employees=people)
    await browser.log_in(101)
    answer = await browser.get(WEEK.format(2))
    assert 1 == len(answer.html.select("svg.week"))
    assert "При любом статусе" in answer.text


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", "2026-03-29"),
        ("Europe/London", "2026-10-25"),
        ("Africa/Cairo", "2026-04-24"),
        ("Pacific/Apia", "2011-12-29"),
        ("Asia/Kathmandu", "2026-01-01"),
    ],
)
async def test_days_of_23_and_25_hours_are_drawn(
    browser: Browser, office: Office, zone: str, day: str
) -> None:
    james = office.directory.employees[EmployeeId(6)]
    people = {**office.directory.employees, james.id: replace(james, zone=ZoneInfo(zone))}
    office.directory = replace(office.directory, employees=people)
    await browser.log_in(101)
    answer = await browser.get(f"{WEEK.format(6)}?if_date={day}")
    assert answer.status == 200
    assert 7 == len({one.split()[1] for one in runs(answer, "На линии")})


async def test_other_work_goes_on_while_a_week_is_computed(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(101)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    made = (replace(on_break(Voicemail(), "x" * 90), id=RuleId(-n)) for n in range(1, 50))
    async with asyncio.TaskGroup() as tasks:
        other = tasks.create_task(turn())
        answer = await browser.post(WEEK.format(7), draft=draft(*made))
        other.cancel()
    assert (answer.status, turns > 20) == (200, True)
    assert office is browser.office
