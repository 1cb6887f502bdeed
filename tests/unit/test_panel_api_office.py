"""Departments, groups, own statuses and roles by the API, and bringing them back."""

import pytest

from tests.unit.api import Program
from tests.unit.panel import Browser, Office

NAMES = {"name_ru": "Склад", "name_en": "Warehouse"}
LUNCH = {"name_ru": "Курс", "name_en": "Course", "base": "break", "colour": "teal"}
ROLE = {"name_ru": "Стажёр", "name_en": "Trainee", "rank": 5, "grants": {"see_employees": 2}}


@pytest.mark.parametrize(
    ("kind", "sent"),
    [("departments", NAMES), ("groups", NAMES), ("own-statuses", LUNCH), ("roles", ROLE)],
)
async def test_one_is_added_changed_removed_and_brought_back(
    api_admin: Program, kind: str, sent: dict[str, object]
) -> None:
    async def names() -> list[str]:
        return [one["name_en"] for one in (await api_admin.get(f"/{kind}")).json]

    made = await api_admin.post(f"/{kind}", **sent)
    assert (201, True) == (made.status, sent["name_en"] in await names())
    path = f"/{kind}/{made.json['id']}"
    changed = await api_admin.put(path, **{**sent, "name_en": "Other"})
    assert (True, True) == (changed.status in {200, 204}, "Other" in await names())
    removed = await api_admin.delete(path)
    assert (200, False) == (removed.status, "Other" in await names())
    back = await api_admin.post(f"/removals/{removed.json['undo']}/undo")
    assert (200, True) == (back.status, "Other" in await names())
    assert 404 == (await api_admin.post(f"/removals/{removed.json['undo']}/undo")).status


@pytest.mark.parametrize("kind", ["departments", "groups", "own-statuses", "roles"])
async def test_what_is_not_there_is_not_found(api_admin: Program, kind: str) -> None:
    sent = {**NAMES, **({"grants": {}} if kind == "roles" else {})}
    for number in (0, 999_999):
        assert 404 == (await api_admin.put(f"/{kind}/{number}", **sent)).status
        assert 404 == (await api_admin.delete(f"/{kind}/{number}")).status


@pytest.mark.parametrize("kind", ["departments", "groups", "own-statuses", "roles"])
async def test_a_name_that_another_has_is_a_conflict(api_admin: Program, kind: str) -> None:
    assert 201 == (await api_admin.post(f"/{kind}", **NAMES)).status
    said = await api_admin.post(f"/{kind}", **NAMES)
    assert (409, ["name_ru"]) == (said.status, list(said.errors))


@pytest.mark.parametrize("kind", ["departments", "groups", "own-statuses", "roles"])
@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb", None, 5, ["a"]])
async def test_a_name_that_cannot_be_is_told(api_admin: Program, kind: str, name: object) -> None:
    said = await api_admin.post(f"/{kind}", name_ru=name, name_en="Fine")
    assert (422, ["name_ru"]) == (said.status, list(said.errors))


async def test_a_group_has_members_in_their_order(api_admin: Program, office: Office) -> None:
    path = f"/groups/{(await api_admin.post('/groups', **NAMES)).json['id']}"
    for extension in ("105", "106"):
        assert 200 == (await api_admin.post(f"{path}/members", person=extension)).status
    twice = await api_admin.post(f"{path}/members", person="105")
    assert (422, ["person"]) == (twice.status, list(twice.errors))
    moved = await api_admin.post(f"{path}/members/{office.who(106)}/move", to="up")
    assert ["106", "105"] == [one["extension"] for one in moved.json["members"]]
    assert 204 == (await api_admin.delete(f"{path}/members/{office.who(106)}")).status
    left = (await api_admin.get(path)).json["members"]
    assert ["105"] == [one["extension"] for one in left]


@pytest.mark.parametrize(
    "sent",
    [
        {"rank": 101},
        {"rank": -1},
        {"grants": {"fly": 3}},
        {"grants": {"see_employees": 7}},
        {"grants": {"manage_office": 1}},
        {"grants": "no json"},
    ],
)
async def test_a_role_that_cannot_be_is_told(api_admin: Program, sent: dict[str, object]) -> None:
    said = await api_admin.post("/roles", **{**ROLE, **sent})
    assert (422, list(sent)) == (said.status, list(said.errors))


async def test_nobody_makes_a_role_above_their_own(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    made = await api_admin.post(
        "/roles",
        name_ru="Кадры",
        name_en="Personnel",
        rank=40,
        grants={"manage_roles": 3, "use_api": 3, "see_employees": 3},
    )
    await api_admin.put(f"/employees/{office.who(105)}/role", role=made.json["id"])
    await api_admin.takes_token(105)
    assert 422 == (await api_admin.post("/roles", **{**ROLE, "rank": 50})).status
    assert 422 == (await api_admin.post("/roles", **{**ROLE, "grants": {"see_audit": 3}})).status
    assert 403 == (await api_admin.put("/roles/8", **ROLE)).status


async def test_a_role_that_somebody_has_stays(api_admin: Program) -> None:
    assert 422 == (await api_admin.delete("/roles/2")).status
