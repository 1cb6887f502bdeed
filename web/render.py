"""From a page's values to HTML: Jinja2, strict about what a template may not know."""

from functools import cache
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ari_app.domain.directory import Status
from ari_app.domain.rights import Right, Scope
from web.menu import menu
from web.my_status import gone, my_status
from web.visit import Visit

PART = "Panel-Part"
"""The header by which a page asks for one of its parts anew."""

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Everything is escaped, and an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(Right=Right, Scope=Scope, Status=Status, my_status=my_status, gone=gone)
    return made


def show_again(visit: Visit, template: str, page: object) -> web.Response:
    """The page with a form that has errors."""
    return show(visit, template, page, HTTPStatus.UNPROCESSABLE_ENTITY)


def show(
    visit: Visit, template: str, page: object = None, status: int = HTTPStatus.OK
) -> web.Response:
    """The whole page, or the block of it that a live refresh asked for (`Panel-Part`)."""
    found = environment().get_template(template)
    values = {
        "page": page,
        "visit": visit,
        "_": visit.words.say,
        "many": visit.words.say_many,
        "words": visit.words,
        "now": visit.now,
        "assets": visit.panel.assets,
        "csrf": visit.csrf,
        "version": visit.panel.hub.version,
        "menu": menu(visit),
    }
    part = visit.request.headers.get(PART)
    if part is not None:
        if part not in found.blocks:
            raise web.HTTPNotFound
        context = found.new_context({**values, "flash": None})
        text = "".join(found.blocks[part](context))
    else:
        text = found.render(values, flash=visit.flash())
    answer = web.Response(text=text, status=status, content_type="text/html")
    answer.enable_compression()
    return answer
