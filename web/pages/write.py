"""Writing to a caller: from a template or from nothing, looked at before it is sent."""

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from ari_app.domain.rights import Right
from ari_app.store import call_letters, call_list
from ari_app.store.call_list import Listed
from ari_app.store.mail_servers import MailServer
from web.acts import write as acts
from web.acts.write import WriteForm, way_of
from web.call_filter import reach_of
from web.caller_names import caller_name
from web.forms import Filled, Form, Refused, refused
from web.letter_templates import TEMPLATES, Language, filled
from web.render import show, show_again
from web.visit import Visit
from web.words import N_, Words

_LANGUAGES = (("ru", "Русский"), ("en", "English"))


class TemplateForm(Form):
    """What the letter begins with."""

    template: Literal["sorry", "when", "tried"] | None = None
    language: Literal["ru", "en"] | None = None


class _PreviewForm(Form):
    preview: str = ""


@dataclass(frozen=True, slots=True)
class WritePage:
    """The letter; with `preview` as its reader will see it."""

    form: Filled[WriteForm]
    listed: Listed
    name: str
    sender: str
    reply_to: str
    server: MailServer | None
    is_own: bool
    templates: list[tuple[str, str, str, str]]
    languages: tuple[tuple[str, str], ...]
    preview: WriteForm | None = None


async def write(visit: Visit) -> web.StreamResponse:
    """The form, filled from a template where one was chosen."""
    listed = await _called(visit)
    chosen = visit.asked(TemplateForm).value or TemplateForm()
    language: Language = chosen.language or ("ru" if visit.words.language == "ru" else "en")
    typed: dict[str, list[str]] = {"language": [language]}
    async with visit.panel.sessions() as session:
        address = await call_letters.known_address(session, listed.call)
    if address:
        typed["to"] = [address]
    if chosen.template is not None:
        moment = Words(language, visit.words.zone).moment(listed.call.began_at)
        template = TEMPLATES[chosen.template]
        subject, text = filled(template, language, moment, visit.signed_in.name)
        typed |= {"subject": [subject], "text": [text]}
    return show(visit, "write.html", await _page(visit, listed, Filled(typed)))


async def send(visit: Visit) -> web.StreamResponse:
    """Show it once more, or send it."""
    listed = await _called(visit)
    form = await visit.filled(WriteForm)
    if form.value is None:
        return show_again(visit, "write.html", await _page(visit, listed, form))
    if ((await visit.filled(_PreviewForm)).value or _PreviewForm()).preview:
        return show(visit, "write.html", await _page(visit, listed, form, form.value))
    try:
        await acts.write_letter(visit, listed, form.value)
    except Refused as error:
        form = form.with_errors(refused(error, visit.words))
        return show_again(visit, "write.html", await _page(visit, listed, form))
    return visit.done(f"/calls/{listed.call.id}", N_("The letter is on its way"))


async def _called(visit: Visit) -> Listed:
    reach = reach_of(visit, Right.SEE_CALLS)
    async with visit.panel.sessions() as session:
        found = await call_list.seen_call(session, reach, visit.number("id"))
    if found is None:
        raise web.HTTPNotFound
    return found


async def _page(
    visit: Visit, listed: Listed, form: Filled[WriteForm], preview: WriteForm | None = None
) -> WritePage:
    async with visit.panel.sessions() as session:
        server, is_own = await way_of(visit, session)
    me = visit.signed_in
    address = "" if server is None else server.address
    said = visit.words.say
    templates = [
        (said(one.name), key, language, own)
        for key, one in TEMPLATES.items()
        for language, own in _LANGUAGES
    ]
    return WritePage(
        form,
        listed,
        caller_name(visit, listed.call),
        f"{me.name} <{address}>" if address else me.name,
        "" if is_own else me.email or "",
        server,
        is_own,
        templates,
        _LANGUAGES,
        preview,
    )
