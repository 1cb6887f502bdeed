"""Forwarding by the API: set, read, ended, and refused as by phone and on the page."""

import pytest

from ari_app.store import audit
from ari_app.store.audit import Wanted
from tests.unit.api import Program, program_of
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

BORIS, EMMA = 102, 105
OUTSIDE = "8 916 555-01-77"


def path_of(office: Office, extension: int) -> str:
    return f"/employees/{office.who(extension)}/forwards"


async def test_without_any_the_list_is_empty(api_admin: Program, office: Office) -> None:
    said = await api_admin.get(path_of(office, EMMA))
    assert (200, []) == (said.status, said.json)


async def test_calls_are_forwarded_to_a_colleague_and_to_a_number(
    api_admin: Program, office: Office
) -> None:
    path = path_of(office, EMMA)
    first = await api_admin.post(path, number="103")
    second = await api_admin.post(path, number=OUTSIDE, kind="no_answer")
    assert (201, 201) == (first.status, second.status)
    told = {one["kind"]: one for one in (await api_admin.get(path)).json}
    assert {first.json["id"], second.json["id"]} == {one["id"] for one in told.values()}
    assert {"to": "colleague", "employee": office.who(103)} == told["all"]["to"]
    assert ["+79165550177"] == told["no_answer"]["to"]["numbers"]
    assert all(one["text"] for one in told.values())
    await office.reload()
    assert office.directory.employees[office.who(EMMA)].rules[0].is_temporary


async def test_another_of_the_same_kind_takes_its_place(api_admin: Program, office: Office) -> None:
    path = path_of(office, EMMA)
    await api_admin.post(path, number="103", kind="busy")
    second = await api_admin.post(path, number=OUTSIDE, kind="busy")
    (one,) = (await api_admin.get(path)).json
    assert (second.json["id"], "busy", "outside_numbers") == (
        one["id"],
        one["kind"],
        one["to"]["to"],
    )


async def test_one_is_ended_once_and_set_again(api_admin: Program, office: Office) -> None:
    path = path_of(office, EMMA)
    which = (await api_admin.post(path, number="103")).json["id"]
    assert 404 == (await api_admin.post(f"{path}/{which}/restore")).status
    assert 204 == (await api_admin.delete(f"{path}/{which}")).status
    assert 404 == (await api_admin.delete(f"{path}/{which}")).status
    assert [] == (await api_admin.get(path)).json
    again = await api_admin.post(f"{path}/{which}/restore")
    assert (201, [again.json["id"]]) == (
        again.status,
        [one["id"] for one in (await api_admin.get(path)).json],
    )


async def test_who_forwards_whose_calls_is_in_the_audit_log(
    api_admin: Program, office: Office
) -> None:
    path = path_of(office, EMMA)
    which = (await api_admin.post(path, number="103")).json["id"]
    await api_admin.delete(f"{path}/{which}")
    async with office.sessions() as session:
        lines = await audit.lines(session, Wanted(person=office.who(EMMA)), 2)
    assert ["forward.ended", "forward.set"] == [line.action for line in lines]
    assert {office.who(101)} == {line.who.employee for line in lines}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "number"),
        ({"number": "x"}, "number"),
        ({"number": "999"}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"number": 103}, "number"),
        ({"number": "105"}, "number"),
        ({"number": "103", "kind": "always"}, "kind"),
    ],
    ids=["nothing", "short", "nobody", "long", "no text", "oneself", "no kind"],
)
async def test_what_cannot_be_forwarded_to_is_told(
    api_admin: Program, office: Office, sent: dict[str, object], field: str
) -> None:
    path = path_of(office, EMMA)
    said = await api_admin.post(path, **sent)
    assert (422, [field]) == (said.status, list(said.errors))
    assert [] == (await api_admin.get(path)).json


async def test_a_number_that_the_card_may_not_dial_is_refused(
    api_admin: Program, office: Office
) -> None:
    card = f"/employees/{office.who(EMMA)}/contact-centre"
    stored = (await api_admin.get(card)).json
    assert 204 == (await api_admin.put(card, **{**stored, "may_dial": ["national"]})).status
    said = await api_admin.post(path_of(office, EMMA), number=OUTSIDE)
    assert (422, ["number"]) == (said.status, list(said.errors))


async def test_a_circle_is_refused(api_admin: Program, office: Office) -> None:
    assert 201 == (await api_admin.post(path_of(office, EMMA), number="103")).status
    said = await api_admin.post(path_of(office, 103), number="105")
    assert (422, ["number"]) == (said.status, list(said.errors))


async def test_forwardings_of_others_are_neither_seen_nor_changed(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    which = (await api_admin.post(path_of(office, BORIS), number="103")).json["id"]
    grants = {"use_api": 3, "see_employees": 3, "see_rules": 1, "configure_rules": 1}
    made = await api_admin.post("/roles", name_ru="Я", name_en="Me", rank=5, grants=grants)
    await api_admin.put(f"/employees/{office.who(EMMA)}/role", role=made.json["id"])
    emma = program_of(browser)
    await emma.takes_token(EMMA)
    path = path_of(office, BORIS)
    statuses = [
        (await emma.get(path)).status,
        (await emma.post(path, number="103")).status,
        (await emma.delete(f"{path}/{which}")).status,
        (await emma.post(f"{path}/{which}/restore")).status,
    ]
    assert [403] * 4 == statuses
    assert 404 == (await emma.delete(f"{path_of(office, EMMA)}/{which}")).status
    assert 404 == (await emma.post(f"{path_of(office, EMMA)}/{which}/restore")).status
    assert [which] == [one["id"] for one in (await api_admin.get(path)).json]


async def test_without_the_right_nothing_is_forwarded(browser: Browser, office: Office) -> None:
    await office.give(EMMA, "employee")
    await browser.log_in(EMMA)
    program = program_of(browser)
    token = await browser.token("/me")
    path = f"/api/v1{path_of(office, EMMA)}"
    said = await program.call("POST", path, {"number": "103"}, X_CSRF_Token=token)
    assert 403 == said.status
    assert 403 == (await program.call("DELETE", f"{path}/1", X_CSRF_Token=token)).status


async def test_of_nobody_no_calls_are_forwarded(api_admin: Program) -> None:
    path = "/employees/999999/forwards"
    statuses = [
        (await api_admin.get(path)).status,
        (await api_admin.post(path, number="103")).status,
        (await api_admin.delete(f"{path}/1")).status,
        (await api_admin.post(f"{path}/1/restore")).status,
    ]
    assert [404] * 4 == statuses


async def test_a_token_for_reading_forwards_nothing(browser: Browser, office: Office) -> None:
    program = program_of(browser)
    await program.takes_token(101, {TokenScope.RULES_READ})
    path = path_of(office, EMMA)
    assert 200 == (await program.get(path)).status
    assert 403 == (await program.post(path, number="103")).status
    assert 403 == (await program.delete(f"{path}/1")).status
