"""Deleting an employee: what it says before, who takes over, what is refused, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ari_app.domain.directory import Colleague, Colleagues, ForwardingRule, When
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId, Extension, RuleId
from ari_app.store import audit, devices, forwards, rule_versions
from ari_app.store.audit import Wanted
from ari_app.store.card import Card
from ari_app.store.devices import Place
from ari_app.store.forwards import Forward
from ari_app.store.groups import Group, group, save_group
from ari_app.store.people import add_employee, card_of, change_employee
from ari_app.store.rules import save_rules
from tests.unit.panel import Browser, Office
from tests.unit.panel_html import attribute, the, undo_address

NUMBER = "+74951234508"


async def the_group(office: Office, *extensions: int) -> int:
    members = tuple(office.who(extension) for extension in extensions)
    async with office.sessions.begin() as session:
        return await save_group(session, Group(0, "Группа", "Group", members))


async def the_rules(office: Office, extension: int) -> tuple[ForwardingRule, ...]:
    await office.reload()
    return office.directory.employees[office.who(extension)].rules


async def rule_of(office: Office, extension: int, *rules: ForwardingRule) -> int:
    async with office.sessions.begin() as session:
        ids = await save_rules(session, office.who(extension), rules, datetime.now(UTC), "RU")
    await office.reload()
    return ids[0]


def to(*people: EmployeeId) -> ForwardingRule:
    then = Colleague(people[0]) if len(people) == 1 else Colleagues(people)
    return ForwardingRule(RuleId(0), "Deputy", When(), then)


def the_paths(office: Office, extension: int) -> tuple[str, str]:
    employee = office.who(extension)
    return f"/employees/{employee}/delete", f"/employees/{employee}/restore"


async def test_the_preview_names_every_rule_and_group(admin: Browser, office: Office) -> None:
    rule = await rule_of(office, 102, to(office.who(108)))
    number = await the_group(office, 108, 103)
    answer = await admin.get(the_paths(office, 108)[0])
    assert 200 == answer.status
    assert answer.html.select_one(f'select[name="deed-rules:{rule}"]')
    assert answer.html.select_one(f'select[name="deed-groups:{number}"]')


@pytest.mark.parametrize("kind", ["delete", "restore"])
async def test_nobody_deletes_without_the_right(
    browser: Browser, office: Office, kind: str
) -> None:
    path = f"/employees/{office.who(108)}/{kind}"
    assert 303 == (await browser.get(path)).status
    await browser.log_in(102)
    assert 403 == (await browser.get(path)).status
    assert 403 == (await browser.post(path)).status


async def test_who_stands_higher_is_not_deleted(browser: Browser, office: Office) -> None:
    await office.give(102, "company_head")
    await browser.log_in(102)
    assert 403 == (await browser.post(the_paths(office, 101)[0])).status


async def test_nobody_deletes_themselves(admin: Browser, office: Office) -> None:
    await office.give(102, "administrator")
    answer = await admin.post(the_paths(office, 101)[0])
    assert 422 == answer.status
    assert "Себя удалить нельзя" in answer.text


async def test_somebody_who_is_not_there_is_not_found(admin: Browser) -> None:
    assert 404 == (await admin.get("/employees/999/delete")).status
    assert 404 == (await admin.post("/employees/999/delete")).status
    assert 404 == (await admin.post("/employees/999/restore")).status


async def test_a_stale_form_deletes_nobody(admin: Browser, office: Office) -> None:
    assert 403 == (await admin.post(the_paths(office, 108)[0], token="stale")).status
    async with office.sessions() as session:
        assert "Oliver Bennett" == (await card_of(session, office.who(108))).name


async def test_rules_and_places_in_groups_are_handed_over(admin: Browser, office: Office) -> None:
    leaver, successor = office.who(108), office.who(105)
    rule = await rule_of(office, 102, to(leaver))
    number = await the_group(office, 103, 108, 104)
    fields = {
        f"deed-rules:{rule}": "hand_over",
        "successor-rules": "105",
        f"deed-groups:{number}": "hand_over",
        "successor-groups": "Emma Clarke",
    }
    answer = await admin.post(f"/employees/{leaver}/delete", **fields)
    assert (303, "/employees/deleted") == (answer.status, answer.to)
    assert Colleague(successor) == (await the_rules(office, 102))[0].then
    async with office.sessions() as session:
        found = await group(session, number)
        lines = await audit.lines(session, Wanted(action="employee.deleted"), 5)
    assert (office.who(103), successor, office.who(104)) == found.members
    assert "Oliver Bennett" == lines[0].about.name


async def test_a_rule_that_would_lead_nowhere_is_switched_off(
    admin: Browser, office: Office
) -> None:
    leaver, other = office.who(108), office.who(103)
    alone = to(leaver)
    rule = await rule_of(office, 102, alone, replace(to(leaver, other), name="Both"))
    both = (await the_rules(office, 102))[1].id
    fields = {f"deed-rules:{rule}": "remove", f"deed-rules:{both}": "remove"}
    assert 303 == (await admin.post(f"/employees/{leaver}/delete", **fields)).status
    first, second = await the_rules(office, 102)
    assert (False, Colleagues((other,))) == (first.is_on, second.then)


async def test_a_rule_that_is_left_stays_as_it_is(admin: Browser, office: Office) -> None:
    leaver = office.who(108)
    rule = await rule_of(office, 102, to(leaver))
    fields = {f"deed-rules:{rule}": "leave"}
    await admin.post(f"/employees/{leaver}/delete", **fields)
    assert Colleague(leaver) == (await the_rules(office, 102))[0].then


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Выберите, кто принимает"),
        ("nobody", "ни у кого"),
        ("108", "Это тот, кого удаляют"),
    ],
)
async def test_who_takes_over_must_be_a_colleague(
    admin: Browser, office: Office, typed: str, told: str
) -> None:
    rule = await rule_of(office, 102, to(office.who(108)))
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": typed}
    answer = await admin.post(the_paths(office, 108)[0], **fields)
    assert 422 == answer.status
    assert told in the(answer, "#h-successor-rules").get_text()
    assert typed == attribute(answer, "#f-successor-rules", "value")
    async with office.sessions() as session:
        assert "108" == (await card_of(session, office.who(108))).extension


async def test_a_rule_is_not_handed_over_to_its_own_owner(admin: Browser, office: Office) -> None:
    rule = await rule_of(office, 102, to(office.who(108)))
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": "102"}
    answer = await admin.post(the_paths(office, 108)[0], **fields)
    assert 422 == answer.status
    assert "собственное правило" in answer.text


async def test_no_circle_of_calls_is_made(admin: Browser, office: Office) -> None:
    rule = await rule_of(office, 102, to(office.who(108)))
    await rule_of(office, 105, to(office.who(102)))
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": "105"}
    answer = await admin.post(the_paths(office, 108)[0], **fields)
    assert 422 == answer.status
    assert "по кругу" in answer.text
    assert Colleague(office.who(108)) == (await the_rules(office, 102))[0].then


async def test_an_old_problem_of_a_secretary_does_not_stop_a_hand_over(
    admin: Browser, office: Office
) -> None:
    now = datetime.now(UTC)
    ending = When(until=now + timedelta(seconds=1))
    rule = await rule_of(
        office, 102, to(office.who(108)), replace(to(office.who(103)), when=ending)
    )
    office.at = now + timedelta(hours=1)
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": "105"}
    assert 303 == (await admin.post(the_paths(office, 108)[0], **fields)).status


async def test_the_outside_number_is_handed_over_and_comes_back(
    admin: Browser, office: Office
) -> None:
    leaver, successor = office.who(108), office.who(103)
    async with office.sessions.begin() as session:
        card = await card_of(session, successor)
        await change_employee(session, successor, replace(card, number=None))
    fields = {f"deed-number:{leaver}": "hand_over", "successor-number": "103"}
    assert 303 == (await admin.post(f"/employees/{leaver}/delete", **fields)).status
    async with office.sessions() as session:
        assert NUMBER == (await card_of(session, successor)).number
    assert 303 == (await admin.post(f"/employees/{leaver}/restore")).status
    async with office.sessions() as session:
        assert NUMBER == (await card_of(session, leaver)).number
        assert (await card_of(session, successor)).number is None


async def test_a_number_is_not_handed_over_to_who_has_one(admin: Browser, office: Office) -> None:
    fields = {f"deed-number:{office.who(108)}": "hand_over", "successor-number": "105"}
    answer = await admin.post(the_paths(office, 108)[0], **fields)
    assert 422 == answer.status
    assert "уже есть свой номер" in answer.text


async def test_devices_of_who_is_deleted_are_logged_out(admin: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        token = await devices.begin(session, office.who(108), office.now(), Place("::1", "phone"))
    await admin.post(the_paths(office, 108)[0])
    async with office.sessions() as session:
        assert await devices.found(session, token, office.now()) is None


async def test_a_deletion_twice_is_not_found(admin: Browser, office: Office) -> None:
    path = the_paths(office, 108)[0]
    assert 303 == (await admin.post(path)).status
    assert 404 == (await admin.post(path)).status


async def test_coming_back_restores_card_group_and_rules(admin: Browser, office: Office) -> None:
    leaver = office.who(108)
    rule = await rule_of(office, 102, to(leaver))
    number = await the_group(office, 108, 103)
    fields = {
        f"deed-rules:{rule}": "hand_over",
        "successor-rules": "105",
        f"deed-groups:{number}": "remove",
    }
    await admin.post(f"/employees/{leaver}/delete", **fields)
    listed = await admin.get("/employees/deleted")
    assert "Oliver Bennett" in listed.text
    assert f"/employees/{leaver}/restore" == undo_address(listed)
    assert f"/employees/{leaver}" == (await admin.post(f"/employees/{leaver}/restore")).to
    assert Colleague(leaver) == (await the_rules(office, 102))[0].then
    async with office.sessions() as session:
        assert (leaver, office.who(103)) == (await group(session, number)).members
        assert "108" == (await card_of(session, leaver)).extension


async def test_a_rule_that_was_changed_since_is_told_and_left(
    admin: Browser, office: Office
) -> None:
    leaver = office.who(108)
    rule = await rule_of(office, 102, to(leaver))
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": "105"}
    await admin.post(f"/employees/{leaver}/delete", **fields)
    changed = replace((await the_rules(office, 102))[0], then=Colleague(office.who(103)))
    await rule_of(office, 102, changed)
    await admin.post(f"/employees/{leaver}/restore")
    assert Colleague(office.who(103)) == (await the_rules(office, 102))[0].then
    shown = await admin.get("/employees/deleted")
    assert "Deputy" in the(shown, ".alert").get_text()


async def test_a_taken_extension_asks_for_another_one(admin: Browser, office: Office) -> None:
    leaver = office.who(108)
    await admin.post(f"/employees/{leaver}/delete")
    async with office.sessions.begin() as session:
        await add_employee(session, Card("Новый", Extension("108")))
    page = await admin.get(f"/employees/{leaver}/restore")
    assert "Новый" in page.text
    refused = await admin.post(f"/employees/{leaver}/restore", extension="102")
    assert 422 == refused.status
    assert refused.html.select_one("#h-extension.invalid-feedback")
    bad = await admin.post(f"/employees/{leaver}/restore", extension="x")
    assert (422, "x") == (bad.status, attribute(bad, "#f-extension", "value"))
    assert 303 == (await admin.post(f"/employees/{leaver}/restore", extension="120")).status
    async with office.sessions() as session:
        assert "120" == (await card_of(session, leaver)).extension


async def test_after_a_day_nobody_comes_back(admin: Browser, office: Office) -> None:
    path, back = the_paths(office, 108)
    office.at = datetime.now(UTC)
    await admin.post(path)
    office.at += timedelta(hours=11)
    await admin.get("/employees/deleted")
    office.at += timedelta(hours=11)
    await admin.get("/employees/deleted")
    office.at += timedelta(hours=3)
    assert 404 == (await admin.post(back)).status


async def test_a_deed_that_is_none_is_refused(admin: Browser, office: Office) -> None:
    rule = await rule_of(office, 102, to(office.who(108)))
    answer = await admin.post(the_paths(office, 108)[0], **{f"deed-rules:{rule}": "eat"})
    assert 422 == answer.status


async def test_a_hand_over_stands_in_the_history_of_the_rules(
    admin: Browser, office: Office
) -> None:
    leaver, owner = office.who(108), office.who(102)
    rule = await rule_of(office, 102, to(leaver))
    fields = {f"deed-rules:{rule}": "hand_over", "successor-rules": "105"}
    await admin.post(f"/employees/{leaver}/delete", **fields)
    async with office.sessions() as session:
        newest = (await rule_versions.versions(session, owner, 1))[0]
    assert newest.by.id == office.who(101)
    assert [one.then for one in newest.rules] == [Colleague(office.who(105))]


async def test_a_forwarding_to_who_leaves_is_ended_even_if_it_is_left(
    admin: Browser, office: Office
) -> None:
    leaver, owner = office.who(108), office.who(106)
    wish = Forward(ForwardKind.ALL, Colleague(leaver), "*72")
    async with office.sessions.begin() as session:
        rule = await forwards.forward(session, owner, wish, datetime.now(UTC), "RU")
    await admin.post(f"/employees/{leaver}/delete", **{f"deed-rules:{rule}": "leave"})
    async with office.sessions() as session:
        assert await forwards.forwards(session, owner) == []
