"""Mail by OAuth 2: the issuers' clients for administrators, permission for everybody."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from ari_app.mail.errors import MailError
from ari_app.mail.oauth import ISSUERS
from ari_app.store.mail_servers import oauth_clients
from web.acts import mail_oauth as acts
from web.acts.mail_oauth import ClientForm
from web.forms import EmailText, Filled, Form
from web.mail_words import fault_told
from web.render import show, show_again
from web.visit import Flash, Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One issuer as a form; `redirect` is what has to be registered there."""

    issuer: str
    name: str
    redirect: str
    form: Filled[ClientForm]
    has_secret: bool


class AddressForm(Form):
    """Whose mail it is about."""

    address: EmailText


class BackForm(Form):
    """What an issuer sends back."""

    code: str = ""
    state: str = ""
    error: str = ""


async def clients(visit: Visit) -> web.StreamResponse:
    """The issuers."""
    return show(visit, "mail_oauth.html", await _lines(visit))


async def change_client(visit: Visit) -> web.StreamResponse:
    """Write down what was registered at one issuer."""
    issuer = visit.request.match_info["issuer"]
    filled = await visit.filled(ClientForm)
    if filled.value is None:
        return show_again(visit, "mail_oauth.html", await _lines(visit, issuer, filled))
    await acts.save_client(visit, issuer, filled.value)
    return visit.done("/mail/oauth", N_("Saved"))


async def begin(visit: Visit) -> web.StreamResponse:
    """On to the issuer's page."""
    asked = visit.asked(AddressForm)
    if asked.value is None:
        return visit.go("/me/mail", Flash(next(iter(asked.errors.values())), is_good=False))
    to = await acts.ask(visit, visit.request.match_info["issuer"], asked.value.address)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": to})


async def back(visit: Visit) -> web.StreamResponse:
    """What the issuer's page sent back."""
    asked = visit.asked(BackForm).value or BackForm()
    if asked.error or not asked.code:
        told = visit.words.say(N_("The permission was not given"))
        return visit.go("/me/mail", Flash(told, is_good=False))
    issuer = visit.request.match_info["issuer"]
    try:
        account = await acts.take_over(visit, issuer, asked.state, asked.code)
    except MailError as error:
        return visit.go("/me/mail", Flash(error.said or error.fault.value, is_good=False))
    failed = account.passed[-1].error
    if failed is None:
        return visit.done("/me/mail", N_("Your address is authorised"))
    return visit.go("/me/mail", Flash(fault_told(failed.fault.value, visit.words), is_good=False))


async def _lines(
    visit: Visit, issuer: str = "", filled: Filled[ClientForm] | None = None
) -> list[ClientLine]:
    async with visit.panel.sessions() as session:
        known = await oauth_clients(session)
    lines = []
    for key, one in ISSUERS.items():
        stored = known.get(key)
        typed = {"client_id": [stored.client_id]} if stored else {}
        form: Filled[ClientForm] = filled if filled and key == issuer else Filled(typed)
        has_secret = stored is not None and stored.closed_secret is not None
        lines.append(ClientLine(key, one.name, acts.redirect_of(visit, key), form, has_secret))
    return lines
