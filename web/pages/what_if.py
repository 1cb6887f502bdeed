"""What if: the way of a supposed call, a week of such calls, and past calls by other rules."""

from dataclasses import replace

from aiohttp import web

from web.path_picture import picture
from web.render import show, show_again
from web.visit import Visit
from web.way_words import Box
from web.what_if_form import WhatIfForm
from web.what_if_rules import Rules, rules_of, sent_draft
from web.what_if_view import Drawn, WaysShown, form_of, page_of
from web.what_if_ways import ways_of


async def ways(visit: Visit) -> web.StreamResponse:
    """The way of one call, as soon as one is supposed; posted with rules that are being edited."""
    rules = await rules_of(visit, await sent_draft(visit))
    form = await form_of(visit)
    page = await page_of(visit, rules, form)
    if form is None:
        return show(visit, "what_if_page.html", page)
    if form.value is None:
        return show_again(visit, "what_if_page.html", page)
    return show(visit, "what_if_page.html", replace(page, ways=_ways(visit, rules, form.value)))


def _ways(visit: Visit, rules: Rules, form: WhatIfForm) -> WaysShown:
    found = ways_of(visit, rules, form)
    start = Box("phone-incoming", "azure", found.caller, (f"→ {rules.saved.name}", found.moment))
    drawn = [
        _drawn(visit, rules, title, [start, *boxes])
        for (title, _), boxes in zip(rules.versions, found.boxes, strict=True)
    ]
    return WaysShown(found.caption, drawn, found.is_same)


def _drawn(visit: Visit, rules: Rules, title: str, boxes: list[Box]) -> Drawn:
    icons = visit.panel.assets.get("icons.svg", "")
    told = [rules.words.told(box) for box in boxes]
    label = " → ".join(box.title for box in boxes)
    return Drawn(title, picture(boxes, label, icons), boxes, told)
