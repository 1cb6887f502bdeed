"""AMI actions, against a fake manager interface on a real port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from ari_app.asterisk.link import LinkState, Pace
from ari_app.asterisk.manager import Manager, ManagerGone, ManagerRefuses
from ari_app.asterisk.wire import ManagerSilent
from tests.unit.fake_ari import until

QUICK = Pace(answer=0.3, heartbeat=0.1, first_pause=0.2, longest_pause=0.4)
PATIENT = Pace(answer=30, heartbeat=30)
PASSWORD = "secret"
UNKNOWN = ("Nope", "DBGetTree")
Action = dict[str, str]


@dataclass
class FakeAmi:
    """Asterisk's manager interface, with an AstDB; fields are what a test sets, or looks at."""

    is_mute: bool = False
    """Actions after the log-in get no answer, as from a hung Asterisk."""
    has_tree: bool = True
    splits: bool = False
    """What is said arrives cut in the middle of each character of several bytes."""
    database: dict[str, str] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _serving: int = 0
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.drop()
        await until(lambda: self._serving == 0)

    def drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def names(self) -> list[str]:
        return [action["Action"] for action in self.actions if action["Action"] != "Ping"]

    async def say(self, text: str) -> None:
        """Tell the latest client something."""
        raw = text.replace("\n", "\r\n").encode()
        cuts = [i for i, byte in enumerate(raw) if byte & 0xC0 == 0x80] if self.splits else []
        for start, end in pairwise([0, *cuts, len(raw)]):
            self._writers[-1].write(raw[start:end])
            await self._writers[-1].drain()
            if self.splits:
                await asyncio.sleep(0.005)  # so that the pieces are read apart

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._serving += 1
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while block := await reader.readuntil(b"\r\n\r\n"):
                lines = block.decode().removesuffix("\r\n\r\n").split("\r\n")
                action = dict(line.split(": ", 1) for line in lines)
                self.actions.append(action)
                if not self.is_mute:
                    await self.say(self._answer(action))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._serving -= 1

    def _answer(self, action: Action) -> str:
        number = f"ActionID: {action['ActionID']}\n"
        match action["Action"]:
            case "Login":
                error = "" if action["Secret"] == PASSWORD else "Authentication failed"
            case "DBPut" | "DBDel":
                error = self._change(action)
            case "DBGetTree" if self.has_tree:
                return self._tree(action["Family"], number)
            case "Command":
                shown = "".join(f"Output: {k:<50}: {v}\n" for k, v in self.database.items())
                return f"Response: Success\n{number}{shown}Output: {len(self.database)} results\n\n"
            case name:
                error = f"Invalid/unknown command: {name}." if name in UNKNOWN else ""
        response = "Error" if error else "Success"
        return f"Response: {response}\n{number}Message: {error or 'done'}\n\n"

    def _change(self, action: Action) -> str:
        place = f"/{action['Family']}/{action['Key']}"
        if action["Action"] == "DBDel":
            return "" if self.database.pop(place, None) is not None else "Not found"
        if action["Key"] == "refused":
            return "Failed to update entry"
        self.database[place] = action["Val"]
        return ""

    def _tree(self, family: str, number: str) -> str:
        entries = [
            f"Event: DBGetTreeResponse\nKey: {key}\nVal: {value}\n{number}\n"
            for key, value in self.database.items()
            if key.startswith(f"/{family}/")
        ]
        head = f"Response: Success\n{number}EventList: start\nMessage: Result will follow\n\n\n"
        tail = f"Event: DBGetTreeComplete\n{number}EventList: Complete\nListItems: 0\n\n"
        return head + "".join(entries) + tail


@dataclass
class Listener:
    """Whoever is told of a connection."""

    connected: int = 0
    fails: bool = False

    async def on_connected(self) -> None:
        self.connected += 1
        if self.fails:
            raise ZeroDivisionError


@asynccontextmanager
async def manager_of(
    fake: FakeAmi,
    password: str = PASSWORD,
    listener: Listener | None = None,
    pace: Pace = QUICK,
) -> AsyncIterator[Manager]:
    told = (listener or Listener()).on_connected
    manager = Manager("127.0.0.1", fake.port, "app", password, on_connected=told, pace=pace)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(manager.run())
        try:
            yield manager
        finally:
            running.cancel()


