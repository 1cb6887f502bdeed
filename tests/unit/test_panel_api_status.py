"""Statuses by the API: declared, with a time to live, ended; one's own and others'."""

from datetime import timedelta

import pytest

from ari_app.domain.directory import Status
from ari_app.store.statuses import declared_by
from tests.unit.api import Program
from tests.unit.panel import Browser, Office


async def test_ones_own_status_is_changed_for_good(api_admin: Program, office: Office) -> None:
    said = await api_admin.put("/me/status", status="do_not_disturb")
    assert (200, "do_not_disturb", None) == (said.status, said.json["status"], said.json["until"])
    async with office.sessions() as session:
        declared = await declared_by(session, office.who(101))
    assert (Status.DO_NOT_DISTURB, None) == (declared.base, declared.until)


async def test_a_time_to_live_ends_it(api_admin: Program, office: Office) -> None:
    office.at = office.now()
    said = await api_admin.put("/me/status", status="break", ttl_seconds=600)
    assert ("break", "online") == (said.json["status"], said.json["afterwards"])
    office.at += timedelta(seconds=601)
    said = await api_admin.get("/me/status")
    assert ("online", None) == (said.json["status"], said.json["until"])


async def test_it_lasts_until_a_moment(api_admin: Program, office: Office) -> None:
    until = (office.now() + timedelta(hours=1)).isoformat()
    said = await api_admin.put("/me/status", status="own-1", until=until)
    assert (200, "own-1", "break") == (said.status, said.json["status"], said.json["base"])
    ended = await api_admin.delete("/me/status")
    assert (200, "online") == (ended.status, ended.json["status"])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "status"),
        ({"status": "sleeping"}, "status"),
        ({"status": 5}, "status"),
        ({"status": "own-99"}, ""),
        ({"status": "break", "ttl_seconds": 0}, "ttl_seconds"),
        ({"status": "break", "ttl_seconds": 10**12}, "ttl_seconds"),
        ({"status": "break", "until": "2020-01-01T00:00:00Z"}, "until"),
        ({"status": "break", "until": "2030-01-01T00:00:00"}, "until"),
        ({"status": "break", "until": "9999-12-31T23:59:59Z"}, "until"),
        ({"status": "break", "until": "2030-01-01T00:00:00Z", "ttl_seconds": 5}, "ttl_seconds"),
    ],
)
async def test_what_is_wrong_is_told_beside_its_field(
    api_admin: Program, sent: dict[str, object], field: str
) -> None:
    said = await api_admin.put("/me/status", **sent)
    assert (422, [field]) == (said.status, list(said.errors))


async def test_somebody_elses_status_needs_the_right_for_them(
    browser: Browser, api_admin: Program, office: Office
) -> None:
    await browser.log_in(102)
    token = await browser.token()
    api_admin.token = ""
    for extension, expected in ((103, 200), (105, 403)):
        path = f"/api/v1/employees/{office.who(extension)}/status"
        said = await api_admin.call("PUT", path, {"status": "break"}, X_CSRF_Token=token)
        assert expected == said.status


async def test_the_status_of_nobody_is_not_there(api_admin: Program) -> None:
    assert 404 == (await api_admin.get("/employees/999999/status")).status
    assert 404 == (await api_admin.put("/employees/999999/status", status="break")).status
    assert 404 == (await api_admin.delete("/employees/abc/status")).status


async def test_what_a_card_does_not_allow_is_refused(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}"
    stored = (await api_admin.get(f"{path}/contact-centre")).json
    stored.update(all_own_statuses=False, own_statuses=[])
    assert 204 == (await api_admin.put(f"{path}/contact-centre", **stored)).status
    said = await api_admin.put(f"{path}/status", status="own-1")
    assert (422, ["status"]) == (said.status, list(said.errors))
