"""A passkey, with the authenticator that Chromium has for tests."""

from playwright.async_api import expect

from demo.office import PASSWORD
from demo.service import ServiceProcess
from tests.browser.conftest import OpenDesk, url_of
from tests.browser.desk import Desk

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def _with_authenticator(desk: Desk) -> None:
    tools = await desk.page.context.new_cdp_session(desk.page)
    await tools.send("WebAuthn.enable")
    await tools.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})


async def test_a_passkey_made_in_the_panel_logs_in_without_a_password(
    service: ServiceProcess, open_desk: OpenDesk
) -> None:
    # By name: a passkey belongs to a name, and 127.0.0.1 is none.
    desk = await open_desk(url_of(service).replace("127.0.0.1", "localhost"))
    await _with_authenticator(desk)
    await desk.log_in("e.clarke")
    await desk.open("/me/passkeys")
    await desk.page.locator("[name=name]").fill("Laptop")
    await desk.page.locator("[name=password]").fill("wrong")
    await desk.page.get_by_role("button", name="Make the passkey").click()
    await expect(desk.page.get_by_role("alert").first).to_contain_text("not your password")
    await desk.page.locator("[name=password]").fill(PASSWORD)
    await desk.page.get_by_role("button", name="Make the passkey").click()
    await expect(desk.page.locator("main")).to_contain_text("log in with it the next time")
    await desk.shot("passkeys")
    await desk.page.locator("header summary .me-name").click()
    await desk.page.get_by_role("button", name="Log out").click()
    await desk.page.get_by_role("button", name="Log in with a passkey").click()
    await expect(desk.page.locator("header.top")).to_contain_text("Emma Clarke")
