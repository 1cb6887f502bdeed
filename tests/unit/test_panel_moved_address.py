"""Who gets another e-mail address reads of it at the one that was left."""

import pytest

from tests.unit.login import letters, without_password
from tests.unit.panel import Browser, Office
from tests.unit.test_panel_people_card import opened
from tests.unit.test_panel_transfer_import import apply

OLD = "boris@demo-office.example"


async def told(office: Office) -> list[tuple[str, str]]:
    return [(one.kind, one.to_address) for one in await letters(office)]


@pytest.mark.parametrize("new", ["boris@example.ru", ""])
async def test_the_old_address_reads_that_it_was_left(
    admin: Browser, office: Office, new: str
) -> None:
    path = f"/employees/{office.who(102)}"
    answer = await admin.post(path, **(await opened(admin, path) | {"email": new}))
    assert 303 == answer.status
    assert [("address_changed", OLD)] == await told(office)
    letter = (await letters(office))[0]
    assert new not in letter.values.values()


async def test_another_change_of_the_card_is_not_written_about(
    admin: Browser, office: Office
) -> None:
    path = f"/employees/{office.who(102)}"
    await admin.post(path, **(await opened(admin, path) | {"position": "Директор"}))
    assert [] == await told(office)


async def test_who_never_registered_reads_nothing(admin: Browser, office: Office) -> None:
    await without_password(office, 102)
    path = f"/employees/{office.who(102)}"
    await admin.post(path, **(await opened(admin, path) | {"email": "boris@example.ru"}))
    assert [] == await told(office)


async def test_a_file_that_moves_addresses_is_written_about_too(
    admin: Browser, office: Office
) -> None:
    file = "name;ext;email\nБорис Орлов;102;boris@example.ru\nВера Смирнова;103;\n"
    await apply(admin, file)
    assert ("address_changed", OLD) in await told(office)
    assert all(kind == "address_changed" for kind, _ in await told(office))


async def test_the_letter_is_in_the_previews(admin: Browser) -> None:
    page = await admin.get("/mail/letters/address_changed")
    assert 200 == page.status
    assert "отвязан" in page.text
