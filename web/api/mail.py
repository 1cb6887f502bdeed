"""Mail by the API: letters that leave, the company's server, and one's own address."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.mail.submission import Stage
from ari_app.store import outbox
from ari_app.store.mail_servers import MailServer, MailState, mail_server
from ari_app.store.outbox import LetterState, Outgoing
from web.acts import mail as acts
from web.acts.mail import MailForm, Tried
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.forms import EmailText
from web.mail_words import fault_told
from web.pages.mail import OutboxForm
from web.visit import Access, Visit
from web.words import N_


class MailTestForm(MailForm):
    """A mail account, and where the test letter goes."""

    test_to: EmailText


@dataclass(frozen=True, slots=True)
class MailValue:
    """A mail account without its password; `oauth` is who gives its tokens ("": a password).

    `why` says in words what was refused, `said` in the server's own.
    """

    address: str
    sender_name: str
    host: str
    port: int
    encryption: str
    login: str
    oauth: str
    has_password: bool
    state: MailState
    authorised_at: datetime | None
    refused_at: datetime | None
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class StageValue:
    """One stage with its seconds; where it failed `why` says what to do, `said` is the server's."""

    stage: Stage
    seconds: float
    is_good: bool
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class TriedValue:
    """How far it went, and whether the account was stored."""

    is_good: bool
    is_stored: bool
    stages: list[StageValue]


@dataclass(frozen=True, slots=True)
class LetterValue:
    """A letter: what about, to whom and where it is; `fault` is a name, `why` says it in words."""

    id: int
    kind: str
    to_address: str
    state: LetterState
    made_at: datetime
    tries: int
    next_at: datetime | None
    ended_at: datetime | None
    fault: str
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class OutboxValue:
    """Letters, the newest first; `next` is the `before` of those that follow."""

    counts: dict[LetterState, int]
    letters: list[LetterValue]
    next: int | None


async def letters(visit: Visit, form: OutboxForm) -> OutboxValue:
    """The letters that leave."""
    async with visit.panel.sessions() as session:
        found = await outbox.outgoing(session, form.state, form.before)
        counts = await outbox.counts(session)
    following = found[-1].id if len(found) == outbox.SHOWN else None
    return OutboxValue(counts, [_letter(visit, one) for one in found], following)


async def retry(visit: Visit) -> None:
    """Try one again now."""
    await acts.retry_letter(visit, visit.number("id"))


async def remove(visit: Visit) -> None:
    """Take one out."""
    await acts.remove_letter(visit, visit.number("id"))


async def company(visit: Visit) -> MailValue:
    """The company's server."""
    return await _account(visit, None)


async def change_company(visit: Visit, form: MailForm) -> TriedValue:
    """Try it, and keep it however that went: it takes effect at once."""
    tried = await acts.try_account(visit, None, form)
    await acts.keep_account(visit, tried)
    return _tried(visit, tried, is_stored=True)


async def test_company(visit: Visit, form: MailTestForm) -> TriedValue:
    """Try it with a letter; nothing is kept."""
    tried = await acts.try_account(visit, None, form, form.test_to)
    return _tried(visit, tried, is_stored=False)


async def forget_company(visit: Visit) -> None:
    """Remove it with its password; letters wait."""
    await acts.forget_account(visit, None)


async def own(visit: Visit) -> MailValue:
    """One's own address."""
    return await _account(visit, visit.me)


async def authorise(visit: Visit, form: MailForm) -> TriedValue:
    """Log in at the server, and keep the account when that works."""
    tried = await acts.try_account(visit, visit.me, form)
    if tried.is_good:
        await acts.keep_account(visit, tried)
    return _tried(visit, tried, is_stored=tried.is_good)


async def forget_own(visit: Visit) -> None:
    """Remove it with its password."""
    await acts.forget_account(visit, visit.me)


async def _account(visit: Visit, employee: EmployeeId | None) -> MailValue:
    async with visit.panel.sessions() as session:
        stored = await mail_server(session, employee)
    if stored is None:
        raise web.HTTPNotFound
    return _value(visit, stored)


def _value(visit: Visit, stored: MailServer) -> MailValue:
    return MailValue(
        stored.address,
        stored.sender_name,
        stored.host,
        stored.port,
        stored.encryption,
        stored.login,
        stored.oauth,
        stored.closed_secret is not None and not stored.oauth,
        stored.state,
        stored.authorised_at,
        stored.refused_at,
        fault_told(stored.fault, visit.words) if stored.fault else "",
        stored.said,
    )


def _tried(visit: Visit, tried: Tried, *, is_stored: bool) -> TriedValue:
    stages = [
        StageValue(
            passed.stage,
            round(passed.seconds, 3),
            passed.error is None,
            "" if passed.error is None else fault_told(passed.error.fault.value, visit.words),
            "" if passed.error is None else passed.error.said,
        )
        for passed in tried.passed
    ]
    return TriedValue(tried.is_good, is_stored, stages)


def _letter(visit: Visit, one: Outgoing) -> LetterValue:
    return LetterValue(
        one.id,
        one.kind,
        one.to_address,
        one.state,
        one.made_at,
        one.tries,
        one.next_at,
        one.ended_at,
        one.fault,
        fault_told(one.fault, visit.words) if one.fault else "",
        one.said,
    )


_RIGHT, _READ, _WRITE = Right.MANAGE_MAIL, TokenScope.MAIL_READ, TokenScope.MAIL_WRITE
_MINE, _ACCOUNT = Access.LOGGED_IN, TokenScope.ACCOUNT
_LETTERS, _SERVER, _OWN = f"{V1}/mail/letters", f"{V1}/mail/server", f"{V1}/me/mail"
_NONE = (HTTPStatus.NOT_FOUND,)

OPERATIONS = (
    ApiRoute("GET", _OWN, own, _MINE, _ACCOUNT, N_("My e-mail account"), MailValue, refuses=_NONE),
    ApiRoute(
        "POST",
        f"{_OWN}/authorise",
        authorise,
        _MINE,
        _ACCOUNT,
        N_("Log in at a mail server, and keep it as my e-mail account"),
        TriedValue,
        MailForm,
    ),
    ApiRoute("DELETE", _OWN, forget_own, _MINE, _ACCOUNT, N_("Remove my e-mail account")),
    ApiRoute(
        "GET",
        _LETTERS,
        letters,
        _RIGHT,
        _READ,
        N_("Letters that leave, the newest first"),
        OutboxValue,
        query=OutboxForm,
    ),
    ApiRoute(
        "POST", f"{_LETTERS}/{{id}}/retry", retry, _RIGHT, _WRITE, N_("Try a letter again now")
    ),
    ApiRoute("DELETE", f"{_LETTERS}/{{id}}", remove, _RIGHT, _WRITE, N_("Remove a letter")),
    ApiRoute(
        "GET",
        _SERVER,
        company,
        _RIGHT,
        _READ,
        N_("The company's mail server"),
        MailValue,
        refuses=_NONE,
    ),
    ApiRoute(
        "PUT",
        _SERVER,
        change_company,
        _RIGHT,
        _WRITE,
        N_("Change the company's mail server, and see whether it works"),
        TriedValue,
        MailForm,
    ),
    ApiRoute(
        "POST",
        f"{_SERVER}/test",
        test_company,
        _RIGHT,
        _WRITE,
        N_("Test a mail server with a letter, and keep nothing"),
        TriedValue,
        MailTestForm,
    ),
    ApiRoute(
        "DELETE", _SERVER, forget_company, _RIGHT, _WRITE, N_("Remove the company's mail server")
    ),
)
