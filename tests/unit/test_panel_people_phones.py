"""A card's phones and rights: edited line by line, and never above one's own role."""

from typing import Any

import pytest

from ari_app.domain.directory import Phone, RingOrder
from ari_app.domain.numbers import Endpoint, NumberClass, OutsideNumber
from ari_app.domain.rights import ADMINISTRATOR, EMPLOYEE, NO_ACCESS, PRESETS
from ari_app.store.accounts import account
from tests.unit.panel import Answer, Browser, Office
from tests.unit.panel_html import attribute, the

MOBILE = OutsideNumber("+79161234567", NumberClass.MOBILE)
GROUP_HEAD = next(role for role in PRESETS if role.preset == "group_head")


async def role(office: Office, extension: int) -> int:
    async with office.sessions() as session:
        return (await account(session, office.who(extension))).role.id


def lines(answer: Answer) -> list[tuple[str, str]]:
    rows = answer.html.select(".phones li")
    return [
        (str(row.select("input")[0].get("value", "")), str(row.select("input")[1].get("value", "")))
        for row in rows
    ]


async def post(browser: Browser, typed: list[tuple[str, str]], **more: Any) -> Answer:
    fields = {"ring_order": "in_turn", **more}
    return await browser.post(
        "/employees/2/phones",
        address=[address for address, _ in typed],
        seconds=[seconds for _, seconds in typed],
        **fields,
    )


async def test_phones_are_stored_in_their_order(admin: Browser, office: Office) -> None:
    typed = [("boris-desk", "15"), ("8 (916) 123-45-67", "30"), ("", ""), ("102", "0")]
    assert 303 == (await post(admin, typed)).status
    card = await office.card(102)
    expected = (Phone(Endpoint("boris-desk"), 15), Phone(MOBILE, 30), Phone(Endpoint("102"), 0))
    assert (expected, RingOrder.IN_TURN) == (card.phones, card.ring_order)
    line = await office.newest_line()
    assert line is not None
    assert ("phones.changed", ["102 (25)"]) == (line.action, line.before["phones"])


async def test_the_kind_of_each_phone_is_told(admin: Browser, office: Office) -> None:
    await post(admin, [("102", "25"), ("+79161234567", "25"), ("8 495 123 45 67", "25")])
    kinds = [
        kind.get_text()
        for kind in (await admin.get("/employees/2/phones")).html.select(".phone-kind")
    ]
    assert ["SIP-телефон", "Внешний номер: мобильные", "Внешний номер: городские"] == kinds


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ([("a b", "25")], "address-0"),
        ([("102", "25"), ("телефон", "25")], "address-1"),
        ([("102", "25"), ("102", "10")], "address-1"),
        ([("+79161234567", "25"), ("89161234567", "10")], "address-1"),
        ([("102", "121")], "seconds-0"),
        ([("102", "-1")], "seconds-0"),
        ([("102", "soon")], "seconds-0"),
        ([("x" * 61, "25")], "address-0"),
        ([("PJSIP/102&PJSIP/103", "25")], "address-0"),
    ],
)
async def test_a_phone_that_makes_no_sense_is_told_beside_it(
    admin: Browser, office: Office, typed: list[tuple[str, str]], field: str
) -> None:
    before = await office.card(102)
    answer = await post(admin, typed)
    assert (422, typed) == (answer.status, lines(answer))
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    assert before == await office.card(102)


async def test_a_way_of_ringing_that_is_none_is_refused(admin: Browser) -> None:
    answer = await post(admin, [("102", "25")], ring_order="loudly")
    assert 422 == answer.status
    assert answer.html.select_one("#h-ring_order")


async def test_more_than_twenty_phones_are_refused(admin: Browser) -> None:
    answer = await post(admin, [(f"phone-{number}", "25") for number in range(21)])
    assert 422 == answer.status


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("up:1", ["b", "a", "c"]),
        ("up:0", ["a", "b", "c"]),
        ("down:0", ["b", "a", "c"]),
        ("down:2", ["a", "b", "c"]),
        ("remove:1", ["a", "c"]),
        ("add", ["a", "b", "c", ""]),
        ("up:9", ["a", "b", "c"]),
        ("up:x", ["a", "b", "c"]),
    ],
)
async def test_the_buttons_change_the_list_and_store_nothing(
    admin: Browser, office: Office, act: str, left: list[str]
) -> None:
    before = await office.card(102)
    answer = await post(admin, [("a", "1"), ("b", "2"), ("c", "3")], act=act)
    assert (200, left) == (answer.status, [address for address, _ in lines(answer)])
    assert before == await office.card(102)


