"""One call: its path with the reasons, its transfers, and nothing of what others may see."""

from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.calls import Ending
from tests.unit.call_history import Rang, note
from tests.unit.panel import Browser, Office

NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_the_path_is_told_with_its_reasons(browser: Browser, office: Office) -> None:
    office.at = NOON
    call = await note(office, Rang(102, Ending.NOT_TAKEN, by_mirror=True))
    await browser.log_in(101)
    html = (await browser.get(f"/calls/{call}")).html
    stops = [" ".join(stop.text.split()) for stop in html.select("li.path-stop")]
    assert len(stops) == 4
    assert "Анна Кузнецова (101), Emma Clarke (+79165550105)" in stops[1] or "101" in stops[1]
    assert "Заместитель" in stops[1]
    assert "по сохранённому плану, пока служба не работала" in stops[1]
    assert "11:59:00" in stops[1]
    assert "не принял" in stops[-1]


async def test_the_path_is_told_in_english_too(browser: Browser, office: Office) -> None:
    office.at = NOON
    call = await note(office, Rang(106, Ending.MESSAGE))
    await browser.log_in(106)
    text = (await browser.get(f"/calls/{call}")).text
    assert "did not take the call: no answer" in text
    assert "take a message for 106" in text


async def test_a_call_that_goes_on_refreshes_itself(browser: Browser, office: Office) -> None:
    call = await note(office, Rang(102, None))
    await browser.log_in(101)
    assert 'data-live="calls"' in (await browser.get(f"/calls/{call}")).text


async def test_transfers_are_shown_as_far_as_they_may_be_seen(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    first = await note(office, Rang(102, Ending.ANSWERED, timedelta(minutes=2), linked="9.9"))
    second = await note(office, Rang(105, Ending.ANSWERED, linked="9.9"))
    await browser.log_in(101)
    assert f"/calls/{second}" in (await browser.get(f"/calls/{first}")).text
    await browser.log_in(102)
    assert f"/calls/{second}" not in (await browser.get(f"/calls/{first}")).text


@pytest.mark.parametrize("which", ["0", "999999", "1e3", "-1", "9999999999", "x"])
async def test_what_is_no_call_is_not_found(browser: Browser, which: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(f"/calls/{which}")).status == 404


async def test_somebody_elses_call_is_not_found(browser: Browser, office: Office) -> None:
    call = await note(office, Rang(105, Ending.ANSWERED))
    await browser.log_in(102)
    assert (await browser.get(f"/calls/{call}")).status == 404


async def test_a_call_cannot_be_posted_to(browser: Browser) -> None:
    await browser.log_in(101)
    async with browser.client.post("/calls/1") as got:
        assert got.status == 405