@asynccontextmanager
async def connected(
    fake: FakeAmi, listener: Listener | None = None, pace: Pace = QUICK
) -> AsyncIterator[Manager]:
    await fake.start()
    try:
        async with manager_of(fake, listener=listener, pace=pace) as manager:
            await until(is_connected(manager))
            yield manager
    finally:
        await fake.stop()


def is_connected(manager: Manager) -> Callable[[], bool]:
    return lambda: manager.state is LinkState.CONNECTED


async def test_value_is_stored_read_and_deleted() -> None:
    async with connected(FakeAmi()) as manager:
        assert await manager.database_put("plan", "101/2", "ring|привет: a")
        assert await manager.database_put("plan", "102", "")
        assert await manager.database_tree("plan") == {"101/2": "ring|привет: a", "102": ""}
        await manager.database_delete("plan", "102")
        assert await manager.database_tree("plan") == {"101/2": "ring|привет: a"}
        assert await manager.database_tree("other") == {}


async def test_asterisk_without_the_tree_action_shows_it_on_its_console() -> None:
    fake = FakeAmi(has_tree=False, database={"/plan/101": "a: b", "/planes/1": "x"})
    async with connected(fake) as manager:
        assert await manager.database_tree("plan") == {"101": "a: b"}


async def test_many_values_are_stored() -> None:
    fake = FakeAmi()
    async with connected(fake, pace=PATIENT) as manager:
        await manager.put_many(("plan", str(n), f"value {n}") for n in range(1200))
    assert {f"/plan/{n}": f"value {n}" for n in range(1200)} == fake.database


@pytest.mark.parametrize(("key", "value"), [("long", "x" * 1100), ("refused", "x")])
async def test_value_that_cannot_be_stored_leaves_no_old_one_behind(key: str, value: str) -> None:
    fake = FakeAmi(database={f"/plan/{key}": "old"})
    with capture_logs() as logs:
        async with connected(fake) as manager:
            await manager.put_many([("plan", key, value), ("plan", "1", "good")])
    assert fake.database == {"/plan/1": "good"}
    assert [key] == [line["key"] for line in logs if line["event"] == "astdb_value_left_out"]


@pytest.mark.parametrize(
    "fields",
    [
        {"Val": "a\r\nAction: Originate"},
        {"Val": "a\n"},
        {"Val": "a\r"},
        {"Variable": ["a=1", "b=\r\n"]},
        {"Val\r\nAction": "x"},
        {"Val: x": "y"},
        {"": "y"},
        {"Action": "Originate"},
        {"ActionID": "7"},
        {"Val": "ж" * 510},
    ],
)
async def test_action_that_would_do_harm_is_never_sent(fields: dict[str, str | list[str]]) -> None:
    fake = FakeAmi()
    async with connected(fake) as manager:
        with pytest.raises(ManagerRefuses):
            await manager.action("DBPut", **fields)
        with pytest.raises(ValueError, match="line break"):
            await manager.action("Ping\r\nAction: Originate")
    assert fake.names() == ["Login"]


async def test_longest_line_that_asterisk_takes_is_sent() -> None:
    fake = FakeAmi()
    async with connected(fake) as manager:
        assert await manager.database_put("plan", "1", "x" * 1017)
        with pytest.raises(ManagerRefuses):
            await manager.database_put("plan", "1", "x" * 1018)


@pytest.mark.parametrize("fields", [{}, {"Async": "false"}, {"async": "true"}])
async def test_originate_without_async_is_refused(fields: dict[str, str]) -> None:
    fake = FakeAmi()
    async with connected(fake) as manager:
        with pytest.raises(ManagerRefuses):
            await manager.action("Originate", Channel="Local/1@x", **fields)
        queued = await manager.action("Originate", Channel="Local/1@x", Async="true")
    assert queued.is_ok
    assert fake.names() == ["Login", "Originate"]


async def test_nothing_is_sent_or_kept_while_asterisk_is_away() -> None:
    fake, listener = FakeAmi(), Listener()
    async with connected(fake, listener) as manager:
        await fake.stop()
        await until(lambda: not is_connected(manager)())
        with pytest.raises(ManagerGone):
            await manager.action("Originate", Channel="Local/1@x", Async="true")
        await fake.start()
        await until(lambda: listener.connected == 2)
        assert (await manager.action("Ping")).is_ok
    assert fake.names() == ["Login", "Login"]


