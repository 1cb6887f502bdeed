"""A card's fourth tab: the role, and what it lets somebody do."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Role
from ari_app.store import roles as store
from ari_app.store.errors import NotThereError, StoreError
from web.acts import given_roles as acts
from web.acts import second_factor
from web.acts.given_roles import RightsForm
from web.card_version import Stale, version_of
from web.forms import Filled, filled_with
from web.pages.card import stale, told
from web.pages.card_head import RIGHTS, Head, head_of, path_of
from web.render import show, show_again
from web.right_words import RIGHTS as TEXTS
from web.right_words import SCOPES
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class RightsPage:
    head: Head
    form: Filled[RightsForm]
    role: str
    roles: Sequence[tuple[int, str]]
    rights: Sequence[tuple[str, str, str]]
    """What the role allows: name, explanation, how far."""
    may_change: bool
    is_me: bool


async def rights(visit: Visit) -> web.StreamResponse:
    """The role, and a choice of others where there may be one."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, RIGHTS)
        known = await store.roles(session)
    stored = RightsForm(role=head.person.role.id)
    form = filled_with(stored.model_copy(update={"version": version_of(stored)}))
    return show(visit, "card_rights.html", _page(visit, head, form, known))


async def save_rights(visit: Visit) -> web.StreamResponse:
    """Give another role."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, RIGHTS)
        known = await store.roles(session)
    visit.demand(Right.ASSIGN_ROLES, head.person.subject)
    filled = await visit.filled(RightsForm)
    if filled.value is not None:
        try:
            await acts.give_role(visit, head.id, filled.value)
        except Stale as error:
            filled = await stale(visit, head.id, filled.value, error)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled, _ = await told(visit, filled, error)
    if filled.value is None:
        return show_again(visit, "card_rights.html", _page(visit, head, filled, known))
    return visit.done(path_of(head.id, RIGHTS), N_("Saved"))


async def reset_second_factor(visit: Visit) -> web.StreamResponse:
    """For who has lost the authenticator and the spare codes."""
    employee = EmployeeId(visit.number("id"))
    try:
        await second_factor.reset(visit, employee)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.done(path_of(employee, RIGHTS), N_("The second factor is off"))


def _page(visit: Visit, head: Head, form: Filled[RightsForm], known: Sequence[Role]) -> RightsPage:
    has = head.person.role
    may_assign = visit.may(Right.ASSIGN_ROLES, head.person.subject)
    offered = [role for role in known if visit.actor.may_give(role) or role.id == has.id]
    return RightsPage(
        head,
        form,
        _name(visit, has),
        [(role.id, _name(visit, role)) for role in reversed(offered)],
        [
            (
                visit.words.say(name),
                visit.words.say(text),
                visit.words.say(SCOPES[has.grants[right]]),
            )
            for right, (name, text) in TEXTS.items()
            if right in has.grants
        ],
        may_change=may_assign,
        is_me=head.id == visit.me,
    )


def _name(visit: Visit, role: Role) -> str:
    return visit.words.own((role.name_ru, role.name_en))
