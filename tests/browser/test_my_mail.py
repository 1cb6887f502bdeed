"""One's own e-mail and the company's server, set up in a browser against a real mail server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, Route, expect

from ari_app.mail.providers import PasswordKind, Provider, providers
from demo.assets import get_assets
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk
from tests.mail.certificates import Authority
from tests.mail.conftest import known, mail_server
from tests.mail.exim import LOGIN, PASSWORD, Exim
from tests.unit.conftest import demo_file, migrated_file, office
from tests.unit.panel import Office
from web.app import make_app
from web.bundle import read_assets

__all__ = ["demo_file", "known", "mail_server", "migrated_file", "office"]

TESTED = "Проверочное письмо Autosecretary"


@pytest.fixture
async def panel(
    office: Office, known: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The panel's address; this machine knows the mail server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(known.file(tmp_path)))
    get_assets()
    async with TestServer(make_app(office.panel(assets=read_assets()))) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def anna(panel: str, open_desk: OpenDesk) -> Desk:
    """The administrator, in Russian."""
    desk = await open_desk(panel, language="ru")
    await desk.log_in("a.kuznetsova")
    return desk


async def fill(page: Page, mail_server: Exim, password: str) -> None:
    """Type the account; its provider is not looked up in DNS."""

    async def unknown(route: Route) -> None:
        await route.fulfill(json={})

    await page.route("**/mail/provider?*", unknown)
    for name, value in {
        "address": LOGIN,
        "login": LOGIN,
        "password": password,
        "host": "localhost",
        "port": str(mail_server.starttls),
    }.items():
        await page.locator(f"form[data-mail-form] [name={name}]").fill(value)
    await page.locator("[name=encryption]").select_option("starttls")


def noted(provider: Provider) -> str:
    """What the form says of a provider in Russian."""
    match provider.password:
        case PasswordKind.APP:
            return provider.word[0]
        case PasswordKind.NONE:
            return "OAuth 2"
        case _:
            return provider.access[0]


async def test_the_address_of_every_provider_fills_its_server_and_says_what_it_needs(
    anna: Desk,
) -> None:
    page = anna.page
    await anna.open("/me/mail")
    for provider in (one for one in providers() if one.domains):
        address = f"vera@{provider.domains[0]}"
        await page.locator("[name=address]").first.fill(address)
        await expect(page.locator("[name=login]")).to_have_value(provider.login_for(address))
        await expect(page.locator("[name=host]")).to_have_value(provider.host)
        await expect(page.locator("[name=port]")).to_have_value(str(provider.port))
        implied = {465: "tls", 587: "starttls"}[provider.port]
        await expect(page.locator("[name=encryption]")).to_have_value(implied)
        await expect(page.locator("[data-mail-hint]")).to_contain_text(noted(provider))


async def test_what_was_typed_by_hand_is_left_alone(anna: Desk) -> None:
    page = anna.page
    await anna.open("/me/mail")
    await page.locator("[name=host]").fill("relay.example.com")
    await page.locator("[name=address]").first.fill("vera@yandex.ru")
    await expect(page.locator("[name=login]")).to_have_value("vera@yandex.ru")
    await expect(page.locator("[name=host]")).to_have_value("relay.example.com")


async def test_ones_own_address_is_authorised_after_a_wrong_password(
    anna: Desk, mail_server: Exim
) -> None:
    page = anna.page
    await anna.open("/me/mail")
    await expect(page.locator("main")).to_contain_text("адреса пока нет")
    await fill(page, mail_server, "wrong")
    await page.locator("form[data-mail-form] .btn-primary").click()
    await expect(page.locator(".stage-bad")).to_contain_text("Неверный логин или пароль")
    assert await page.locator("[name=password]").input_value() == ""
    await anna.shot("my-mail-wrong-password", whole=True)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("form[data-mail-form] .btn-primary").click()
    await expect(page.locator(".stage-bad")).to_have_count(0)
    await expect(page.locator(".stage-good").first).to_be_visible()
    await anna.open("/me/mail")
    await expect(page.locator("main")).to_contain_text(f"{LOGIN}: авторизован")
    assert PASSWORD not in await page.content()
    assert await anna.faults() == []
    assert await anna.sideways() <= 0
    await anna.shot("my-mail-authorised", whole=True)


async def test_the_companys_server_is_tested_stage_by_stage(anna: Desk, mail_server: Exim) -> None:
    page = anna.page
    await anna.open("/mail/server")
    await fill(page, mail_server, "wrong")
    await page.locator("[name=test_to]").click()
    await expect(page.locator(".stage-good")).not_to_have_count(0)
    await expect(page.locator(".stage-bad")).to_contain_text("Неверный логин или пароль")
    await page.locator("[name=password]").fill(PASSWORD)
    await page.locator("[name=test_to]").click()
    await expect(page.locator(".stage-bad")).to_have_count(0)
    await expect(page.locator(".stages")).to_contain_text("письмо", ignore_case=True)
    mail_server.wait_for(TESTED)
    assert await anna.faults() == []
    await anna.shot("company-mail-tested", whole=True)
