"""Ways to somebody else's account that were tried by hand, and do not lead there."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from ari_app.domain.numbers import EmployeeId
from ari_app.settings import Settings
from ari_app.store import accounts, transfer
from ari_app.store.audit import Wanted
from ari_app.store.audit import lines as audit_lines
from ari_app.store.people import card_of, change_employee
from ari_app.store.throttle import network_of
from demo.office import PASSWORD
from tests.unit.api import program_of
from tests.unit.login import cookie, letters, without_password
from tests.unit.panel import Browser, Office, browsing
from tests.unit.test_panel_transfer_import import apply, post, send


async def ask(browser: Browser, login: str, **headers: str) -> None:
    """Ask for a new password, with headers of one's own."""
    fields = {"csrf": await browser.token("/forgotten"), "login": login}
    async with browser.client.post("/forgotten", data=fields, headers=headers) as answer:
        assert answer.status == 200


async def told(office: Office) -> str:
    (letter, *_) = await letters(office)
    return office.panel().vault.open(letter.closed_secret or "")


async def test_the_name_of_a_request_does_not_get_into_a_strangers_letter(
    browser: Browser, office: Office
) -> None:
    fields = {"login": "e.clarke"}
    page = await browser.get("/forgotten", Host="evil.example")
    found = page.html.select_one('meta[name="csrf"]')
    assert found is not None
    sent = {**fields, "csrf": str(found["content"])}
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    async with browser.client.post("/forgotten", data=sent, headers=headers) as answer:
        assert answer.status == 200
    link = await told(office)
    assert "evil.example" not in link
    assert link.startswith(f"http://127.0.0.1:{browser.client.port}/reset/")


async def test_the_settings_name_the_address_in_letters(office: Office) -> None:
    office.settings = Settings(_env_file=None, panel_url="http://pbx.example.com")
    async with browsing(office) as browser:
        token = await browser.token("/forgotten")
        await browser.post("/forgotten", token=token, login="e.clarke")
        assert (await told(office)).startswith("http://pbx.example.com/reset/")


@pytest.mark.parametrize("lines", [["6.6.6.6", "192.0.2.7"], ["6.6.6.6, 192.0.2.7"]])
async def test_a_line_of_the_proxy_counts_however_many_came_before(
    office: Office, lines: list[str]
) -> None:
    office.settings = Settings(_env_file=None, panel_behind_proxy=True)
    async with browsing(office) as browser:
        fields = {"csrf": await browser.token("/login"), "login": "x", "password": "wrong"}
        headers = [("X-Forwarded-For", line) for line in lines]
        async with browser.client.post("/login", data=fields, headers=headers) as answer:
            assert answer.status == 422
    async with office.sessions() as session:
        (line,) = await audit_lines(session, Wanted(), 1)
    assert line.who.address == "192.0.2.7"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_household_are_throttled_together(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_a_link_opens_nothing_after_the_address_it_went_to_was_corrected(
    browser: Browser, office: Office
) -> None:
    await without_password(office, 105)
    await ask(browser, "e.clarke")
    path = "/" + (await told(office)).split("/", 3)[3]
    assert (await browser.get(path)).status == 200
    async with office.sessions.begin() as session:
        who = office.who(105)
        moved = replace(await card_of(session, who), position="Other")
        await change_employee(session, who, moved)
    assert (await browser.get(path)).status == 200
    async with office.sessions.begin() as session:
        await change_employee(session, who, replace(moved, email="right@example.com"))
    assert (await browser.get(path)).status == 410


async def test_nor_after_a_file_has_corrected_it(browser: Browser, office: Office) -> None:
    await without_password(office, 105)
    await ask(browser, "e.clarke")
    path = "/" + (await told(office)).split("/", 3)[3]
    async with office.sessions.begin() as session:
        known = [one async for some in transfer.everybody(session) for one in some]
        emma = next(one for one in known if one.entry.extension == "105")
        await transfer.change_many(session, [replace(emma, entry=replace(emma.entry, email=None))])
    assert (await browser.get(path)).status == 410


async def test_a_file_leaves_somebody_who_manages_roles(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    async with office.sessions.begin() as session:
        await session.execute(text("UPDATE employees SET language = 'en'"))
    file = "name;ext;role\nАнна Кузнецова;101;employee\nОльга Соколова;107;employee\n"
    answer = await apply(browser, file)
    assert answer.status == 422
    assert "Nobody could manage roles then" in answer.text
    async with office.sessions() as session:
        kept = (await accounts.account(session, office.who(101))).role
    assert kept.preset == "administrator"


async def test_the_panels_session_opens_the_api_behind_https_too(office: Office) -> None:
    office.settings = Settings(_env_file=None, panel_url="https://pbx.example.com")
    async with browsing(office) as browser:
        await browser.log_in(101)
        session = cookie(browser, "as_session")
        jar = browser.client.session.cookie_jar
        jar.clear()
        headers = {"Cookie": f"__Host-as_session={session}"}
        async with browser.client.get("/api/v1/me", headers=headers) as answer:
            assert answer.status == 200
        async with browser.client.delete("/api/v1/devices/1", headers=headers) as answer:
            assert answer.status == 403


async def test_what_is_typed_into_names_is_never_run(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    evil = "\"><img src=x onerror=alert(1)>'{{7*7}}"
    async with office.sessions.begin() as session:
        for table, column in (
            ("employees", "name"),
            ("employees", "position"),
            ("departments", "name_ru"),
            ("own_statuses", "name_ru"),
            ("sessions", "device"),
            ("rules", "name"),
        ):
            typed = f"UPDATE {table} SET {column} = :evil || rowid"
            await session.execute(text(typed), {"evil": evil})
    await office.reload()
    for path in (
        "/board", "/employees", "/employees/2", "/employees/2/delete", "/employees/2/phones",
        "/employees/2/rights", "/office", "/office/groups", "/office/statuses", "/me/devices",
        "/roles", "/calls", "/reports/times", "/audit", "/me", "/employees/import",
    ):  # fmt: skip
        page = await browser.get(path)
        assert page.status == 200, path
        assert page.html.select("img[onerror]") == [], path
        assert "49" not in [tag.text for tag in page.html.select("h1")], path


async def test_two_submissions_of_one_file_write_it_once(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    sent = await send(browser, "name;ext\nA;300\nB;301\n")
    answers = await asyncio.gather(*(post(browser, f"{sent.to}/apply") for _ in range(3)))
    assert {answer.status for answer in answers} <= {303, 404, 409, 422}
    async with office.sessions() as session:
        count = await session.scalar(
            text("SELECT count(*) FROM employees WHERE extension IN ('300', '301')")
        )
    assert count == 2


async def test_the_api_asks_for_the_second_factor_too(browser: Browser, office: Office) -> None:
    async with office.sessions.begin() as session:
        row = text("UPDATE accounts SET totp = 'x' WHERE employee_id = :who")
        await session.execute(row, {"who": EmployeeId(office.who(101))})
    answer = await program_of(browser).post("/login", login="a.kuznetsova", password=PASSWORD)
    assert (answer.status, set(answer.errors)) == (401, {"code"})
