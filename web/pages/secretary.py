"""A card's fifth tab: the secretary's rules, read by some and edited by others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from multidict import MultiMapping
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.directory import ForwardingRule
from ari_app.domain.numbers import OutsideNumber, RuleId
from ari_app.domain.rights import Right
from ari_app.numbering import outside_number
from ari_app.store.cards import zone
from ari_app.store.errors import InvalidError, NotThereError, RulesRefusedError
from ari_app.store.rule_versions import Author
from web.acts import secretary as acts
from web.acts.secretary import ChangedMeanwhile, Stored
from web.draft import Draft, read_draft, write_draft
from web.forms import Filled
from web.pages.card_head import SECRETARY, Head, head_of, path_of
from web.people_words import ORDERS
from web.render import show, show_again
from web.rule_deeds import after, with_rule
from web.rule_form import RuleForm, Sent, ZoneWords, sent_rule, shown_rule
from web.rule_merge import merge
from web.rule_reading import Around, read_rule
from web.rule_templates import Given, rule_from
from web.secretary_view import (
    Known,
    Meanwhile,
    SecretaryPage,
    known_to,
    options,
    shown_rules,
    teller,
    templates,
)
from web.visit import Visit
from web.what_if_form import asking
from web.words import N_

_TEMPLATE = "secretary.html"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What lies on the editor's desk: the draft, what is stored, and the open rule's form."""

    head: Head
    stored: Stored
    draft: Draft
    form: Filled[RuleForm] | None = None
    tried: bool = False
    error: str = ""
    meanwhile: Meanwhile | None = None


async def secretary(visit: Visit) -> web.StreamResponse:
    """The rules as they are stored."""
    async with visit.panel.sessions() as session:
        head, stored = await _found(visit, session)
        page = await _page(visit, session, _Desk(head, stored, Draft(stored.version, stored.rules)))
    return show(visit, _TEMPLATE, page)


async def edit(visit: Visit) -> web.StreamResponse:
    """Do what a button says to the draft; only Save stores it."""
    posted = await visit.form()
    deed = str(posted.get("do", "look"))
    async with visit.panel.sessions() as session:
        head, stored = await _found(visit, session)
        visit.demand(Right.CONFIGURE_RULES, head.person.subject)
        draft = read_draft(str(posted.get("draft", "")), visit.panel.settings)
        draft = _with_theirs(draft, stored, posted)
        desk = await _typed(visit, session, _Desk(head, stored, draft), posted, deed)
    if deed == "save" and desk.form is None:
        return await _save(visit, desk)
    desk = _done(visit, desk, deed)
    async with visit.panel.sessions() as session:
        page = await _page(visit, session, desk)
    is_wrong = desk.form is not None and bool(desk.form.errors)
    answer = show_again if is_wrong and deed != "look" else show
    return answer(visit, _TEMPLATE, page)


async def _found(visit: Visit, session: AsyncSession) -> tuple[Head, Stored]:
    head = await head_of(visit, session, SECRETARY)
    try:
        return head, await acts.stored_rules(session, head.id)
    except NotThereError as error:
        raise web.HTTPNotFound from error


async def _typed(
    visit: Visit,
    session: AsyncSession,
    desk: _Desk,
    posted: MultiMapping[Any],
    deed: str,
) -> _Desk:
    """With what was typed into the open rule; a form is left where it cannot be read."""
    draft = desk.draft
    rule = next((one for one in draft.rules if one.id == draft.open), None)
    if rule is None or str(posted.get("editing", "")) != str(rule.id):
        return desk
    known = await known_to(session, visit, desk.head.id, (*draft.rules, *desk.stored.rules))
    around = Around(rule, _zone(desk.head), known.sounds, known.by_label())
    sent = sent_rule(posted).edited(deed)
    form, read = await read_rule(visit, session, sent, around)
    if read is None:
        return replace(desk, form=form, tried=deed == "save")
    is_lines = sent != sent_rule(posted)
    return replace(
        desk, draft=with_rule(draft, read), form=_lines_kept(sent, form) if is_lines else None
    )


def _lines_kept(sent: Sent, form: Filled[RuleForm]) -> Filled[RuleForm]:
    """A line that was just added is empty, and would be gone from the rule that was read."""
    return Filled(sent.fields, form.value)


def _done(visit: Visit, desk: _Desk, deed: str) -> _Desk:
    """After a deed. A rule that cannot be read stays open, with everything that was typed."""
    made = after(desk.draft, deed, lambda key, new: _made(visit, desk.head, key, new))
    is_stuck = desk.form is not None and bool(desk.form.errors)
    if is_stuck and desk.draft.open in {rule.id for rule in made.rules}:
        return replace(desk, draft=replace(made, open=desk.draft.open))
    form = desk.form if made.open == desk.draft.open and deed != "undo" else None
    return replace(desk, draft=made, form=form)


