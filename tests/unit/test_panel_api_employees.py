"""Employees by the API: found, added, changed, deleted with hand-over, brought back."""

from io import BytesIO

import pytest
from PIL import Image

from ari_app.store import audit
from ari_app.store.audit import Wanted
from tests.unit.api import Program
from tests.unit.panel import Office

NEW = {"name": "Пётр Новиков", "extension": "120", "email": "petr@demo-office.example"}


async def test_the_list_is_searched_and_paged(api_admin: Program) -> None:
    said = await api_admin.get("/employees?search=орлов")
    assert (200, ["Борис Орлов"]) == (said.status, [one["name"] for one in said.json["employees"]])
    said = await api_admin.get("/employees?size=3&page=2&sort=extension")
    assert ["104", "105", "106"] == [one["extension"] for one in said.json["employees"]]
    assert (8, 2, 3) == (said.json["total"], said.json["page"], said.json["pages"])


@pytest.mark.parametrize(
    ("query", "field"),
    [("size=0", "size"), ("size=9999", "size"), ("sort=age", "sort"), ("page=x", "page")],
)
async def test_what_is_wrong_in_a_filter_is_told(
    api_admin: Program, query: str, field: str
) -> None:
    said = await api_admin.get(f"/employees?{query}")
    assert (422, [field]) == (said.status, list(said.errors))


async def test_somebody_new_has_a_login(api_admin: Program) -> None:
    said = await api_admin.post("/employees", **NEW)
    assert (201, "p.novikov") == (said.status, said.json["login"])
    card = (await api_admin.get(f"/employees/{said.json['id']}")).json
    assert NEW == {name: card[name] for name in NEW}


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("name", "", 422),
        ("name", None, 422),
        ("extension", "1", 422),
        ("extension", "101", 409),
        ("email", "nobody", 422),
        ("email", "anna@demo-office.example", 409),
        ("mobile", "12", 422),
        ("role", 99, 422),
        ("department", 99, 422),
    ],
)
async def test_what_is_wrong_about_somebody_new_is_told(
    api_admin: Program, field: str, value: object, status: int
) -> None:
    said = await api_admin.post("/employees", **{**NEW, field: value})
    assert (status, [field]) == (said.status, list(said.errors))


async def test_some_fields_are_changed_and_the_others_stay(
    api_admin: Program, office: Office
) -> None:
    path = f"/employees/{office.who(105)}"
    before = (await api_admin.get(path)).json
    said = await api_admin.patch(path, position="Head of support")
    assert said.status == 200
    differs = {name for name in before if before[name] != said.json[name]}
    assert {"position", "version"} == differs


async def test_a_field_is_emptied(api_admin: Program, office: Office) -> None:
    said = await api_admin.patch(f"/employees/{office.who(105)}", mobile=None, position="")
    assert (200, None, "") == (said.status, said.json["mobile"], said.json["position"])


async def test_a_change_of_an_old_version_is_refused(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}"
    version = (await api_admin.get(path)).json["version"]
    assert 200 == (await api_admin.patch(path, position="One", version=version)).status
    assert 409 == (await api_admin.patch(path, position="Two", version=version)).status


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("name", " ", 422),
        ("extension", "101", 409),
        ("zone", "Mars/Base", 422),
        ("name", None, 422),
    ],
)
async def test_what_cannot_stand_in_a_card_is_told(
    api_admin: Program, office: Office, field: str, value: object, status: int
) -> None:
    said = await api_admin.patch(f"/employees/{office.who(105)}", **{field: value})
    assert (status, [field]) == (said.status, list(said.errors))


async def test_a_change_is_noted_once(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}"
    await api_admin.patch(path, position="Head of support")
    await api_admin.patch(path, position="Head of support")
    async with office.sessions() as session:
        found = await audit.lines(session, Wanted(action="card.changed"), 5)
    assert [{"position": "Head of support"}] == [dict(line.after) for line in found]


async def test_phones_are_replaced(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}/phones"
    phones = [{"address": "105", "seconds": 20}, {"address": "8 916 123-45-67", "seconds": 30}]
    assert 204 == (await api_admin.put(path, phones=phones, ring_order="in_turn")).status
    said = (await api_admin.get(path)).json
    assert ["105", "+79161234567"] == [one["address"] for one in said["phones"]]
    wrong = await api_admin.put(path, phones=[{"address": "/etc", "seconds": 20}])
    assert (422, ["phones"]) == (wrong.status, list(wrong.errors))


