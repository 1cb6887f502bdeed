"""What the pages of the office share: undoing, and finding people while one types."""

from aiohttp import web

from ari_app.domain.rights import Right, Scope
from ari_app.store.errors import StoreError
from ari_app.store.finding import find_people
from ari_app.store.removals import RemovalKind
from web.acts import undo as acts
from web.forms import Form, refused
from web.visit import Flash, Visit
from web.words import N_

_MOST = 12
_PLACES = {
    RemovalKind.DEPARTMENT: "/office",
    RemovalKind.GROUP: "/office/groups",
    RemovalKind.OWN_STATUS: "/office/statuses",
    RemovalKind.ROLE: "/roles",
}


class SearchForm(Form):
    """What is being typed."""

    search: str = ""


async def undo(visit: Visit) -> web.StreamResponse:
    """Bring back what was removed; what stands against it is said where it would be."""
    number = visit.number("id")
    try:
        kind = await acts.undo(visit, number)
    except StoreError as error:
        told = " ".join(refused(error, visit.words).values())
        text = visit.words.say(N_("This cannot be taken back any more: {why}"), why=told)
        to = "/office" if visit.may(Right.MANAGE_OFFICE) else "/"
        return visit.go(to, Flash(text, is_good=False))
    return visit.done(_PLACES[kind], N_("It is back"))


async def find(visit: Visit) -> web.StreamResponse:
    """People that this visitor may see, for the fields in which somebody is chosen."""
    asked = visit.asked(SearchForm).value or SearchForm()
    reach = visit.scope(Right.SEE_EMPLOYEES)
    if reach is not Scope.EVERYONE and visit.actor.department is None:
        return visit.json([])
    department = None if reach is Scope.EVERYONE else visit.actor.department
    async with visit.panel.sessions() as session:
        found = await find_people(session, asked.search[:100], _MOST, department)
    seen = [one for one in found if visit.may(Right.SEE_EMPLOYEES, one.subject)]
    return visit.json([one.label for one in seen])
