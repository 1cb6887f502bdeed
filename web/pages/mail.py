"""Mail: the company's server, one's own address, and the letters that leave."""

from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.numbers import EmployeeId
from ari_app.letters.contents import content
from ari_app.letters.layout import Envelope, laid_out
from ari_app.mail.oauth import ISSUERS
from ari_app.mail.providers import PasswordKind, Provider, discover, provider_of, providers
from ari_app.store import outbox
from ari_app.store.mail_servers import MailServer, mail_server, oauth_clients
from ari_app.store.outbox import LetterState, Outgoing
from web.acts import mail as acts
from web.acts.mail import MailForm, Tried
from web.forms import Filled, Form, Id, Refused, filled_with, refused
from web.mail_words import FAULTS, LETTER_STATES, LETTERS, MAIL_STATES, STAGES, fault_told
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

_SAMPLE = {
    "name": "Анна Кузнецова",
    "login": "a.kuznetsova",
    "link": "https://pbx.example.com/register/…",
    "until": "24.11.2026 12:00",
    "moment": "23.11.2026 12:00",
    "address": "192.0.2.10",
    "device": "Firefox, Linux",
    "caller": "+7 916 555-01-23",
    "path": "101 → 102",
    "duration": "0:42",
    "why": "Перерыв",
    "rule": "На больничном — коллеге",
    "subject": "О вашем звонке",
    "text": "Здравствуйте!\n\nВы звонили нам сегодня.",
}


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage as it is shown."""

    text: str
    seconds: float
    is_good: bool
    why: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A mail account as a form; `lines` are the stages that were just gone through."""

    is_own: bool
    form: Filled[MailForm]
    stored: MailServer | None
    state: tuple[str, str] | None
    why: str
    lines: list[StageLine]
    providers: list[Provider]
    issuers: dict[str, str]
    """Where one can authorise without a password: key and name."""

    @property
    def path(self) -> str:
        return "/me/mail" if self.is_own else "/mail/server"


@dataclass(frozen=True, slots=True)
class LetterLine:
    letter: Outgoing
    what: str
    state: tuple[str, str]
    why: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """Letters, the newest first; `next` is where the following ones begin."""

    lines: list[LetterLine]
    counts: dict[LetterState, int]
    chosen: LetterState | None
    next: int | None
    states: dict[LetterState, tuple[str, str]]
    company: MailServer | None


class OutboxForm(Form):
    """Which letters are asked for."""

    state: LetterState | None = None
    before: Id | None = None


class AddressForm(Form):
    """An address that is being typed."""

    address: str = ""


class TestForm(Form):
    """Where the test letter goes."""

    test_to: str = ""


async def outgoing(visit: Visit) -> web.StreamResponse:
    """The letters that leave."""
    asked = visit.asked(OutboxForm).value or OutboxForm()
    async with visit.panel.sessions() as session:
        letters = await outbox.outgoing(session, asked.state, asked.before)
        counts = await outbox.counts(session)
        company = await mail_server(session, None)
    lines = [
        LetterLine(
            letter,
            LETTERS.get(letter.kind, letter.kind),
            LETTER_STATES[letter.state],
            fault_told(letter.fault, visit.words) if letter.fault in FAULTS else letter.fault,
        )
        for letter in letters
    ]
    following = letters[-1].id if len(letters) == outbox.SHOWN else None
    page = OutboxPage(lines, counts, asked.state, following, dict(LETTER_STATES), company)
    return show(visit, "mail.html", page)


async def retry(visit: Visit) -> web.StreamResponse:
    """Try one letter again now."""
    await acts.retry_letter(visit, visit.number("id"))
    return visit.done("/mail", N_("The letter goes out again"))


async def remove(visit: Visit) -> web.StreamResponse:
    """Take one letter out."""
    await acts.remove_letter(visit, visit.number("id"))
    return visit.done("/mail", N_("The letter was deleted"))


async def company(visit: Visit) -> web.StreamResponse:
    """The company's server."""
    return await _account(visit, None)


async def change_company(visit: Visit) -> web.StreamResponse:
    """Try it, and keep it when it works; or keep it as it is."""
    return await _change(visit, None)


async def own(visit: Visit) -> web.StreamResponse:
    """One's own address."""
    return await _account(visit, visit.me)


async def change_own(visit: Visit) -> web.StreamResponse:
    """Authorise: log in at the server, and keep it when it works."""
    return await _change(visit, visit.me)


async def forget_company(visit: Visit) -> web.StreamResponse:
    """Remove the company's server."""
    await acts.forget_account(visit, None)
    return visit.done("/mail/server", N_("The mail account was removed; letters wait"))


async def forget_own(visit: Visit) -> web.StreamResponse:
    """Remove one's own address."""
    await acts.forget_account(visit, visit.me)
    return visit.done("/me/mail", N_("The mail account was removed"))


