"""One's own devices: where one is logged in, and ending that."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.store import devices as store
from ari_app.store.devices import Device
from ari_app.store.errors import NotThereError
from web.acts import login as acts
from web.render import show
from web.visit import Visit
from web.words import N_

_BROWSERS = ("Edg", "OPR", "YaBrowser", "Firefox", "Chrome", "Safari", "curl")
_CALLED = {"Edg": "Edge", "OPR": "Opera", "YaBrowser": "Yandex Browser"}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@dataclass(frozen=True, slots=True)
class DeviceLine:
    device: Device
    name: str
    is_this: bool


async def devices(visit: Visit) -> web.StreamResponse:
    """The list."""
    async with visit.panel.sessions() as session:
        mine = await store.of(session, visit.me, visit.now)
    this = visit.device.id if visit.device else 0
    lines = [DeviceLine(one, device_name(one.device), one.id == this) for one in mine]
    return show(visit, "me_devices.html", lines)


async def end(visit: Visit) -> web.StreamResponse:
    """End one."""
    try:
        await acts.end_device(visit, visit.number("id"))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.done("/me/devices", N_("The device was logged out"))


async def end_others(visit: Visit) -> web.StreamResponse:
    """End all but this one."""
    await acts.end_others(visit)
    return visit.done("/me/devices", N_("All other devices were logged out"))


def device_name(agent: str) -> str:
    """A browser and its system, from what it says of itself."""
    browser = next((one for one in _BROWSERS if one in agent), "")
    system = next((one for one in _SYSTEMS if one in agent), "")
    parts = [_CALLED.get(browser, browser), system]
    return ", ".join(filter(None, parts)) or agent[:40] or "?"
