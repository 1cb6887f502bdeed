"""The button that calls somebody back."""

from aiohttp import web

from web.acts import call_back as acts
from web.acts.call_back import CallBackForm
from web.call_back_words import is_good, told
from web.forms import Form
from web.visit import Flash, Visit


class BackForm(Form):
    """The page to come back to."""

    back: str = "/missed"


async def call_back(visit: Visit) -> web.StreamResponse:
    """Ring the own phone, and say so; or what is in the way."""
    form = (await visit.filled(CallBackForm)).value
    if form is None:
        raise web.HTTPNotFound
    back = ((await visit.filled(BackForm)).value or BackForm()).back
    number, answer = await acts.call_back(visit, form)
    text = told(visit.words, answer, number)
    return visit.go(back, Flash(text, is_good=is_good(answer)))
