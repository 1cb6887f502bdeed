"""Photos of employees: shown, or drawn from the initials; sent and removed."""

import asyncio
from hashlib import sha256
from html import escape
from http import HTTPStatus

from aiohttp import web
from aiohttp.web_request import FileField

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Subject
from ari_app.store.errors import NotThereError
from ari_app.store.finding import people_of
from ari_app.store.photos import photo as stored_photo
from web.acts import photos as acts
from web.forms import Refused, refused
from web.pages.card import photo_refused
from web.pages.card_head import CARD, head_of, path_of
from web.visit import Visit
from web.words import N_

_COLOURS = (
    "#1d6fb8",
    "#0b7a55",
    "#9a3db0",
    "#b3480f",
    "#4a5bc4",
    "#0a7585",
    "#b02a5b",
    "#5b6770",
)
"""As `.initials-0` and the others in people.css."""
_SEEN_WITH = (Right.SEE_EMPLOYEES, Right.SEE_BOARD, Right.SEE_CALLS)


async def photo(visit: Visit) -> web.StreamResponse:
    """The picture; browsers ask again only whether it has changed."""
    employee = EmployeeId(visit.number("id"))
    async with visit.panel.sessions() as session:
        person = (await people_of(session, [employee])).get(employee)
        if person is None or not _may_see(visit, person.subject):
            raise web.HTTPNotFound
        found = await stored_photo(session, employee)
    if found is None:
        image, kind = _drawn(person.name, employee), "image/svg+xml"
        version = sha256(image).hexdigest()[:16]
    else:
        image, kind, version = found.image, "image/webp", found.version
    is_named = found is not None and visit.request.query.get("v") == version
    age = "max-age=31536000, immutable" if is_named else "max-age=60"
    headers = {"Cache-Control": f"private, {age}", "ETag": f'"{version}"'}
    if any(tag.value in {version, "*"} for tag in visit.request.if_none_match or ()):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=image, content_type=kind, headers=headers)


async def send_photo(visit: Visit) -> web.StreamResponse:
    """Store another one."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    visit.demand(Right.CHANGE_CARDS, head.person.subject)
    try:
        await acts.set_photo(visit, head.id, await _sent(visit))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except Refused as error:
        return await photo_refused(visit, head, refused(error, visit.words))
    return visit.done(path_of(head.id, CARD), N_("The photo was stored"))


async def remove_photo(visit: Visit) -> web.StreamResponse:
    """Back to the initials."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    await acts.remove_photo(visit, head.id)
    return visit.done(path_of(head.id, CARD), N_("The photo was removed"))


async def _sent(visit: Visit) -> bytes:
    sent = (await visit.form()).get("photo")
    if not isinstance(sent, FileField):
        raise Refused("photo", N_("Choose a file first"))
    return await asyncio.to_thread(sent.file.read, acts.MOST_BYTES + 1)


def _may_see(visit: Visit, subject: Subject) -> bool:
    is_own = subject.employee == visit.me
    return is_own or any(visit.may(right, subject) for right in _SEEN_WITH)


def _drawn(name: str, employee: EmployeeId) -> bytes:
    """The initials on a colour."""
    words = name.split()
    letters = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else ""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
        f'<rect width="40" height="40" fill="{_COLOURS[employee % len(_COLOURS)]}"/>'
        '<text x="20" y="25.5" text-anchor="middle" font-family="system-ui, sans-serif" '
        f'font-size="15" font-weight="600" fill="#fff">{escape(letters)}</text></svg>'
    )
    return drawn.encode()
