"""A card's second tab: how somebody takes part in the contact centre."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store.errors import NotThereError, StoreError
from web.acts import people as acts
from web.acts.people import ContactCentreForm, contact_centre_form
from web.card_version import Stale, version_of
from web.forms import Filled, filled_with
from web.pages.card import stale, told
from web.pages.card_head import CONTACT_CENTRE, Head, head_of, path_of
from web.people_words import CLASSES
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """An own status to allow, with its colour."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class ContactCentrePage:
    head: Head
    form: Filled[ContactCentreForm]
    own: Sequence[OwnChoice]
    classes: Sequence[tuple[str, str]]
    may_change: bool


async def contact_centre(visit: Visit) -> web.StreamResponse:
    """The form."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CONTACT_CENTRE)
    stored = contact_centre_form(head.card, head.own)
    form = filled_with(stored.model_copy(update={"version": version_of(stored)}))
    return show(visit, "card_contact_centre.html", _page(visit, head, form))


async def save_contact_centre(visit: Visit) -> web.StreamResponse:
    """Store it."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CONTACT_CENTRE)
    visit.demand(Right.CHANGE_CONTACT_CENTRE, head.person.subject)
    filled = await visit.filled(ContactCentreForm)
    if filled.value is not None:
        try:
            await acts.change_contact_centre(visit, head.id, filled.value)
        except Stale as error:
            filled = await stale(visit, head.id, filled.value, error)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled, _ = await told(visit, filled, error)
    if filled.value is None:
        return show_again(visit, "card_contact_centre.html", _page(visit, head, filled))
    return visit.done(path_of(head.id, CONTACT_CENTRE), N_("Saved"))


def _page(visit: Visit, head: Head, form: Filled[ContactCentreForm]) -> ContactCentrePage:
    own = [
        OwnChoice(one.id, visit.words.own((one.name_ru, one.name_en)), one.colour)
        for one in head.own.values()
    ]
    return ContactCentrePage(
        head,
        form,
        own,
        [(kind.value, visit.words.say(text)) for kind, text in CLASSES.items()],
        may_change=visit.may(Right.CHANGE_CONTACT_CENTRE, head.person.subject),
    )
