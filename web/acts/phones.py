"""The phones of an employee: what is typed, what it means, and writing it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ari_app.domain.directory import Phone, RingOrder
from ari_app.domain.numbers import EmployeeId, Endpoint, OutsideNumber, parse_endpoint
from ari_app.domain.rights import Right
from ari_app.numbering import outside_number
from ari_app.settings import Settings
from ari_app.store import audit
from ari_app.store.audit import About, Facts
from ari_app.store.card import MOST_SECONDS, Card
from ari_app.store.people import change_employee
from web.acts.people import changing
from web.card_version import Versioned, check_version
from web.forms import Form, Refused, Wrong
from web.visit import Visit
from web.words import N_

MOST_PHONES = 20
_LONGEST_EXTENSION = 7


def _address(text: str) -> str:
    """A number is understood as typed; whether it is one, the office's country decides later."""
    is_sensible = text.isprintable() and not text.startswith("/")
    if not is_sensible:
        raise Wrong(N_("A phone's name (letters, digits, . _ -) or a number"))
    return text


class PhoneLine(Form):
    """One phone: the name of a SIP device, or a number outside as people type it."""

    address: Annotated[
        str, StringConstraints(min_length=1, max_length=60), AfterValidator(_address)
    ]
    seconds: Annotated[int, Field(ge=0, le=MOST_SECONDS)] = 25


class PhonesForm(Versioned):
    """Every phone in its order, and how they are rung."""

    phones: tuple[PhoneLine, ...] = ()
    ring_order: RingOrder = RingOrder.AT_ONCE


async def change_phones(visit: Visit, employee: EmployeeId, form: PhonesForm) -> None:
    """Raises NotThereError, InvalidError, Refused beside ``address-N``, Stale, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        _, card = await changing(visit, session, employee, Right.CHANGE_PHONES)
        check_version(form, phones_form(card))
        phones = read_phones(form.phones, visit.panel.settings)
        changed = replace(card, phones=phones, ring_order=form.ring_order)
        if changed == card:
            return
        await change_employee(session, employee, changed)
        change = (phones_facts(card), phones_facts(changed))
        await audit.note(session, visit.who, "phones.changed", About(employee, card.name), change)


def read_phones(lines: Sequence[PhoneLine], settings: Settings) -> tuple[Phone, ...]:
    """What was typed as phones. Raises Refused beside the line that is wrong."""
    if len(lines) > MOST_PHONES:
        raise Refused("phones", N_("At most {number} phones"), number=MOST_PHONES)
    found: list[Phone] = []
    for place, line in enumerate(lines):
        address = read_address(line.address, settings)
        if address is None:
            raise Refused(f"address-{place}", N_("Neither a phone's name nor a number"))
        if any(phone.address == address for phone in found):
            raise Refused(f"address-{place}", N_("This phone is in the list already"))
        found.append(Phone(address, line.seconds))
    return tuple(found)


def read_address(typed: str, settings: Settings) -> Endpoint | OutsideNumber | None:
    """A number outside where it is one, longer than any extension; else a device's name."""
    if len(typed) > _LONGEST_EXTENSION:
        number = outside_number(typed, settings.country, settings.area_code)
        if number is not None:
            return number
    return parse_endpoint(typed)


def phones_form(card: Card) -> PhonesForm:
    """What is stored, as the form has it."""
    lines = tuple(
        PhoneLine.model_construct(address=address_text(phone), seconds=phone.seconds)
        for phone in card.phones
    )
    return PhonesForm.model_construct(phones=lines, ring_order=card.ring_order, version="")


def address_text(phone: Phone) -> str:
    """A phone's address as it is stored."""
    return phone.address.e164 if isinstance(phone.address, OutsideNumber) else phone.address


def phones_facts(card: Card) -> Facts:
    """Phones as the audit log shows them."""
    phones = [f"{address_text(phone)} ({phone.seconds})" for phone in card.phones]
    return {"phones": phones, "ring_order": card.ring_order.value}
