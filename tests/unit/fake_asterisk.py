"""What the service needs of Asterisk, kept in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ari_app.asterisk.rest import AriRefused


@dataclass
class FakeAstDB:
    """AstDB: families of keys; counts what was written."""

    families: dict[str, dict[str, str]] = field(default_factory=dict)
    writes: list[tuple[str, str]] = field(default_factory=list)

    async def database_tree(self, family: str) -> dict[str, str]:
        return dict(self.families.get(family, {}))

    async def database_delete(self, family: str, key: str) -> None:
        del self.families[family][key]

    async def put_many(self, items: Iterable[tuple[str, str, str]]) -> None:
        for family, key, value in items:
            self.families.setdefault(family, {})[key] = value
            self.writes.append((family, key))


@dataclass
class FakeDeviceStates:
    """Device states set through ARI; remembers the order."""

    states: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def device_states(self) -> dict[str, str]:
        return dict(self.states)

    async def set_device_state(self, name: str, state: str) -> None:
        if state == "UNKNOWN":
            raise AriRefused(f"device state {name}: 500")
        self.states[name] = state
        self.sent.append((name, state))

    async def remove_device_state(self, name: str) -> bool:
        self.sent.append((name, "removed"))
        return self.states.pop(name, None) is not None
