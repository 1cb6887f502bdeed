"""Roles: shown, copied, changed within one's own, removed when nobody has them."""

from typing import Any

import pytest

from ari_app.domain.rights import ADMINISTRATOR, PRESETS, Right, Role, Scope
from ari_app.store import audit, roles
from ari_app.store.accounts import give_role
from ari_app.store.audit import Wanted
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, undo_address
from web.right_words import RIGHTS, scopes_of

NEW = {
    "name_ru": "Стажёр",
    "name_en": "Trainee",
    "rank": "5",
    "right-see_employees": "2",
    "right-see_calls": "1",
}


async def called(office: Office, name_en: str) -> Role | None:
    async with office.sessions() as session:
        return next((one for one in await roles.roles(session) if one.name_en == name_en), None)


async def trainee(office: Office) -> Role:
    found = await called(office, "Trainee")
    assert found is not None
    return found


def test_every_right_is_told_in_words() -> None:
    assert set(Right) == set(RIGHTS)


def test_every_preset_reaches_only_as_far_as_its_rights_can() -> None:
    assert all(
        scope in scopes_of(right) for role in PRESETS for right, scope in role.grants.items()
    )


@pytest.mark.parametrize("path", ["/roles", "/roles/new", "/roles/2", "/roles/2/people"])
async def test_roles_need_their_right(browser: Browser, path: str) -> None:
    assert 303 == (await browser.get(path)).status
    await browser.log_in(102)
    assert 403 == (await browser.get(path)).status


async def test_a_role_is_added_with_its_rights(admin: Browser, office: Office) -> None:
    answer = await admin.post("/roles", **NEW)
    assert (303, "/roles") == (answer.status, answer.to)
    made = await trainee(office)
    assert {Right.SEE_EMPLOYEES: Scope.DEPARTMENT, Right.SEE_CALLS: Scope.SELF} == made.grants
    async with office.sessions() as session:
        (line,) = await audit.lines(session, Wanted(action="role.added"), 5)
    assert "department" == line.after["right.see_employees"]


async def test_the_same_role_twice_is_refused_and_what_was_chosen_stays(admin: Browser) -> None:
    await admin.post("/roles", **NEW)
    answer = await admin.post("/roles", **NEW)
    assert 422 == answer.status
    assert answer.html.select_one("#h-name_ru.invalid-feedback")
    assert "2" == attribute(answer, 'input[name="right-see_employees"][checked]', "value")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name_ru", ""), ("name_en", "x" * 101), ("rank", "x"), ("rank", "-1"), ("rank", "101")],
)
async def test_bad_input_is_told_beside_its_field(admin: Browser, field: str, typed: str) -> None:
    answer = await admin.post("/roles", **{**NEW, field: typed})
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert typed == attribute(answer, f"#f-{field}", "value")


async def test_a_right_of_the_whole_office_is_not_held_for_oneself(admin: Browser) -> None:
    answer = await admin.post("/roles", **{**NEW, "right-manage_office": "1"})
    assert 422 == answer.status


async def test_a_stale_form_changes_nothing(admin: Browser, office: Office) -> None:
    assert 403 == (await admin.post("/roles", token="stale", **NEW)).status
    assert await called(office, "Trainee") is None


async def test_a_copy_begins_as_the_role_that_it_copies(admin: Browser) -> None:
    form = await admin.get("/roles/new?copy_of=4")
    assert "2" == attribute(form, 'input[name="right-change_cards"][checked]', "value")
    assert "30" == attribute(form, "#f-rank", "value")


async def test_the_administrator_always_has_every_right(admin: Browser, office: Office) -> None:
    fields = {"name_ru": "Админ", "name_en": "Admin", "rank": "1", "needs_second_factor": "true"}
    assert 303 == (await admin.post(f"/roles/{ADMINISTRATOR.id}", **fields)).status
    changed = await called(office, "Admin")
    assert changed is not None
    assert (100, ADMINISTRATOR.grants, True) == (
        changed.rank,
        changed.grants,
        changed.needs_second_factor,
    )


async def test_nobody_raises_a_role_above_their_own(browser: Browser, office: Office) -> None:
    keeper = Role(
        0,
        "Хранитель",
        "Keeper",
        40,
        {Right.MANAGE_ROLES: Scope.EVERYONE, Right.SEE_CALLS: Scope.DEPARTMENT},
    )
    await office.give_role(102, keeper)
    await browser.log_in(102)
    fields: dict[str, Any] = {**NEW, "right-see_employees": "0"}
    assert 303 == (await browser.post("/roles", **fields)).status
    path = f"/roles/{(await trainee(office)).id}"
    too_high = await browser.post(path, **{**fields, "rank": "41"})
    assert (422, True) == (too_high.status, bool(too_high.html.select_one("#h-rank")))
    assert 422 == (await browser.post(path, **{**fields, "right-see_calls": "3"})).status
    assert 422 == (await browser.post(path, **{**fields, "right-see_audit": "3"})).status
    assert 403 == (await browser.post("/roles/7", **fields)).status
    assert 403 == (await browser.post(f"/roles/{ADMINISTRATOR.id}", **fields)).status
    assert 200 == (await browser.get("/roles/7")).status


async def test_a_role_that_somebody_has_is_not_removed(admin: Browser, office: Office) -> None:
    await admin.post("/roles", **NEW)
    role = await trainee(office)
    async with office.sessions.begin() as session:
        await give_role(session, office.who(103), role.id)
    answer = await admin.post(f"/roles/{role.id}/remove")
    assert f"/roles/{role.id}/people" == answer.to
    page = await admin.get(answer.to)
    assert page.html.select_one(f'a[href="/employees/{office.who(103)}/rights"]')
    assert await called(office, "Trainee") == role


async def test_a_preset_is_not_removed(admin: Browser, office: Office) -> None:
    await admin.post("/roles/5/remove")
    assert await called(office, "Marketer") is not None


async def test_a_removed_role_comes_back(admin: Browser, office: Office) -> None:
    await admin.post("/roles", **NEW)
    before = await trainee(office)
    await admin.post(f"/roles/{before.id}/remove")
    assert await called(office, "Trainee") is None
    undo = undo_address(await admin.get("/roles"))
    await admin.post(undo)
    assert before.grants == (await trainee(office)).grants


async def test_a_role_that_is_not_there_is_not_found(admin: Browser) -> None:
    assert 404 == (await admin.get("/roles/99")).status
    assert 404 == (await admin.post("/roles/99", **NEW)).status
    assert 404 == (await admin.post("/roles/99/remove")).status
    assert 404 == (await admin.get("/roles/new?copy_of=99")).status


async def test_the_last_who_manages_roles_keeps_that_right(
    browser: Browser, office: Office
) -> None:
    keeper = Role(0, "Хранитель", "Keeper", 100, dict.fromkeys(Right, Scope.EVERYONE))
    async with office.sessions.begin() as session:
        made = await roles.save_role(session, keeper)
        await give_role(session, office.who(101), made)
    await browser.log_in(101)
    fields = {"name_ru": "Хранитель", "name_en": "Keeper", "rank": "100"}
    answer = await browser.post(f"/roles/{made}", **fields)
    assert 422 == answer.status
    assert "управлять ролями" in answer.text
    kept = await called(office, "Keeper")
    assert kept is not None
    assert Scope.EVERYONE is kept.grants[Right.MANAGE_ROLES]


async def test_roles_are_shown_in_russian(admin: Browser) -> None:
    text = (await admin.get("/roles/4")).text
    assert "Настраивать индивидуальные правила обработки звонков" in text
    assert "Мой отдел" in text
