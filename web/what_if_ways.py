"""The ways of a supposed call by the saved and by the edited rules, to be drawn or told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.directory import Employee
from ari_app.domain.steps import Ring
from ari_app.domain.what_if import Supposed, came_to, way
from web.visit import Visit
from web.way_words import Box, beside
from web.what_if_form import WhatIfForm, caller_told, moment_told, supposed, with_status
from web.what_if_rules import Rules
from web.words import N_


@dataclass(frozen=True, slots=True)
class Ways:
    """`boxes` are those of each way, the saved rules' first; marked where the two differ."""

    at: datetime
    caller: str
    moment: str
    caption: str
    boxes: Sequence[Sequence[Box]]
    is_same: bool


def ways_of(visit: Visit, rules: Rules, form: WhatIfForm) -> Ways:
    """What becomes of the call that the form supposes."""
    call = supposed(form, rules.saved, visit.now, visit.panel.settings.country)
    caller = caller_told(visit.words, form, call, visit.directory)
    moment = moment_told(visit.words, call.at, rules.saved.zone)
    found = [_boxes(rules, person, call, form) for _, person in rules.versions]
    is_same = [box.deed for box in found[0]] == [box.deed for box in found[-1]]
    if not is_same:
        marks = visit.words.say(N_("falls away")), visit.words.say(N_("new step"))
        found[:] = beside(found[0], found[1], marks)
    text = N_("{caller} calls {name}, {moment}")
    caption = visit.words.say(text, caller=caller, name=rules.saved.name, moment=moment)
    return Ways(call.at, caller, moment, caption, found, is_same)


def _boxes(rules: Rules, employee: Employee, call: Supposed, form: WhatIfForm) -> list[Box]:
    office = with_status(rules.words.directory, employee, form)
    plans = way(office, call)
    outcomes = [
        came_to(plan.step, employee, call.own_phones) if isinstance(plan.step, Ring) else None
        for plan in plans
    ]
    return rules.words.where(office, employee).boxes(employee.id, plans, outcomes)
