"""A card's first tab: who somebody is, their login, their photo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Scope
from ari_app.store import audit
from ari_app.store.audit import Wanted
from ari_app.store.errors import NotThereError, StoreError, TakenError
from ari_app.store.finding import Person
from ari_app.store.newcomers import who_has
from web.acts import people as acts
from web.acts.people import CardForm, card_form
from web.acts.registration import Invitation, invitation
from web.card_version import Stale, VersionedForm, merged, version_of
from web.columns import TEXTS
from web.forms import Filled, FormType, filled_with, refused
from web.pages.card_head import CARD, Head, head_of, path_of
from web.people_words import LANGUAGE_NAMES, number_shown
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

LABELS: Mapping[str, str] = {
    **{column.value: text for column, text in TEXTS.items()},
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "uses_status": N_("The status counts"),
    "own_statuses": N_("Own statuses"),
    "all_own_statuses": N_("Own statuses"),
    "after_call_seconds": N_("Seconds after a call"),
    "may_dial": N_("Numbers that may be dialled"),
    "has_voicemail": N_("Voicemail"),
    "voicemail_by_mail": N_("Messages by e-mail"),
    "phones": N_("Phones"),
    "ring_order": N_("Ringing"),
}


@dataclass(frozen=True, slots=True)
class CardPage:
    """The first tab."""

    head: Head
    form: Filled[CardForm]
    taken: Mapping[str, Person]
    """By field, whom to ask for what is taken, as far as this reader may see them."""
    zones: Sequence[str]
    languages: Sequence[tuple[str, str]]
    may_change: bool
    may_move: bool
    may_delete: bool
    mobile: str
    number: str
    photo_errors: Mapping[str, str]
    invitation: Invitation | None
    """How far the registration has come, for those who may send the letter."""


async def card(visit: Visit) -> web.StreamResponse:
    """The form, or what stands in it for those who may only read."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    stored = card_form(head.card)
    form = filled_with(stored.model_copy(update={"version": version_of(stored)}))
    return show(visit, "card.html", await _page(visit, head, _spaced(form)))


async def save_card(visit: Visit) -> web.StreamResponse:
    """Store it; what cannot be stored is told beside it, and nothing is."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    visit.demand(Right.CHANGE_CARDS, head.person.subject)
    filled = await visit.filled(CardForm)
    taken: dict[str, Person] = {}
    if filled.value is not None:
        try:
            await acts.change_card(visit, head.id, filled.value)
        except Stale as error:
            filled = await stale(visit, head.id, filled.value, error)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled, taken = await told(visit, filled, error)
    if filled.value is None:
        return show_again(visit, "card.html", await _page(visit, head, filled, taken))
    return visit.done(path_of(head.id, CARD), N_("Saved"))


async def regenerate_login(visit: Visit) -> web.StreamResponse:
    """A new login; the old one opens nothing any more."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
    login = await acts.regenerate_login(visit, head.id)
    text = N_("The new login is {login}. Tell it to {name}.")
    return visit.done(path_of(head.id, CARD), text, login=login, name=head.card.name)


async def photo_refused(visit: Visit, head: Head, errors: Mapping[str, str]) -> web.Response:
    """The tab with what is wrong about a photo beside it."""
    stored = card_form(head.card)
    form = filled_with(stored.model_copy(update={"version": version_of(stored)}))
    page = await _page(visit, head, _spaced(form), photo_errors=errors)
    return show_again(visit, "card.html", page)


async def told(
    visit: Visit, filled: Filled[FormType], error: StoreError
) -> tuple[Filled[FormType], dict[str, Person]]:
    """The form with what the store refused, and who has what is taken."""
    errors = refused(error, visit.words)
    if not isinstance(error, TakenError):
        return filled.with_errors(errors), {}
    async with visit.panel.sessions() as session:
        person = await who_has(session, error.field, error.value)
    if person is None or not visit.may(Right.SEE_EMPLOYEES, person.subject):
        return filled.with_errors(errors), {}
    text = visit.words.say(N_("This belongs to {name}"), name=person.name)
    return filled.with_errors({error.field: text}), {error.field: person}


async def stale(
    visit: Visit, employee: EmployeeId, sent: VersionedForm, error: Stale
) -> Filled[VersionedForm]:
    """What was typed, with what the other has changed; sent once more it is stored."""
    both = merged(sent, error)
    errors = await stale_errors(visit, employee, error, both.both)
    return filled_with(both.form).with_errors(errors)


async def stale_errors(
    visit: Visit, employee: EmployeeId, error: Stale, both: Sequence[str]
) -> dict[str, str]:
    """What the other has changed, and beside each field that both have, what is stored now."""
    labels = [visit.words.say(LABELS[name]) for name in error.fields if name in LABELS]
    async with visit.panel.sessions() as session:
        name = await _last_editor(session, employee)
    text = N_("{name} has changed meanwhile: {fields}. Your changes are kept here: save again.")
    who = name or visit.words.say(N_("Somebody"))
    fields = visit.words.listed(list(dict.fromkeys(labels)))
    now = {field: _shown(getattr(error.stored, field)) for field in both}
    return {
        "": visit.words.say(text, name=who, fields=fields),
        **{field: visit.words.say(N_("Now stored: {value}"), value=now[field]) for field in both},
    }


async def _last_editor(session: AsyncSession, employee: EmployeeId) -> str:
    """Whose change of this card is the newest in the log."""
    lines = await audit.lines(session, Wanted(person=employee), 20)
    changes = (line for line in lines if line.about.id == employee and "chang" in line.action)
    return next((line.who.name for line in changes), "")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(getattr(one, "address", one)) for one in value) or "—"
    return "—" if value is None else str(value)


async def _page(
    visit: Visit,
    head: Head,
    form: Filled[CardForm],
    taken: Mapping[str, Person] | None = None,
    photo_errors: Mapping[str, str] | None = None,
) -> CardPage:
    subject = head.person.subject
    invited: Invitation | None = None
    if visit.may(Right.CHANGE_CARDS, subject):
        async with visit.panel.sessions() as session:
            invited = await invitation(visit, session, head.person)
    return CardPage(
        head,
        form,
        taken or {},
        zones(),
        LANGUAGE_NAMES,
        may_change=visit.may(Right.CHANGE_CARDS, subject),
        may_move=visit.scope(Right.CHANGE_CARDS) is Scope.EVERYONE,
        may_delete=visit.may(Right.DELETE_EMPLOYEES, subject) and head.id != visit.me,
        mobile=number_shown(head.card.mobile) if head.card.mobile else "",
        number=number_shown(head.card.number) if head.card.number else "",
        photo_errors=photo_errors or {},
        invitation=invited,
    )


def _spaced(form: Filled[CardForm]) -> Filled[CardForm]:
    """Numbers as people read them."""
    spaced = {
        name: [number_shown(form.text(name))] for name in ("mobile", "number") if form.text(name)
    }
    return Filled({**form.typed, **spaced}, form.value, form.errors)


@cache
def zones() -> Sequence[str]:
    """Time zones to choose from: those named after places."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return sorted(named)
