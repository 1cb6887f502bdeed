"""Whose rules are asked about: as they are saved, and as they are being edited."""

from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from ari_app.domain.directory import Directory, Employee
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.reached import reachable
from ari_app.domain.rights import Right
from ari_app.domain.what_if import edited
from ari_app.explain import Names
from ari_app.store.finding import people_of
from ari_app.store.greetings import choices
from web.draft import read_draft
from web.pages.card_head import SECRETARY, Head, head_of
from web.visit import Visit
from web.way_words import WayWords
from web.words import N_


@dataclass(frozen=True, slots=True)
class Rules:
    """The employee as stored and, where rules are being edited, as they would be.

    `draft` is the text that came with the form, "" where there is none.
    """

    head: Head
    saved: Employee
    edited: Employee | None
    draft: str
    words: WayWords
    sees_all: bool
    """Whether the reader may see all the rules that calls may meet."""

    @property
    def newest(self) -> Employee:
        """As it would be if what is being edited were saved."""
        return self.edited or self.saved

    @property
    def versions(self) -> list[tuple[str, Employee]]:
        """The saved rules, and the edited ones where they differ, each with a title."""
        say = self.words.words.say
        if self.edited is None:
            return [("", self.saved)]
        return [(say(N_("Saved rules")), self.saved), (say(N_("Edited rules")), self.edited)]


async def rules_of(visit: Visit, draft: str = "") -> Rules:
    """Whose rules the address names. Raises HTTPNotFound, HTTPForbidden, HTTPBadRequest."""
    made = read_draft(draft, visit.panel.settings).rules if draft else None
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        visit.demand(Right.SEE_RULES, head.person.subject)
        saved = visit.directory.employees.get(head.id)
        if saved is None:
            raise web.HTTPNotFound
        other = saved if made is None else edited(saved, made)
        met = reachable(visit.directory, saved, other)
        people = await people_of(session, met)
        sounds = await choices(session, head.id)
    seen = {who for who, one in people.items() if visit.may(Right.SEE_RULES, one.subject)}
    teller = visit.storyteller(_names(visit.directory, met))
    named = {one.sound: visit.words.own((one.name_ru, one.name_en)) for one in sounds}
    words = WayWords(visit.words, visit.directory, teller, seen, named)
    sees_all = all(one in seen for one in met if one in visit.directory.employees)
    return Rules(head, saved, other if other != saved else None, draft, words, sees_all)


async def sent_draft(visit: Visit) -> str:
    """The draft in a form that was posted; "" without one."""
    return str((await visit.form()).get("draft", "")) if visit.route.changes else ""


def _names(directory: Directory, met: Collection[EmployeeId]) -> Names:
    people = [one for each in met if (one := directory.employees.get(each)) is not None]
    return Names(
        {person.id: person.name for person in people},
        {rule.id: rule.name for person in people for rule in person.rules},
        directory.own_statuses,
    )
