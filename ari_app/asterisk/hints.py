"""Statuses → device states → lamps: what Asterisk shows on phones that watch an employee."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from ari_app.asterisk.fallback import AsteriskDatabase
from ari_app.domain.availability import holding, lamp_is_lit
from ari_app.domain.directory import Directory, Employee, Status
from ari_app.domain.forwards import ForwardKind, forwards_in
from ari_app.domain.numbers import EmployeeId

DEVICES_FAMILY = "autosecretary-devices"
PREFIX = "Stasis:as-"

# The dial plan's hint joins this state with the phone's own by Asterisk's order of states: BUSY
# covers all but ringing; a state that nobody has set gives way to everything the phone says.
_READY, _NOT_READY = "", "BUSY"
_LIT, _DARK = "INUSE", "NOT_INUSE"


class DeviceStates(Protocol):
    """Device states that are ours to set, as ARI gives them."""

    async def device_states(self) -> dict[str, str]: ...
    async def set_device_state(self, name: str, state: str) -> None: ...
    async def remove_device_state(self, name: str) -> bool: ...


class Lamps:
    """What the lamps show; only differences are sent.

    `codes` are the digits of the keys, by what a key stands for.
    """

    def __init__(
        self,
        states: DeviceStates,
        database: AsteriskDatabase,
        codes: Mapping[Status | ForwardKind, str],
    ) -> None:
        self._states = states
        self._database = database
        self._codes = codes
        self._shown: dict[str, str] = {}
        self._devices: dict[str, str] = {}

    async def reconcile(self, directory: Directory, now: datetime) -> None:
        """Make the lamps show what the directory says, whatever they showed before."""
        shown = await self._states.device_states()
        self._shown = {n: state for n, state in shown.items() if n.startswith(PREFIX)}
        self._devices = await self._database.database_tree(DEVICES_FAMILY)
        await self._show(directory.employees.values(), now)
        unknown = set(self._shown)
        for person in directory.employees.values():
            unknown.difference_update(self._wanted(person, now))
        for name in unknown:
            await self._set(name, _READY)

    async def refresh(
        self, directory: Directory, changed: Iterable[EmployeeId], now: datetime
    ) -> None:
        """Show what changed, and whatever a status that has ended uncovers."""
        people = [directory.employees[i] for i in changed if i in directory.employees]
        await self._show(people, now)

    async def tick(self, directory: Directory, now: datetime) -> None:
        """Show those whose temporary status may have ended."""
        people = (p for p in directory.employees.values() if p.declared.until is not None)
        await self._show(people, now)

    async def _show(self, people: Iterable[Employee], now: datetime) -> None:
        devices: list[tuple[str, str, str]] = []
        for person in people:
            for name, state in self._wanted(person, now).items():
                if self._shown.get(name, _initial(name)) != state:
                    await self._set(name, state)
            rings = _devices(person)
            if self._devices.get(person.extension) != rings:
                devices.append((DEVICES_FAMILY, person.extension, rings))
                self._devices[person.extension] = rings
        await self._database.put_many(devices)

    def _wanted(self, person: Employee, now: datetime) -> dict[str, str]:
        lamp = f"{PREFIX}{person.extension}"
        lit = {holding(person.declared, now).base, *forwards_in(person.rules)}
        keys = {
            f"{lamp}-{code}": _LIT if which in lit else _DARK for which, code in self._codes.items()
        }
        return {lamp: _NOT_READY if lamp_is_lit(person, now) else _READY} | keys

    async def _set(self, name: str, state: str) -> None:
        if state != _READY:
            await self._states.set_device_state(name, state)
            self._shown[name] = state
            return
        # Asterisk refuses to set a state to UNKNOWN, and one that is forgotten is just that; but
        # forgetting is told to no hint, so let them see the light go out before.
        await self._states.set_device_state(name, _DARK)
        await self._states.remove_device_state(name)
        self._shown.pop(name, None)


def _initial(name: str) -> str:
    """What Asterisk says of a device state that nobody has set, as far as a lamp shows it."""
    return _DARK if name.removeprefix(PREFIX).count("-") else _READY


def _devices(person: Employee) -> str:
    """The employee's own SIP devices as a hint names them."""
    endpoints = [p.address for p in person.phones if isinstance(p.address, str)]
    return "&".join(f"PJSIP/{endpoint}" for endpoint in endpoints)