def _made(visit: Visit, head: Head, key: str, new: RuleId) -> ForwardingRule | None:
    settings = visit.panel.settings
    mobile: OutsideNumber | None = None
    if head.card.mobile:
        mobile = outside_number(head.card.mobile, settings.country, settings.area_code)
    return rule_from(key, new, visit.words, Given(mobile, zone(head.card.zone), visit.now))


async def _save(visit: Visit, desk: _Desk) -> web.StreamResponse:
    """Store the draft, or show what keeps it from being stored; nothing of it is lost."""
    draft = replace(desk.draft, open=None)
    try:
        await acts.save(visit, desk.head.id, draft.base, draft.rules)
    except RulesRefusedError:
        desk = replace(desk, draft=draft, tried=True)
    except InvalidError:
        text = N_("A rule names a greeting that is not there any more")
        desk = replace(desk, draft=draft, error=visit.words.say(text))
    except ChangedMeanwhile as error:
        desk = await _merged(visit, replace(desk, draft=draft), error)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    else:
        text = N_("The rules are saved: they hold from the next call on")
        return visit.done(path_of(desk.head.id, SECRETARY), text)
    async with visit.panel.sessions() as session:
        return show_again(visit, _TEMPLATE, await _page(visit, session, desk))


async def _merged(visit: Visit, desk: _Desk, error: ChangedMeanwhile) -> _Desk:
    """Both put together, on top of what the other has saved; what clashes is to be chosen."""
    theirs = error.stored.rules
    merged = merge(error.base, theirs, desk.draft.rules)
    async with visit.panel.sessions() as session:
        named = (*error.base, *theirs, *desk.draft.rules)
        words = teller(visit, desk.head, await known_to(session, visit, desk.head.id, named))
    deleted = visit.words.say(N_("deleted"))

    def told(rule: ForwardingRule | None) -> str:
        return deleted if rule is None else f"{rule.name}: {words.rule(rule).sentence}"

    was = {rule.id: rule for rule in error.base}
    changes = [told(rule) for rule in theirs if was.get(rule.id) != rule]
    gone = was.keys() - {rule.id for rule in theirs}
    changes += [f"{was[rule].name}: {deleted}" for rule in was if rule in gone]
    clashes = [(clash.id, told(clash.theirs), told(clash.mine)) for clash in merged.clashes]
    newest = error.newest
    meanwhile = Meanwhile(
        Author(None, "") if newest is None else newest.by,
        None if newest is None else newest.at,
        changes,
        clashes,
    )
    draft = Draft(error.stored.version, merged.rules)
    return replace(desk, stored=error.stored, draft=draft, meanwhile=meanwhile)


def _with_theirs(draft: Draft, stored: Stored, posted: MultiMapping[Any]) -> Draft:
    """Where two had changed the same rule: as it is stored, if that was chosen."""
    chosen = {name.removeprefix("clash-") for name, value in posted.items() if value == "theirs"}
    rules = [rule for rule in draft.rules if str(rule.id) not in chosen]
    for place, rule in enumerate(stored.rules):
        if str(rule.id) in chosen:
            at = next((n for n, one in enumerate(draft.rules) if one.id == rule.id), place)
            rules.insert(at, rule)
    return replace(draft, rules=tuple(rules))


async def _page(visit: Visit, session: AsyncSession, desk: _Desk) -> SecretaryPage:
    head, draft, stored = desk.head, desk.draft, desk.stored
    employee = visit.directory.employees.get(head.id)
    if employee is None:
        raise web.HTTPNotFound
    temporary = [rule for rule in employee.rules if rule.is_temporary]
    named = (*draft.rules, *stored.rules, *temporary)
    known = await known_to(session, visit, head.id, named)
    may_edit = visit.may(Right.CONFIGURE_RULES, head.person.subject)
    rules, general = await shown_rules(visit, head, known, draft, stored.rules)
    is_refused = desk.tried and any(rule.is_wrong for rule in rules)
    may_replay = visit.may(Right.SEE_CALLS, head.person.subject)
    return SecretaryPage(
        head,
        asking(visit, employee, may_replay=may_replay),
        rules,
        [(rule.id, teller(visit, head, known).rule(rule).sentence) for rule in temporary],
        general,
        write_draft(draft) if may_edit else "",
        draft.rules != stored.rules or draft.base != stored.version,
        draft.before is not None,
        desk.form or _open_form(head, draft.rules, draft.open, known),
        options(visit, head, known) if may_edit else None,
        templates(visit),
        visit.words.say(ORDERS[head.card.ring_order]),
        head.card.zone,
        is_refused,
        desk.error,
        desk.meanwhile,
    )


def _open_form(
    head: Head, rules: Sequence[ForwardingRule], which: RuleId | None, known: Known
) -> Filled[RuleForm] | None:
    rule = next((one for one in rules if one.id == which), None)
    if rule is None:
        return None
    return shown_rule(rule, _zone(head), {who: known.label(who) for who in known.people})


def _zone(head: Head) -> ZoneWords:
    return ZoneWords(zone(head.card.zone))
