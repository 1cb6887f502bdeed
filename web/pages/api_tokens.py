"""One's own tokens: made, shown once, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from ari_app.store import api_tokens as store
from ari_app.store.api_tokens import ApiToken
from ari_app.store.errors import NotThereError, StoreError
from web.api.scopes import TEXTS
from web.api.token_acts import TokenForm, make_token, revoke_token
from web.forms import Filled, refused
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

_LASTS = (
    ("30", N_("30 days")),
    ("90", N_("90 days")),
    ("365", N_("a year")),
    ("", N_("until it is revoked")),
)


@dataclass(frozen=True, slots=True)
class TokensPage:
    """The list and the form; `secret` is that of the one just made."""

    tokens: Sequence[ApiToken]
    form: Filled[TokenForm]
    scopes: Sequence[tuple[str, str]]
    lasts: Sequence[tuple[str, str]]
    secret: str = ""
    made: str = ""


async def tokens(visit: Visit) -> web.StreamResponse:
    """The list."""
    return show(visit, "api_tokens.html", await _page(visit, Filled({"days": ["90"]})))


async def make(visit: Visit) -> web.StreamResponse:
    """Make one, and show its secret this once."""
    filled = await visit.filled(TokenForm)
    if filled.value is not None:
        try:
            made = await make_token(visit, filled.value)
        except StoreError as error:
            filled = filled.with_errors(refused(error, visit.words))
        else:
            fresh: Filled[TokenForm] = Filled({"days": ["90"]})
            page = await _page(visit, fresh, made.secret, made.token.name)
            return show(visit, "api_tokens.html", page)
    return show_again(visit, "api_tokens.html", await _page(visit, filled))


async def revoke(visit: Visit) -> web.StreamResponse:
    """End one."""
    try:
        await revoke_token(visit, visit.number("id"))
    except NotThereError as error:
        raise web.HTTPNotFound from error
    return visit.done("/me/tokens", N_("The token opens nothing any more"))


async def _page(
    visit: Visit, form: Filled[TokenForm], secret: str = "", made: str = ""
) -> TokensPage:
    async with visit.panel.sessions() as session:
        mine = await store.of(session, visit.me, visit.now)
    say = visit.words.say
    return TokensPage(
        mine,
        form,
        [(scope.value, say(text)) for scope, text in TEXTS.items()],
        [(value, say(text)) for value, text in _LASTS],
        secret,
        made,
    )