async def test_a_role_is_given_up_to_ones_own(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}/role"
    assert 204 == (await api_admin.put(path, role=3)).status
    assert "Senior employee" == (await api_admin.get(path)).json["role"]["name_en"]
    await api_admin.takes_token(107)
    assert 422 == (await api_admin.put(path, role=8)).status


async def test_a_photo_is_sent_shown_and_removed(api_admin: Program, office: Office) -> None:
    path = f"/employees/{office.who(105)}/photo"
    image = BytesIO()
    Image.new("RGB", (40, 40), "red").save(image, "PNG")
    said = await api_admin.call(
        "PUT", f"/api/v1{path}", raw=image.getvalue(), Content_Type="image/png"
    )
    assert said.status == 204
    shown = await api_admin.client.get(
        f"/api/v1{path}", headers={"Authorization": f"Bearer {api_admin.token}"}
    )
    assert "image/webp" == shown.content_type
    assert 204 == (await api_admin.delete(path)).status
    said = await api_admin.call("PUT", f"/api/v1{path}", raw=b"no", Content_Type="image/png")
    assert (422, ["photo"]) == (said.status, list(said.errors))
    said = await api_admin.call("PUT", f"/api/v1{path}", raw=b"no", Content_Type="text/html")
    assert 415 == said.status


async def test_a_registration_is_sent_and_revoked(api_admin: Program) -> None:
    number = (await api_admin.post("/employees", **NEW)).json["id"]
    path = f"/employees/{number}/registration"
    assert 204 == (await api_admin.post(path)).status
    said = (await api_admin.get(path)).json
    assert (False, "waiting") == (said["has_password"], said["link"])
    assert 204 == (await api_admin.delete(path)).status
    assert "revoked" == (await api_admin.get(path)).json["link"]


async def test_somebody_is_deleted_handed_over_and_brought_back(
    api_admin: Program, office: Office
) -> None:
    who = office.who(102)
    path = f"/employees/{who}"
    preview = (await api_admin.get(f"{path}/deletion")).json
    assert ["number"] == [kind["kind"] for kind in preview["kinds"]]
    without = await api_admin.delete(path, deeds={f"number:{who}": "hand_over"})
    assert (422, ["successor-number"]) == (without.status, list(without.errors))
    deeds = {f"number:{who}": "leave"}
    assert 204 == (await api_admin.delete(path, deeds=deeds)).status
    assert 404 == (await api_admin.get(path)).status
    assert [who] == [one["id"] for one in (await api_admin.get("/deleted-employees")).json]
    assert 200 == (await api_admin.post(f"{path}/restore")).status
    assert 200 == (await api_admin.get(path)).status


async def test_nobody_deletes_themselves(api_admin: Program, office: Office) -> None:
    assert 422 == (await api_admin.delete(f"/employees/{office.who(101)}")).status


@pytest.mark.parametrize("tab", ["", "/phones", "/contact-centre", "/role", "/deletion", "/photo"])
async def test_who_is_not_there_is_not_found(api_admin: Program, tab: str) -> None:
    for number in ("999999", "0", "abc", "9" * 30):
        assert 404 == (await api_admin.get(f"/employees/{number}{tab}")).status


async def test_a_file_is_looked_at_and_applied_once(api_admin: Program) -> None:
    file = "Имя;Внутренний номер\nИван Первый;130\nИван Второй;131\n".encode("cp1251")
    sent = await api_admin.call("POST", "/api/v1/import", raw=file, Content_Type="text/csv")
    assert sent.status == 201
    path = f"/import/{sent.json['id']}"
    said = (await api_admin.get(path)).json
    assert (2, 0, ["130", "131"]) == (
        said["new"],
        said["error"],
        [line["extension"] for line in said["lines"]],
    )
    assert 204 == (await api_admin.post(f"{path}/apply")).status
    assert 404 == (await api_admin.post(f"{path}/apply")).status
    assert 404 == (await api_admin.delete(path)).status
    assert 1 == (await api_admin.get("/employees?search=131")).json["total"]


async def test_a_file_with_errors_is_not_applied(api_admin: Program) -> None:
    file = "Имя;Внутренний номер\nИван Первый;101x\n".encode()
    sent = await api_admin.call("POST", "/api/v1/import", raw=file, Content_Type="text/csv")
    path = f"/import/{sent.json['id']}"
    assert 1 == (await api_admin.get(path)).json["error"]
    assert 409 == (await api_admin.post(f"{path}/apply")).status
    assert 204 == (await api_admin.delete(path)).status


async def test_what_is_no_table_is_told(api_admin: Program) -> None:
    sent = await api_admin.call("POST", "/api/v1/import", raw=b"\0\1\2", Content_Type="text/csv")
    assert 422 == sent.status
