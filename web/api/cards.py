"""The other tabs of a card by the API: contact centre, phones, role, photo, registration."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from ari_app.domain.directory import RingOrder
from ari_app.domain.numbers import EmployeeId, NumberClass
from ari_app.domain.rights import Right
from ari_app.store.links import LinkState
from web.acts import photos, registration
from web.acts.given_roles import RightsForm, give_role
from web.acts.people import ContactCentreForm, change_contact_centre, contact_centre_form
from web.acts.phones import PhonesForm, change_phones, phones_form
from web.api.roles import RoleValue, role_value
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute, Raw
from web.card_version import version_of
from web.pages.card_head import CARD, CONTACT_CENTRE, PHONES, RIGHTS, head_of
from web.pages.photo import photo as stored_photo
from web.visit import Access, Visit
from web.words import N_

_PICTURES = Raw(("image/jpeg", "image/png", "image/webp", "image/gif"))


@dataclass(frozen=True, slots=True)
class ContactCentreValue:
    """How somebody takes part in the contact centre."""

    uses_status: bool
    all_own_statuses: bool
    own_statuses: list[int]
    after_call_seconds: int
    may_dial: list[NumberClass]
    has_voicemail: bool
    voicemail_by_mail: bool
    version: str


@dataclass(frozen=True, slots=True)
class PhoneValue:
    """A SIP device by name, or a number outside in E.164 form."""

    address: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PhonesValue:
    """Every phone in its order, and how they are rung."""

    phones: list[PhoneValue]
    ring_order: RingOrder
    version: str


@dataclass(frozen=True, slots=True)
class GivenRole:
    """The role that somebody has; `grants` as in the list of roles."""

    role: RoleValue
    version: str


@dataclass(frozen=True, slots=True)
class RegistrationValue:
    """How far somebody's registration has come; `at`: when the link ends, or ended."""

    has_password: bool
    link: LinkState
    at: datetime | None


async def contact_centre(visit: Visit) -> ContactCentreValue:
    """The second tab."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CONTACT_CENTRE)
    stored = contact_centre_form(head.card, head.own)
    return ContactCentreValue(
        stored.uses_status,
        stored.all_own_statuses,
        list(stored.own_statuses),
        stored.after_call_seconds,
        list(stored.may_dial),
        stored.has_voicemail,
        stored.voicemail_by_mail,
        version_of(stored),
    )


async def save_contact_centre(visit: Visit, form: ContactCentreForm) -> None:
    """All of it anew."""
    await change_contact_centre(visit, EmployeeId(visit.number("id")), form)


async def phones(visit: Visit) -> PhonesValue:
    """The third tab."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, PHONES)
    stored = phones_form(head.card)
    lines = [PhoneValue(line.address, line.seconds) for line in stored.phones]
    return PhonesValue(lines, stored.ring_order, version_of(stored))


async def save_phones(visit: Visit, form: PhonesForm) -> None:
    """All of them anew."""
    await change_phones(visit, EmployeeId(visit.number("id")), form)


async def role(visit: Visit) -> GivenRole:
    """The fourth tab."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, RIGHTS)
    has = head.person.role
    return GivenRole(role_value(has, None), version_of(RightsForm(role=has.id)))


async def save_role(visit: Visit, form: RightsForm) -> None:
    """Give another role."""
    await give_role(visit, EmployeeId(visit.number("id")), form)


async def photo(visit: Visit) -> web.StreamResponse:
    """The picture, or one of the initials."""
    return await stored_photo(visit)


async def save_photo(visit: Visit, raw: bytes) -> None:
    """Store another one."""
    await photos.set_photo(visit, EmployeeId(visit.number("id")), raw)


async def remove_photo(visit: Visit) -> None:
    """Have none."""
    await photos.remove_photo(visit, EmployeeId(visit.number("id")))


async def state_of_registration(visit: Visit) -> RegistrationValue:
    """Whether somebody can log in, and what became of the letter's link."""
    async with visit.panel.sessions() as session:
        head = await head_of(visit, session, CARD)
        visit.demand(Right.CHANGE_CARDS, head.person.subject)
        found = await registration.invitation(visit, session, head.person)
    return RegistrationValue(found.has_password, found.link.state, found.link.at)


async def send_registration(visit: Visit) -> None:
    """A letter with a new link."""
    await registration.send_registration(visit, EmployeeId(visit.number("id")))


async def revoke_registration(visit: Visit) -> None:
    """The link opens nothing any more."""
    await registration.revoke_registration(visit, EmployeeId(visit.number("id")))


_READ, _WRITE = TokenScope.EMPLOYEES_READ, TokenScope.EMPLOYEES_WRITE
_SEE, _CHANGE = Right.SEE_EMPLOYEES, Right.CHANGE_CARDS
_ONE = f"{V1}/employees/{{id}}"
_CENTRE, _PHOTO, _REGISTRATION = f"{_ONE}/contact-centre", f"{_ONE}/photo", f"{_ONE}/registration"

OPERATIONS = (
    ApiRoute(
        "GET",
        _CENTRE,
        contact_centre,
        _SEE,
        _READ,
        N_("The contact centre settings of a card"),
        ContactCentreValue,
    ),
    ApiRoute(
        "PUT",
        _CENTRE,
        save_contact_centre,
        Right.CHANGE_CONTACT_CENTRE,
        _WRITE,
        N_("Replace the contact centre settings"),
        body=ContactCentreForm,
    ),
    ApiRoute("GET", f"{_ONE}/phones", phones, _SEE, _READ, N_("Somebody's phones"), PhonesValue),
    ApiRoute(
        "PUT",
        f"{_ONE}/phones",
        save_phones,
        Right.CHANGE_PHONES,
        _WRITE,
        N_("Replace somebody's phones"),
        body=PhonesForm,
    ),
    ApiRoute(
        "GET",
        f"{_ONE}/role",
        role,
        _SEE,
        TokenScope.ROLES_READ,
        N_("Somebody's role"),
        GivenRole,
    ),
    ApiRoute(
        "PUT",
        f"{_ONE}/role",
        save_role,
        Right.ASSIGN_ROLES,
        TokenScope.ROLES_WRITE,
        N_("Give somebody a role"),
        body=RightsForm,
    ),
    ApiRoute(
        "GET",
        _PHOTO,
        photo,
        Access.LOGGED_IN,
        _READ,
        N_("Somebody's photo, or their initials"),
        Raw(("image/webp", "image/svg+xml")),
    ),
    ApiRoute(
        "PUT", _PHOTO, save_photo, _CHANGE, _WRITE, N_("Replace somebody's photo"), body=_PICTURES
    ),
    ApiRoute("DELETE", _PHOTO, remove_photo, _CHANGE, _WRITE, N_("Remove somebody's photo")),
    ApiRoute(
        "GET",
        _REGISTRATION,
        state_of_registration,
        _CHANGE,
        _READ,
        N_("How far somebody's registration has come"),
        RegistrationValue,
    ),
    ApiRoute(
        "POST",
        _REGISTRATION,
        send_registration,
        _CHANGE,
        _WRITE,
        N_("Send the letter to register, with a new link"),
    ),
    ApiRoute(
        "DELETE",
        _REGISTRATION,
        revoke_registration,
        _CHANGE,
        _WRITE,
        N_("Revoke the link to register"),
    ),
)
