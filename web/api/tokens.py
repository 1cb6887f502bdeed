"""One's own tokens by the API."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from ari_app.domain.rights import Right
from ari_app.store import api_tokens
from ari_app.store.api_tokens import ApiToken
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.token_acts import TokenForm, make_token, revoke_token
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class TokenValue:
    """A token as it is listed: the secret is not kept."""

    id: int
    name: str
    scopes: list[str]
    made_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token; `secret` is shown this once."""

    token: TokenValue
    secret: str


async def mine(visit: Visit) -> list[TokenValue]:
    """Those that still open something."""
    async with visit.panel.sessions() as session:
        return [token_value(one) for one in await api_tokens.of(session, visit.me, visit.now)]


async def make(visit: Visit, form: TokenForm) -> MadeToken:
    """Make one."""
    made = await make_token(visit, form)
    return MadeToken(token_value(made.token), made.secret)


async def revoke(visit: Visit) -> None:
    """End one."""
    await revoke_token(visit, visit.number("id"))


def token_value(one: ApiToken) -> TokenValue:
    return TokenValue(
        one.id, one.name, sorted(one.scopes), one.made_at, one.used_at, one.expires_at
    )


_RIGHT, _SCOPE = Right.USE_API, TokenScope.ACCOUNT
OPERATIONS = (
    ApiRoute("GET", f"{V1}/tokens", mine, _RIGHT, _SCOPE, N_("My tokens"), list[TokenValue]),
    ApiRoute(
        "POST",
        f"{V1}/tokens",
        make,
        _RIGHT,
        _SCOPE,
        N_("Make a token"),
        MadeToken,
        TokenForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute("DELETE", f"{V1}/tokens/{{id}}", revoke, _RIGHT, _SCOPE, N_("Revoke a token")),
)
