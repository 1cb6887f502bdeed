"""A week of supposed calls for each status, by the saved rules and beside them by the edited."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from aiohttp import web

from ari_app.domain.directory import Declared, Employee, Status, StatusChoice
from ari_app.domain.reached import Place
from ari_app.domain.week import Day, day_of, halves
from ari_app.domain.what_if import Supposed, changed
from web.render import show, show_again
from web.slices import Slices
from web.status_words import BASES, choice_of, shown
from web.visit import Visit
from web.week_grid import WeekWords, grid, hours_of, legend, pattern
from web.what_if_form import WhatIfForm, caller_told, supposed
from web.what_if_rules import Rules, rules_of, sent_draft
from web.what_if_view import StatusWeeks, Week, WeeksShown, WhatIfPage, form_of, page_of
from web.words import N_

_DAYS = 7


async def weeks(visit: Visit) -> web.StreamResponse:
    """Seven days from the day that the form says, or from today."""
    rules = await rules_of(visit, await sent_draft(visit))
    form = await form_of(visit)
    page = await page_of(visit, rules, form)
    value = WhatIfForm() if form is None else form.value
    if value is None:
        return show_again(visit, "what_if_page.html", page)
    return show(visit, "what_if_page.html", await _with_weeks(visit, page, rules, value))


async def _with_weeks(visit: Visit, page: WhatIfPage, rules: Rules, form: WhatIfForm) -> WhatIfPage:
    call = supposed(form, rules.saved, visit.now, visit.panel.settings.country)
    first = call.at.astimezone(rules.saved.zone).date()
    slices = Slices()
    found = [
        await _of_status(visit, rules, call, choice, (first, slices))
        for choice in _statuses(visit, rules)
    ]
    icons = visit.panel.assets.get("icons.svg", "")
    caller = caller_told(visit.words, form, call, visit.directory)
    caption = visit.words.say(
        N_("Where calls get to: {caller} calls {name}"), caller=caller, name=rules.saved.name
    )
    legend_shown = legend(visit.words, icons)
    is_edited = rules.edited is not None
    return replace(page, weeks=WeeksShown(caption, pattern(), legend_shown, found, is_edited))


async def _of_status(
    visit: Visit,
    rules: Rules,
    call: Supposed,
    choice: StatusChoice | None,
    when: tuple[date, Slices],
) -> StatusWeeks:
    found = [
        (title, await _days(visit, _with(person, choice, visit), call, when))
        for title, person in rules.versions
    ]
    if found[0][1] == found[-1][1]:
        found = [("", found[0][1])]
    status = None if choice is None else shown(choice, visit.directory, visit.words)
    return StatusWeeks(status, [_week(visit, rules, title, days) for title, days in found])


async def _days(
    visit: Visit, person: Employee, call: Supposed, when: tuple[date, Slices]
) -> list[Day]:
    office = changed(visit.directory, person)
    first, slices = when
    days = []
    for place in range(_DAYS):
        day = first + timedelta(days=place)
        passages = []
        for passage in halves(office, call, day):
            passages.append(passage)
            await slices.rest()
        days.append(day_of(day, passages))
    return days


def _week(visit: Visit, rules: Rules, title: str, days: Sequence[Day]) -> Week:
    shows_numbers = rules.sees_all
    words = WeekWords(rules.words, shows_numbers)
    icons = visit.panel.assets.get("icons.svg", "")
    told = [
        (
            words.day(day),
            "; ".join(f"{words.hours(run)} {words.passage(run.passage)}" for run in day.runs),
        )
        for day in days
    ]
    hours = hours_of(days, Place.NOBODY)
    holes = ""
    if hours:
        holes = visit.words.say(N_("nobody: {hours} h"), hours=visit.words.number(hours))
    label = title or visit.words.say(N_("A week"))
    return Week(title, grid(days, label, words, icons), holes, told)


def _statuses(visit: Visit, rules: Rules) -> list[StatusChoice | None]:
    """Every base status, and own ones that matter here; None where statuses do not count."""
    people = [person for _, person in rules.versions]
    if not any(person.uses_status for person in people):
        return [None]
    named = {choice for one in people for rule in one.rules for choice in rule.when.statuses}
    named.add(choice_of(rules.saved.declared))
    own = [status for status in visit.directory.own_statuses if status in named]
    return [*BASES, *own]


def _with(person: Employee, choice: StatusChoice | None, visit: Visit) -> Employee:
    if choice is None:
        return person
    if isinstance(choice, Status):
        return replace(person, declared=Declared(choice))
    base = visit.directory.own_statuses[choice].base
    return replace(person, declared=Declared(base, choice))
