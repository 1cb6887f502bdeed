"""What every tab of a card begins with: who it is, and which tabs this reader may open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right, Subject
from ari_app.store.accounts import Account, account
from ari_app.store.card import Card
from ari_app.store.directory import read_own_statuses
from ari_app.store.errors import NotThereError
from ari_app.store.office import departments
from ari_app.store.people import card_of
from ari_app.store.photos import photo_version
from ari_app.store.statuses import declared_by
from web.people_words import OwnStatuses, StatusShown, status_shown
from web.visit import Visit
from web.words import N_

CARD, CONTACT_CENTRE, PHONES = "card", "contact-centre", "phones"
RIGHTS, SECRETARY, CALLS = "rights", "secretary", "calls"

_TABS = (
    (CARD, N_("Card")),
    (CONTACT_CENTRE, N_("Contact centre")),
    (PHONES, N_("Phones")),
    (RIGHTS, N_("Rights")),
    (SECRETARY, N_("Secretary")),
    (CALLS, N_("Calls")),
)
_SEEN_WITH: Mapping[str, tuple[Right, ...]] = {
    CARD: (Right.SEE_EMPLOYEES,),
    CONTACT_CENTRE: (Right.CHANGE_CONTACT_CENTRE, Right.CHANGE_CARDS),
    PHONES: (Right.CHANGE_PHONES, Right.CHANGE_CARDS),
    RIGHTS: (Right.ASSIGN_ROLES, Right.MANAGE_ROLES),
    SECRETARY: (Right.SEE_RULES, Right.CONFIGURE_RULES),
    CALLS: (Right.SEE_CALLS,),
}
"""Any of these opens the tab; one's own card opens the first four without them."""
_OWN = frozenset({CARD, CONTACT_CENTRE, PHONES, RIGHTS})


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    text: str
    path: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Head:
    """Whose card it is."""

    person: Account
    card: Card
    status: StatusShown
    departments: Mapping[int, str]
    own: OwnStatuses
    photo: str
    tabs: Sequence[Tab]

    @property
    def id(self) -> EmployeeId:
        return self.person.employee

    @property
    def department(self) -> str:
        return self.departments.get(self.card.department or 0, "")


async def head_of(visit: Visit, session: AsyncSession, here: str) -> Head:
    """The card that the address names. Raises HTTPNotFound, HTTPForbidden."""
    employee = EmployeeId(visit.number("id"))
    try:
        person = await account(session, employee)
        card = await card_of(session, employee)
        declared = await declared_by(session, employee)
    except NotThereError as error:
        raise web.HTTPNotFound from error
    if not _may_open(visit, here, person.subject):
        raise web.HTTPForbidden
    own = await read_own_statuses(session)
    offices = await departments(session)
    return Head(
        person,
        card,
        status_shown(visit, declared, own, counts=card.uses_status),
        {int(one.id): visit.words.own((one.name_ru, one.name_en)) for one in offices},
        own,
        await photo_version(session, employee),
        _tabs(visit, person.subject, here),
    )


def path_of(employee: EmployeeId, key: str) -> str:
    """The address of a tab."""
    return f"/employees/{employee}" if key == CARD else f"/employees/{employee}/{key}"


def _tabs(visit: Visit, subject: Subject, here: str) -> list[Tab]:
    return [
        Tab(key, text, path_of(subject.employee, key), key == here)
        for key, text in _TABS
        if _may_open(visit, key, subject)
    ]


def _may_open(visit: Visit, key: str, subject: Subject) -> bool:
    is_own = key in _OWN and subject.employee == visit.me
    sees = visit.may(Right.SEE_EMPLOYEES, subject)
    return sees and (is_own or any(visit.may(right, subject) for right in _SEEN_WITH[key]))
