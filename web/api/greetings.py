"""Somebody's greetings by the API: listed, sent, spoken, heard, renamed, removed, chosen."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from ari_app.domain.greetings import Choice, Origin
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import greetings as store
from ari_app.store.greetings import Greeting, Use
from web.acts import greetings as acts
from web.acts.greetings import FileForm, RenameForm, Sent, SpeechForm, VoicemailForm
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute, Raw
from web.api.values import MadeValue
from web.pages import greeting_sounds
from web.pages.card_head import SECRETARY, head_of
from web.visit import Access, Visit
from web.words import N_

SOUNDS = Raw(
    (
        "audio/wav",
        "audio/x-wav",
        "audio/mpeg",
        "audio/ogg",
        "audio/webm",
        "audio/mp4",
        "audio/aac",
        "audio/flac",
        "application/octet-stream",
    )
)
"""What a sound is sent as; what it really is, is found out."""
WAV = Raw(("audio/wav",))


@dataclass(frozen=True, slots=True)
class UseValue:
    """Where a greeting is used: in a rule, or (null) before somebody's messages."""

    employee: int
    name: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class GreetingValue:
    """A greeting without its sound; `sound` is its name in rules.

    `text` and `language` are of a spoken one.
    """

    id: int
    sound: str
    name: str
    origin: Origin
    text: str
    language: str
    milliseconds: int
    made_at: datetime
    uses: list[UseValue]


@dataclass(frozen=True, slots=True)
class ChoiceValue:
    """A greeting that rules may name; built-in ones have no `id`."""

    sound: str
    name_ru: str
    name_en: str
    id: int | None


@dataclass(frozen=True, slots=True)
class GreetingsValue:
    """Their own greetings, and all that their rules may name.

    `voicemail` is what is said before messages, null for the built-in sentence.
    """

    greetings: list[GreetingValue]
    choices: list[ChoiceValue]
    voicemail: str | None


async def greetings(visit: Visit) -> GreetingsValue:
    """As the page lists them."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        own = await store.of_employee(session, head.id)
        used = await store.uses(session, [one.id for one in own])
        choices = await store.choices(session, head.id)
        chosen = await store.voicemail_greeting(session, head.id)
    listed = [greeting_value(one, used[one.id]) for one in own]
    return GreetingsValue(listed, [_choice(one) for one in choices], chosen)


async def send(visit: Visit, form: FileForm, raw: bytes) -> MadeValue:
    """Store a sound; without a name it is called by its moment."""
    return MadeValue(await acts.add_file(visit, _whose(visit), form, Sent(raw, "")))


async def speak(visit: Visit, form: SpeechForm) -> MadeValue:
    """Store a text, spoken."""
    return MadeValue(await acts.add_speech(visit, _whose(visit), form))


async def preview(visit: Visit, form: SpeechForm) -> web.Response:
    """A text, spoken; nothing is stored."""
    sound = await acts.preview(visit, _whose(visit), form)
    return web.Response(body=sound.wav, content_type="audio/wav")


async def rename(visit: Visit, form: RenameForm) -> None:
    """Call it otherwise."""
    await acts.rename(visit, _whose(visit), visit.number("greeting"), form)


async def replace_sound(visit: Visit, raw: bytes) -> None:
    """Another sound under the same name, wherever it is used."""
    await acts.replace_file(visit, _whose(visit), visit.number("greeting"), Sent(raw, ""))


async def remove(visit: Visit) -> None:
    """Remove one that nothing uses."""
    await acts.remove(visit, _whose(visit), visit.number("greeting"))


async def restore(visit: Visit) -> None:
    """Bring one back."""
    await acts.bring_back(visit, _whose(visit), visit.number("greeting"))


async def choose(visit: Visit, form: VoicemailForm) -> None:
    """What is said before messages."""
    await acts.choose_for_messages(visit, _whose(visit), form)


async def audio(visit: Visit) -> web.StreamResponse:
    """The sound, of the office's greetings too."""
    return await greeting_sounds.audio(visit)


def greeting_value(one: Greeting, uses: list[Use]) -> GreetingValue:
    """A greeting, and where it is used."""
    return GreetingValue(
        one.id,
        one.sound,
        one.name,
        one.origin,
        one.text,
        one.language,
        one.milliseconds,
        one.made_at,
        [UseValue(use.employee, use.name, use.rule) for use in uses],
    )


def _choice(one: Choice) -> ChoiceValue:
    return ChoiceValue(one.sound, one.name_ru, one.name_en, one.id)


def _whose(visit: Visit) -> EmployeeId:
    return EmployeeId(visit.number("id"))


_RIGHT, _READ, _WRITE = Right.CONFIGURE_RULES, TokenScope.RULES_READ, TokenScope.RULES_WRITE
_ALL = f"{V1}/employees/{{id}}/greetings"
_ONE = f"{_ALL}/{{greeting}}"

OPERATIONS = (
    ApiRoute(
        "GET",
        _ALL,
        greetings,
        Right.SEE_EMPLOYEES,
        _READ,
        N_("Somebody's greetings, and what their rules may name"),
        GreetingsValue,
    ),
    ApiRoute(
        "POST",
        _ALL,
        send,
        _RIGHT,
        _WRITE,
        N_("Add a greeting: a sound file of at most 20 MB and two minutes"),
        MadeValue,
        body=SOUNDS,
        query=FileForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute(
        "POST",
        f"{_ALL}/speech",
        speak,
        _RIGHT,
        _WRITE,
        N_("Add a greeting: a text that is spoken"),
        MadeValue,
        SpeechForm,
        status=HTTPStatus.CREATED,
    ),
    ApiRoute(
        "POST",
        f"{_ALL}/preview",
        preview,
        _RIGHT,
        _WRITE,
        N_("Listen to a text that is spoken; nothing is stored"),
        WAV,
        SpeechForm,
    ),
    ApiRoute(
        "PUT",
        f"{_ALL}/voicemail",
        choose,
        _RIGHT,
        _WRITE,
        N_("Choose what is said before messages"),
        body=VoicemailForm,
    ),
    ApiRoute("PATCH", _ONE, rename, _RIGHT, _WRITE, N_("Rename a greeting"), body=RenameForm),
    ApiRoute(
        "PUT",
        f"{_ONE}/audio",
        replace_sound,
        _RIGHT,
        _WRITE,
        N_("Replace the sound of a greeting"),
        body=SOUNDS,
    ),
    ApiRoute("DELETE", _ONE, remove, _RIGHT, _WRITE, N_("Delete a greeting that nothing uses")),
    ApiRoute(
        "POST", f"{_ONE}/restore", restore, _RIGHT, _WRITE, N_("Bring a deleted greeting back")
    ),
    ApiRoute(
        "GET",
        f"{V1}/greetings/{{greeting}}/audio",
        audio,
        Access.LOGGED_IN,
        _READ,
        N_("The sound of a greeting"),
        WAV,
    ),
)
