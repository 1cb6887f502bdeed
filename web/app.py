"""The panel's web application: routes behind the door, pages for errors, headers for safety."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus

import structlog
from aiohttp import ClientConnectionResetError, web
from sqlalchemy.exc import DBAPIError

from web.access import guarded
from web.bundle import STATIC
from web.errors import error_page
from web.panel import PANEL, Panel
from web.routes import ROUTES
from web.visit import Route

log = structlog.get_logger()

MOST_BYTES = 24 * 1024 * 1024
"""The largest request: a sound file. What is larger is not read to its end."""
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; frame-src 'self'; media-src 'self' blob:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(panel: Panel, routes: Iterable[Route] = ROUTES) -> web.Application:
    """The application, ready to be run."""
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[_told_errors])
    app[PANEL] = panel
    for route in routes:
        if route.method == "GET":
            app.router.add_get(route.path, guarded(route), allow_head=True)
        else:
            app.router.add_route(route.method, route.path, guarded(route))
    if STATIC.is_dir():
        app.router.add_static("/static", STATIC, append_version=False)
    app.on_response_prepare.append(_add_headers)
    return app


@asynccontextmanager
async def serving(panel: Panel, host: str, port: int) -> AsyncIterator[None]:
    """Serve the panel while the block runs. Raises OSError when the port is taken."""
    runner = web.AppRunner(make_app(panel), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


async def _add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"


@web.middleware
async def _told_errors(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Errors as pages (or problems, for the API); whatever fails, it is logged and told."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return error_page(request, HTTPStatus(error.status), dict(error.headers))
    except ClientConnectionResetError:
        # The page was closed while it was written to: nobody is left to be told.
        raise
    except (DBAPIError, OSError) as error:
        log.warning("panel.database", path=request.path, reason=type(error).__name__)
        return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception:
        log.exception("panel.failed", path=request.path, method=request.method)
        return error_page(request, HTTPStatus.INTERNAL_SERVER_ERROR)
