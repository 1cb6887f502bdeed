"""What is done to a card: its fields, the contact centre's settings, and the login."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId, Extension, NumberClass, OwnStatusId
from ari_app.domain.rights import Right, Scope
from ari_app.store import accounts, audit, office
from ari_app.store.accounts import Account
from ari_app.store.audit import About, Facts
from ari_app.store.card import Card, DepartmentId
from ari_app.store.changes import ChangeKind, announce, take_turn
from ari_app.store.directory import read_own_statuses
from ari_app.store.people import card_of, change_employee
from web.acts.moved import tell_moved
from web.card_version import Versioned, check_version
from web.forms import EmailText, ExtensionText, Line, Name, PhoneText, Refused, Ticked, ZoneText
from web.visit import Visit
from web.words import N_

Id = Annotated[int, Field(ge=1, le=999_999_999)]


class CardForm(Versioned):
    """The first tab of a card."""

    name: Name
    extension: ExtensionText
    email: EmailText | None = None
    mobile: PhoneText | None = None
    position: Line = ""
    department: Id | None = None
    zone: ZoneText = "UTC"
    language: Literal["ru", "en"] = "ru"
    number: PhoneText | None = None


class ContactCentreForm(Versioned):
    """How somebody takes part in the contact centre; `own_statuses` count unless all may be."""

    uses_status: Ticked = False
    all_own_statuses: Ticked = False
    own_statuses: tuple[Id, ...] = ()
    after_call_seconds: Annotated[int, Field(ge=0, le=3600)] = 0
    may_dial: tuple[NumberClass, ...] = ()
    has_voicemail: Ticked = False
    voicemail_by_mail: Ticked = False


async def change_card(visit: Visit, employee: EmployeeId, form: CardForm) -> None:
    """Raises NotThereError, TakenError, InvalidError, Refused, Stale, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        _, card = await changing(visit, session, employee, Right.CHANGE_CARDS)
        check_version(form, card_form(card))
        names = await department_names(session)
        _check_department(visit, card, form, names)
        changed = replace(
            card,
            name=form.name,
            extension=Extension(form.extension),
            email=form.email,
            mobile=form.mobile,
            position=form.position,
            department=None if form.department is None else DepartmentId(form.department),
            zone=form.zone,
            language=form.language,
            number=form.number,
        )
        if changed == card:
            return
        await tell_moved(visit, session, {employee: changed.email})
        await change_employee(session, employee, changed)
        change = (card_facts(card, names), card_facts(changed, names))
        await audit.note(session, visit.who, "card.changed", About(employee, changed.name), change)


async def change_contact_centre(
    visit: Visit, employee: EmployeeId, form: ContactCentreForm
) -> None:
    """Raises NotThereError, InvalidError, Stale, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        right = Right.CHANGE_CONTACT_CENTRE
        _, card = await changing(visit, session, employee, right)
        own = await read_own_statuses(session)
        check_version(form, contact_centre_form(card, own))
        changed = replace(
            card,
            uses_status=form.uses_status,
            own_statuses=_own_statuses(card, form, own),
            after_call_seconds=form.after_call_seconds,
            may_dial=frozenset(form.may_dial),
            has_voicemail=form.has_voicemail,
            voicemail_by_mail=form.voicemail_by_mail,
        )
        if changed == card:
            return
        await change_employee(session, employee, changed)
        change = (contact_centre_facts(card), contact_centre_facts(changed))
        about = About(employee, card.name)
        await audit.note(session, visit.who, "contact_centre.changed", about, change)


async def regenerate_login(visit: Visit, employee: EmployeeId) -> str:
    """A new login from the name as it is now. Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.CHANGE_CARDS)
        login = await accounts.new_login(session, employee, person.name)
        await announce(session, ChangeKind.EMPLOYEE, (employee,))
        change = ({"login": person.login}, {"login": login})
        about = About(employee, person.name)
        await audit.note(session, visit.who, "login.regenerated", about, change)
    return login


async def changing(
    visit: Visit, session: AsyncSession, employee: EmployeeId, right: Right
) -> tuple[Account, Card]:
    """Whom this actor may change, while nobody else writes. Raises NotThereError, HTTPForbidden."""
    await take_turn(session)
    person = await accounts.account(session, employee)
    visit.demand(right, person.subject)
    return person, await card_of(session, employee)


def card_form(card: Card) -> CardForm:
    """What is stored, as the form has it: also what the form would not take."""
    return CardForm.model_construct(
        name=card.name,
        extension=card.extension,
        email=card.email,
        mobile=card.mobile,
        position=card.position,
        department=card.department,
        zone=card.zone,
        language="en" if card.language == "en" else "ru",
        number=card.number,
        version="",
    )


def contact_centre_form(card: Card, own: Mapping[OwnStatusId, object]) -> ContactCentreForm:
    """What is stored, as the form has it; own statuses that are retired are not shown."""
    chosen = own.keys() if card.own_statuses is None else card.own_statuses & own.keys()
    return ContactCentreForm.model_construct(
        uses_status=card.uses_status,
        all_own_statuses=card.own_statuses is None,
        own_statuses=tuple(sorted(chosen)),
        after_call_seconds=card.after_call_seconds,
        may_dial=tuple(kind for kind in NumberClass if kind in card.may_dial),
        has_voicemail=card.has_voicemail,
        voicemail_by_mail=card.voicemail_by_mail,
        version="",
    )


def card_facts(card: Card, departments: Mapping[int, str]) -> Facts:
    """A card's first tab as the audit log shows it."""
    return {
        "name": card.name,
        "extension": card.extension,
        "email": card.email or "",
        "mobile": card.mobile or "",
        "position": card.position,
        "department": departments.get(card.department or 0, ""),
        "zone": card.zone,
        "language": card.language,
        "number": card.number or "",
    }


def contact_centre_facts(card: Card) -> Facts:
    """The second tab, as the audit log shows it."""
    return {
        "uses_status": card.uses_status,
        "own_statuses": "*" if card.own_statuses is None else sorted(card.own_statuses),
        "after_call_seconds": card.after_call_seconds,
        "may_dial": sorted(kind.value for kind in card.may_dial),
        "has_voicemail": card.has_voicemail,
        "voicemail_by_mail": card.voicemail_by_mail,
    }


async def department_names(session: AsyncSession) -> Mapping[int, str]:
    """What the audit log calls departments."""
    found = await office.departments(session)
    return {int(one.id): f"{one.name_ru} / {one.name_en}" for one in found}


def _check_department(
    visit: Visit, card: Card, form: CardForm, departments: Mapping[int, str]
) -> None:
    """Who has rights over one department only, must not take people in or send them away."""
    if form.department == card.department:
        return
    if visit.scope(Right.CHANGE_CARDS) is not Scope.EVERYONE:
        raise Refused("department", N_("You may not move people between departments"))
    if form.department is not None and form.department not in departments:
        raise Refused("department", N_("This department is not there any more"))


def _own_statuses(
    card: Card, form: ContactCentreForm, own: Mapping[OwnStatusId, object]
) -> frozenset[OwnStatusId] | None:
    """Retired ones stay: they may be brought back."""
    if form.all_own_statuses:
        return None
    chosen = frozenset(map(OwnStatusId, form.own_statuses))
    if chosen - own.keys():
        raise Refused("own_statuses", N_("Please choose one of the list"))
    retired = frozenset() if card.own_statuses is None else card.own_statuses - own.keys()
    return chosen | retired
