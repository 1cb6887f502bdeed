"""AMI actions, over a connection that renews itself; events come by ARI.

Errors of an action: see `wire`. Why there is no connection is never raised; it is the manager's
`state`, and is logged once when it changes.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice

import structlog

from ari_app.asterisk.link import LinkDown, LinkState, Pace, Pauses, only_down
from ari_app.asterisk.wire import (
    ManagerError,
    ManagerGone,
    ManagerRefuses,
    ManagerSilent,
    Reply,
    Values,
    Wire,
)

__all__ = ["Manager", "ManagerError", "ManagerGone", "ManagerRefuses"]

_log = structlog.get_logger()

_DEFAULT_PACE = Pace(answer=5.0)
_IN_FLIGHT = 500
_SHOWN_KEY = re.compile(r"(/\S.*?)\s*: (.*)")


class Manager:
    """One AMI account; connects by itself, and sends nothing while it is not connected."""

    def __init__(  # noqa: PLR0913 - an account, and whom to tell
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        on_connected: Callable[[], Awaitable[None]] | None = None,
        pace: Pace = _DEFAULT_PACE,
    ) -> None:
        self._host, self._port = host, port
        self._login = {"Username": user, "Secret": password, "Events": "off"}
        self._on_connected, self._pace = on_connected, pace
        self._wire: Wire | None = None
        self.state = LinkState.STARTING
        self.detail = ""

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        loop, pauses = asyncio.get_running_loop(), Pauses(self._pace)
        while True:
            began = loop.time()
            try:
                await self._one_connection()
            except LinkDown as down:
                self._note(down.state, down.detail)
            await asyncio.sleep(pauses.after(loop.time() - began))

    async def _one_connection(self) -> None:
        wire = await self._connect()
        try:
            await self._log_in(wire)
            self._wire = wire
            self._note(LinkState.CONNECTED)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tell_connected())
                await self._watch(wire)
        except ExceptionGroup as group:
            raise only_down(group) from None
        finally:
            self._wire = None
            wire.close()

    async def _connect(self) -> Wire:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._pace.answer):
                _, wire = await loop.create_connection(Wire, self._host, self._port)
        except TimeoutError:
            raise LinkDown(LinkState.SILENT) from None
        except OSError as error:
            raise LinkDown(LinkState.UNREACHABLE, error.strerror or str(error)) from None
        return wire

    async def _log_in(self, wire: Wire) -> None:
        try:
            reply = await wire.ask("Login", self._login, self._pace.answer)
        except ManagerSilent:
            raise LinkDown(LinkState.SILENT) from None
        except ManagerGone as error:
            raise LinkDown(LinkState.LOST, f"at log-in: {error}") from None
        except ManagerRefuses as error:
            raise LinkDown(LinkState.WRONG_PASSWORD, str(error)) from None
        if not reply.is_ok:
            raise LinkDown(LinkState.WRONG_PASSWORD, reply.message)

    async def _watch(self, wire: Wire) -> None:
        """Ping until the connection has ended: an open socket says nothing of the other side."""
        while True:
            await asyncio.wait((wire.gone,), timeout=self._pace.heartbeat)
            try:
                await wire.ask("Ping", {}, self._pace.answer)
            except ManagerGone as error:
                raise LinkDown(LinkState.LOST, str(error)) from None

    async def _tell_connected(self) -> None:
        if self._on_connected is None:
            return
        try:
            await self._on_connected()
        except ManagerGone as error:
            _log.warning("ami_gone_meanwhile", error=str(error))
        except Exception:  # noqa: BLE001 - one ill listener must not end the connection
            _log.exception("ami_listener_failed")

    def _note(self, state: LinkState, detail: str = "") -> None:
        if state is not self.state:
            say = _log.info if state is LinkState.CONNECTED else _log.warning
            say("ami", state=state.value, detail=detail, host=self._host, port=self._port)
        self.state, self.detail = state, detail

    async def action(self, name: str, /, **fields: Values) -> Reply:
        """One action; several values of a field are sent as several lines (Variable=…).

        Raises ManagerGone, ManagerRefuses.
        """
        if self._wire is None:
            raise ManagerGone(f"AMI is not connected: {self.state.value}")
        return await self._wire.ask(name, fields, self._pace.answer)

    async def command(self, text: str) -> Reply:
        """A command line of Asterisk's console; its lines are in `Reply.output`."""
        return await self.action("Command", Command=text)

    async def database_put(self, family: str, key: str, value: str) -> bool:
        return (await self.action("DBPut", Family=family, Key=key, Val=value)).is_ok

    async def database_delete(self, family: str, key: str) -> None:
        """Delete one key; it does no harm if there is none."""
        await self.action("DBDel", Family=family, Key=key)

    async def database_tree(self, family: str) -> dict[str, str]:
        """All keys under `family` with their values; the keys are without ``/family/``."""
        reply = await self.action("DBGetTree", Family=family)
        if reply.is_ok:
            found = ((event.get("key", ""), event.get("val", "")) for event in reply.events)
        else:
            shown = (await self.command(f"database show {family}")).output
            found = (
                (match[1], match[2]) for line in shown if (match := _SHOWN_KEY.fullmatch(line))
            )
        prefix = f"/{family}/"
        return {key.removeprefix(prefix): value for key, value in found if key.startswith(prefix)}

    async def put_many(self, items: Iterable[tuple[str, str, str]]) -> None:
        """Store (family, key, value), many at once.

        Of a value that AMI cannot carry (above 1 kB) the key is deleted: what it held is out of
        date, and the dial plan knows what to do without it.
        """
        left = iter(items)
        while batch := list(islice(left, _IN_FLIGHT)):
            await asyncio.gather(*(self._put_or_delete(*item) for item in batch))

    async def _put_or_delete(self, family: str, key: str, value: str) -> None:
        try:
            is_stored = await self.database_put(family, key, value)
            reason = "Asterisk refused it"
        except ManagerRefuses as error:
            is_stored, reason = False, str(error)
        if not is_stored:
            _log.error("astdb_value_left_out", family=family, key=key, reason=reason)
            await self.database_delete(family, key)
