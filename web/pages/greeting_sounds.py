"""The sounds of greetings, for those who may hear them."""

import asyncio
from pathlib import Path

from aiohttp import web

from ari_app.domain.greetings import BUILT_IN, Choice
from ari_app.domain.rights import Right
from ari_app.store import greetings as store
from ari_app.store.errors import NotThereError
from ari_app.store.finding import people_of
from web.visit import Visit

_YEAR = "private, max-age=31536000, immutable"


async def audio(visit: Visit) -> web.StreamResponse:
    """One greeting; somebody else's is not there for those who may not see the secretary."""
    which = visit.number("greeting")
    async with visit.panel.sessions() as session:
        try:
            one = await store.greeting(session, which)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        if one.employee is None:
            may = visit.may(Right.SEE_RULES) or visit.may(Right.MANAGE_OFFICE)
        else:
            person = (await people_of(session, [one.employee])).get(one.employee)
            may = person is not None and any(
                visit.may(right, person.subject)
                for right in (Right.SEE_RULES, Right.CONFIGURE_RULES)
            )
        wav = await store.audio(session, which) if may else None
    if wav is None:
        raise web.HTTPNotFound
    is_named = visit.request.query.get("v") == one.fingerprint[:16]
    headers = {"Cache-Control": _YEAR if is_named else "no-store"}
    return web.Response(body=wav, content_type="audio/wav", headers=headers)


async def built_in(visit: Visit) -> web.StreamResponse:
    """A sentence that comes with the product, as Asterisk's folder of sounds has it."""
    name = visit.request.match_info["name"]
    known = {one.sound.rpartition("/")[2]: one for one in BUILT_IN}
    if name not in known:
        raise web.HTTPNotFound
    language = "en" if visit.request.query.get("language") == "en" else "ru"
    file = _file(visit.panel.settings.greetings, language, known[name])
    if not await asyncio.to_thread(file.is_file):
        raise web.HTTPNotFound
    return web.FileResponse(file, headers={"Content-Type": "audio/wav"})


def heard_built_in(own: Path, language: str) -> list[Choice]:
    """Those of the built-in greetings that this service can let somebody hear."""
    return [one for one in BUILT_IN if _file(own, language, one).is_file()]


def _file(own: Path, language: str, choice: Choice) -> Path:
    """Beside the folder of the office's own greetings is one for each language."""
    return own.parent / language / f"{choice.sound}.wav"
