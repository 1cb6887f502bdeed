"""What this service asks of ARI, one short method each.

Each raises AriGone where Asterisk cannot be asked, and AriNonsense where its answer is strange.
"""

from collections.abc import Callable

import msgspec

from ari_app.asterisk.events import Channel, DeviceState
from ari_app.asterisk.rest import AriRefused, Request, Response, Rest, path


class Endpoint(msgspec.Struct, frozen=True):
    """A SIP device as Asterisk sees it: `state` is ``online``, ``offline`` or ``unknown``."""

    technology: str
    resource: str
    state: str = "unknown"
    channel_ids: tuple[str, ...] = ()


class _Module(msgspec.Struct):
    name: str
    status: str = ""


class _System(msgspec.Struct):
    version: str


class _Info(msgspec.Struct):
    system: _System


class _Variable(msgspec.Struct):
    value: str


class Verbs:
    """The requests of one app."""

    def __init__(self, rest: Rest, app: str) -> None:
        self._rest, self._app = rest, app
        self._application = path("applications", app)

    async def request(self, method: str, uri: str, /, **query: str) -> Response:
        """Ask over the socket, or over HTTP where Asterisk has no REST over it.

        The parts of `uri` must be percent-encoded (`rest.path`). Raises AriGone, AriTooLong.
        """
        return (await self._rest.together(Request(method, uri, query)))[0]

    async def over_http(
        self,
        method: str,
        uri: str,
        query: dict[str, str] | None = None,
        json: object = None,
    ) -> Response:
        """Ask over HTTP, for what takes long: requests on the socket wait for one another."""
        return await self._rest.over_http(Request(method, uri, query or {}), json=json)

    async def claim(self, channel_id: str, meanwhile: Callable[[], None] | None = None) -> bool:
        """Take a call that waits in StasisBroadcast(); False if it is gone or another's.

        `meanwhile` is called while Asterisk works on it.
        """
        query = {"channelId": channel_id, "application": self._app}
        claim = Request("POST", "events/claim", query)
        return (await self._rest.together(claim, meanwhile=meanwhile))[0].is_ok

    async def answer_question(self, channel_id: str, variable: str, value: str) -> bool:
        """Set a variable and let the channel go; False if it is gone."""
        channel = path("channels", channel_id)
        answers = await self._rest.together(
            Request("POST", f"{channel}/variable", {"variable": variable, "value": value}),
            Request("POST", f"{channel}/continue"),
        )
        return all(answer.is_ok for answer in answers)

    async def let_go(self, channel_id: str) -> bool:
        """Hand the channel back to the dial plan; False if it is gone."""
        return (await self.request("POST", path("channels", channel_id, "continue"))).is_ok

    async def get_variable(self, channel_id: str, variable: str) -> str | None:
        """A channel variable or a function's value; None if the channel is gone."""
        uri = path("channels", channel_id, "variable")
        answer = await self.request("GET", uri, variable=variable)
        return answer.read(_Variable).value if answer.is_ok else None

    async def channels(self) -> list[Channel]:
        """All channels of this Asterisk."""
        return (await self.over_http("GET", "channels")).read(list[Channel])

    async def endpoints(self) -> list[Endpoint]:
        """All SIP devices of this Asterisk, with those that are not registered."""
        return (await self.over_http("GET", "endpoints")).read(list[Endpoint])

    async def set_device_state(self, name: str, state: str) -> None:
        """Set ``Stasis:…`` to one of Asterisk's device states, such as ``BUSY``."""
        answer = await self.request("PUT", path("deviceStates", name), deviceState=state)
        if not answer.is_ok:
            raise AriRefused(f"device state {name}: {answer.status} {answer.body[:100]}")

    async def remove_device_state(self, name: str) -> bool:
        """Forget ``Stasis:…``; False if there was none."""
        return (await self.request("DELETE", path("deviceStates", name))).is_ok

    async def device_states(self) -> dict[str, str]:
        """All states that ARI clients have set, by name (``Stasis:…``)."""
        states = (await self.over_http("GET", "deviceStates")).read(list[DeviceState])
        return {device.name: device.state for device in states}

    async def version(self) -> str:
        """Asterisk's version, such as ``22.10.1``."""
        return (
            (await self.request("GET", "asterisk/info", only="system")).read(_Info).system.version
        )

    async def modules(self) -> dict[str, str]:
        """Loaded modules, and whether each is ``Running``."""
        found = (await self.over_http("GET", "asterisk/modules")).read(list[_Module])
        return {module.name: module.status for module in found}
