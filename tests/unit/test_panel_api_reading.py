"""Calls, reports, the board, the audit log and the way of a call, by the API."""

from datetime import timedelta

import pytest

from ari_app.domain.calls import Ending
from tests.unit.api import Program
from tests.unit.call_history import Rang, note
from tests.unit.panel import Browser, Office
from web.api import board


async def test_calls_are_listed_and_opened(api_admin: Program, office: Office) -> None:
    await note(office, Rang(105, Ending.ABANDONED))
    said = (await api_admin.get("/calls?period=week")).json
    assert [("105", "abandoned")] == [(one["called"], one["ending"]) for one in said["calls"]]
    one = await api_admin.get(f"/calls/{said['calls'][0]['id']}")
    (step,) = one.json["steps"]
    assert (200, "ring", ["rule_by_status", "ready"]) == (
        one.status,
        step["kind"],
        [reason["fact"] for reason in step["reasons"]],
    )


async def test_a_long_list_goes_on_at_its_place(api_admin: Program, office: Office) -> None:
    for number in range(1, 53):
        await note(office, Rang(105, Ending.ABANDONED, timedelta(minutes=number)))
    first = (await api_admin.get("/calls?period=week")).json
    rest = (await api_admin.get(f"/calls?period=week&place={first['older']}")).json
    assert (50, 2, None) == (len(first["calls"]), len(rest["calls"]), rest["older"])


async def test_calls_of_others_are_not_found(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    await note(office, Rang(105, Ending.ABANDONED))
    number = (await api_admin.get("/calls?period=week")).json["calls"][0]["id"]
    await browser.log_in(106)
    api_admin.token = ""
    assert [] == (await api_admin.get("/calls?period=week")).json["calls"]
    assert 404 == (await api_admin.get(f"/calls/{number}")).status


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/calls?ending=x", "ending"),
        ("/calls?since=yesterday", "since"),
        ("/calls?place=x", "place"),
        ("/reports/missed?page=0", "page"),
        ("/reports/times?department=-1", "department"),
        ("/audit?since=x", "since"),
        ("/audit?person=nobody", "person"),
        ("/board?size=0", "size"),
        ("/why", "to"),
        ("/why?to=x", "to"),
        ("/why?to=999", "to"),
        ("/why?to=102&at=soon", "at"),
        ("/why?to=102&assume=answered", "assume"),
    ],
)
async def test_what_is_wrong_in_a_filter_is_told(api_admin: Program, path: str, field: str) -> None:
    said = await api_admin.get(path)
    assert (422, [field]) == (said.status, list(said.errors))


async def test_reports_count_calls_and_the_time_in_each_status(
    api_admin: Program, office: Office
) -> None:
    await note(office, Rang(105, Ending.ABANDONED))
    missed = (await api_admin.get("/reports/missed")).json
    assert (1, 24) == (missed["total"]["abandoned"], len(missed["hours"]))
    assert ["105"] == [one["person"]["extension"] for one in missed["people"]]
    times = (await api_admin.get("/reports/times?who=Орлов")).json
    assert ["102"] == [one["person"]["extension"] for one in times["people"]]
    assert times["people"][0]["seconds"]["break"] > 0


async def test_the_board_tells_what_everybody_is_up_to(api_admin: Program) -> None:
    said = (await api_admin.get("/board?size=3")).json
    assert (8, 3, 3, False) == (
        said["people"],
        len(said["places"]),
        said["pages"],
        said["knows_phones"],
    )


async def test_a_board_of_too_many_asks_for_a_department(
    api_admin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MOST", 7)
    said = await api_admin.get("/board")
    assert (422, ["department"]) == (said.status, list(said.errors))
    assert 200 == (await api_admin.get("/board?department=1")).status


async def test_the_audit_log_is_searched(api_admin: Program, office: Office) -> None:
    await api_admin.patch(f"/employees/{office.who(105)}", position="Head of support")
    said = (await api_admin.get("/audit?action=card.changed&search=support")).json
    assert [{"position": "Head of support"}] == [line["after"] for line in said["lines"]]


async def test_why_tells_where_a_call_would_go(api_admin: Program, office: Office) -> None:
    said = (await api_admin.get("/why?to=102&caller=103")).json
    assert ["play", "ring"] == [step["kind"] for step in said["steps"]][:2]
    assert "rule_by_status" == said["steps"][0]["reasons"][0]["fact"]
    assert not said["is_hidden"]


async def test_why_at_another_moment_and_from_outside(api_admin: Program) -> None:
    at = "2026-11-22T03:00:00Z"
    said = await api_admin.get(f"/why?to=105&caller=%2B79261234567&at={at}&assume=busy")
    assert (200, at) == (said.status, said.json["at"])


async def test_why_is_told_only_of_those_whose_rules_one_may_see(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    await browser.log_in(105)
    api_admin.token = ""
    assert 403 == (await api_admin.get("/why?to=102")).status
    assert 200 == (await api_admin.get("/why?to=105")).status


async def test_rules_of_others_on_the_way_stay_hidden(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    """102 is on a Break, and the deputy is 101: a colleague whose rules 102 alone may not see."""
    made = await api_admin.post(
        "/roles", name_ru="Я", name_en="Me", rank=5, grants={"see_rules": 1, "see_employees": 3}
    )
    await api_admin.put(f"/employees/{office.who(102)}/role", role=made.json["id"])
    await browser.log_in(102)
    api_admin.token = ""
    said = (await api_admin.get("/why?to=102&caller=103")).json
    assert said["is_hidden"]
    told = [step for step in said["steps"] if step["kind"] == "ring"]
    assert [("", [])] * len(told) == [(step["text"], step["addresses"]) for step in told]


async def test_ones_own_account_is_read_and_changed(api_admin: Program) -> None:
    stored = (await api_admin.get("/me/preferences")).json
    assert 204 == (await api_admin.put("/me/preferences", **{**stored, "language": "en"})).status
    assert "Administrator" == (await api_admin.get("/me")).json["role"]
    said = await api_admin.put("/me/preferences", **{**stored, "zone": "Mars"})
    assert (422, ["zone"]) == (said.status, list(said.errors))


async def test_a_device_is_logged_out_and_only_ones_own(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    await browser.log_in(105)
    theirs = (await api_admin.get("/devices", Authorization="")).json
    await browser.log_in(101)
    mine = (await api_admin.get("/devices")).json
    assert 1 == len(mine)
    assert 204 == (await api_admin.delete(f"/devices/{mine[0]['id']}")).status
    assert 404 == (await api_admin.delete(f"/devices/{mine[0]['id']}")).status
    assert 404 == (await api_admin.delete("/devices/1")).status
    assert theirs is not None
