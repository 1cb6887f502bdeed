"""Who asks, by the API: the account, its rights, its devices."""

from dataclasses import dataclass
from datetime import datetime

from ari_app.domain.rights import Right, Scope
from ari_app.store import devices as store
from ari_app.store.directory import read_own_statuses
from ari_app.store.statuses import declared_by
from web.acts.login import end_device
from web.acts.me import PreferencesForm, change_preferences, preferences
from web.api.door import ProgramVisit
from web.api.scopes import TokenScope
from web.api.table import V1, ApiRoute
from web.api.values import StatusValue, status_value
from web.visit import Access, Visit
from web.words import N_


@dataclass(frozen=True, slots=True)
class MeValue:
    """Who asks. In `rights` each reaches 1 oneself, 2 one's department, 3 everyone.

    `scopes` are those of the token (null: the panel's own session).
    """

    id: int
    name: str
    extension: str
    login: str
    email: str | None
    mobile: str | None
    department: int | None
    role: str
    rights: dict[Right, Scope]
    scopes: list[str] | None
    status: StatusValue


@dataclass(frozen=True, slots=True)
class DeviceValue:
    """A device that is logged in; `device` is what its browser says of itself."""

    id: int
    began_at: datetime
    seen_at: datetime
    address: str
    device: str
    is_remembered: bool
    is_this: bool


async def me(visit: Visit) -> MeValue:
    """The account."""
    person = visit.signed_in
    async with visit.panel.sessions() as session:
        own = await read_own_statuses(session)
        status = status_value(visit, await declared_by(session, visit.me), own)
    token = visit.token if isinstance(visit, ProgramVisit) else None
    return MeValue(
        person.employee,
        person.name,
        person.extension,
        person.login,
        person.email,
        person.mobile,
        person.department,
        visit.words.own((person.role.name_ru, person.role.name_en)),
        dict(person.role.grants),
        None if token is None else sorted(token.scopes),
        status,
    )


async def own_preferences(visit: Visit) -> PreferencesForm:
    """Language, look, time zone, letters."""
    return await preferences(visit)


async def save_preferences(visit: Visit, form: PreferencesForm) -> None:
    """All of them anew."""
    await change_preferences(visit, form)


async def devices(visit: Visit) -> list[DeviceValue]:
    """Where one is logged in."""
    async with visit.panel.sessions() as session:
        mine = await store.of(session, visit.me, visit.now)
    this = None if visit.device is None else visit.device.id
    return [
        DeviceValue(
            one.id,
            one.began_at,
            one.seen_at,
            one.address,
            one.device,
            one.is_remembered,
            one.id == this,
        )
        for one in mine
    ]


async def log_device_out(visit: Visit) -> None:
    """End one."""
    await end_device(visit, visit.number("id"))


_LOGGED_IN, _ACCOUNT = Access.LOGGED_IN, TokenScope.ACCOUNT
_PREFERENCES = f"{V1}/me/preferences"

OPERATIONS = (
    ApiRoute("GET", f"{V1}/me", me, _LOGGED_IN, None, N_("Who I am, and what I may do"), MeValue),
    ApiRoute(
        "GET",
        _PREFERENCES,
        own_preferences,
        _LOGGED_IN,
        _ACCOUNT,
        N_("My language, look, time zone and letters"),
        PreferencesForm,
    ),
    ApiRoute(
        "PUT",
        _PREFERENCES,
        save_preferences,
        _LOGGED_IN,
        _ACCOUNT,
        N_("Change my language, look, time zone and letters"),
        body=PreferencesForm,
    ),
    ApiRoute(
        "GET",
        f"{V1}/devices",
        devices,
        _LOGGED_IN,
        _ACCOUNT,
        N_("Where I am logged in"),
        list[DeviceValue],
    ),
    ApiRoute(
        "DELETE",
        f"{V1}/devices/{{id}}",
        log_device_out,
        _LOGGED_IN,
        _ACCOUNT,
        N_("Log a device out"),
    ),
)
