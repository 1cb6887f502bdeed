"""The last calls of an employee by the rules that are being edited."""

from dataclasses import replace

from aiohttp import web

from ari_app.domain.rights import Right
from web.render import show
from web.replay import replayed
from web.visit import Visit
from web.what_if_rules import rules_of, sent_draft
from web.what_if_view import form_of, page_of


async def replay(visit: Visit) -> web.StreamResponse:
    """Which of them would have gone elsewhere; without edited rules, by those saved."""
    rules = await rules_of(visit, await sent_draft(visit))
    visit.demand(Right.SEE_CALLS, rules.head.person.subject)
    page = await page_of(visit, rules, await form_of(visit))
    return show(visit, "what_if_page.html", replace(page, replay=await replayed(visit, rules)))
