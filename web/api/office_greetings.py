"""The office's greetings by the API, which everybody's rules may name."""

from http import HTTPStatus

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store import greetings as store
from web.acts import greetings as acts
from web.acts.greetings import FileForm, RenameForm, Sent, SpeechForm
from web.api.greetings import SOUNDS, WAV, GreetingValue, greeting_value
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import MadeValue
from web.visit import Visit
from web.words import N_


async def greetings(visit: Visit) -> list[GreetingValue]:
    """In the order of their names."""
    async with visit.panel.sessions() as session:
        found = await store.of_employee(session, None)
        used = await store.uses(session, [one.id for one in found])
    return [greeting_value(one, used[one.id]) for one in found]


async def send(visit: Visit, form: FileForm, raw: bytes) -> MadeValue:
    """Store a sound; without a name it is called by its moment."""
    return MadeValue(await acts.add_file(visit, None, form, Sent(raw, "")))


async def speak(visit: Visit, form: SpeechForm) -> MadeValue:
    """Store a text, spoken."""
    return MadeValue(await acts.add_speech(visit, None, form))


async def preview(visit: Visit, form: SpeechForm) -> web.Response:
    """A text, spoken; nothing is stored."""
    sound = await acts.preview(visit, None, form)
    return web.Response(body=sound.wav, content_type="audio/wav")


async def rename(visit: Visit, form: RenameForm) -> None:
    """Call it otherwise."""
    await acts.rename(visit, None, visit.number("id"), form)


async def replace_sound(visit: Visit, raw: bytes) -> None:
    """Another sound under the same name, wherever it is used."""
    await acts.replace_file(visit, None, visit.number("id"), Sent(raw, ""))


async def remove(visit: Visit) -> None:
    """Remove one that nothing uses."""
    await acts.remove(visit, None, visit.number("id"))


async def restore(visit: Visit) -> None:
    """Bring one back."""
    await acts.bring_back(visit, None, visit.number("id"))


_RIGHT, _READ, _WRITE = Right.MANAGE_OFFICE, TokenScope.OFFICE_READ, TokenScope.OFFICE_WRITE
_ALL, _ONE = f"{V1}/office-greetings", f"{V1}/office-greetings/{{id}}"

OPERATIONS = (
    ApiRoute(
        "GET", _ALL, greetings, _RIGHT, _READ, N_("The office's greetings"), list[GreetingValue]
    ),
    ApiRoute(
        "POST",
        _ALL,
        send,
        _RIGHT,
        _WRITE,
        N_("Add a greeting of the office: a sound file of at most 20 MB and two minutes"),
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
        N_("Add a greeting of the office: a text that is spoken"),
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
        "PATCH",
        _ONE,
        rename,
        _RIGHT,
        _WRITE,
        N_("Rename a greeting of the office"),
        body=RenameForm,
    ),
    ApiRoute(
        "PUT",
        f"{_ONE}/audio",
        replace_sound,
        _RIGHT,
        _WRITE,
        N_("Replace the sound of a greeting of the office"),
        body=SOUNDS,
    ),
    ApiRoute(
        "DELETE",
        _ONE,
        remove,
        _RIGHT,
        _WRITE,
        N_("Delete a greeting of the office that nothing uses"),
    ),
    ApiRoute(
        "POST",
        f"{_ONE}/restore",
        restore,
        _RIGHT,
        _WRITE,
        N_("Bring a deleted greeting of the office back"),
    ),
)
