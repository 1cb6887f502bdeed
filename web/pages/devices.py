"""One's own devices: where one is logged in, and ending that."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.store import devices as store
from ari_app.store.devices import Device
from ari_app.store.errors import NotThereError
from web.acts import login as acts
from web.device_words import device_name
from web.render import show
from web.visit import Visit
from web.words import N_


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
