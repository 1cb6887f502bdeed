"""A card's first tab and the contact centre: read, changed, refused, and edited by two people."""

from dataclasses import replace
from typing import Any

import pytest

from ari_app.domain.directory import Status
from ari_app.domain.numbers import Extension, NumberClass, OwnStatusId
from ari_app.domain.rights import Right, Role, Scope
from ari_app.store.accounts import account
from ari_app.store.card import Card
from ari_app.store.office import add_own_status, retire_own_status
from ari_app.store.people import add_employee, card_of, change_employee, leave
from tests.unit.panel import Answer, Browser, Office
from tests.unit.panel_html import attribute, the

TABS = ["", "/contact-centre", "/phones", "/rights", "/secretary", "/calls"]


def fields(answer: Answer) -> dict[str, Any]:
    """What a browser would send."""
    form = the(answer, "form[data-guard]")
    sent: dict[str, Any] = {}
    for field in form.select("input[name]"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        sent.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    for choice in form.select("select"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        sent[str(choice["name"])] = [str(chosen["value"])] if chosen else []
    return {name: value for name, value in sent.items() if name != "csrf"}


async def opened(browser: Browser, path: str) -> dict[str, Any]:
    return fields(await browser.get(path))


@pytest.mark.parametrize("tab", TABS)
async def test_nobody_opens_a_card_without_a_login(browser: Browser, tab: str) -> None:
    assert 303 == (await browser.get(f"/employees/1{tab}")).status


@pytest.mark.parametrize("tab", TABS)
async def test_a_card_needs_the_right_to_see_employees(
    browser: Browser, office: Office, tab: str
) -> None:
    await office.give(102, "no_access")
    await browser.log_in(102)
    assert 403 == (await browser.get(f"/employees/1{tab}")).status


@pytest.mark.parametrize("tab", TABS)
async def test_nobody_has_no_card(admin: Browser, tab: str) -> None:
    assert 404 == (await admin.get(f"/employees/999{tab}")).status
    assert 404 == (await admin.get(f"/employees/x{tab}")).status


async def test_who_has_left_has_no_card(admin: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        await leave(session, office.who(108), office.now())
    assert 404 == (await admin.get(f"/employees/{office.who(108)}")).status


@pytest.mark.parametrize("tab", TABS)
async def test_an_administrator_opens_every_tab(admin: Browser, tab: str) -> None:
    assert 200 == (await admin.get(f"/employees/2{tab}")).status


@pytest.mark.parametrize("tab", TABS[1:])
async def test_an_employee_opens_only_the_first_tab_of_a_colleague(
    browser: Browser, tab: str
) -> None:
    await browser.log_in(105)
    answer = await browser.get("/employees/2")
    assert (200, []) == (answer.status, answer.html.select(".nav-tabs a"))
    assert answer.html.select_one("form[data-guard]") is None
    assert 403 == (await browser.get(f"/employees/2{tab}")).status


@pytest.mark.parametrize("tab", TABS)
async def test_an_employee_reads_their_own_card(browser: Browser, office: Office, tab: str) -> None:
    await browser.log_in(105)
    answer = await browser.get(f"/employees/{office.who(105)}{tab}")
    assert 200 == answer.status
    # Asking "what if?" changes nothing.
    assert answer.html.select_one("main button.btn-primary:not([formaction])") is None


async def test_another_departments_card_is_not_seen_with_a_right_over_ones_own(
    browser: Browser, office: Office
) -> None:
    await office.give_role(
        102, Role(0, "Узкая", "Narrow", 5, {Right.SEE_EMPLOYEES: Scope.DEPARTMENT})
    )
    await browser.log_in(102)
    assert 200 == (await browser.get(f"/employees/{office.who(103)}")).status
    assert 403 == (await browser.get(f"/employees/{office.who(105)}")).status


async def test_a_card_is_changed_and_noted(admin: Browser, office: Office) -> None:
    typed = await opened(admin, "/employees/2") | {
        "name": "Борис Орлов-Ёлкин",
        "extension": "202",
        "email": "Boris@Example.RU",
        "mobile": "8 (916) 000-11-22",
        "position": "Менеджер",
        "department": "2",
        "zone": "Europe/London",
        "language": "en",
        "number": "+7 495 123-45-99",
    }
    answer = await admin.post("/employees/2", **typed)
    assert (303, "/employees/2") == (answer.status, answer.to)
    card = await office.card(102)
    assert ("Борис Орлов-Ёлкин", "202", 2) == (card.name, card.extension, card.department)
    assert ("boris@example.ru", "+79160001122") == (card.email, card.mobile)
    assert ("Europe/London", "en", "+74951234599") == (card.zone, card.language, card.number)
    line = await office.newest_line()
    assert line is not None
    assert ("card.changed", "102", "202") == (
        line.action,
        line.before["extension"],
        line.after["extension"],
    )


@pytest.mark.parametrize("tab", ["", "/contact-centre", "/phones", "/rights"])
async def test_saving_without_a_change_stores_and_notes_nothing(
    admin: Browser, office: Office, tab: str
) -> None:
    before = await office.card(105)
    path = f"/employees/{office.who(105)}{tab}"
    assert 303 == (await admin.post(path, **await opened(admin, path))).status
    assert before == await office.card(105)
    assert await office.newest_line() is None


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\tb"),
        ("extension", ""),
        ("extension", "1"),
        ("extension", "12345678"),
        ("extension", "10a"),
        ("extension", "١٠١"),
        ("email", "anna"),
        ("email", "a@b@c"),
        ("mobile", "123"),
        ("mobile", "hello"),
        ("number", "12"),
        ("position", "x" * 101),
        ("zone", "Europe/Nowhere"),
        ("zone", "../../etc/passwd"),
        ("language", "xx"),
        ("department", "99"),
        ("department", "x"),
    ],
)
async def test_what_cannot_be_stored_is_told_beside_it_and_nothing_is(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    before = await office.card(102)
    form = await opened(admin, "/employees/2") | {"position": "Новая", field: typed}
    answer = await admin.post("/employees/2", **form)
    assert 422 == answer.status
    assert answer.html.select_one(f"#f-{field}.is-invalid")
    assert answer.html.select_one(f"#h-{field}.invalid-feedback")
    if field != "position":
        assert "Новая" == attribute(answer, "#f-position", "value")
    assert before == await office.card(102)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("extension", "101"),
        ("email", "ANNA@example.ru"),
        ("mobile", "89990001122"),
        ("number", "+7 495 123 45 01"),
    ],
)
async def test_what_is_taken_names_who_has_it(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    async with office.sessions.begin() as session:
        card = await card_of(session, office.who(101))
        card = replace(card, email="anna@example.ru", mobile="+79990001122")
        await change_employee(session, office.who(101), card)
    form = await opened(admin, "/employees/2") | {field: typed}
    answer = await admin.post("/employees/2", **form)
    assert 422 == answer.status
    assert "Анна Кузнецова" in the(answer, f"#h-{field}").get_text()
    assert "/employees/1" == attribute(answer, ".taken-link", "href")
    assert typed == attribute(answer, f"#f-{field}", "value")


async def test_two_people_edit_the_same_card(admin: Browser, office: Office) -> None:
    mine = await opened(admin, "/employees/2")
    theirs = dict(mine) | {"position": "Их должность", "zone": "Europe/London"}
    await admin.post("/employees/2", **theirs)
    answer = await admin.post("/employees/2", **mine | {"position": "Моя", "name": "Борис О."})
    assert 422 == answer.status
    told = the(answer, "[data-problems]").get_text()
    assert "Анна Кузнецова" in told
    assert "Должность" in told
    assert "Часовой пояс" in told
    assert "Моя" == attribute(answer, "#f-position", "value")
    assert "Их должность" in the(answer, "#h-position").get_text()
    assert "Europe/London" == attribute(answer, "#f-zone", "value")
    assert "Борис О." == attribute(answer, "#f-name", "value")
    assert "Их должность" == (await office.card(102)).position
    assert 303 == (await admin.post("/employees/2", **fields(answer))).status
    card = await office.card(102)
    assert ("Моя", "Europe/London", "Борис О.") == (card.position, card.zone, card.name)


async def test_another_tab_changed_meanwhile_is_no_conflict(admin: Browser, office: Office) -> None:
    mine = await opened(admin, "/employees/2")
    phones = await opened(admin, "/employees/2/phones")
    await admin.post("/employees/2/phones", **phones | {"ring_order": "in_turn"})
    assert 303 == (await admin.post("/employees/2", **mine | {"position": "Моя"})).status
    assert "in_turn" == (await office.card(102)).ring_order.value


@pytest.mark.parametrize("path", ["", "/login", "/photo", "/photo/remove", "/contact-centre"])
async def test_who_may_not_change_a_card_changes_nothing(
    browser: Browser, office: Office, path: str
) -> None:
    before = await office.card(103)
    await office.give(104, "senior")
    await browser.log_in(104)
    answer = await browser.post(f"/employees/{office.who(103)}{path}", name="x", extension="999")
    assert 403 == answer.status
    assert before == await office.card(103)


@pytest.mark.parametrize("path", ["", "/login", "/photo/remove", "/contact-centre"])
async def test_the_head_of_a_group_changes_nobody_elsewhere_nor_above(
    browser: Browser, office: Office, path: str
) -> None:
    await office.give(102, "group_head")
    await browser.log_in(102)
    form = {"name": "x", "extension": "999"}
    for whom in (105, 101):
        assert 403 == (await browser.post(f"/employees/{office.who(whom)}{path}", **form)).status


@pytest.mark.parametrize("whom", [102, 103])
async def test_the_head_of_a_group_moves_nobody_between_departments(
    browser: Browser, office: Office, whom: int
) -> None:
    await office.give(102, "group_head")
    await browser.log_in(102)
    path = f"/employees/{office.who(whom)}"
    form = await opened(browser, path)
    answer = await browser.post(path, **form | {"department": "2"})
    assert 422 == answer.status
    assert 1 == (await office.card(whom)).department
    assert 303 == (await browser.post(path, **form | {"position": "Моя"})).status


@pytest.mark.parametrize("path", ["", "/login", "/photo/remove", "/contact-centre", "/phones"])
async def test_a_form_of_another_site_changes_nothing(
    admin: Browser, office: Office, path: str
) -> None:
    before = await office.card(102)
    answer = await admin.post(f"/employees/2{path}", token="stale", name="x", extension="999")
    assert 403 == answer.status
    assert before == await office.card(102)


async def test_a_login_is_generated_anew_and_the_old_one_stays_nobodys(
    admin: Browser, office: Office
) -> None:
    async with office.sessions() as session:
        before = (await account(session, office.who(102))).login
    assert before in (await admin.get("/employees/2")).text
    assert 303 == (await admin.post("/employees/2/login")).status
    async with office.sessions() as session:
        after = (await account(session, office.who(102))).login
    assert (before, f"{before}2") == ("b.orlov", after)
    line = await office.newest_line()
    assert line is not None
    assert ("login.regenerated", {"login": before}, {"login": after}) == (
        line.action,
        line.before,
        line.after,
    )
    assert after in (await admin.get("/employees/2")).text


async def test_the_contact_centre_settings_are_changed(admin: Browser, office: Office) -> None:
    path = "/employees/2/contact-centre"
    form = await opened(admin, path) | {
        "uses_status": None,
        "has_voicemail": None,
        "voicemail_by_mail": None,
        "all_own_statuses": None,
        "own_statuses": ["1"],
        "after_call_seconds": "30",
        "may_dial": ["inside", "mobile"],
    }
    assert 303 == (await admin.post(path, **form)).status
    card = await office.card(102)
    assert (False, False, 30) == (card.uses_status, card.has_voicemail, card.after_call_seconds)
    assert not card.voicemail_by_mail
    assert frozenset({OwnStatusId(1)}) == card.own_statuses
    assert frozenset({NumberClass.INSIDE, NumberClass.MOBILE}) == card.may_dial
    line = await office.newest_line()
    assert line is not None
    assert "contact_centre.changed" == line.action


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("after_call_seconds", "-1"),
        ("after_call_seconds", "3601"),
        ("after_call_seconds", "x"),
        ("may_dial", "moon"),
        ("own_statuses", "99"),
        ("own_statuses", "x"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(
    admin: Browser, office: Office, field: str, typed: str
) -> None:
    before = await office.card(102)
    path = "/employees/2/contact-centre"
    form = await opened(admin, path) | {"all_own_statuses": None, field: typed}
    answer = await admin.post(path, **form)
    assert 422 == answer.status
    assert answer.html.select_one("form .invalid-feedback")
    assert before == await office.card(102)


async def test_a_retired_own_status_stays_allowed_for_when_it_comes_back(
    admin: Browser, office: Office
) -> None:
    async with office.sessions.begin() as session:
        gone = await add_own_status(session, "Учёба", "Training", Status.BREAK)
        card = await card_of(session, office.who(102))
        own = frozenset({gone, OwnStatusId(1)})
        await change_employee(session, office.who(102), replace(card, own_statuses=own))
    async with office.sessions.begin() as session:
        await retire_own_status(session, gone, office.now())
    path = "/employees/2/contact-centre"
    assert 303 == (await admin.post(path, **await opened(admin, path))).status
    assert own == (await office.card(102)).own_statuses


async def test_the_letter_to_register_is_sent_and_taken_back(
    admin: Browser, office: Office
) -> None:
    path = await newcomer(office, "new@example.ru")
    assert "Приглашение ещё не отправлено" in (await admin.get(path)).text
    assert 303 == (await admin.post(f"{path}/registration")).status
    assert "ссылка действует до" in (await admin.get(path)).text
    assert 303 == (await admin.post(f"{path}/registration/revoke")).status
    assert "Ссылка отозвана" in (await admin.get(path)).text


async def test_without_an_address_no_letter_is_sent(admin: Browser, office: Office) -> None:
    path = await newcomer(office, None)
    await admin.post(f"{path}/registration")
    assert (await admin.get(path)).html.select_one(".alert-danger")


async def newcomer(office: Office, email: str | None) -> str:
    async with office.sessions.begin() as session:
        card = Card("Новый Человек", Extension("900"), email=email)
        return f"/employees/{await add_employee(session, card)}"
