"""What if: the way of a supposed call, a week of such calls, and past calls by other rules."""

from dataclasses import replace

from aiohttp import web

from ari_app.domain.directory import Employee
from ari_app.domain.steps import Ring
from ari_app.domain.what_if import Supposed, came_to, way
from web.path_picture import picture
from web.render import show, show_again
from web.visit import Visit
from web.way_words import Box, beside
from web.what_if_form import (
    WhatIfForm,
    caller_told,
    moment_told,
    supposed,
    with_status,
)
from web.what_if_rules import Rules, rules_of, sent_draft
from web.what_if_view import Drawn, WaysShown, form_of, page_of
from web.words import N_


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
    call = supposed(form, rules.saved, visit.now, visit.panel.settings.country)
    caller = caller_told(visit.words, form, call, visit.directory)
    moment = moment_told(visit.words, call.at, rules.saved.zone)
    start = Box("phone-incoming", "azure", caller, (f"→ {rules.saved.name}", moment))
    found = [_boxes(rules, person, call, form) for _, person in rules.versions]
    is_same = [box.deed for box in found[0]] == [box.deed for box in found[-1]]
    if not is_same:
        marks = visit.words.say(N_("falls away")), visit.words.say(N_("new step"))
        found[:] = beside(found[0], found[1], marks)
    drawn = [
        _drawn(visit, rules, title, [start, *boxes])
        for (title, _), boxes in zip(rules.versions, found, strict=True)
    ]
    text = N_("{caller} calls {name}, {moment}")
    caption = visit.words.say(text, caller=caller, name=rules.saved.name, moment=moment)
    return WaysShown(caption, drawn, is_same)


def _boxes(rules: Rules, employee: Employee, call: Supposed, form: WhatIfForm) -> list[Box]:
    office = with_status(rules.words.directory, employee, form)
    plans = way(office, call)
    outcomes = [
        came_to(plan.step, employee, call.own_phones) if isinstance(plan.step, Ring) else None
        for plan in plans
    ]
    return rules.words.where(office, employee).boxes(employee.id, plans, outcomes)


def _drawn(visit: Visit, rules: Rules, title: str, boxes: list[Box]) -> Drawn:
    icons = visit.panel.assets.get("icons.svg", "")
    told = [rules.words.told(box) for box in boxes]
    label = " → ".join(box.title for box in boxes)
    return Drawn(title, picture(boxes, label, icons), boxes, told)
