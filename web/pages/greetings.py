"""Greetings of an employee and of the office: heard, sent, recorded, spoken, chosen."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from aiohttp import web
from aiohttp.web_request import FileField
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.greetings import LEAVE_MESSAGE, LONGEST_SECONDS, Choice
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.sound.limits import LONGEST_TEXT, MOST_BYTES
from ari_app.sound.studio import has_engine
from ari_app.store import greetings as store
from ari_app.store.errors import NotThereError, StoreError
from ari_app.store.greetings import Greeting, Use
from web.acts import greetings as acts
from web.acts.greetings import FileForm, RenameForm, Sent, SpeechForm, VoicemailForm
from web.forms import Filled, Refused, refused
from web.pages.card_head import SECRETARY, Head, head_of
from web.pages.greeting_sounds import heard_built_in
from web.render import show, show_again
from web.visit import Visit
from web.words import N_

_OFFICE = "/office/greetings"
_PACKAGES = {"ru": "festvox-ru", "en": "festvox-kallpc16k"}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose greetings: an employee's, or (without a `head`) the office's."""

    head: Head | None
    may_change: bool

    @property
    def employee(self) -> EmployeeId | None:
        return None if self.head is None else self.head.id

    @property
    def path(self) -> str:
        return _OFFICE if self.head is None else f"/employees/{self.head.id}/greetings"


@dataclass(frozen=True, slots=True)
class Line:
    """A greeting, and where it is used."""

    greeting: Greeting
    uses: Sequence[Use]


@dataclass(frozen=True, slots=True)
class Page:
    """The list and the forms beside it; `renamed` is the form of the greeting with its id."""

    owner: Owner
    lines: Sequence[Line]
    of_office: Sequence[Greeting]
    built_in: Sequence[Choice]
    choices: Sequence[Choice]
    engines: Mapping[str, bool]
    file: Filled[FileForm] = field(default_factory=Filled)
    speech: Filled[SpeechForm] = field(default_factory=Filled)
    voicemail: Filled[VoicemailForm] = field(default_factory=Filled)
    renamed: Filled[RenameForm] = field(default_factory=Filled)
    renamed_id: int = 0
    tab: str = "greetings"

    @property
    def packages(self) -> Mapping[str, str]:
        return _PACKAGES

    @property
    def default_sound(self) -> str:
        return LEAVE_MESSAGE

    @property
    def most_bytes(self) -> int:
        return MOST_BYTES

    @property
    def longest_seconds(self) -> int:
        return LONGEST_SECONDS

    @property
    def longest_text(self) -> int:
        return LONGEST_TEXT


async def greetings(visit: Visit) -> web.StreamResponse:
    """The list."""
    return show(visit, "greetings.html", await _page(visit))


async def send(visit: Visit) -> web.StreamResponse:
    """Store a file, or what the browser recorded."""
    owner, filled = await _owner(visit), await visit.filled(FileForm)
    try:
        if filled.value is not None:
            await acts.add_file(visit, owner.employee, filled.value, await _sent(visit))
            return visit.done(owner.path, N_("The greeting was stored"))
    except StoreError as error:
        filled = filled.with_errors(_told(visit, error))
    return show_again(visit, "greetings.html", await _page(visit, file=filled))


async def speak(visit: Visit) -> web.StreamResponse:
    """Store a typed text, spoken."""
    owner, filled = await _owner(visit), await visit.filled(SpeechForm)
    try:
        if filled.value is not None:
            await acts.add_speech(visit, owner.employee, filled.value)
            return visit.done(owner.path, N_("The greeting was stored"))
    except StoreError as error:
        filled = filled.with_errors(_told(visit, error))
    return show_again(visit, "greetings.html", await _page(visit, speech=filled))


