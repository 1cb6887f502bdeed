"""What is done to tokens: made by their owner, shown once, revoked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from aiohttp import web
from pydantic import Field

from ari_app.domain.rights import Right
from ari_app.store import api_tokens, audit
from ari_app.store.api_tokens import ApiToken
from ari_app.store.audit import About
from ari_app.store.changes import take_turn
from web.api.door import ProgramVisit
from web.api.scopes import TokenScope
from web.forms import Form, Refused, RequiredLine
from web.visit import Visit
from web.words import N_

MOST = 50
LONGEST_DAYS = 3660


class TokenForm(Form):
    """A token: what it is called, what it is for, and after how many days it ends (never)."""

    name: RequiredLine
    scopes: Annotated[tuple[TokenScope, ...], Field(min_length=1, max_length=50)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A token and its secret, which nobody can read again."""

    token: ApiToken
    secret: str


async def make_token(visit: Visit, form: TokenForm) -> Made:
    """Raises Refused, HTTPForbidden; a token makes none that opens more than itself."""
    visit.demand(Right.USE_API)
    wanted = {scope.value for scope in form.scopes}
    if isinstance(visit, ProgramVisit) and visit.token is not None:
        if not wanted <= visit.token.scopes:
            raise Refused("scopes", N_("A token makes none that opens more than itself"))
        _check_end(visit.token, visit, form)
    expires_at = None if form.days is None else visit.now + timedelta(days=form.days)
    return await issue(visit, form.name, wanted, expires_at)


async def issue(
    visit: Visit, name: str, scopes: Collection[str], expires_at: datetime | None
) -> Made:
    """A token for who this visit is by. Raises Refused for one too many."""
    async with visit.panel.sessions.begin() as session:
        await take_turn(session)
        if len(await api_tokens.of(session, visit.me, visit.now)) >= MOST:
            raise Refused("name", N_("You have {number} tokens already"), number=MOST)
        ends = visit.now, expires_at
        token, secret = await api_tokens.make(session, visit.me, name, scopes, ends)
        facts = {
            "name": name,
            "scopes": sorted(scopes),
            "expires_at": "" if expires_at is None else expires_at.isoformat(),
        }
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "token.made", about, ({}, facts))
    return Made(token, secret)


async def revoke_token(visit: Visit, token_id: int) -> None:
    """Raises NotThereError for anybody else's."""
    if visit.account is None:
        raise web.HTTPForbidden
    async with visit.panel.sessions.begin() as session:
        token = await api_tokens.revoke(session, visit.me, token_id, visit.now)
        about = About(visit.me, visit.signed_in.name)
        await audit.note(session, visit.who, "token.revoked", about, ({"name": token.name}, {}))


def _check_end(token: ApiToken, visit: Visit, form: TokenForm) -> None:
    if token.expires_at is None:
        return
    if form.days is None or visit.now + timedelta(days=form.days) > token.expires_at:
        raise Refused("days", N_("A token makes none that lasts longer than itself"))
