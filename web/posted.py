"""What a browser sent, as text: whatever aiohttp cannot read, and no database could store."""

from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError
from multidict import MultiMapping

_UNREADABLE = (
    ValueError,
    LookupError,
    RuntimeError,
    HttpProcessingError,
    web.RequestPayloadError,
)
"""What aiohttp raises at a body that is no form: parts, charsets and encodings that are none."""


async def posted(request: web.Request) -> MultiMapping[Any]:
    """The form; files are in it as FileField. Raises HTTPBadRequest for what is none."""
    try:
        form = await request.post()
    except _UNREADABLE as error:
        raise web.HTTPBadRequest from error
    if not all(map(_is_text, (*form, *form.values()))):
        raise web.HTTPBadRequest
    return form


def browser_of(request: web.Request) -> str:
    """What the browser says it is; bytes that are no text are left out."""
    told = request.headers.get("User-Agent", "")
    return "".join(sign for sign in told if sign.isprintable())


def _is_text(value: object) -> bool:
    """Whether a field can be stored and shown.

    Some charsets let lone surrogates through, and PostgreSQL takes no zero byte.
    """
    if not isinstance(value, str):
        return True
    if "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
