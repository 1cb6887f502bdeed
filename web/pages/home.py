"""The way in: on to the first page that this person may see."""

from aiohttp import web

from web.menu import menu
from web.visit import Visit


async def home(visit: Visit) -> web.StreamResponse:
    """The first entry of the menu; everybody has one."""
    return visit.go(menu(visit)[0].path)