async def find_provider(visit: Visit) -> web.StreamResponse:
    """For the form: the server of an address that is being typed."""
    asked = visit.asked(AddressForm).value or AddressForm()
    found = await discover(asked.address[:320])
    if found is None:
        return visit.json({})
    return visit.json(
        {
            "name": found.name,
            "host": found.host,
            "port": found.port,
            "login": found.login_for(asked.address),
            "hint": _hint(visit, found),
        }
    )


async def preview(visit: Visit) -> web.StreamResponse:
    """Each kind of letter with sample values."""
    kind = visit.request.match_info["kind"]
    if kind not in LETTERS:
        raise web.HTTPNotFound
    language = "en" if visit.request.query.get("language") == "en" else "ru"
    envelope = Envelope("Autosecretary", "pbx@example.com", "a@example.com", "x@y", visit.now)
    message = laid_out(content(kind, language, _SAMPLE), envelope, language)
    wanted = "plain" if visit.request.query.get("as") == "text" else "html"
    body = message.get_body((wanted,))
    text = "" if body is None else str(body.get_content())
    answer = web.Response(text=text, content_type=f"text/{wanted}")
    # A letter brings its own styles, as mail programs need them; nothing else may run in it.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


async def letters(visit: Visit) -> web.StreamResponse:
    """The list of letters with their previews."""
    return show(visit, "mail_letters.html", dict(LETTERS))


async def _account(visit: Visit, employee: EmployeeId | None) -> web.StreamResponse:
    async with visit.panel.sessions() as session:
        stored = await mail_server(session, employee)
    if stored is None:
        typed = {"port": ["465"], "encryption": ["tls"]}
        if employee is not None:
            typed["address"] = [visit.signed_in.email or ""]
        form: Filled[MailForm] = Filled(typed)
    else:
        form = filled_with(_form(stored))
    return show(visit, "mail_account.html", await _page(visit, employee, form, stored))


async def _change(visit: Visit, employee: EmployeeId | None) -> web.StreamResponse:
    filled = await visit.filled(MailForm)
    async with visit.panel.sessions() as session:
        stored = await mail_server(session, employee)
    if filled.value is None:
        return show_again(visit, "mail_account.html", await _page(visit, employee, filled, stored))
    to = (await visit.filled(TestForm)).value or TestForm()
    test_to = filled.value.address if to.test_to == "own" else to.test_to
    try:
        tried = await acts.try_account(visit, employee, filled.value, test_to)
    except Refused as error:
        filled = filled.with_errors(refused(error, visit.words))
        return show_again(visit, "mail_account.html", await _page(visit, employee, filled, stored))
    keeps = tried.is_good or (employee is None and filled.has("keep"))
    if keeps:
        await acts.keep_account(visit, tried)
    page = await _page(visit, employee, filled, tried.server if keeps else stored, tried)
    if tried.is_good:
        return show(visit, "mail_account.html", page)
    return show_again(visit, "mail_account.html", page)


async def _page(
    visit: Visit,
    employee: EmployeeId | None,
    form: Filled[MailForm],
    stored: MailServer | None,
    tried: Tried | None = None,
) -> AccountPage:
    provider = provider_of(form.text("address"))
    lines = [] if tried is None else _lines(visit, tried, provider)
    state = None if stored is None else MAIL_STATES[stored.state]
    why = fault_told(stored.fault, visit.words, provider) if stored and stored.fault else ""
    named = [one for one in providers() if one.domains]
    issuers = {} if employee is None else await _issuers(visit)
    return AccountPage(employee is not None, form, stored, state, why, lines, named, issuers)


async def _issuers(visit: Visit) -> dict[str, str]:
    """Where this panel is registered."""
    async with visit.panel.sessions() as session:
        known = await oauth_clients(session)
    return {key: one.name for key, one in ISSUERS.items() if key in known}


def _lines(visit: Visit, tried: Tried, provider: Provider | None) -> list[StageLine]:
    return [
        StageLine(
            STAGES[passed.stage],
            passed.seconds,
            is_good=passed.error is None,
            why=""
            if passed.error is None
            else fault_told(passed.error.fault.value, visit.words, provider),
            said="" if passed.error is None else passed.error.said,
        )
        for passed in tried.passed
    ]


def _hint(visit: Visit, provider: Provider) -> str:
    match provider.password:
        case PasswordKind.APP:
            own = visit.words.own(provider.word)
            return visit.words.say(N_("{name} needs: {word}."), name=provider.name, word=own)
        case PasswordKind.NONE:
            return visit.words.say(
                N_("{name} takes no passwords any more, only OAuth 2."), name=provider.name
            )
        case _:
            return visit.words.own(provider.access)


def _form(stored: MailServer) -> MailForm:
    return MailForm.model_validate(
        {
            "address": stored.address,
            "sender_name": stored.sender_name,
            "host": stored.host,
            "port": stored.port,
            "encryption": stored.encryption,
            "login": stored.login,
        }
    )
