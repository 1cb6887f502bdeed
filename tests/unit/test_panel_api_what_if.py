"""What if, by the API: the same ways as on the page, with the same secrets kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ari_app.domain.directory import Colleague, ForwardingRule, When
from ari_app.domain.numbers import RuleId
from ari_app.store.rules import save_rules
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

BORIS = "/employees/2/what-if"
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TO_EMMA: dict[str, Any] = {
    "name": "Новое",
    "when": {"statuses": ["break"]},
    "then": {"to": "colleague", "employee": 5},
}


@pytest.fixture
async def at_noon(api_admin: Program, office: Office) -> Program:
    office.at = NOON
    return api_admin


def texts(way: dict[str, Any]) -> list[str]:
    return [step["text"] for step in way["steps"]]


async def test_the_way_by_the_saved_rules_is_told(at_noon: Program) -> None:
    said = (await at_noon.get(f"{BORIS}?status=break")).json
    (way,) = said["ways"]
    assert ["play", "ring", "message"] == [step["kind"] for step in way["steps"]]
    assert [
        "Приветствие «Меня нет на месте»",
        "Анна Кузнецова",
        "Голосовая почта: Борис Орлов",
    ] == [text.split(" (")[0] for text in texts(way)]
    assert any("правило «Заместитель»" in why for why in way["steps"][0]["reasons"])
    assert said["text"].startswith("Кто-то снаружи")
    assert (True, "2026-11-23T09:00:00Z") == (said["is_same"], said["at"])


async def test_a_ring_says_how_long_it_lasts_and_what_came_of_it(at_noon: Program) -> None:
    (way,) = (await at_noon.get(f"{BORIS}?status=break")).json["ways"]
    ring = way["steps"][1]
    assert (25, "нет ответа") == (ring["seconds"], ring["came_to"])
    assert [0, 0] == [step["seconds"] for step in way["steps"] if step["kind"] != "ring"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("caller=withheld&status=own-1", "Говорит, что никого нет"),
        ("caller=outside&number=8 812 555-00-11&status=own-1", "Emma Clarke"),
        ("status=own-1&at=2026-11-24T09:00:00Z", "Emma Clarke"),
        ("status=own-1&at=2026-11-24T17:00:00Z", "Ольга Соколова"),
        ("caller=inside&number=103&status=offline", "Никто не принимает звонок"),
    ],
)
async def test_caller_status_and_moment_count(at_noon: Program, query: str, first: str) -> None:
    asked = query if "at=" in query else f"{query}&at=2026-11-24T09:00:00Z"
    (way,) = (await at_noon.get(f"/employees/7/what-if?{asked}")).json["ways"]
    assert texts(way)[0].startswith(first)


@pytest.mark.parametrize(
    ("phones", "last"),
    [
        ("no_answer", "Emma Clarke"),
        ("busy", "Голосовая почта: Григорий Лебедев"),
        ("unreachable", "Никто не принимает звонок"),
    ],
)
async def test_what_own_phones_do_counts(at_noon: Program, phones: str, last: str) -> None:
    said = (await at_noon.get(f"/employees/4/what-if?status=online&phones={phones}")).json
    assert any(text.startswith(last) for text in texts(said["ways"][0]))


async def test_rules_that_are_tried_stand_beside_the_saved_ones(
    at_noon: Program, office: Office
) -> None:
    said = await at_noon.post(BORIS, status="break", rules=[TO_EMMA])
    saved, tried = said.json["ways"]
    assert (200, False) == (said.status, said.json["is_same"])
    assert any(text.startswith("Анна Кузнецова") for text in texts(saved))
    assert any(text.startswith("Emma Clarke") for text in texts(tried))
    assert "" != saved["title"] != tried["title"] != ""
    assert any(step["mark"] for step in tried["steps"])
    before = office.directory.employees[office.who(102)].rules
    await office.reload()
    assert before == office.directory.employees[office.who(102)].rules


async def test_the_very_rules_that_are_saved_are_no_other_way(at_noon: Program) -> None:
    rules = (await at_noon.get("/employees/2/rules")).json["rules"]
    said = (await at_noon.post(BORIS, status="break", rules=rules)).json
    assert (1, True) == (len(said["ways"]), said["is_same"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("caller=inside&number=999", "number"),
        (f"number={'9' * 41}", "number"),
        ("status=asleep", "status"),
        ("status=own-99", "status"),
        ("at=soon", "at"),
        ("at=2026-11-23T09:00:00", "at"),
        ("at=1000-01-01T00:00:00Z", "at"),
        ("phones=melted", "phones"),
        ("caller=nobody", "caller"),
    ],
)
async def test_what_cannot_be_supposed_is_told(at_noon: Program, query: str, field: str) -> None:
    said = await at_noon.get(f"{BORIS}?{query}")
    assert (422, [field]) == (said.status, list(said.errors))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"rules": "x"},
        {"rules": [{"name": "x"}]},
        {"rules": [TO_EMMA] * 51},
        {"rules": [], "status": "asleep"},
    ],
    ids=["none", "no list", "no rule", "many", "no status"],
)
async def test_rules_that_are_none_are_told(at_noon: Program, sent: dict[str, object]) -> None:
    assert 422 == (await at_noon.post(BORIS, **sent)).status


async def test_two_rules_with_the_same_number_make_no_sense(at_noon: Program) -> None:
    rule = {**TO_EMMA, "id": 7}
    assert 400 == (await at_noon.post(BORIS, rules=[rule, rule])).status


async def test_a_colleague_who_is_not_there_ends_no_way(at_noon: Program) -> None:
    rule = {**TO_EMMA, "then": {"to": "colleague", "employee": 999_999}}
    said = await at_noon.post(BORIS, status="break", rules=[rule])
    assert (200, True) == (said.status, bool(said.json["ways"][-1]["steps"]))


async def test_who_may_not_see_these_rules_is_refused(browser: Browser, office: Office) -> None:
    await browser.log_in(105)
    program = program_of(browser)
    assert 403 == (await program.get(BORIS)).status
    token = await browser.token("/me")
    said = await program.call("POST", f"/api/v1{BORIS}", {"rules": []}, X_CSRF_Token=token)
    assert 403 == said.status
    assert 200 == (await program.get(f"/employees/{office.who(105)}/what-if")).status


async def test_rules_of_others_that_may_not_be_seen_are_told_as_such(
    browser: Browser, office: Office
) -> None:
    """102 sees the rules of Продажи, not those of 105, whose mobile nobody is told."""
    rule = ForwardingRule(RuleId(0), "К Эмме", When(), Colleague(office.who(105)))
    async with office.sessions.begin() as session:
        await save_rules(session, office.who(102), (rule,), office.now(), "RU")
    await office.reload()
    await browser.log_in(102)
    said = await program_of(browser).get(f"{BORIS}?status=break")
    (way,) = said.json["ways"]
    assert ["hidden", "message"] == [step["kind"] for step in way["steps"]]
    assert [] == way["steps"][0]["reasons"]
    assert "9165550105" not in said.text


async def test_of_nobody_nothing_becomes(at_noon: Program) -> None:
    assert 404 == (await at_noon.get("/employees/999999/what-if")).status
    assert 404 == (await at_noon.post("/employees/999999/what-if", rules=[])).status


async def test_tokens_for_reading_try_no_rules(browser: Browser) -> None:
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.RULES_READ})
    assert 200 == (await program.get(BORIS)).status
    assert 403 == (await program.post(BORIS, rules=[])).status
