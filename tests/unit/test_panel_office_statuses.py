"""Own statuses: added up to thirty, changed, retired and brought back."""

import pytest

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId
from ari_app.store.directory import read_own_statuses
from ari_app.store.office import add_own_status
from ari_app.store.own_statuses import MOST
from ari_app.store.statuses import declare, declared_by
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, undo_address

NEW = {
    "name_ru": "Обучение",
    "name_en": "Training",
    "base": "do_not_disturb",
    "colour": "teal",
    "at_login": "true",
}


async def called(office: Office, name_en: str) -> OwnStatus | None:
    async with office.sessions() as session:
        found = await read_own_statuses(session)
    return next((one for one in found.values() if one.name_en == name_en), None)


async def lunch(office: Office) -> OwnStatusId:
    found = await called(office, "At lunch")
    assert found is not None
    return found.id


async def test_a_status_is_added_as_it_was_typed(admin: Browser, office: Office) -> None:
    answer = await admin.post("/office/statuses", **NEW)
    assert (303, "/office/statuses") == (answer.status, answer.to)
    made = await called(office, "Training")
    assert made is not None
    assert (Status.DO_NOT_DISTURB, "teal", True) == (made.base, made.colour, made.at_login)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name_ru", ""), ("name_en", "x" * 101), ("base", "asleep"), ("colour", "url(x)")],
)
async def test_bad_input_is_told_beside_its_field(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    answer = await admin.post("/office/statuses", **{**NEW, field: typed})
    assert 422 == answer.status
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert await called(office, "Training") is None


async def test_the_same_name_twice_is_refused(admin: Browser) -> None:
    await admin.post("/office/statuses", **NEW)
    answer = await admin.post("/office/statuses", **NEW)
    assert answer.html.select_one("#h-name_ru.invalid-feedback")


async def test_there_are_thirty_at_most(admin: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        for count in range(MOST - 1):
            await add_own_status(session, f"С{count}", f"S{count}", Status.BREAK)
    answer = await admin.post("/office/statuses", **NEW)
    assert 422 == answer.status
    assert "уже 30" in answer.text


async def test_a_status_is_changed(admin: Browser, office: Office) -> None:
    path = f"/office/statuses/{await lunch(office)}"
    form = await admin.get(path)
    assert "orange" == attribute(form, 'input[name="colour"][checked]', "value")
    fields = {**NEW, "at_login": None}
    assert 303 == (await admin.post(path, **fields)).status
    changed = await called(office, "Training")
    assert changed is not None
    assert not changed.at_login


async def test_retiring_says_before_who_has_it(admin: Browser, office: Office) -> None:
    text = (await admin.get(f"/office/statuses/{await lunch(office)}")).text
    assert "Сейчас он у 1 сотрудника, который получит «Перерыв»" in text


async def test_a_retired_status_comes_back_to_who_had_it(admin: Browser, office: Office) -> None:
    number = await lunch(office)
    await admin.post(f"/office/statuses/{number}/retire")
    undo = undo_address(await admin.get("/office/statuses"))
    assert 404 == (await admin.post(f"/office/statuses/{number}/retire")).status
    async with office.sessions() as session:
        assert (await declared_by(session, office.who(107))).own is None
    await admin.post(undo)
    async with office.sessions() as session:
        assert number == (await declared_by(session, office.who(107))).own


async def test_what_was_declared_since_a_retirement_stays(admin: Browser, office: Office) -> None:
    number = await lunch(office)
    await admin.post(f"/office/statuses/{number}/retire")
    undo = undo_address(await admin.get("/office/statuses"))
    async with office.sessions.begin() as session:
        await declare(session, office.who(107), Status.ONLINE, None, office.now())
    await admin.post(undo)
    async with office.sessions() as session:
        declared = await declared_by(session, office.who(107))
    assert (Status.ONLINE, None) == (declared.base, declared.own)


async def test_a_status_that_is_not_there_is_not_found(admin: Browser) -> None:
    assert 404 == (await admin.get("/office/statuses/99")).status
    assert 404 == (await admin.post("/office/statuses/99", **NEW)).status
    assert 404 == (await admin.post("/office/statuses/99/retire")).status


async def test_statuses_change_only_with_the_right_and_a_fresh_form(
    browser: Browser, office: Office
) -> None:
    await browser.log_in(102)
    assert 403 == (await browser.post("/office/statuses", **NEW)).status
    await browser.log_in(101)
    assert 403 == (await browser.post("/office/statuses", token="stale", **NEW)).status
    assert await called(office, "Training") is None
