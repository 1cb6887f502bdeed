"""The secretary by the API: what is read can be sent back, and what cannot work is refused."""

from typing import Any

import pytest

from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

AWAY: dict[str, Any] = {
    "name": "Away",
    "when": {
        "statuses": ["break", "offline"],
        "callers": ["outside"],
        "hours": [{"start": "09:00", "end": "18:00", "day_kind": "working"}],
    },
    "greeting": "autosecretary/away",
    "notice": "letter",
    "then": {"to": "colleague", "employee": 1},
    "otherwise": {"to": "outside_numbers", "numbers": ["8 916 555-01-77"], "confirm": True},
}


async def test_what_was_read_can_be_sent_back(api_admin: Program, office: Office) -> None:
    for extension in (102, 104, 106):
        path = f"/employees/{office.who(extension)}/rules"
        read = (await api_admin.get(path)).json
        assert read["rules"]
        said = await api_admin.put(path, **read)
        assert (200, [rule["id"] for rule in read["rules"]]) == (said.status, said.json["ids"])
        again = (await api_admin.get(path)).json
        assert {**read, "version": said.json["version"]} == again


async def test_a_rule_is_added_and_numbers_are_read_as_typed(
    api_admin: Program, office: Office
) -> None:
    path = f"/employees/{office.who(105)}/rules"
    read = (await api_admin.get(path)).json
    said = await api_admin.put(path, version=read["version"], rules=[AWAY, *read["rules"]])
    assert 200 == said.status
    (first, *_) = (await api_admin.get(path)).json["rules"]
    assert ["+79165550177"] == first["otherwise"]["numbers"]
    assert "18:00:00" == first["when"]["hours"][0]["end"]
    (newest, *_) = (await api_admin.get(f"{path}/history")).json
    assert (said.json["version"], "Анна Кузнецова") == (newest["version"], newest["by"])


async def test_rules_that_somebody_has_saved_meanwhile_are_not_overwritten(
    api_admin: Program, office: Office
) -> None:
    path = f"/employees/{office.who(105)}/rules"
    read = (await api_admin.get(path)).json
    await api_admin.put(path, version=read["version"], rules=[AWAY])
    assert 409 == (await api_admin.put(path, version=read["version"], rules=[])).status


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"then": {"to": "colleague", "employee": 5}}, "rules.0"),
        ({"then": {"to": "colleague", "employee": 999}}, "rules.0"),
        ({"then": {"to": "colleagues", "employees": []}}, "rules.0"),
        ({"when": {"statuses": [], "situations": []}}, "rules.0"),
        ({"when": {"statuses": ["break"], "numbers": ["abc"]}}, "rules.0"),
        ({"when": {"statuses": ["own-99"]}}, "rules.0"),
        ({"when": {"statuses": ["asleep"]}}, "rules"),
        ({"then": {"to": "nowhere"}}, "rules"),
        ({"then": {"to": "outside_numbers", "numbers": ["112"]}}, "rules"),
        ({"name": ""}, "rules"),
        ({"greeting": "../../etc/passwd"}, "rules"),
        ({"greeting": "autosecretary-own/99"}, "rules"),
    ],
)
async def test_what_cannot_work_is_refused(
    api_admin: Program, office: Office, changed: dict[str, Any], field: str
) -> None:
    path = f"/employees/{office.who(105)}/rules"
    before = (await api_admin.get(path)).json
    said = await api_admin.put(path, version=before["version"], rules=[{**AWAY, **changed}])
    assert (422, [field]) == (said.status, list(said.errors))
    assert before == (await api_admin.get(path)).json


async def test_a_token_for_reading_does_not_write(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.RULES_READ})
    path = f"/employees/{office.who(105)}/rules"
    assert 200 == (await program.get(path)).status
    assert 403 == (await program.put(path, version=0, rules=[])).status


async def test_rules_of_others_need_the_right(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await office.give(106, "employee")
    await program.takes_token(106)
    path = f"/employees/{office.who(101)}/rules"
    assert (await program.get(path)).status in (403, 404)
    assert (await program.put(path, version=0, rules=[])).status in (403, 404)
