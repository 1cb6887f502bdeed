"""A card's third tab: the phones and numbers at which somebody is reached, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from multidict import MultiDict, MultiMapping
from pydantic import ValidationError

from ari_app.domain.numbers import OutsideNumber
from ari_app.domain.rights import Right
from ari_app.store.errors import NotThereError, StoreError
from web.acts import phones as acts
from web.acts.phones import MOST_PHONES, PhoneLine, PhonesForm, phones_form, read_address
from web.card_version import Stale, merged, version_of
from web.forms import Filled, fill, told
from web.pages.card import stale_errors
from web.pages.card import told as refused_at
from web.pages.card_head import PHONES, Head, head_of, path_of
from web.people_words import CLASSES, ORDERS, number_shown
from web.render import show, show_again
from web.visit import Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it was typed, and what kind of phone it is understood as."""

    address: str
    seconds: str
    kind: str


@dataclass(frozen=True, slots=True)
class PhonesPage:
    head: Head
    form: Filled[PhonesForm]
    rows: Sequence[Row]
    orders: Sequence[tuple[str, str]]
    may_change: bool
    has_room: bool


Typed = list[tuple[str, str]]
"""Addresses with their seconds, as they were typed."""


async def phones(visit: Visit) -> web.StreamResponse:
    """The list, ready to be changed."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, PHONES)
    stored = phones_form(head.card)
    form = _filled_with(stored.model_copy(update={"version": version_of(stored)}))
    return show(visit, "card_phones.html", _page(visit, head, form, _lines(stored)))


async def save_phones(visit: Visit) -> web.StreamResponse:
    """Store the list; the other buttons only show it with a line more, less or elsewhere."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, PHONES)
    visit.demand(Right.CHANGE_PHONES, head.person.subject)
    sent = await visit.form()
    typed = _typed(sent)
    act = str(sent.get("act", "save"))
    if act != "save":
        form: Filled[PhonesForm] = Filled(_kept(sent))
        return show(visit, "card_phones.html", _page(visit, head, form, _edited(typed, act)))
    typed = [(address, seconds) for address, seconds in typed if address]
    filled = _filled(visit, sent, typed)
    if filled.value is not None:
        try:
            await acts.change_phones(visit, head.id, filled.value)
        except Stale as error:
            both = merged(filled.value, error)
            errors = await stale_errors(visit, head.id, error, both.both)
            filled, typed = _filled_with(both.form).with_errors(errors), _lines(both.form)
        except NotThereError as error:
            raise web.HTTPNotFound from error
        except StoreError as error:
            filled, _ = await refused_at(visit, filled, error)
    if filled.value is None:
        return show_again(visit, "card_phones.html", _page(visit, head, filled, typed))
    return visit.done(path_of(head.id, PHONES), N_("Saved"))


def _typed(sent: MultiMapping[Any]) -> Typed:
    addresses = [str(text).strip() for text in sent.getall("address", ())]
    seconds = [str(text).strip() for text in sent.getall("seconds", ())]
    return list(zip(addresses, seconds, strict=False))[: MOST_PHONES + 1]


def _edited(typed: Typed, act: str) -> Typed:
    """With a line added, taken away or moved; what makes no sense changes nothing."""
    way, _, place = act.partition(":")
    if way == "add":
        return [*typed, ("", "25")]
    if not place.isascii() or not place.isdigit() or int(place) >= len(typed):
        return typed
    at, edited = int(place), list(typed)
    line = edited.pop(at)
    moved = {"up": max(0, at - 1), "down": at + 1}.get(way)
    if moved is not None:
        edited.insert(moved, line)
    return edited


def _filled(visit: Visit, sent: MultiMapping[Any], typed: Typed) -> Filled[PhonesForm]:
    """Each line is a form of its own, with its errors beside it."""
    lines: list[PhoneLine] = []
    errors: dict[str, str] = {}
    for place, (address, seconds) in enumerate(typed):
        try:
            lines.append(PhoneLine.model_validate({"address": address, "seconds": seconds or "0"}))
        except ValidationError as error:
            wrong = told(error, visit.words)
            errors |= {f"{field}-{place}": text for field, text in wrong.items()}
    chosen = {name: sent[name] for name in ("ring_order", "version") if sent.get(name)}
    filled = fill(PhonesForm, MultiDict(chosen), visit.words)
    if filled.value is None or errors:
        return filled.with_errors(errors)
    return Filled(filled.typed, filled.value.model_copy(update={"phones": tuple(lines)}))


def _filled_with(form: PhonesForm) -> Filled[PhonesForm]:
    return Filled({"ring_order": [form.ring_order.value], "version": [form.version]}, form)


def _kept(sent: MultiMapping[Any]) -> dict[str, list[str]]:
    return {name: [str(sent.get(name, ""))] for name in ("ring_order", "version")}


def _lines(form: PhonesForm) -> Typed:
    return [(number_shown(line.address), str(line.seconds)) for line in form.phones]


def _page(visit: Visit, head: Head, form: Filled[PhonesForm], typed: Typed) -> PhonesPage:
    return PhonesPage(
        head,
        form,
        [Row(address, seconds, _kind(visit, address)) for address, seconds in typed],
        [(order.value, visit.words.say(text)) for order, text in ORDERS.items()],
        may_change=visit.may(Right.CHANGE_PHONES, head.person.subject),
        has_room=len(typed) < MOST_PHONES,
    )


def _kind(visit: Visit, typed: str) -> str:
    address = read_address(typed, visit.panel.settings) if typed else None
    match address:
        case None:
            return ""
        case OutsideNumber():
            kind = visit.words.say(CLASSES[address.number_class])
            return visit.words.say(N_("Number outside: {kind}"), kind=kind.lower())
        case _:
            return visit.words.say(N_("SIP phone"))
