"""Groups: names, members in their order, and bringing a removed one back."""

import pytest

from ari_app.store.errors import NotThereError
from ari_app.store.groups import Group, group, groups, save_group
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, undo_address


@pytest.fixture
async def number(office: Office) -> int:
    members = (office.who(102), office.who(103), office.who(104))
    async with office.sessions.begin() as session:
        return await save_group(session, Group(0, "Первая линия", "First line", members))


async def the_members(office: Office, number: int) -> list[str]:
    async with office.sessions() as session:
        found = await group(session, number)
    return [office.directory.employees[who].extension for who in found.members]


async def test_a_group_is_added_and_shown(admin: Browser, office: Office) -> None:
    answer = await admin.post("/office/groups", name_ru="Вторая", name_en="Second")
    assert 303 == answer.status
    assert "Вторая" in (await admin.get("/office/groups")).text
    assert 200 == (await admin.get(answer.to)).status


async def test_a_name_that_is_taken_is_told_beside_it(admin: Browser, number: int) -> None:
    answer = await admin.post("/office/groups", name_ru="Первая линия", name_en="Other")
    assert 422 == answer.status
    assert answer.html.select_one("#h-name_ru.invalid-feedback")
    assert "Other" == attribute(answer, "#f-name_en", "value")


async def test_a_group_is_renamed_and_keeps_its_members(
    admin: Browser, office: Office, number: int
) -> None:
    path = f"/office/groups/{number}"
    assert 303 == (await admin.post(path, name_ru="Линия", name_en="Line")).status
    assert ["102", "103", "104"] == await the_members(office, number)
    assert 422 == (await admin.post(path, name_ru="", name_en="Line")).status


@pytest.mark.parametrize("typed", ["105", "Emma Clarke", "105 Emma Clarke", "emma clarke"])
async def test_a_member_is_added_by_extension_or_name(
    admin: Browser, office: Office, number: int, typed: str
) -> None:
    assert 303 == (await admin.post(f"/office/groups/{number}/members", person=typed)).status
    assert ["102", "103", "104", "105"] == await the_members(office, number)


@pytest.mark.parametrize("typed", ["", "999", "Nobody", "102", "105 Somebody Else"])
async def test_who_cannot_be_added_is_told_beside_the_field(
    admin: Browser, office: Office, number: int, typed: str
) -> None:
    answer = await admin.post(f"/office/groups/{number}/members", person=typed)
    assert 422 == answer.status
    assert answer.html.select_one("#h-person.invalid-feedback")
    assert typed == attribute(answer, "#f-person", "value")
    assert ["102", "103", "104"] == await the_members(office, number)


@pytest.mark.parametrize(
    ("extension", "to", "expected"),
    [
        (103, "up", ["103", "102", "104"]),
        (103, "down", ["102", "104", "103"]),
        (102, "up", ["102", "103", "104"]),
        (104, "down", ["102", "103", "104"]),
    ],
)
async def test_a_member_moves_one_place(
    admin: Browser, office: Office, number: int, extension: int, to: str, expected: list[str]
) -> None:
    path = f"/office/groups/{number}/members/{office.who(extension)}/move"
    assert 303 == (await admin.post(path, to=to)).status
    assert expected == await the_members(office, number)


async def test_a_move_to_nowhere_is_refused(admin: Browser, office: Office, number: int) -> None:
    here = f"/office/groups/{number}/members"
    assert 400 == (await admin.post(f"{here}/{office.who(103)}/move", to="left")).status
    assert 404 == (await admin.post(f"{here}/{office.who(105)}/move", to="up")).status


async def test_a_member_is_taken_out_once(admin: Browser, office: Office, number: int) -> None:
    path = f"/office/groups/{number}/members/{office.who(103)}/remove"
    assert 303 == (await admin.post(path)).status
    assert 303 == (await admin.post(path)).status
    assert ["102", "104"] == await the_members(office, number)


async def test_a_group_that_is_not_there_is_not_found(admin: Browser) -> None:
    names = {"name_ru": "А", "name_en": "A"}
    assert 404 == (await admin.get("/office/groups/99")).status
    assert 404 == (await admin.post("/office/groups/99", **names)).status
    assert 404 == (await admin.post("/office/groups/99/members", person="102")).status
    assert 404 == (await admin.post("/office/groups/99/members/1/remove")).status
    assert 404 == (await admin.post("/office/groups/99/remove")).status


async def test_members_change_only_with_the_right_and_a_fresh_form(
    browser: Browser, office: Office, number: int
) -> None:
    path = f"/office/groups/{number}/members"
    await browser.log_in(102)
    assert 403 == (await browser.post(path, person="105")).status
    await browser.log_in(101)
    assert 403 == (await browser.post(path, token="stale", person="105")).status
    assert ["102", "103", "104"] == await the_members(office, number)


async def test_a_removed_group_comes_back_with_its_members(
    admin: Browser, office: Office, number: int
) -> None:
    await admin.post(f"/office/groups/{number}/remove")
    async with office.sessions() as session:
        with pytest.raises(NotThereError):
            await group(session, number)
    undo = undo_address(await admin.get("/office/groups"))
    await admin.post(undo)
    async with office.sessions() as session:
        (back,) = await groups(session)
    assert ("Первая линия", 3) == (back.name_ru, len(back.members))