async def preview(visit: Visit) -> web.StreamResponse:
    """A typed text, spoken, to be listened to; errors by field as JSON."""
    owner = await _owner(visit)
    filled = await visit.filled(SpeechForm)
    if filled.value is None:
        return visit.json(filled.errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sound = await acts.preview(visit, owner.employee, filled.value)
    except StoreError as error:
        return visit.json(_told(visit, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return web.Response(body=sound.wav, content_type="audio/wav")


async def rename(visit: Visit) -> web.StreamResponse:
    """Call it otherwise."""
    owner, which = await _owner(visit), visit.number("greeting")
    filled = await visit.filled(RenameForm)
    try:
        if filled.value is not None:
            await acts.rename(visit, owner.employee, which, filled.value)
            return visit.done(owner.path, N_("Saved"))
    except StoreError as error:
        filled = filled.with_errors(_told(visit, error))
    return await _with_problem(visit, which, filled)


async def replace_sound(visit: Visit) -> web.StreamResponse:
    """Another file under the same name."""
    owner, which = await _owner(visit), visit.number("greeting")
    try:
        await acts.replace_file(visit, owner.employee, which, await _sent(visit))
    except StoreError as error:
        return await _with_problem(visit, which, Filled(errors=_told(visit, error)))
    return visit.done(owner.path, N_("The greeting was replaced"))


async def remove(visit: Visit) -> web.StreamResponse:
    """Remove one that nothing uses."""
    owner, which = await _owner(visit), visit.number("greeting")
    try:
        name = await acts.remove(visit, owner.employee, which)
    except StoreError as error:
        return await _with_problem(visit, which, Filled(errors=_told(visit, error)))
    text = N_("The greeting “{name}” was deleted")
    return visit.done(owner.path, text, undo=f"{owner.path}/{which}/restore", name=name)


async def restore(visit: Visit) -> web.StreamResponse:
    """Undo a removal."""
    owner = await _owner(visit)
    try:
        await acts.bring_back(visit, owner.employee, visit.number("greeting"))
    except StoreError as error:
        filled: Filled[FileForm] = Filled(errors=_told(visit, error))
        return show_again(visit, "greetings.html", await _page(visit, file=filled))
    return visit.done(owner.path, N_("The greeting is back"))


async def choose(visit: Visit) -> web.StreamResponse:
    """Choose what is said before messages."""
    owner, filled = await _owner(visit), await visit.filled(VoicemailForm)
    try:
        if filled.value is not None and owner.employee is not None:
            await acts.choose_for_messages(visit, owner.employee, filled.value)
            return visit.done(owner.path, N_("Saved"))
    except StoreError as error:
        filled = filled.with_errors(_told(visit, error))
    return show_again(visit, "greetings.html", await _page(visit, voicemail=filled))


async def _with_problem(visit: Visit, which: int, filled: Filled[RenameForm]) -> web.StreamResponse:
    page = await _page(visit, renamed=filled, renamed_id=which)
    if which not in {line.greeting.id for line in page.lines}:
        raise web.HTTPNotFound
    return show_again(visit, "greetings.html", page)


async def _owner(visit: Visit) -> Owner:
    """Whose greetings the address names, for those who may change them."""
    async with visit.panel.sessions() as session:
        owner = await _whose(visit, session)
    if not owner.may_change:
        raise web.HTTPForbidden
    return owner


async def _whose(visit: Visit, session: AsyncSession) -> Owner:
    if "id" not in visit.request.match_info:
        visit.demand(Right.MANAGE_OFFICE)
        return Owner(None, may_change=True)
    head = await head_of(visit, session, SECRETARY)
    return Owner(head, visit.may(Right.CONFIGURE_RULES, head.person.subject))


async def _page(visit: Visit, **forms: object) -> Page:
    """The page as it is now, with forms that have errors."""
    async with visit.panel.sessions() as session:
        owner = await _whose(visit, session)
        own = await store.of_employee(session, owner.employee)
        used = await store.uses(session, [one.id for one in own])
        of_office = await store.of_employee(session, None) if owner.employee else []
        choices = await store.choices(session, owner.employee)
        chosen = await store.voicemail_greeting(session, owner.employee)
    settings = visit.panel.settings
    engines = {"ru": has_engine(settings.speech_ru), "en": has_engine(settings.speech_en)}
    page = Page(
        owner,
        [Line(one, used[one.id]) for one in own],
        of_office,
        await asyncio.to_thread(heard_built_in, settings.greetings, visit.words.language),
        choices,
        engines,
        speech=Filled({"language": [visit.words.language]}),
        voicemail=Filled({"sound": [chosen or ""]}),
    )
    return replace(page, **forms)  # type: ignore[arg-type]


async def _sent(visit: Visit) -> Sent:
    sent = (await visit.form()).get("file")
    if not isinstance(sent, FileField):
        raise Refused("file", N_("Choose a file first"))
    raw = await asyncio.to_thread(sent.file.read, MOST_BYTES + 1)
    return Sent(raw, sent.filename)


def _told(visit: Visit, error: StoreError) -> Mapping[str, str]:
    if isinstance(error, NotThereError):
        raise web.HTTPNotFound from error
    return refused(error, visit.words)
