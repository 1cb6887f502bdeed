"""The way in: on to the first page that this person may see."""

from aiohttp import web

from web.menu import menu
from web.render import show
from web.visit import Visit


async def home(visit: Visit) -> web.StreamResponse:
    """The first entry of the menu; a word of explanation where there is none."""
    entries = menu(visit)
    return visit.go(entries[0].path) if entries else show(visit, "nothing.html")
