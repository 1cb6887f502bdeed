"""The letter to register: sent and taken back from the card."""

from aiohttp import web

from ari_app.store.errors import NotThereError, StoreError
from web.acts import registration as acts
from web.forms import refused
from web.pages.card_head import CARD, head_of, path_of
from web.visit import Flash, Visit
from web.words import N_


async def send(visit: Visit) -> web.StreamResponse:
    """Send the letter, the first time or again."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    to = path_of(head.id, CARD)
    try:
        await acts.send_registration(visit, head.id)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except StoreError as error:
        text = " ".join(refused(error, visit.words).values())
        return visit.go(to, Flash(text, is_good=False))
    text = N_("The letter to register goes to {address}")
    return visit.done(to, text, address=head.card.email)


async def revoke(visit: Visit) -> web.StreamResponse:
    """Let the link of the letter open nothing any more."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    await acts.revoke_registration(visit, head.id)
    return visit.done(path_of(head.id, CARD), N_("The link was taken back"))