async def test_nobody_without_phones_is_told_what_that_means(admin: Browser) -> None:
    assert 303 == (await post(admin, [])).status
    assert (await admin.get("/employees/2/phones")).html.select_one(".empty")


async def test_two_people_edit_the_same_phones(admin: Browser, office: Office) -> None:
    page = await admin.get("/employees/2/phones")
    version = attribute(page, '[name="version"]', "value")
    await post(admin, [("102", "25"), ("theirs", "25")])
    answer = await post(admin, [("mine", "25")], version=version, ring_order="at_once")
    assert (422, [("mine", "25")]) == (answer.status, lines(answer))
    assert "theirs" in answer.text
    assert "in_turn" == attribute(answer, "#f-ring_order option[selected]", "value")


@pytest.mark.parametrize("tab", ["phones", "rights"])
async def test_who_may_not_change_them_does_not(browser: Browser, office: Office, tab: str) -> None:
    await office.give(102, "senior")
    await browser.log_in(102)
    answer = await browser.post(f"/employees/2/{tab}", address="x", seconds="1", role="8")
    assert 403 == answer.status
    assert EMPLOYEE.id != await role(office, 102)
    assert (Phone(Endpoint("102")),) == (await office.card(102)).phones


async def test_a_role_is_given_and_noted(admin: Browser, office: Office) -> None:
    assert 303 == (await admin.post("/employees/2/rights", role=str(NO_ACCESS.id))).status
    assert NO_ACCESS.id == await role(office, 102)
    line = await office.newest_line()
    assert line is not None
    assert ("rights.changed", "Нет доступа / No access") == (line.action, line.after["role"])


@pytest.mark.parametrize("typed", ["99", "x", "0", ""])
async def test_a_role_that_is_not_there_is_refused(
    admin: Browser, office: Office, typed: str
) -> None:
    before = await role(office, 102)
    answer = await admin.post("/employees/2/rights", role=typed)
    assert 422 == answer.status
    assert answer.html.select_one("#h-role")
    assert before == await role(office, 102)


async def test_nobody_gives_a_role_above_their_own(browser: Browser, office: Office) -> None:
    await office.give(102, "company_head")
    await browser.log_in(102)
    offered = (await browser.get("/employees/5/rights")).html.select("#f-role option")
    assert str(ADMINISTRATOR.id) not in [option["value"] for option in offered]
    for whom in (2, 5):
        path = f"/employees/{whom}/rights"
        answer = await browser.post(path, role=str(ADMINISTRATOR.id))
        assert 422 == answer.status
    assert ADMINISTRATOR.id not in {await role(office, 102), await role(office, 105)}
    assert 403 == (await browser.post("/employees/1/rights", role="2")).status


async def test_the_last_administrator_stays_one(admin: Browser, office: Office) -> None:
    for extension in range(102, 109):
        await office.give(extension, "employee")
    answer = await admin.post("/employees/1/rights", role=str(EMPLOYEE.id))
    assert 422 == answer.status
    assert the(answer, "#h-role").get_text()
    assert ADMINISTRATOR.id == await role(office, 101)
    await office.give(102, "administrator")
    assert 303 == (await admin.post("/employees/1/rights", role=str(EMPLOYEE.id))).status


async def test_a_role_changed_meanwhile_is_told(admin: Browser, office: Office) -> None:
    page = await admin.get("/employees/2/rights")
    version = attribute(page, '[name="version"]', "value")
    await office.give(102, "accountant")
    answer = await admin.post("/employees/2/rights", role=str(GROUP_HEAD.id), version=version)
    assert 422 == answer.status
    assert answer.html.select_one("[data-problems]")
