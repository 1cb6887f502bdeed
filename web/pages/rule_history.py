"""The history of a secretary: who changed what when, in words, and back to any of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import rule_versions
from ari_app.store.errors import InvalidError, NotThereError, RulesRefusedError, StoreError
from ari_app.store.rule_versions import Version
from web.acts import rule_history as acts
from web.acts.secretary import ChangedMeanwhile
from web.pages.card_head import SECRETARY, Head, head_of, path_of
from web.render import show
from web.rule_difference import Change, Deed, difference
from web.secretary_view import known_to, teller
from web.visit import Flash, Visit
from web.words import N_

_ON_A_PAGE = 20

DEEDS = {
    Deed.ADDED: N_("rule added"),
    Deed.REMOVED: N_("rule deleted"),
    Deed.CHANGED: N_("rule changed"),
    Deed.SWITCHED_ON: N_("rule switched on"),
    Deed.SWITCHED_OFF: N_("rule switched off"),
    Deed.MOVED: N_("rule moved"),
}


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version, and what made it different from the one before."""

    id: int
    at: datetime
    by: str
    is_current: bool
    changes: Sequence[tuple[str, Change]]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`older` is where the next page begins."""

    head: Head
    versions: Sequence[VersionShown]
    newest: int
    older: int | None
    is_first_page: bool
    may_restore: bool


async def history(visit: Visit) -> web.StreamResponse:
    """Versions, the newest first."""
    before = _typed_number(visit.request.query.get("before"))
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, SECRETARY)
        visit.demand(Right.SEE_RULES, head.person.subject)
        found = await rule_versions.versions(session, head.id, _ON_A_PAGE + 1, before)
        newest = await rule_versions.newest(session, head.id)
        known = await known_to(session, visit, head.id, [r for v in found for r in v.rules])
    words = teller(visit, head, known)

    def tell(rule: ForwardingRule) -> str:
        return words.rule(rule).sentence

    shown = []
    for place, one in enumerate(found[:_ON_A_PAGE]):
        older = found[place + 1].rules if place + 1 < len(found) else ()
        changes = difference(older, one.rules, tell)
        shown.append(_shown(visit, one, newest, changes))
    page = HistoryPage(
        head,
        shown,
        newest,
        shown[-1].id if len(found) > _ON_A_PAGE else None,
        before is None,
        visit.may(Right.CONFIGURE_RULES, head.person.subject),
    )
    return show(visit, "rule_history.html", page)


async def restore(visit: Visit) -> web.StreamResponse:
    """Make a version hold again; what keeps it from that is told above the history."""
    employee, number = EmployeeId(visit.number("id")), visit.number("version")
    back = f"{path_of(employee, SECRETARY)}/history"
    posted = await visit.form()
    base = _typed_number(str(posted.get("base", visit.request.query.get("base", ""))))
    try:
        replaced = await acts.restore(visit, employee, number, base)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    except (ChangedMeanwhile, RulesRefusedError, InvalidError) as error:
        return visit.go(back, Flash(_why_not(visit, error), is_good=False))
    async with visit.panel.sessions() as session:
        newest = await rule_versions.newest(session, employee)
    undo = f"{back}/{replaced}/restore?base={newest}" if replaced else ""
    return visit.done(back, N_("The rules are as they were: they hold from the next call on"), undo)


def _why_not(visit: Visit, error: StoreError) -> str:
    say = visit.words.say
    match error:
        case ChangedMeanwhile():
            return say(N_("Somebody has saved these rules meanwhile. Nothing was changed."))
        case RulesRefusedError(refusals=refusals):
            told = visit.storyteller()
            texts = "; ".join(
                f"“{refusal.rule}”: {told.why_refused(refusal)}" for refusal in refusals
            )
            return say(N_("These rules cannot hold any more: {reasons}"), reasons=texts)
        case _:
            return say(N_("A rule names a greeting that is not there any more"))


def _typed_number(text: str | None) -> int | None:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _shown(visit: Visit, one: Version, newest: int, changes: Sequence[Change]) -> VersionShown:
    by = one.by.name or visit.words.say(N_("It is not known who"))
    told = [(visit.words.say(DEEDS[change.deed]), change) for change in changes]
    return VersionShown(one.id, one.at, by, one.id == newest, told)
