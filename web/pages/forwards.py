"""Forwarding on the secretary's page: a number and a button, and another one to end it."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.domain.rights import Right
from ari_app.store.errors import NotThereError
from web.acts import forwards as acts
from web.acts.forwards import ForwardForm
from web.forms import Filled, Refused, refused
from web.pages.card_head import SECRETARY, Head, head_of, path_of
from web.render import show_again
from web.visit import Flash, Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class ForwardPage:
    """The form alone, after something was wrong with it."""

    head: Head
    forward: Filled[ForwardForm]


async def forward(visit: Visit) -> web.StreamResponse:
    """Set a forwarding."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
    visit.demand(Right.CONFIGURE_RULES, head.person.subject)
    filled = await visit.filled(ForwardForm)
    if filled.value is not None:
        try:
            rule = await acts.set_forward(visit, head.id, filled.value)
        except Refused as error:
            filled = filled.with_errors(refused(error, visit.words))
        else:
            back = path_of(head.id, SECRETARY)
            undo = f"{back}/forward/{rule}/remove"
            return visit.done(back, N_("Calls are forwarded from the next one on"), undo)
    return show_again(visit, "forward.html", ForwardPage(head, filled))


async def remove(visit: Visit) -> web.StreamResponse:
    """End a forwarding; one that has ended already is no mistake."""
    employee, rule = EmployeeId(visit.number("id")), RuleId(visit.number("rule"))
    back = path_of(employee, SECRETARY)
    try:
        was_on = await acts.remove(visit, employee, rule)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    undo = f"{back}/forward/{rule}/restore" if was_on else ""
    return visit.done(back, N_("Calls are not forwarded any more"), undo)


async def restore(visit: Visit) -> web.StreamResponse:
    """Set a forwarding again that was ended."""
    employee, rule = EmployeeId(visit.number("id")), RuleId(visit.number("rule"))
    back = path_of(employee, SECRETARY)
    try:
        new = await acts.bring_back(visit, employee, rule)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except Refused as error:
        return visit.go(back, Flash(visit.words.say(error.text, **error.values), is_good=False))
    undo = f"{back}/forward/{new}/remove"
    return visit.done(back, N_("Calls are forwarded from the next one on"), undo)
