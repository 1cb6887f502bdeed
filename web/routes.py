"""The whole URL map: what leads where, and what it takes to come in."""

from ari_app.domain.rights import Right
from web.live import live
from web.pages import home
from web.visit import Access, Route

_LOGGED_IN = Access.LOGGED_IN
_PUBLIC = Access.PUBLIC

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", home.home, _LOGGED_IN),
    Route("GET", "/live", live, _LOGGED_IN),
)

__all__ = ["ROUTES", "Right"]