async def test_action_pending_at_a_drop_fails_and_is_not_sent_again() -> None:
    fake, listener = FakeAmi(), Listener()
    async with connected(fake, listener) as manager:
        fake.is_mute = True
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(outcome(manager, "CoreSettings"))
            await until(lambda: "CoreSettings" in fake.names())
            fake.is_mute = False
            fake.drop()
        assert ManagerGone is asked.result()
        await until(lambda: listener.connected == 2)
        assert (await manager.action("Ping")).is_ok
    assert fake.names().count("CoreSettings") == 1


async def outcome(manager: Manager, name: str) -> type[ManagerGone] | None:
    try:
        await manager.action(name)
    except ManagerGone as error:
        return type(error)
    return None


async def test_half_open_connection_is_noticed_by_a_ping() -> None:
    fake, listener = FakeAmi(), Listener()
    async with connected(fake, listener) as manager:
        fake.is_mute = True
        await until(lambda: manager.state is LinkState.LOST)
        fake.is_mute = False
        await until(lambda: listener.connected == 2)


async def test_unanswered_action_ends_at_its_time_limit() -> None:
    fake = FakeAmi()
    async with connected(fake) as manager:
        fake.is_mute = True
        assert ManagerSilent is await outcome(manager, "CoreSettings")


async def test_wrong_password_is_a_state_that_is_logged_once_without_the_password() -> None:
    fake = FakeAmi()
    await fake.start()
    with capture_logs() as logs:
        async with manager_of(fake, "wr0ng-one") as manager:
            await until(lambda: fake.names() == ["Login"] * 3)
            assert LinkState.WRONG_PASSWORD is manager.state
            assert manager.detail == "Authentication failed"
            with pytest.raises(ManagerGone):
                await manager.action("Ping")
    await fake.stop()
    assert [line["state"] for line in logs] == ["wrong_password"]
    assert "wr0ng-one" not in str(logs)


async def test_password_that_cannot_be_sent_is_a_wrong_one() -> None:
    fake = FakeAmi()
    await fake.start()
    async with manager_of(fake, "a\r\nb") as manager:
        await until(lambda: manager.state is LinkState.WRONG_PASSWORD)
    await fake.stop()
    assert fake.actions == []


async def test_nobody_listening_is_told() -> None:
    fake = FakeAmi()
    await fake.start()
    await fake.stop()
    async with manager_of(fake) as manager:
        await until(lambda: manager.state is LinkState.UNREACHABLE)


async def test_peer_that_never_answers_the_login_is_told() -> None:
    fake = FakeAmi(is_mute=True)
    await fake.start()
    async with manager_of(fake) as manager:
        await until(lambda: manager.state is LinkState.SILENT)
    await fake.stop()


async def test_characters_split_over_two_reads_survive() -> None:
    fake = FakeAmi(splits=True, database={"/plan/1": "жизнь 🎧"})
    async with connected(fake) as manager:
        assert await manager.database_tree("plan") == {"1": "жизнь 🎧"}


async def test_shutdown_of_asterisk_ends_the_connection() -> None:
    fake, listener = FakeAmi(), Listener()
    async with connected(fake, listener):
        await fake.say("Event: Shutdown\nShutdown: Cleanly\nRestart: False\n\n")
        await until(lambda: listener.connected == 2)


async def test_events_and_nonsense_are_left_out() -> None:
    fake = FakeAmi()
    async with connected(fake) as manager:
        await fake.say("Event: FullyBooted\nStatus: Fully Booted\n\nwhat is this\n\n: \n\n\n\n")
        assert (await manager.action("CoreSettings")).is_ok


async def test_what_asterisk_refuses_is_an_outcome() -> None:
    async with connected(FakeAmi()) as manager:
        reply = await manager.action("Nope")
    assert (reply.is_ok, reply.message) == (False, "Invalid/unknown command: Nope.")


async def test_listener_that_fails_does_not_end_the_connection() -> None:
    listener = Listener(fails=True)
    async with connected(FakeAmi(), listener) as manager:
        await until(lambda: listener.connected == 1)
        assert (await manager.action("Ping")).is_ok
    assert listener.connected == 1
