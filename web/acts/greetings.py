"""What is done to greetings: sent, recorded, spoken, renamed, removed, chosen."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.greetings import Origin, Sound
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.sound.errors import SoundError
from ari_app.sound.limits import LONGEST_TEXT
from ari_app.store import audit, greetings
from ari_app.store.audit import About
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.greetings import MOST, Greeting, NewGreeting
from web.acts.people import changing
from web.forms import Form, Line, Refused, RequiredLine
from web.greeting_words import name_of_file, name_of_text, refusal
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, with the name that it had there."""

    raw: bytes
    file_name: str


class FileForm(Form):
    """A sound file or a recording; without a name it is called as the file is."""

    name: Line = ""
    origin: Literal["uploaded", "microphone"] = "uploaded"


class SpeechForm(Form):
    """A text to be spoken; without a name it is called by its first words."""

    name: Line = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
    language: Literal["ru", "en"]


class RenameForm(Form):
    name: RequiredLine


class VoicemailForm(Form):
    """What is said before messages; empty: the built-in sentence."""

    sound: Annotated[str, StringConstraints(max_length=100)] | None = None


async def demand(visit: Visit, session: AsyncSession, employee: EmployeeId | None) -> str:
    """The name of whose greetings they are ("": the office's).

    Raises NotThereError, and HTTPForbidden for those who may not change them.
    """
    if employee is None:
        visit.demand(Right.MANAGE_OFFICE)
        return ""
    person, _ = await changing(visit, session, employee, Right.CONFIGURE_RULES)
    return person.name


async def add_file(visit: Visit, employee: EmployeeId | None, form: FileForm, sent: Sent) -> int:
    """Raises Refused, NotThereError, HTTPForbidden."""
    await _check(visit, employee)
    sound = await converted(visit, sent.raw)
    origin = Origin(form.origin)
    called = name_of_file(sent.file_name) if origin is Origin.UPLOADED else ""
    name = form.name or called or visit.words.moment(visit.now)
    return await _add(visit, employee, NewGreeting(name, origin, sound))


async def add_speech(visit: Visit, employee: EmployeeId | None, form: SpeechForm) -> int:
    """Raises Refused, NotThereError, HTTPForbidden."""
    await _check(visit, employee)
    sound = await spoken(visit, form)
    name = form.name or name_of_text(form.text)
    new = NewGreeting(name, Origin.SPOKEN, sound, form.text, form.language)
    return await _add(visit, employee, new)


async def preview(visit: Visit, employee: EmployeeId | None, form: SpeechForm) -> Sound:
    """The text spoken, and nothing stored. Raises Refused, NotThereError, HTTPForbidden."""
    await _check(visit, employee)
    return await spoken(visit, form)


async def replace_file(visit: Visit, employee: EmployeeId | None, which: int, sent: Sent) -> None:
    """Another sound under the same name. Raises Refused, NotThereError, HTTPForbidden."""
    await _check(visit, employee)
    sound = await converted(visit, sent.raw)
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        one = await of_owner(session, employee, which)
        new = NewGreeting(one.name, Origin.UPLOADED, sound)
        await greetings.replace_sound(session, which, new, visit.now)
        await _note(visit, session, "replaced", About(employee, whose), (one.name, one.name))


async def rename(visit: Visit, employee: EmployeeId | None, which: int, form: RenameForm) -> None:
    """Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        one = await of_owner(session, employee, which)
        await greetings.rename(session, which, form.name)
        await _note(visit, session, "renamed", About(employee, whose), (one.name, form.name))


async def remove(visit: Visit, employee: EmployeeId | None, which: int) -> str:
    """Remove one that nothing uses, and return its name.

    Raises Refused, NotThereError, HTTPForbidden.
    """
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        one = await of_owner(session, employee, which)
        try:
            await greetings.remove(session, which, visit.now)
        except InvalidError as error:
            raise Refused("", N_("It is used: choose another greeting there first")) from error
        await _note(visit, session, "removed", About(employee, whose), (one.name, ""))
    return one.name


async def bring_back(visit: Visit, employee: EmployeeId | None, which: int) -> None:
    """Raises Refused, NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        one = await of_owner(session, employee, which, removed=True)
        try:
            await greetings.bring_back(session, which)
        except InvalidError as error:
            raise _too_many() from error
        await _note(visit, session, "brought_back", About(employee, whose), ("", one.name))


async def choose_for_messages(visit: Visit, employee: EmployeeId, form: VoicemailForm) -> None:
    """What is said before messages. Raises Refused, NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        names = {one.sound: one for one in await greetings.choices(session, employee)}
        try:
            before = await greetings.set_voicemail_greeting(session, employee, form.sound)
        except InvalidError as error:
            text = N_("This greeting is not there any more: choose another one")
            raise Refused("sound", text) from error
        told = [
            visit.words.own((names[sound].name_ru, names[sound].name_en)) if sound in names else ""
            for sound in (before, form.sound)
        ]
        change = ({"voicemail_greeting": told[0]}, {"voicemail_greeting": told[1]})
        about = About(employee, whose)
        await audit.note(session, visit.who, "voicemail_greeting.changed", about, change)


async def of_owner(
    session: AsyncSession, employee: EmployeeId | None, which: int, *, removed: bool = False
) -> Greeting:
    """One of this owner's. Raises NotThereError for somebody else's too."""
    one = await greetings.greeting(session, which, removed=removed)
    if one.employee != employee:
        raise NotThereError("greeting", which)
    return one


async def converted(visit: Visit, raw: bytes) -> Sound:
    """Raises Refused beside ``file``."""
    try:
        return await visit.panel.studio.convert(raw)
    except SoundError as error:
        raise refusal("file", error) from error


async def spoken(visit: Visit, form: SpeechForm) -> Sound:
    """Raises Refused beside ``text``."""
    settings = visit.panel.settings
    command = settings.speech_ru if form.language == "ru" else settings.speech_en
    try:
        return await visit.panel.studio.speak(form.text, form.language, command)
    except SoundError as error:
        raise refusal("text", error) from error


async def _check(visit: Visit, employee: EmployeeId | None) -> None:
    """The right, before anything is converted for those who have none."""
    async with visit.panel.sessions.begin() as session:
        await demand(visit, session, employee)


async def _add(visit: Visit, employee: EmployeeId | None, new: NewGreeting) -> int:
    async with visit.panel.sessions.begin() as session:
        whose = await demand(visit, session, employee)
        try:
            which = await greetings.add(session, employee, new, visit.now)
        except InvalidError as error:
            raise (_too_many() if error.field == "greetings" else error) from error
        await _note(visit, session, "added", About(employee, whose), ("", new.name))
    return which


async def _note(
    visit: Visit, session: AsyncSession, verb: str, about: About, names: tuple[str, str]
) -> None:
    """Note what a greeting was called before and after; the office's have no name but theirs."""
    about = about if about.name else About(about.id, names[1] or names[0])
    change = ({"greeting": names[0]}, {"greeting": names[1]})
    await audit.note(session, visit.who, f"greeting.{verb}", about, change)


def _too_many() -> Refused:
    return Refused("", N_("There are {most} greetings already: delete one first"), most=MOST)
